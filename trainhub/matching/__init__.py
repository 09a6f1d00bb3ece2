"""Matching: who fits a place in a meeting, and why; who does not, and why not.

Words: shortlist, wie past, waarom niet. One set of rules (one class per rule, in `eligibility.RULES`) answers for the
coordinator's shortlist, for a municipality's search and for the check inside the transaction of an answer. Nothing here
decides: a coordinator asks, a person answers. Start in `rule.py`, then `shortlist.py` and `search.py`.
"""
