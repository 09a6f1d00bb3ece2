"""Programmes: what was promised to whom, where, with whom and by when.

Words: programma, partner, subsidiegever, doelgroep, beoogd en gehouden, op te leveren. Verbs: create_programme, change_programme,
add_partner, end_partner, set_target, add_deliverable, finish_deliverable. Start in rules.py, then service.py.
"""
