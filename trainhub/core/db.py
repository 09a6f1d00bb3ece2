"""Two databases behind one door: SQLite and PostgreSQL, with sessions that write and sessions that refuse to.

Writing sessions on SQLite begin with `BEGIN IMMEDIATE`: with a later lock two writers lose each other's updates.
Reading sessions refuse to write three times: in the flush, in bulk statements, and in the connection itself.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from sqlalchemy import Dialect, Enum, MetaData, Uuid, create_engine, event, make_url, text
from sqlalchemy import types as sqltypes
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    aliased,
    declared_attr,
    mapped_column,
)

from trainhub.core.settings import SettingsError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine, ExceptionContext

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
LONGEST_WAIT_SECONDS = 30

Table = TypeVar("Table", bound="Base")


class UTCDateTime(sqltypes.TypeDecorator[datetime]):
    """A moment: aware on both sides, UTC in the database; a naive value is a programming error."""

    impl = sqltypes.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC for the driver; SQLite keeps it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A moment needs its zone: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware UTC for the reader."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Privacy:
    """How a table's columns are classed for the AVG: what for, how long, which columns say something of a person.

    Columns not named are ordinary. `special` columns are health data or tell of it (AVG art. 9).
    """

    def __init__(self, *, purpose: str, retention: str, personal: str = "", special: str = "") -> None:
        self.purpose = purpose
        self.retention = retention
        self.personal = frozenset(personal.split())
        self.special = frozenset(special.split())

    def hides(self, column: str) -> bool:
        """Whether a column's value must stay out of the audit and the logs."""
        return column in self.personal or column in self.special


class Base(DeclarativeBase):
    """Every table; typed columns, named constraints, a privacy class."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime,
        uuid.UUID: Uuid(as_uuid=True),
        dict[str, Any]: sqltypes.JSON,
        list[str]: sqltypes.JSON,
    }
    privacy: ClassVar[Privacy]


class Keyed:
    """An integer key inside, an unguessable `public_id` in addresses."""

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)


class Revised:
    """A row that two people may edit: each update names the version it read, else it changes nothing."""

    row_version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy calls it on the class
        return {"version_id_col": cls.row_version}


def choice(kind: type[StrEnum], name: str) -> Enum:
    """A column type for an enumeration: text with a CHECK; the name of each member is its value."""
    return Enum(kind, name=name, native_enum=False, create_constraint=True, length=40, validate_strings=True)


_ALIASES: dict[tuple[type[Base], str], Any] = {}


def alias(model: type[Table], name: str) -> type[Table]:
    """A second look at a table within one statement, under `name`.

    Made once: a new alias per statement costs a millisecond, more than most statements take.
    """
    if (model, name) not in _ALIASES:
        _ALIASES[model, name] = aliased(model, name=name)
    made: type[Table] = _ALIASES[model, name]
    return made


class ReadOnlyViolation(RuntimeError):
    """A page tried to change data outside a unit of work: a mistake of ours."""


class ReadSession(Session):
    """A session that answers questions and refuses every change."""


@event.listens_for(ReadSession, "before_flush")
def _refuse_flush(session: Session, *_: object) -> None:
    if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
        raise ReadOnlyViolation("This session only reads; changes go through a unit of work.")


@event.listens_for(ReadSession, "do_orm_execute")
def _refuse_statements(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise ReadOnlyViolation("This session only reads; changes go through a unit of work.")


class Database:
    """One database: `write_session()` for units of work, `read_session()` for pages and questions."""

    def __init__(self, url: str, *, connection: Connection | None = None) -> None:
        """Open `url` (`sqlite:///…` or `postgresql://…`); a `connection` of a test takes all sessions into its transaction."""
        self.url = normal_url(url)
        self.engine = connection.engine if connection is not None else _engine(self.url)
        self._connection = connection

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    def write_session(self) -> Session:
        """A session whose transaction may change data."""
        if self._connection is not None:
            return Session(self._connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        return Session(self.engine.execution_options(trainhub_writes=True), expire_on_commit=False)

    def read_session(self) -> ReadSession:
        """A session that refuses to change data."""
        if self._connection is not None:
            return ReadSession(self._connection, join_transaction_mode="create_savepoint")
        return ReadSession(self.engine.execution_options(trainhub_writes=False, **self._readonly_options()))

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    def _readonly_options(self) -> dict[str, bool]:
        return {} if self.is_sqlite else {"postgresql_readonly": True}


def normal_url(url: str) -> str:
    """The SQLAlchemy form of a database address: PostgreSQL always by psycopg 3."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _engine(url: str) -> Engine:
    options: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": LONGEST_WAIT_SECONDS, "isolation_level": None}
        _make_folder(make_url(url).database)
    else:
        options |= {"pool_pre_ping": True, "pool_size": 10}
    try:
        engine = create_engine(url, **options)
    except ModuleNotFoundError as missing:
        raise SettingsError("PostgreSQL needs the extra 'postgres': install trainhub[postgres].") from missing
    except NoSuchModuleError as unknown:
        raise SettingsError("The database address should start with sqlite:/// or postgresql://.") from unknown
    event.listen(engine, "handle_error", _hide_values)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _hide_values(context: ExceptionContext) -> None:
    """Cut the detail off a refusal: PostgreSQL repeats the row in it, and a row may hold somebody's address."""
    for problem in filter(None, (context.original_exception, context.sqlalchemy_exception)):
        problem.args = tuple(_without_detail(words) for words in problem.args)


def _without_detail(words: object) -> object:
    return words.split("\nDETAIL:", 1)[0] if isinstance(words, str) else words


def _make_folder(file: str | None) -> None:
    if file and file != ":memory:" and not file.startswith("file:"):
        folder = Path(file).absolute().parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as refused:
            raise SettingsError(
                f"The folder {folder} for the database cannot be made: {refused.strerror}."
            ) from refused


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={LONGEST_WAIT_SECONDS * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("trainhub_writes", True):
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")


def lock_for(session: Session, key: int) -> None:
    """Take turns on `key` until the transaction ends; SQLite's single writer already does."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
