"""Admin: the desk of the coordinators, on Flask-Admin behind one hardened base view.

`service_view.py` holds the base classes `ServiceView` and `Screen`, `site.py` puts the desk together from one screen file per
domain, `dashboard.py` answers "what needs me today". Start in `service_view.py`.
"""
