"""One transaction, one commit: a unit of work opens, judges, records and commits; nothing else in the house does.

Return means commit, raise means nothing happened. A commit with changes but without an audit record raises.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import UniqueConstraint, event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.exc import StaleDataError

from trainhub.core import audit
from trainhub.core.access import Actor, Permission, Scoped, allows
from trainhub.core.clock import local_day, system_clock
from trainhub.core.db import Base, Database
from trainhub.core.errors import Conflict, NotAllowed, NotFound
from trainhub.core.i18n import Text, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainhub.core.settings import Settings

Row = TypeVar("Row", bound=Base)
Key = int | uuid.UUID


class MissingRecord(RuntimeError):
    """A unit of work changed data and recorded nothing: a mistake of ours."""


class Work:
    """What a verb works with: the session, who acts, when, and the settings."""

    def __init__(self, session: Session, settings: Settings, actor: Actor, now: datetime) -> None:
        self.session = session
        self.settings = settings
        self.actor = actor
        self.now = now
        self.records: list[audit.Record] = []
        self.has_changes = False

    @property
    def today(self) -> date:
        """The Dutch calendar day of `now`."""
        return local_day(self.now)

    def get(self, model: type[Row], key: Key) -> Row:
        """The row with this id or public id. Raises `NotFound`."""
        return _found(model, _load(self.session, model, key))

    def lock(self, model: type[Row], key: Key) -> Row:
        """The same, with its row locked until the commit: for a capacity or a state that two people may want at once."""
        return _found(model, _load(self.session, model, key, lock=True))

    def add(self, row: Row) -> Row:
        """Add a row and give it its id."""
        self.session.add(row)
        self.session.flush()
        return row

    def require(self, permission: Permission, thing: Scoped | None = None) -> None:
        """Refuse unless the actor may: `NotAllowed` for an act that is not theirs, `NotFound` for an object that is not."""
        if allows(self.actor, permission, thing):
            return
        if thing is None or not allows(self.actor, permission):
            raise NotAllowed(_("Your role does not allow this."), code="not_allowed")
        raise _unknown()

    def expect(self, row: Any, version: int | None) -> None:
        """Refuse with `Conflict` when somebody changed the row since the reader saw `version`."""
        if version is not None and row.row_version != version:
            raise Conflict(
                _("Somebody else has just changed this. Compare the two versions and save again."), code="stale"
            )

    def record(self, action: str, thing: Base, **facts: Any) -> None:
        """Write in the audit that `action` (`resource.past_tense`) happened to `thing`, with its pending changes."""
        changes = audit.changes_of(thing)
        if changes:
            facts["changes"] = changes
        self.session.flush()
        self.records.append(audit.Record(action, thing, facts))


@contextmanager
def unit_of_work(db: Database, settings: Settings, actor: Actor, *, now: datetime | None = None) -> Iterator[Work]:
    """Open a transaction for `actor`; commit when the block ends, undo everything when it raises.

    Raises `Conflict` when the database refuses a row, in the words of the constraint, and `MissingRecord` when
    changes were made without a record.
    """
    with db.write_session() as session:
        work = Work(session, settings, actor, now or system_clock())
        event.listen(session, "after_flush", lambda *_: _note_changes(work))
        event.listen(session, "do_orm_execute", lambda state: _note_statement(work, state))
        try:
            yield work
            session.flush()
            if work.has_changes and not work.records:
                raise MissingRecord("This unit of work changed data without an audit record.")
            if work.records:
                audit.seal(session, work.records, actor=actor, at=work.now)
            session.commit()
        except StaleDataError as stale:
            raise Conflict(_("Somebody else has just changed this. Look again and retry."), code="stale") from stale
        except IntegrityError as refused:
            raise Conflict(sentence_for(refused), code="refused") from refused


def _note_changes(work: Work) -> None:
    work.has_changes = True


def _note_statement(work: Work, state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        work.has_changes = True


def _load(session: Session, model: type[Row], key: Key, *, lock: bool = False) -> Row | None:
    column = "public_id" if isinstance(key, uuid.UUID) else "id"
    if not lock and column == "id":
        return session.get(model, key)
    statement = select(model).where(getattr(model, column) == key)
    if lock:
        statement = statement.with_for_update(of=model).execution_options(populate_existing=True)
    return session.scalar(statement)


def _found(model: type[Row], row: Row | None) -> Row:
    del model
    if row is None:
        raise _unknown()
    return row


def _unknown() -> NotFound:
    return NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")


def sentence_for(refused: IntegrityError) -> Text:
    """The sentence that the refused constraint carries in its `info`, or a general one; never SQL, never values.

    Triggers and EXCLUDE constraints are no objects of SQLAlchemy: their sentences stand in the `info` of their table.
    """
    detail = getattr(refused.orig, "diag", None)
    name = getattr(detail, "constraint_name", None) or ""
    words = str(refused.orig)
    if "is append-only" in words:
        return _("What is recorded here is never changed or removed. Record a new step instead.")
    for table in Base.metadata.tables.values():
        for guard, sentence in table.info.get("sentences", {}).items():
            if guard == name or guard in words:
                return sentence  # type: ignore[no-any-return]  # info is untyped in SQLAlchemy
        for rule in (*table.constraints, *table.indexes):
            sentence = rule.info.get("sentence") or _sentence_of_column(rule)
            if isinstance(sentence, Text) and (getattr(rule, "name", None) == name or _names(rule, table.name, words)):
                return sentence
    return _("This does not fit with what is already recorded. Nothing was changed.")


def _sentence_of_column(rule: Any) -> Text | None:
    """The sentence beside a single column that is declared unique."""
    columns = list(rule.columns)
    unique = isinstance(rule, UniqueConstraint) and len(columns) == 1
    return columns[0].info.get("sentence") if unique else None


def _names(rule: Any, table: str, words: str) -> bool:
    """Whether SQLite's message speaks of this constraint: by its name, or by the columns of a unique one."""
    columns = ", ".join(f"{table}.{column.name}" for column in rule.columns)
    by_name = bool(rule.name) and str(rule.name) in words
    return by_name or words.endswith(f"UNIQUE constraint failed: {columns}")
