"""The world of a benchmark: one database with places, courses, people, cohorts and those who sign in; made once per size."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from benchmarks import bare, world_people, world_training
from benchmarks.bulk import Bulk
from benchmarks.harness import Pace
from benchmarks.world_training import Cohort
from tests import postgresql
from trainhub.accounts.models import Account, RoleAssignment
from trainhub.core import schema
from trainhub.core.access import Actor, Role, RoleHeld
from trainhub.core.clock import local
from trainhub.core.db import Database
from trainhub.core.settings import Settings
from trainhub.demo import setting
from trainhub.demo.stage import Stage

NOW = local(2026, 11, 24, 12)
TODAY = NOW.date()
KINDS = ("sqlite", "postgresql")
COHORTS = (20, 30, 200)
AGENDAS = (20, 40, 200)
SEED = 7_319_031


@dataclass(frozen=True)
class Scale:
    """How large the worlds of a run are, and how long is looked."""

    name: str
    people: tuple[int, ...]
    pace: Pace


TINY = Scale("tiny", (2_000,), Pace(rounds=5, round_seconds=0.05))
SMALL = Scale("small", (3_000,), Pace(rounds=7, round_seconds=0.1))
FULL = Scale("full", (3_000, 100_000), Pace(rounds=9, round_seconds=0.2))


@dataclass
class World:
    """One filled database, and the application on it."""

    kind: str
    people: int
    database: Database
    settings: Settings
    municipality_id: int
    neighbourhood_id: int
    cohorts: dict[int, Cohort] = field(default_factory=dict)
    agendas: dict[int, str] = field(default_factory=dict)
    accounts: dict[Role, tuple[int, str]] = field(default_factory=dict)

    @cached_property
    def app(self) -> Flask:
        """The whole application with its desk, its clock at `NOW`."""
        from admin.site import mount  # noqa: PLC0415 - only pages load Flask's rooms
        from trainhub.web.app import create_app  # noqa: PLC0415 - the same

        app = create_app(self.settings, database=self.database, clock=lambda: NOW, mounts=[mount])
        app.config["WTF_CSRF_ENABLED"] = False
        return app

    def client(self, role: Role | None = None) -> FlaskClient:
        """A browser without a window, signed in as the one with this role."""
        client = self.app.test_client()
        if role is not None:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = self.accounts[role][1]
                cookie["_fresh"] = True
        return client

    def actor(self, role: Role) -> Actor:
        """The same one, for a unit of work."""
        return Actor(self.accounts[role][0], role.value, frozenset({RoleHeld(role)}))


class Worlds:
    """The worlds of a run, made when first asked for."""

    def __init__(self, scale: Scale, folder: Path, kinds: tuple[str, ...] = KINDS) -> None:
        """`kinds` are the databases that can be used here."""
        self.scale = scale
        self.kinds = kinds
        self._folder = folder
        self._made: dict[tuple[str, int], World] = {}
        self._opened: list[Database] = []
        self._names: list[str] = []

    @property
    def pace(self) -> Pace:
        """How long to look."""
        return self.scale.pace

    def usual(self) -> Iterator[World]:
        """The smallest world on each database."""
        return (self.at(kind, self.scale.people[0]) for kind in self.kinds)

    def all(self) -> Iterator[World]:
        """Every size on each database."""
        return (self.at(kind, people) for people in self.scale.people for kind in self.kinds)

    def at(self, kind: str, people: int) -> World:
        """The world of this size on this database."""
        if (kind, people) not in self._made:
            self._made[kind, people] = build(self.empty(kind, f"{kind}-{people}"), kind, people)
        return self._made[kind, people]

    def empty(self, kind: str, name: str) -> Database:
        """A migrated database without rows."""
        database = self._new(kind, name)
        self._opened.append(database)
        return database

    def _new(self, kind: str, name: str) -> Database:
        if kind == "sqlite":
            database = Database(f"sqlite:///{self._folder / name}.db")
            schema.upgrade(database)
            return database
        template = postgresql.template(_migrate)
        own = f"{template}_{os.getpid()}_{name.replace('-', '_')}"
        self._names.append(own)
        return Database(postgresql.create(own, like=template))

    def close(self) -> None:
        """Let go of every database, and drop those of PostgreSQL."""
        for database in self._opened:
            bare.release(database.engine)
            database.close()
        for name in self._names:
            postgresql.drop(name)


@contextmanager
def opened(scale: Scale, kinds: tuple[str, ...] = KINDS) -> Iterator[Worlds]:
    """Worlds in a temporary folder and in a PostgreSQL of our own, both gone afterwards.

    Raises `postgresql.CannotStart` when PostgreSQL is asked for and cannot be started.
    """
    folder = Path(tempfile.mkdtemp(prefix="trainhub-benchmarks-"))
    starts = "postgresql" in kinds and postgresql.FOLDER not in os.environ
    if starts:
        postgresql.prepare()
    worlds = Worlds(scale, folder, kinds)
    try:
        yield worlds
    finally:
        worlds.close()
        shutil.rmtree(folder, ignore_errors=True)
        if starts:
            postgresql.finish()


def settings_for(database: Database) -> Settings:
    """Settings of a deployment that is measured."""
    return Settings(database_url=database.url, secret_key="a secret that only benchmarks know, nobody else")  # noqa: S106 - it guards nothing


def build(database: Database, kind: str, people: int) -> World:
    """Fill a migrated database: the demo's places and courses through the services, everything else in bulk."""
    settings = settings_for(database)
    stage = Stage(database, settings, NOW)
    setting.build(stage)
    chance = random.Random(SEED)
    world = World(kind, people, database, settings, stage["GM0268"], stage["Hatert"])
    with database.engine.begin() as connection:
        bulk = Bulk(connection)
        there = world_people.known(connection)
        course = world_training.course_of(connection, stage["ED 2"])
        world_people.settle(bulk, there, people, NOW, chance)
        assessor_id = world_people.person(bulk, "Beoordelaar", NOW)
        for number in COHORTS:
            world.cohorts[number] = world_training.cohort(bulk, course, number, assessor_id, there, NOW, chance)
        for number in AGENDAS:
            world.agendas[number] = world_training.agenda(bulk, course, number, NOW)
        _sign_in(bulk, world)
        bulk.close()
    return world


def _sign_in(bulk: Bulk, world: World) -> None:
    """One person with an account per role."""
    where = {
        Role.trainer: {"edition_id": world.cohorts[20].edition_id},
        Role.assessor: {"edition_id": world.cohorts[20].edition_id},
        Role.municipality_officer: {"municipality_id": world.municipality_id},
    }
    for role in Role:
        person_id = world_people.person(bulk, f"Medewerker {role.value}", NOW)
        name = uuid.uuid4().hex
        bulk.add(
            Account,
            public_id=uuid.uuid4(),
            person_id=person_id,
            is_active=True,
            password=None,
            fs_uniquifier=name,
            us_totp_secrets=None,
            us_phone_number=None,
            last_sign_in_at=None,
            created_at=NOW,
        )
        bulk.add(
            RoleAssignment,
            **{
                "public_id": uuid.uuid4(),
                "person_id": person_id,
                "role": role,
                "programme_id": None,
                "edition_id": None,
                "municipality_id": None,
                "since": TODAY - timedelta(days=400),
                "until": None,
                **where.get(role, {}),
            },
        )
        world.accounts[role] = (person_id, name)


def _migrate(url: str) -> None:
    database = Database(url)
    schema.upgrade(database)
    database.close()
