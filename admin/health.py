"""Health: does the worker work, does the mail go, and what failed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_admin import expose
from flask_babel import format_timedelta, gettext
from flask_babel import lazy_gettext as _

from admin.outbox import CATEGORY
from admin.service_view import Screen
from trainhub.core.access import Permission
from trainhub.outbox import queries
from trainhub.web.per_request import house, now, reading

if TYPE_CHECKING:
    from flask_admin import BaseView

SILENT = timedelta(minutes=15)
SLOW = timedelta(minutes=15)


class Health(Screen):
    """How the outbox and its worker do."""

    permission = Permission.HEALTH_READ

    def __init__(self) -> None:
        """Under `/admin/gezondheid/`."""
        super().__init__(name=_("Health"), category=CATEGORY, endpoint="health", url="/admin/gezondheid")

    @expose("/")
    def index(self) -> str:
        """The worker, the mail that waits, what failed, what a person must tell."""
        health = queries.health(reading(), now=now())
        has_server = house().settings.smtp_url is not None
        return str(self.render("admin/health.html", health=health, findings=findings(health, has_server=has_server)))


def findings(health: queries.Health, *, has_server: bool) -> list[tuple[str, str, str, str]]:
    """What was looked at, its state in a word, the tone of that word, and a sentence for who must act."""
    return [_worker(health), _server(has_server=has_server), _waiting(health, has_server=has_server), _failed(health)]


def _worker(health: queries.Health) -> tuple[str, str, str, str]:
    name = gettext("The worker")
    if health.run_age is None:
        return name, gettext("Never seen"), "stop", gettext("Nothing is sent yet. Start it with: trainhub worker")
    ago = gettext("It last said so %(time)s ago.", time=format_timedelta(health.run_age))
    if health.run_age > SILENT:
        look = gettext("Look whether it still runs: trainhub worker")
        return name, gettext("Silent"), "stop", f"{ago} {look}"
    return name, gettext("Works"), "good", ago


def _server(*, has_server: bool) -> tuple[str, str, str, str]:
    name = gettext("The mail server")
    if has_server:
        return name, gettext("Set"), "good", gettext("E-mail goes through the mail server of the settings.")
    return name, gettext("Not set"), "wait", gettext("E-mail stays in the mail queue until TRAINHUB_SMTP_URL is set.")


def _waiting(health: queries.Health, *, has_server: bool) -> tuple[str, str, str, str]:
    name = gettext("E-mail that waits")
    if health.unsent_age is None:
        return name, gettext("Nothing"), "good", gettext("Everything that was due has gone.")
    since = gettext("The oldest has waited for %(time)s.", time=format_timedelta(health.unsent_age))
    slow = has_server and health.unsent_age > SLOW
    return name, str(health.waiting), "stop" if slow else "wait", since


def _failed(health: queries.Health) -> tuple[str, str, str, str]:
    name = gettext("E-mail that failed")
    if not health.failed:
        return name, gettext("Nothing"), "good", gettext("No message failed.")
    return name, str(health.failed), "stop", gettext("Look in the mail queue why, and call the person if needed.")


def views() -> list[BaseView]:
    """The health screen."""
    return [Health()]
