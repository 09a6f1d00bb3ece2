"""What every factory can do: fill in a row of any table, and make somebody who acts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import inspect, select

from trainhub.accounts.models import RoleAssignment
from trainhub.certification.models import DecisionKind, Scheme
from trainhub.core.access import Actor, Role, RoleHeld
from trainhub.core.clock import local
from trainhub.core.db import Base
from trainhub.meetings.models import Part
from trainhub.people.models import Channel, Person

if TYPE_CHECKING:
    from sqlalchemy import Column
    from sqlalchemy.orm import Session

NOW = local(2026, 11, 24, 12)
TODAY = date(2026, 11, 24)
Row = TypeVar("Row", bound=Base)

PLAIN: dict[str, Any] = {
    "channel": Channel.letter,
    "ends_at": NOW + timedelta(hours=3),
    "ends_on": TODAY + timedelta(days=365),
    "expires_on": TODAY + timedelta(days=730),
    "reason": "Because of a test.",
    "part": Part.observe,
    "kind": DecisionKind.refuse,
}


class Factory:
    """Puts rows in through `session` and flushes them; never commits."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._numbers = count(1)

    def number(self) -> int:
        """A number that this factory did not give before, to keep names and codes apart."""
        return next(self._numbers)

    def add(self, row: Row) -> Row:
        """Put a finished row in."""
        self.session.add(row)
        self.session.flush()
        return row

    def row(self, model: type[Row], **given: Any) -> Row:
        """A row of any table: `given` values, and plain ones for every other column that must have one.

        A required row of another table is made too, once per column; composite keys to one table stay together.
        """
        mapper = inspect(model)
        for relation in mapper.relationships:
            if isinstance(given.get(relation.key), Base):
                for here, there in relation.local_remote_pairs:
                    given.setdefault(here.name, getattr(given[relation.key], there.name))
        for column in mapper.local_table.columns:
            if column.name in given:
                continue
            if column.foreign_keys:
                if not column.nullable:
                    given[column.name] = self._reference(model, column, given)
            elif column.name in PLAIN and isinstance(PLAIN[column.name], _kind(column)):
                given[column.name] = PLAIN[column.name]
            elif not column.nullable and column.default is None and not column.primary_key:
                given[column.name] = self._plain(column)
        return self.add(model(**given))

    def actor(
        self, role: Role, *, person: Any = None, edition: Any = None, municipality: Any = None, programme: Any = None
    ) -> Actor:
        """Somebody who has held `role` since a year ago, everywhere or only where it is said."""
        holder = person or self.row(Person, call_name=f"Actor {self.number()}", channel=Channel.letter, created_at=NOW)
        where = {
            "edition_id": edition.id if edition else None,
            "municipality_id": municipality.id if municipality else None,
            "programme_id": programme.id if programme else None,
        }
        self.add(RoleAssignment(person_id=holder.id, role=role, since=TODAY - timedelta(days=365), **where))
        return Actor(holder.id, holder.call_name, frozenset({RoleHeld(role, **where)}))

    def _reference(self, model: type[Base], column: Column[Any], given: dict[str, Any]) -> Any:
        """The id that a foreign key asks for, with the other columns of the same composite key put in `given`."""
        constraint = max((key.constraint for key in column.foreign_keys), key=lambda found: len(found.elements))
        target = next(
            found.class_ for found in model.registry.mappers if found.local_table is constraint.referred_table
        )
        known = {key.column.name: given[key.parent.name] for key in constraint.elements if key.parent.name in given}
        if "id" in known:
            row = self.session.get(target, known["id"])
        elif target is Scheme:  # there are only as many as there are tracks
            row = self.session.scalar(select(Scheme).limit(1)) or self.row(Scheme)
        else:
            row = self.row(target, **known)
        for key in constraint.elements:
            given.setdefault(key.parent.name, getattr(row, key.column.name))
        return given[column.name]

    def _plain(self, column: Column[Any]) -> Any:
        kind = _kind(column)
        if issubclass(kind, StrEnum):
            taken = self.session.scalars(select(column)).all() if column.unique else []
            return next(member for member in kind if member not in taken)
        if column.name in {"position", "version"}:
            return self.number()
        return _value(kind, f"{column.name}-{self.number()}")


def _kind(column: Column[Any]) -> type:
    """The Python type of a column; a decorated type says it by the type inside."""
    return getattr(column.type, "impl_instance", column.type).python_type


def _value(kind: type, words: str) -> Any:
    values: dict[type, Any] = {
        bool: True,
        int: 1,
        float: 52.0,
        str: words,
        bytes: words.encode(),
        datetime: NOW,
        date: TODAY,
        dict: {},
        object: {},  # JSON
        list: [],
    }
    return values[kind]
