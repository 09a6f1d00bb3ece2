"""The chain of the audit shows every edit, even of one who could take its guards away."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from trainhub.core.access import SYSTEM
from trainhub.core.audit import _plain, digest, first_break
from trainhub.core.work import unit_of_work
from trainhub.places.models import Region

UNGUARD = {
    "sqlite": ["DROP TRIGGER audit_entry_refuse_update", "DROP TRIGGER audit_entry_refuse_delete"],
    "postgresql": ["ALTER TABLE audit_entry DISABLE TRIGGER USER"],
}


@pytest.fixture
def entries(fresh_database, settings, kind):
    for name in ("Meierij", "Bommelerwaard", "Achterhoek"):
        with unit_of_work(fresh_database, settings, SYSTEM) as work:
            region = work.add(Region(name=name))
            work.record("region.created", region, name=name)
    with fresh_database.engine.begin() as connection:
        for statement in UNGUARD[kind]:
            connection.execute(text(statement))
    return fresh_database


def broken(database):
    with database.read_session() as session:
        return first_break(session)


def test_an_untouched_chain_is_whole(entries):
    assert broken(entries) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2020-01-01 00:00:00.000000"),
        ("actor_id", 7),
        ("actor_kind", "person"),
        ("action", "region.removed"),
        ("object_type", "person"),
        ("object_id", 7),
        ("facts", json.dumps({"name": "Betuwe"})),
        ("prev_hash", "f" * 64),
        ("hash", "f" * 64),
    ],
)
def test_each_edit_shows(entries, column, value):
    with entries.engine.begin() as connection:
        connection.execute(text(f"UPDATE audit_entry SET {column} = :value WHERE id = 2"), {"value": value})

    assert broken(entries) == 2


@pytest.mark.parametrize(("removed", "shows_at"), [(1, 2), (2, 3)])
def test_a_removed_entry_shows_at_the_next(entries, removed, shows_at):
    with entries.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM audit_entry WHERE id = {removed}"))

    assert broken(entries) == shows_at


def test_an_edit_with_a_new_hash_shows_at_the_next(entries):
    with entries.engine.begin() as connection:
        row = connection.execute(text("SELECT * FROM audit_entry WHERE id = 2")).mappings().one()
        facts = {"name": "Betuwe"}
        at = row["at"] if isinstance(row["at"], datetime) else datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
        new = digest({**row, "at": at.astimezone(UTC), "facts": facts})
        statement = text("UPDATE audit_entry SET facts = :facts, hash = :hash WHERE id = 2")
        connection.execute(statement, {"facts": json.dumps(facts), "hash": new})

    assert broken(entries) == 3


def test_values_are_written_plainly():
    class Odd:
        def __str__(self):
            return "odd"

    values = {
        1: date(2026, 11, 24),
        "list": (1, {2}),
        "none": None,
        "odd": Odd(),
        "moment": datetime(2026, 1, 1, tzinfo=UTC),
    }

    assert _plain(values) == {
        "1": "2026-11-24",
        "list": [1, [2]],
        "none": None,
        "odd": "odd",
        "moment": "2026-01-01T00:00:00+00:00",
    }
