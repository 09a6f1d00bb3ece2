"""Certification: who has shown everything, until when it holds, how anybody can check it.

Words: certificaat, toekennen, geldig tot, opschorten, intrekken, inleveren, verlengen, "wat ontbreekt er nog". Verbs: grant,
refuse, renew, suspend, reinstate, surrender, revoke. A certificate keeps no state: its standing on a day is folded from its
decisions and periods, in Python and in SQL alike. Start reading in `rules.py` (standing, who may decide) and in
`requirements.py` (what a course asks and what is still missing).
"""
