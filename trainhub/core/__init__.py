"""Core: the only words that every room shares.

`errors` (problems in words), `i18n` (texts and dates in a reader's language), `clock`, `settings`, `db` (two databases behind
one door), `access` (who may do what, as a table), `audit` (what happened, in a chain), `work` (one transaction, one commit),
`links` (signed addresses). Start reading in `work.py`.
"""
