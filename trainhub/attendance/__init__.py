"""Attendance: one fact per lesson and enrolment, never of another edition.

Words: presentie, aanwezig, deels, afgemeld, afwezig, ingehaald. Verb: record_sheet. Start in service.py; what it means for a
certificate is decided in certification, from queries.facts.
"""
