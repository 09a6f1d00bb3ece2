"""Two databases, one behaviour: moments are aware, readers cannot write, writers lose nothing."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from trainhub.core import db as module
from trainhub.core.access import SYSTEM
from trainhub.core.clock import AMSTERDAM
from trainhub.core.db import Database, ReadOnlyViolation, UTCDateTime, lock_for, normal_url
from trainhub.core.settings import SettingsError
from trainhub.core.work import unit_of_work
from trainhub.outbox.models import WorkerRun
from trainhub.places.models import Region

THREADS, ROUNDS = 8, 60


def test_a_naive_moment_is_refused(session):
    run = WorkerRun(started_at=datetime(2026, 1, 1), ended_at=datetime(2026, 1, 1, tzinfo=UTC), sent=0, failed=0)  # noqa: DTZ001
    session.add(run)

    with pytest.raises(StatementError, match="needs its zone"):
        session.flush()


def test_a_moment_comes_back_in_utc(session, make):
    noon = datetime(2026, 7, 1, 12, tzinfo=AMSTERDAM)
    run = make.row(WorkerRun, started_at=noon)

    session.refresh(run)

    assert run.started_at == noon
    assert run.started_at.tzinfo is UTC


def test_no_moment_stays_none():
    kind = UTCDateTime()

    assert kind.process_bind_param(None, None) is None
    assert kind.process_result_value(None, None) is None


def test_a_reader_refuses_a_flush(fresh_database):
    with fresh_database.read_session() as session:
        session.add(Region(name="Meierij"))
        with pytest.raises(ReadOnlyViolation):
            session.flush()


def test_a_reader_refuses_a_changed_and_a_removed_row(database, make):
    region = make.row(Region)
    with database.read_session() as session:
        session.get(Region, region.id).name = "Other"
        with pytest.raises(ReadOnlyViolation):
            session.flush()
    with database.read_session() as session:
        session.delete(session.get(Region, region.id))
        with pytest.raises(ReadOnlyViolation):
            session.flush()


def test_a_reader_may_look_at_a_row_that_nobody_changed(read, make):
    region = make.row(Region, name="Meierij")
    found = read.get(Region, region.id)
    found.name = "Meierij"

    read.flush()


@pytest.mark.parametrize(
    "statement", [update(Region).values(name="x"), insert(Region).values(name="x")], ids=["update", "insert"]
)
def test_a_reader_refuses_bulk_statements(fresh_database, statement):
    with fresh_database.read_session() as session, pytest.raises(ReadOnlyViolation):
        session.execute(statement)


def test_a_reader_refuses_raw_sql(fresh_database, kind):
    with fresh_database.read_session() as session, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        session.execute(text("DELETE FROM region"))


def test_a_connection_that_read_can_write_again(fresh_database, settings):
    for _ in range(3):
        with fresh_database.read_session() as session:
            session.scalars(select(Region)).all()
        with unit_of_work(fresh_database, settings, SYSTEM) as work:
            region = work.add(Region(name=f"Region {_}"))
            work.record("region.created", region)


def counted_up(database, settings, *, lock=True):
    with unit_of_work(database, settings, SYSTEM) as work:
        region = work.add(Region(name="0"))
        work.record("region.created", region)
    problems = []

    def count():
        try:
            for _ in range(ROUNDS):
                with unit_of_work(database, settings, SYSTEM) as work:
                    mine = (work.lock if lock else work.get)(Region, region.id)
                    mine.name = str(int(mine.name) + 1)
                    work.record("region.counted", mine)
        except Exception as problem:  # noqa: BLE001 - the test tells it
            problems.append(problem)

    threads = [threading.Thread(target=count) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read_session() as session:
        return int(session.scalar(select(Region.name))), problems


def test_parallel_writers_lose_no_update(fresh_database, settings):
    total, problems = counted_up(fresh_database, settings)

    assert (total, problems) == (THREADS * ROUNDS, [])


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_later_lock_on_sqlite_would_lose_updates(fresh_database, settings):
    """The control: with a plain BEGIN, the same work fails or loses, so the test above can see it."""
    event.remove(fresh_database.engine, "begin", module._begin_sqlite)
    event.listen(fresh_database.engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))

    total, problems = counted_up(fresh_database, settings)

    assert total < THREADS * ROUNDS or problems


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_missing_lock_on_postgresql_is_caught_by_the_version(fresh_database, settings):
    total, problems = counted_up(fresh_database, settings, lock=False)

    assert total == THREADS * ROUNDS or problems


def test_the_chain_of_parallel_writers_is_whole(fresh_database, settings):
    from trainhub.core.audit import first_break  # noqa: PLC0415

    counted_up(fresh_database, settings)

    with fresh_database.read_session() as session:
        assert first_break(session) is None


def test_postgresql_is_always_reached_by_psycopg():
    assert {normal_url(f"{scheme}://u@h/d") for scheme in ("postgres", "postgresql", "postgresql+psycopg")} == {
        "postgresql+psycopg://u@h/d"
    }


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingsError, match="cannot be made"):
        Database(f"sqlite:///{tmp_path / 'file' / 'x.db'}")


def test_a_missing_folder_is_made(tmp_path):
    Database(f"sqlite:///{tmp_path / 'new' / 'x.db'}").close()

    assert (tmp_path / "new").is_dir()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_needs_no_folder(url):
    database = Database(url)
    with database.write_session() as session:
        assert session.scalar(text("SELECT 1")) == 1
    assert database.is_sqlite
    database.close()


def test_an_unknown_kind_of_database_is_told():
    with pytest.raises(SettingsError, match="sqlite:/// or postgresql://"):
        Database("nosuch://x")


def test_a_missing_driver_is_told(monkeypatch):
    import sys  # noqa: PLC0415

    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(SettingsError, match=r"install trainhub\[postgres\]"):
        Database("postgresql://x/y")


def test_taking_turns_works_on_both(session: Session):
    lock_for(session, 1)
