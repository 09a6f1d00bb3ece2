"""Questions of the audit: which acts, on what, by whom, when; in pages, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select

from trainhub.core.audit import AuditEntry
from trainhub.core.clock import AMSTERDAM

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one looks for; each part that is empty is open. `action` may be a beginning, such as `certificate.`."""

    action: str = ""
    object_type: str = ""
    object_id: int | None = None
    actor_ids: Collection[int] | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A page of entries; `next_before` is the id to go on from, None at the end."""

    entries: Sequence[AuditEntry]
    next_before: int | None


def find(session: Session, wanted: Wanted, *, before: int | None = None) -> EntryPage:
    """The entries that fit, the newest first, from just before the id `before`."""
    statement = select(AuditEntry).where(*_conditions(wanted)).order_by(AuditEntry.id.desc()).limit(PAGE_SIZE + 1)
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    found = session.scalars(statement).all()
    entries = found[:PAGE_SIZE]
    return EntryPage(entries, entries[-1].id if len(found) > PAGE_SIZE else None)


def actions_known(session: Session) -> list[str]:
    """Every action that was ever recorded, sorted."""
    return list(session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.action:
        conditions.append(AuditEntry.action.startswith(wanted.action, autoescape=True))
    if wanted.object_type:
        conditions.append(AuditEntry.object_type == wanted.object_type)
    if wanted.object_id is not None:
        conditions.append(AuditEntry.object_id == wanted.object_id)
    if wanted.actor_ids is not None:
        conditions.append(AuditEntry.actor_id.in_(wanted.actor_ids))
    if wanted.since:
        conditions.append(AuditEntry.at >= _midnight(wanted.since))
    if wanted.until:
        conditions.append(AuditEntry.at < _midnight(wanted.until + timedelta(days=1)))
    return conditions


def _midnight(day: date) -> datetime:
    """The start of a Dutch calendar day."""
    return datetime.combine(day, time(), AMSTERDAM)
