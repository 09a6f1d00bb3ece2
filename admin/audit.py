"""The log: who did what to which object, and what changed; read only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from admin.audit_words import SYSTEM_WORDS, act_in_words, facts_in_words, short_moment, thing_in_words
from admin.outbox import CATEGORY
from admin.service_view import Screen
from trainhub.core.access import Permission
from trainhub.core.audit_search import EntryPage, Wanted, actions_known, find
from trainhub.people.models import Person
from trainhub.web.per_request import allows, reading

if TYPE_CHECKING:
    from flask_admin import BaseView

    from trainhub.core.audit import AuditEntry

MOST_ACTORS = 200
LONGEST_NUMBER = 9


class AuditLog(Screen):
    """The audit as a list that can be searched."""

    permission = Permission.AUDIT_READ

    def __init__(self) -> None:
        """Under `/admin/logboek/`."""
        super().__init__(name=_("Log"), category=CATEGORY, endpoint="log", url="/admin/logboek")

    @expose("/")
    def index(self) -> str:
        """The entries that fit what was asked, the newest first."""
        page = find(reading(), _wanted(), before=_number("voor"))
        values = {name: request.args.get(name, "")[:100] for name in ("wat", "soort", "nummer", "wie", "van", "tot")}
        options = [(action, act_in_words(action)) for action in actions_known(reading())]
        return str(
            self.render(
                "admin/audit.html",
                rows=_rows(page),
                asked=values,
                actions=sorted(options, key=lambda option: option[1]),
                sees_names=_sees_names(),
                older=url_for(".index", **{**_given(values), "voor": page.next_before}) if page.next_before else None,
                newest=url_for(".index", **_given(values)) if _number("voor") else None,
            )
        )


def _rows(page: EntryPage) -> list[tuple[str, str, str, str, list[str], str]]:
    """Each entry with when, who, what and about what in words, its facts, and the address of all about the same object."""
    names = _names({entry.actor_id for entry in page.entries if entry.actor_id is not None})
    return [
        (
            short_moment(entry.at),
            _who(entry, names),
            act_in_words(entry.action),
            f"{thing_in_words(entry.object_type)} {entry.object_id}",
            facts_in_words(entry.facts),
            url_for(".index", soort=entry.object_type, nummer=entry.object_id),
        )
        for entry in page.entries
    ]


def _who(entry: AuditEntry, names: dict[int, str]) -> str:
    if entry.actor_id is None:
        return str(SYSTEM_WORDS.get(entry.actor_kind, entry.actor_kind))
    return names.get(entry.actor_id) or gettext("Person %(number)s", number=entry.actor_id)


def _names(ids: set[int]) -> dict[int, str]:
    """The names of people, for who may see names; an administrator reads numbers only."""
    if not ids or not _sees_names():
        return {}
    return {
        row.id: row.call_name
        for row in reading().execute(select(Person.id, Person.call_name).where(Person.id.in_(ids)))
    }


def _sees_names() -> bool:
    return allows(Permission.PERSON_LIST)


def _wanted() -> Wanted:
    return Wanted(
        action=request.args.get("wat", "")[:100],
        object_type=request.args.get("soort", "")[:100],
        object_id=_number("nummer"),
        actor_ids=_actors(request.args.get("wie", "").strip()[:100]),
        since=_day("van"),
        until=_day("tot"),
    )


def _actors(words: str) -> list[int] | None:
    """The people whose name holds these words; None when nobody was asked for, or names are not for this reader."""
    if not words or not _sees_names():
        return None
    fits = func.lower(Person.call_name).contains(words.lower(), autoescape=True)
    return list(reading().scalars(select(Person.id).where(fits).order_by(Person.id).limit(MOST_ACTORS)))


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found <= date(2200, 1, 1) else None


def _given(values: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def views() -> list[BaseView]:
    """The log."""
    return [AuditLog()]
