"""Accounts: how a person signs in, and which roles they hold from when until when.

Words: account, rol, van en tot en met. Verbs: open_account, set_password, touch_sign_in, close_account, grant_role, end_role.
Rights are read at a date: `queries.actor_of(session, person_id, on=day)`. A person can exist without an account. Start in rules.py.
"""
