"""Search over everything, from the head of every page of the desk: people, certificates, meetings, editions, places, partners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from admin.dashboard import way
from admin.service_view import Screen
from trainhub.certification.queries import certificates
from trainhub.core.access import Permission
from trainhub.core.i18n import span
from trainhub.editions.models import Edition
from trainhub.meetings.models import Meeting
from trainhub.organisations.queries import find as organisations
from trainhub.people.queries import search as people
from trainhub.places.models import Municipality, Neighbourhood
from trainhub.places.queries import find_municipalities
from trainhub.programmes.queries import programme_list
from trainhub.web.forms import locale_code
from trainhub.web.per_request import reading, today

if TYPE_CHECKING:
    from flask_admin import BaseView
    from sqlalchemy import ColumnElement

SHORTEST = 2
LONGEST = 100
MOST = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: its name, what tells it apart, and its page."""

    name: str
    detail: str
    url: str


class Search(Screen):
    """What was typed in the head, found everywhere."""

    permission = Permission.PERSON_LIST

    def __init__(self) -> None:
        """Under `/admin/zoeken/`, not in the menu: the field in the head leads here."""
        super().__init__(name=_("Search everything"), endpoint="search", url="/admin/zoeken")

    def is_visible(self) -> bool:
        """Not in the menu."""
        return False

    @expose("/")
    def index(self) -> str:
        """Everything that holds the words, at most eight of a kind."""
        words = " ".join(request.args.get("q", "").split())[:LONGEST]
        groups = found(words) if len(words) >= SHORTEST else []
        return str(self.render("admin/search.html", words=words, groups=groups, is_short=len(words) < SHORTEST))


def found(words: str) -> list[tuple[str, list[Hit]]]:
    """What holds the words, by kind; kinds without anything are left out."""
    groups = [
        (gettext("People"), _people(words)),
        (gettext("Certificates"), _certificates(words)),
        (gettext("Meetings"), _meetings(words)),
        (gettext("Editions"), _editions(words)),
        (gettext("Programmes"), _programmes(words)),
        (gettext("Organisations"), _organisations(words)),
        (gettext("Municipalities"), _municipalities(words)),
    ]
    return [(title, hits) for title, hits in groups if hits]


def _people(words: str) -> list[Hit]:
    rows = people(reading(), words).rows[:MOST]
    return [
        Hit(row.full_name, row.municipality or "", way("people.page", "people", public_id=row.public_id))
        for row in rows
    ]


def _certificates(words: str) -> list[Hit]:
    return [
        Hit(
            row.certificate.number,
            row.person.full_name,
            way("certificaten.certificate", "certificaten", key=row.certificate.public_id),
        )
        for row in certificates(reading(), today(), words=words, limit=MOST)
    ]


def _meetings(words: str) -> list[Hit]:
    rows = reading().scalars(
        select(Meeting)
        .join(Municipality, Municipality.id == Meeting.municipality_id)
        .join(Neighbourhood, Neighbourhood.id == Meeting.neighbourhood_id)
        .where(_holds(words, Meeting.title, Municipality.name, Neighbourhood.name))
        .options(joinedload(Meeting.municipality), joinedload(Meeting.neighbourhood))
        .order_by(Meeting.starts_at.desc(), Meeting.id)
        .limit(MOST)
    )
    return [
        Hit(
            row.title,
            f"{row.municipality.name} · {span(row.starts_at, row.ends_at, locale_code())}",
            way("meetings.page", "meetings", public_id=row.public_id),
        )
        for row in rows
    ]


def _editions(words: str) -> list[Hit]:
    rows = reading().execute(
        select(Edition.title, Edition.code, Edition.public_id)
        .where(_holds(words, Edition.title, Edition.code))
        .order_by(Edition.id.desc())
        .limit(MOST)
    )
    return [Hit(title, code, way("editions.page", "editions", public_id=key)) for title, code, key in rows]


def _programmes(words: str) -> list[Hit]:
    return [
        Hit(row.name, "", way("programmes.page", "programmes", public_id=row.public_id))
        for row in programme_list(reading(), words)[:MOST]
    ]


def _organisations(words: str) -> list[Hit]:
    return [
        Hit(row.name, ", ".join(row.former_names), way("organisations.details_view", "organisations", id=row.id))
        for row in organisations(reading(), words)[:MOST]
    ]


def _municipalities(words: str) -> list[Hit]:
    return [
        Hit(
            row.name, f"{row.province} · {row.gm_code}", way("municipalities.details_view", "municipalities", id=row.id)
        )
        for row in find_municipalities(reading(), words, limit=MOST)
    ]


def _holds(words: str, *columns: Any) -> ColumnElement[bool]:
    return or_(*(func.lower(column).contains(words.lower(), autoescape=True) for column in columns))


def views() -> list[BaseView]:
    """The one screen."""
    return [Search()]
