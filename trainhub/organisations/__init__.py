"""Organisations: who owns, funds and joins the programmes, under the names they have and had.

Words: organisatie, partner, financier, vroegere naam. Verbs: add_organisation, change_organisation. A former name is kept, so that
who searches for "Samen Sterk zonder Stigma" finds MIND. Start in service.py.
"""
