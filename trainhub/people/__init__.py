"""People: who takes part, how to reach them, what they agreed to, when and where they can come.

Words: deelnemer, toestemming, beschikbaarheid, pauze. Verbs: register, change, pause, resume, give_consent, withdraw_consent,
set_preference, set_availability, add_absence, remove_absence, erase. Consents are separate, off by default, tied to one exact text
and gone after two years. Start in consents.py, which holds those texts, then rules.py.
"""
