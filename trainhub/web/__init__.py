"""Web: everything that people see who are not at the coordinators' desk.

`app.py` puts the application together, `per_request.py` holds what a view may ask for, `access.py` says who may come in where,
`identity.py` knows who is asking, `problems.py` shows what went wrong in words, `forms.py` keeps what was typed.
Start in `app.py`.
"""
