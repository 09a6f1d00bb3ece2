"""The tables grow and shrink by steps that lose nothing but what they promise, and end where the models are, on both databases."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from sqlalchemy import func, inspect, select, text

from tests.factories.base import Factory
from trainhub.calendar.models import CalendarItem
from trainhub.core import schema
from trainhub.core.db import Base
from trainhub.core.schema import SchemaError
from trainhub.editions.models import TrainingSession

POSTGRESQL_PARTS = (
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace""",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT '', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    """SELECT table_name, column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default)
    FROM information_schema.columns WHERE table_schema = 'public'""",
)
BY_HAND = re.compile(r"^(ex_|trg_)|_refuse_|alembic_version|refuse_change")


def fingerprint(database):
    """Every table, column, index, constraint, trigger and function, as the database itself tells it."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            rows = connection.execute(text("SELECT tbl_name, name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
            return sorted((table, name, " ".join(words.split())) for table, name, words in rows)
        return sorted(tuple(row) for part in POSTGRESQL_PARTS for row in connection.execute(text(part)))


def without_guards(found):
    return [row for row in found if not BY_HAND.search(row[1]) and not BY_HAND.search(row[0])]


def parts_of(found):
    """What a table of SQLite consists of, in no particular order: the migration writes the constraints in another one."""
    inner = [re.sub(r"^CREATE TABLE \w+ \((.*)\)$", r"\1", words) for _table, _name, words in found]
    parts = [sorted(part.strip() for part in re.split(r",\s*(?![^()]*\))", words)) for words in inner]
    return [(table, name, part) for (table, name, _words), part in zip(found, parts, strict=True)]


def filled(database):
    """One row in each table."""
    with database.write_session() as session:
        make = Factory(session)
        for mapper in sorted(Base.registry.mappers, key=lambda found: found.local_table.name):
            lesson = {"session_id": make.row(TrainingSession).id} if mapper.class_ is CalendarItem else {}
            make.row(mapper.class_, **lesson)
        session.commit()


def schema_tables(database):
    return set(inspect(database.engine).get_table_names())


def counts(database):
    with database.read_session() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }


def test_up_down_up_gives_the_same_schema_with_data_in_it(fresh_database):
    before = fingerprint(fresh_database)
    filled(fresh_database)
    assert all(counts(fresh_database).values())

    schema.downgrade(fresh_database, "base")
    assert schema_tables(fresh_database) == {"alembic_version"}
    assert schema.current(fresh_database) is None
    schema.upgrade(fresh_database)

    assert fingerprint(fresh_database) == before
    assert not any(counts(fresh_database).values())


@pytest.mark.parametrize("revision", sorted(schema.revisions()))
def test_each_step_goes_down_and_up_again(fresh_database, revision):
    schema.downgrade(fresh_database, revision)
    below = fingerprint(fresh_database)
    schema.upgrade(fresh_database)
    schema.downgrade(fresh_database, revision)

    assert fingerprint(fresh_database) == below


def test_the_last_step_keeps_the_data(fresh_database):
    filled(fresh_database)
    before = counts(fresh_database)

    schema.downgrade(fresh_database, "0004")
    schema.upgrade(fresh_database)

    assert counts(fresh_database) == before


def test_the_models_and_the_database_agree(fresh_database):
    assert schema.differences(fresh_database) == []


def test_the_models_would_make_the_same_tables(fresh_database, empty_database):
    Base.metadata.create_all(empty_database.engine)
    migrated, created = (without_guards(fingerprint(found)) for found in (fresh_database, empty_database))

    if fresh_database.is_sqlite:
        migrated, created = parts_of(migrated), parts_of(created)
    assert migrated == created


def test_a_changed_table_is_noticed(fresh_database):
    with fresh_database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE region ADD COLUMN colour VARCHAR"))

    assert "colour" in schema.differences(fresh_database)[0]


def test_a_step_that_fails_leaves_nothing_behind(empty_database):
    with empty_database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE consent (id INTEGER)"))

    with pytest.raises(Exception, match="consent"):
        schema.upgrade(empty_database)

    assert schema_tables(empty_database) == {"consent"}


def test_an_empty_database_is_told_what_to_do(empty_database):
    with pytest.raises(SchemaError, match=r"empty\. Run: trainhub db upgrade"):
        schema.require_migrated(empty_database)


def test_an_older_database_is_told_what_to_do(fresh_database):
    schema.require_migrated(fresh_database)
    schema.downgrade(fresh_database, "0003")

    with pytest.raises(SchemaError, match=r"at version 0003, this TrainHub needs .* Run: trainhub db upgrade"):
        schema.require_migrated(fresh_database)


def test_a_newer_database_is_told_what_to_do(fresh_database):
    with fresh_database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaError, match="made by a newer TrainHub"):
        schema.require_migrated(fresh_database)
    with pytest.raises(SchemaError, match=r"9999.*knows"):
        schema.upgrade(fresh_database)


@pytest.mark.parametrize(
    ("name", "version", "words"),
    [
        ("sqlite", (3, 34, 1), r"needs SQLite 3\.35 or newer; this is 3\.34\.1"),
        ("postgresql", (14, 9), r"needs PostgreSQL 15 or newer; this is 14\.9"),
    ],
)
def test_an_old_server_is_refused_in_words(name, version, words):
    connection = SimpleNamespace(dialect=SimpleNamespace(name=name, server_version_info=version))

    with pytest.raises(SchemaError, match=words):
        schema.require_supported(connection)


def test_the_history_is_one_line():
    assert schema.revisions()[0] == schema.head()
    assert len(set(schema.revisions())) == len(list((schema.folder() / "versions").glob("0*.py")))
