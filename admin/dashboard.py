"""The first page of the desk: what needs me today. Each line leads to the act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, url_for
from flask_admin import expose
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from admin.service_view import Screen
from trainhub.attendance.queries import away_twice
from trainhub.certification.queries import expiring_before
from trainhub.certification.ready import waiting_for_decision
from trainhub.core.access import Permission
from trainhub.core.i18n import day, span
from trainhub.editions.queries import lessons_without_trainer
from trainhub.meetings.queries import meetings_to_staff, requests_to_answer
from trainhub.outbox.models import MessageState
from trainhub.outbox.queries import counts_by_state
from trainhub.programmes.models import Programme
from trainhub.web.forms import locale_code
from trainhub.web.per_request import allows, now, reading, today

LESSONS_AHEAD = timedelta(days=14)
CERTIFICATES_AHEAD = timedelta(days=90)
MEETINGS_AHEAD = timedelta(weeks=6)
MOST = 8

Line = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """What waits, of one kind: the first lines, how many more there are, and where to see all."""

    title: str
    lines: list[Line]
    total: int
    url: str

    @property
    def more(self) -> int:
        """How many lines are not shown."""
        return self.total - len(self.lines)


class Dashboard(Screen):
    """The index of the desk."""

    permission = Permission.DASHBOARD_READ

    def __init__(self) -> None:
        """Under `/admin/`, without Flask-Admin's static files."""
        super().__init__(name=_("Today"), endpoint="admin", url="/admin")

    @expose("/")
    def index(self) -> str:
        """Everything that waits for whoever asks, each line with a way to the act."""
        is_coordinator = allows(Permission.CERTIFICATE_DECIDE)
        groups = [group for group in needs_me() if group.lines] if is_coordinator else []
        is_new = is_coordinator and not groups and reading().scalar(select(Programme.id).limit(1)) is None
        return str(
            self.render("admin/dashboard.html", groups=groups, is_coordinator=is_coordinator, is_new=is_new, way=way)
        )


def needs_me() -> list[Group]:
    """What needs a coordinator today, the most pressing first."""
    return [_requests(), _lessons(), _away(), _meetings(), _decisions(), _certificates(), _mail()]


def _requests() -> Group:
    rows = requests_to_answer(reading())
    lines = [
        (
            f"{row.municipality.name}, {row.neighbourhood.name}",
            gettext("wished for %(day)s", day=day(row.wished_on, locale_code())),
            gettext("Answer"),
            way("requests.page", "requests", public_id=row.public_id),
        )
        for row in rows[:MOST]
    ]
    return Group(gettext("Requests to answer"), lines, len(rows), way("requests.index", "requests"))


def _lessons() -> Group:
    rows = lessons_without_trainer(reading(), since=now(), until=now() + LESSONS_AHEAD)
    lines = [
        (
            f"{row.edition}: {row.module}",
            span(row.starts_at, row.ends_at, locale_code()),
            gettext("Find a trainer"),
            way("editions.page", "editions", public_id=row.edition_public_id),
        )
        for row in rows[:MOST]
    ]
    return Group(gettext("Lessons without a trainer"), lines, len(rows), way("editions.index", "editions"))


def _away() -> Group:
    rows = away_twice(reading())
    lines = [
        (
            row.name,
            gettext("not there twice in a row: %(edition)s", edition=row.edition),
            gettext("Call and look"),
            way("people.page", "people", public_id=row.person_public_id),
        )
        for row in rows[:MOST]
    ]
    return Group(gettext("People to call"), lines, len(rows), way("editions.index", "editions"))


def _meetings() -> Group:
    rows = [row for row in meetings_to_staff(reading(), now=now()) if row.meeting.starts_at <= now() + MEETINGS_AHEAD]
    lines = [
        (
            row.meeting.title,
            f"{span(row.meeting.starts_at, row.meeting.ends_at, locale_code())} · {_short_of(row.needed - row.coming)}",
            gettext("Find people"),
            way("meetings.page", "meetings", public_id=row.meeting.public_id),
        )
        for row in rows[:MOST]
    ]
    return Group(gettext("Meetings that still look for people"), lines, len(rows), way("meetings.index", "meetings"))


def _decisions() -> Group:
    rows = waiting_for_decision(reading(), today())
    lines = [
        (
            row.person.call_name,
            gettext("has shown everything: %(edition)s", edition=row.enrolment.edition.title),
            gettext("Decide"),
            way("voortgang.file", "voortgang", key=row.enrolment.public_id),
        )
        for row in rows[:MOST]
    ]
    return Group(gettext("Certificates to decide on"), lines, len(rows), way("voortgang.index", "voortgang"))


def _certificates() -> Group:
    rows = expiring_before(reading(), today() + CERTIFICATES_AHEAD, on=today())
    lines = [
        (
            row.person.call_name,
            gettext("until %(day)s", day=day(row.ends_on, locale_code())) if row.ends_on else "",
            gettext("Look at the renewal"),
            way("certificaten.certificate", "certificaten", key=row.certificate.public_id),
        )
        for row in rows[:MOST]
    ]
    return Group(gettext("Certificates that end soon"), lines, len(rows), way("certificaten.index", "certificaten"))


def _mail() -> Group:
    failed = counts_by_state(reading())[MessageState.failed]
    url = way("outbox.index", "outbox", state="failed")
    words = ngettext("%(num)s message could not be sent", "%(num)s messages could not be sent", failed)
    lines = [(words, "", gettext("Look why"), url)] if failed else []
    return Group(gettext("Mail that failed"), lines, len(lines), url)


def _short_of(people: int) -> str:
    if people <= 0:
        return gettext("everybody has been found")
    return str(ngettext("%(num)s person still needed", "%(num)s people still needed", people))


def way(endpoint: str, screen: str, **values: Any) -> str:
    """The address of an act; the list of its screen, or the desk, where that screen is not part of this desk."""
    if endpoint in current_app.view_functions:
        return url_for(endpoint, **values)
    index = f"{screen}.index"
    return url_for(index if index in current_app.view_functions else "admin.index")
