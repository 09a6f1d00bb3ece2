"""Editions: a run of a course, its lessons, and who takes part or waits.

Words: editie, les, dagdeel, aanmelding, deelname, wachtlijst, plaats aanbieden. Verbs of the edition and its lessons stand in
service.py, those of people in enrolments.py: apply, place, offer, accept, decline, withdraw. Start in rules.py: three state tables.
"""
