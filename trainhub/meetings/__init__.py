"""Meetings: what a municipality asks for, what is planned, who is asked and who comes.

Words: aanvraag, bijeenkomst, uitnodiging, inzet, meelopen. Verbs: `requests` submit, accept, reject, withdraw;
`service` create, plan_need, move, confirm, cancel, hold; `staffing` invite, accept, decline, place_for_practice, release,
flag. Start in `rules.py`.
"""
