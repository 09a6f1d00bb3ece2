"""Competence: who may assess what, and what was seen and signed off.

Words: competentie, aftekenen, beoordelaar, mandaat, vervallen. Verbs: grant_mandate, end_mandate, sign_off, void_sign_off.
An assessor has a mandate on the day itself and never signs for the own person. Start reading in `rules.py`.
"""
