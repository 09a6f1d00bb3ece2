"""What every test may ask for: a database of either kind, a unit of work, factories, and a browser without a window.

Each test runs inside one outer transaction that is rolled back, on SQLite and on PostgreSQL; a test that needs real commits,
several connections or threads asks for `fresh_database`.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import event

from tests import factories, postgresql
from tests.factories.base import NOW, Factory
from trainhub.core import schema
from trainhub.core.access import Actor, Role
from trainhub.core.db import Database, ReadSession
from trainhub.core.settings import Settings
from trainhub.core.work import Work, unit_of_work
from trainhub.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

KINDS = ("sqlite", "postgresql")
TABLES = len(METADATA.tables)  # all of them are loaded, so that every foreign key finds its table
NOT_QUESTIONS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA")

hypothesis_settings.register_profile(
    "local", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
hypothesis_settings.register_profile("ci", parent=hypothesis_settings.get_profile("local"), derandomize=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_configure(config: pytest.Config) -> None:
    """Name a place for PostgreSQL once, before the workers start."""
    if not hasattr(config, "workerinput"):
        postgresql.prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    if not hasattr(config, "workerinput") and postgresql.FOLDER in os.environ:
        postgresql.finish()


class Templates:
    """A migrated database of each kind, made when first asked for, and copies of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names: dict[str, str] = {}
        self._problem = ""
        self._count = 0

    def copy(self, kind: str) -> tuple[str, str]:
        """A new copy: its address and its name."""
        self._count += 1
        if kind == "sqlite":
            file = self.folder / f"copy-{self._count}.db"
            shutil.copyfile(self._sqlite(), file)
            return f"sqlite:///{file}", str(file)
        name = f"trainhub_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}_{self._count}"
        return postgresql.create(name, like=self._postgresql()), name

    def _sqlite(self) -> str:
        if "sqlite" not in self._names:
            file = self.folder / "template.db"
            _migrate(f"sqlite:///{file}")
            self._names["sqlite"] = str(file)
        return self._names["sqlite"]

    def _postgresql(self) -> str:
        if "postgresql" not in self._names and not self._problem:
            try:
                self._names["postgresql"] = postgresql.template(_migrate)
            except postgresql.CannotStart as problem:
                self._problem = f"PostgreSQL cannot start here: {problem}"
        if self._problem:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(self._problem)
        return self._names["postgresql"]


def _migrate(url: str) -> None:
    database = Database(url)
    schema.upgrade(database)
    database.close()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Where copies of a migrated database come from."""
    return Templates(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def shared(templates: Templates) -> Iterator[Callable[[str], Database]]:
    """One real database of each kind per worker; tests use it inside a transaction."""
    opened: dict[str, Database] = {}

    def of(kind: str) -> Database:
        if kind not in opened:
            opened[kind] = Database(templates.copy(kind)[0])
        return opened[kind]

    yield of
    for database in opened.values():
        database.close()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database: everything runs on both. `@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)` for one."""
    return str(request.param)


@pytest.fixture
def database(kind: str, shared: Callable[[str], Database]) -> Iterator[Database]:
    """A database bound to one connection, inside a transaction that is rolled back after the test."""
    real = shared(kind)
    with real.engine.connect() as connection:
        outer = connection.begin()
        yield Database(real.url, connection=connection)
        outer.rollback()


@pytest.fixture
def fresh_database(kind: str, templates: Templates) -> Iterator[Database]:
    """A migrated database of its own, with real commits and as many connections as wanted."""
    url, name = templates.copy(kind)
    database = Database(url)
    yield database
    database.close()
    if kind == "postgresql":
        postgresql.drop(name)


@pytest.fixture
def empty_database(kind: str, templates: Templates, tmp_path: Path) -> Iterator[Database]:
    """A database of its own without a single table."""
    if kind == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.close()
        return
    _url, copied = templates.copy(kind)
    name = f"{copied}_empty"
    database = Database(postgresql.create(name))
    yield database
    database.close()
    postgresql.drop(name)
    postgresql.drop(copied)


@pytest.fixture
def settings() -> Settings:
    """Settings of a deployment for tests."""
    return Settings(secret_key="a secret that only the tests know, not you", base_url="http://localhost")


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """The session of `make` and `work`. It opens its savepoint at once, so that later ones close before it."""
    with database.write_session() as session:
        session.connection()
        yield session


