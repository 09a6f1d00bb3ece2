"""What happened: one row per recorded act, chained by hashes so that a later change shows.

Rows hold keys, column names and reasons, never a name, an address or a fact about health: those columns are recorded
as changed without their values. So an erasure does not have to touch the chain. Triggers (in the migrations) refuse every
UPDATE and DELETE of an entry.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from trainhub.core.db import Base, Privacy, lock_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainhub.core.access import Actor

GENESIS = "0" * 64
CHAIN_LOCK = 7_319_031


class AuditEntry(Base):
    """One act: who did what to which object, and which values it changed."""

    __tablename__ = "audit_entry"
    privacy = Privacy(purpose="accountability (AVG art. 5(2))", retention="3 years", personal="actor_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_kind: Mapped[str]
    action: Mapped[str] = mapped_column(index=True)
    object_type: Mapped[str]
    object_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]]
    prev_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


@dataclass(slots=True)
class Record:
    """An act that waits for its commit."""

    action: str
    thing: Base
    facts: dict[str, Any] = field(default_factory=dict)


def changes_of(thing: Base) -> dict[str, Any]:
    """The pending changes of a row: `{column: [old, new]}`, or `{column: "changed"}` where the value is private."""
    found: dict[str, Any] = {}
    state = inspect(thing)
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        if not history.has_changes() or column.key in {"id", "public_id", "row_version"}:
            continue
        if type(thing).privacy.hides(column.key):
            found[column.key] = "changed"
        else:
            found[column.key] = [_first(history.deleted), _first(history.added)]
    return found


def seal(session: Session, records: Iterable[Record], *, actor: Actor, at: datetime) -> None:
    """Write the records at the end of the chain; on PostgreSQL the chain's end is locked until the commit."""
    lock_for(session, CHAIN_LOCK)
    previous = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)) or GENESIS
    rows = []
    for record in records:
        row: dict[str, Any] = {
            "at": at.astimezone(UTC),
            "actor_id": actor.person_id,
            "actor_kind": actor.kind,
            "action": record.action,
            "object_type": type(record.thing).__tablename__,
            "object_id": (inspect(record.thing).identity or (None,))[0],
            "facts": _plain(record.facts),
            "prev_hash": previous,
        }
        row["hash"] = previous = digest(row)
        rows.append(row)
    session.execute(insert(AuditEntry), rows)


def digest(row: dict[str, Any]) -> str:
    """SHA-256 over the row's facts and the hash before it."""
    names = ("at", "actor_id", "actor_kind", "action", "object_type", "object_id", "facts", "prev_hash")
    return hashlib.sha256(json.dumps([_plain(row[name]) for name in names], sort_keys=True).encode()).hexdigest()


def first_break(session: Session) -> int | None:
    """The id of the first entry that no longer fits the chain, or None when the chain is whole.

    A tail that was cut off cannot be seen this way; the count and the last hash that `trainhub audit verify` prints can be
    kept elsewhere for that.
    """
    previous = GENESIS
    names = ("id", "at", "actor_id", "actor_kind", "action", "object_type", "object_id", "facts", "prev_hash", "hash")
    columns = [getattr(AuditEntry, name) for name in names]
    chain = select(*columns).order_by(AuditEntry.id).execution_options(yield_per=1000)
    with session.execute(chain) as entries:
        for values in entries:
            row = dict(zip(names, values, strict=True))
            if row["prev_hash"] != previous or digest(row) != row["hash"]:
                return int(row["id"])
            previous = row["hash"]
    return None


def _first(values: Any) -> Any:
    return _plain(values[0]) if values else None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
