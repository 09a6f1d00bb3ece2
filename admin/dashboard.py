"""The first page of the desk: what needs me today."""

from __future__ import annotations

from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.service_view import Screen
from trainhub.core.access import Permission


class Dashboard(Screen):
    """The index of the desk."""

    permission = Permission.DASHBOARD_READ

    def __init__(self) -> None:
        """The index view of Flask-Admin, without its static files."""
        super().__init__(name=_("Today"), endpoint="admin", url="/admin")

    @expose("/")
    def index(self) -> str:
        """Everything that waits for a coordinator, each line with a way to the act."""
        return str(self.render("admin/index.html"))