@pytest.fixture
def make(session: Session) -> Any:
    """The factories: `make.person()`, `make.edition()`, …, `make.actor(Role.coordinator)`."""
    return assembled()(session)


def assembled() -> type[Factory]:
    """One class out of the base and every `Make…` class in `tests/factories/`."""
    parts: list[type] = []
    for found in pkgutil.iter_modules(factories.__path__):
        module = importlib.import_module(f"{factories.__name__}.{found.name}")
        parts += [
            thing
            for name, thing in sorted(vars(module).items())
            if name.startswith("Make") and isinstance(thing, type) and thing.__module__ == module.__name__
        ]
    parts = [part for part in parts if not any(part is not other and issubclass(other, part) for other in parts)]
    if not any(issubclass(part, Factory) for part in parts):
        parts.append(Factory)
    return type("Make", tuple(parts), {})


@pytest.fixture
def work(session: Session, settings: Settings, make: Any) -> Work:
    """An open unit of work of a coordinator at `NOW`; it is never committed. Set `work.actor` to act as another."""
    return Work(session, settings, make.actor(Role.coordinator), NOW)


@pytest.fixture
def read(database: Database) -> Iterator[ReadSession]:
    """A session that only reads."""
    with database.read_session() as session:
        session.connection()
        yield session


@pytest.fixture
def begin(database: Database, settings: Settings) -> Callable[..., AbstractContextManager[Work]]:
    """A real unit of work on `database`: `with begin(actor) as work:`."""

    def opened(actor: Actor, now: datetime = NOW) -> AbstractContextManager[Work]:
        return unit_of_work(database, settings, actor, now=now)

    return opened


@pytest.fixture
def count_queries(database: Database) -> Callable[[int], AbstractContextManager[list[str]]]:
    """`with count_queries(4):` fails when more than four statements are sent."""

    @contextmanager
    def counted(limit: int) -> Iterator[list[str]]:
        seen: list[str] = []

        def note(*arguments: Any) -> None:
            if not str(arguments[2]).lstrip().upper().startswith(NOT_QUESTIONS):
                seen.append(str(arguments[2]))

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
        assert len(seen) <= limit, f"{len(seen)} queries, at most {limit} expected:\n" + "\n".join(seen)

    return counted


@pytest.fixture
def fresh_app(database: Database, settings: Settings) -> Flask:
    """A whole application of its own, for a test that gives it more routes."""
    from admin.site import mount  # noqa: PLC0415 - only tests of pages load Flask
    from trainhub.web.app import create_app  # noqa: PLC0415

    app = create_app(settings, database=database, clock=lambda: NOW, mounts=[mount])
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture(scope="session")
def apps() -> dict[Settings, Flask]:
    """The applications that tests share: making one takes longer than most tests."""
    return {}


@pytest.fixture
def app(
    request: pytest.FixtureRequest, apps: dict[Settings, Flask], database: Database, settings: Settings
) -> Iterator[Flask]:
    """The whole application on `database`, with its clock at `NOW`; what a test changes in its configuration is put back."""
    from trainhub.web.per_request import KEY, House  # noqa: PLC0415

    if settings not in apps:
        apps[settings] = request.getfixturevalue("fresh_app")
    app = apps[settings]
    app.extensions[KEY] = House(settings, database, lambda: NOW)
    before = dict(app.config)
    yield app
    app.config.clear()
    app.config.update(before)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a window."""
    return app.test_client()


@pytest.fixture
def sign_in(make: Any) -> Callable[..., None]:
    """`sign_in(client, person)` makes the person the one who is signed in, with an account if there was none."""
    from sqlalchemy import select  # noqa: PLC0415

    from trainhub.accounts.models import Account  # noqa: PLC0415

    def signed_in(client: FlaskClient, person: Any) -> None:
        account = make.session.scalar(select(Account).where(Account.person_id == person.id)) or make.row(
            Account, person_id=person.id
        )
        with client.session_transaction() as cookie:
            cookie["_user_id"] = account.fs_uniquifier
            cookie["_fresh"] = True

    return signed_in
