"""The schema of a database: brought up to date, taken back, and compared with what this version of TrainHub expects."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text

from trainhub.core.db import Base

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from trainhub.core.db import Database

PACKAGE = Path(__file__).parent.parent
OLDEST_SQLITE = (3, 35)
OLDEST_POSTGRESQL = (15,)
MIGRATION_LOCK = 7_319_032


class SchemaError(Exception):
    """The database is too old for this version of TrainHub, or not brought up to date; the sentence says what to do."""


def upgrade(db: Database, revision: str = "head") -> None:
    """Bring the schema up to `revision`, in one transaction. Raises `SchemaError` when the database server is too old."""
    with _migrating(db) as connection:
        require_supported(connection)
        command.upgrade(_config(connection), revision)


def downgrade(db: Database, revision: str) -> None:
    """Take the schema back to `revision` ("base" for an empty database), in one transaction."""
    with _migrating(db) as connection:
        command.downgrade(_config(connection), revision)


def current(db: Database) -> str | None:
    """The revision this database is at, or None when it holds nothing of TrainHub."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision this version of TrainHub knows."""
    return ScriptDirectory(str(folder())).get_current_head() or ""


def revisions() -> list[str]:
    """All revisions this version of TrainHub knows, the newest first."""
    return [script.revision for script in ScriptDirectory(str(folder())).walk_revisions()]


def differences(db: Database) -> list[str]:
    """What the tables hold other than the models say, one sentence each; needs `trainhub.tables` imported."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(found) for found in compare_metadata(context, Base.metadata)]


def require_migrated(db: Database) -> None:
    """Refuse to work on a schema of another version. Raises `SchemaError` with the command that helps."""
    with db.engine.connect() as connection:
        require_supported(connection)
    found = current(db)
    if found is None:
        raise SchemaError("The database is empty. Run: trainhub db upgrade")
    if found not in revisions():
        raise SchemaError(
            f"The database is at version {found}, made by a newer TrainHub. Install that version or a later one."
        )
    if found != head():
        raise SchemaError(f"The database is at version {found}, this TrainHub needs {head()}. Run: trainhub db upgrade")


def require_supported(connection: Connection) -> None:
    """Refuse a database server older than the ones TrainHub is tested on. Raises `SchemaError`."""
    version = connection.dialect.server_version_info or ()
    name, oldest = (
        ("SQLite", OLDEST_SQLITE) if connection.dialect.name == "sqlite" else ("PostgreSQL", OLDEST_POSTGRESQL)
    )
    if version < oldest:
        raise SchemaError(f"TrainHub needs {name} {_dotted(oldest)} or newer; this is {_dotted(version)}.")


def folder() -> Path:
    """Where the migrations are: in the package when installed from a wheel, beside it in a checkout."""
    inside, beside = PACKAGE / "migrations", PACKAGE.parent / "migrations"
    return inside if inside.is_dir() else beside


@contextmanager
def _migrating(db: Database) -> Iterator[Connection]:
    try:
        with db.engine.begin() as connection:
            yield connection
    except CommandError as unknown:
        raise SchemaError(f"{unknown}. This TrainHub knows: {', '.join(revisions())}.") from unknown


def _config(connection: Connection) -> Config:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    config = Config()
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _dotted(version: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in version)
