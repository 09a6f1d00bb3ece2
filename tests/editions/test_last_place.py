"""Law 7: two who confirm the last place at once: exactly one wins. On real databases, with threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

from sqlalchemy import func, select

from tests.conftest import assembled
from trainhub.core.access import Role
from trainhub.core.errors import DomainError
from trainhub.core.work import Work, unit_of_work
from trainhub.editions import enrolments
from trainhub.editions.models import Edition, EditionState, Enrolment, EnrolmentState

PEOPLE = 6


def prepared(database):
    """An open edition with one place and people who applied for it."""
    with database.write_session() as session, session.begin():
        make = assembled()(session)
        edition = make.edition(state=EditionState.open, capacity=1)
        applied = [make.enrolment(edition, state=EnrolmentState.applied).id for _ in range(PEOPLE)]
        return edition.id, applied, make.actor(Role.coordinator)


def confirmed(database, edition_id):
    with database.read_session() as session:
        return session.scalar(
            select(func.count()).where(Enrolment.edition_id == edition_id, Enrolment.state == EnrolmentState.confirmed)
        )


def race(database, settings, verb):
    """Everybody confirms at the same moment; returns the edition's confirmed places and the refusals."""
    edition_id, applied, coordinator = prepared(database)
    start = Barrier(PEOPLE)

    def confirm(enrolment_id):
        start.wait()
        try:
            with unit_of_work(database, settings, coordinator) as work:
                verb(work, enrolment_id)
        except DomainError as problem:
            return problem.code
        return "confirmed"

    with ThreadPoolExecutor(PEOPLE) as pool:
        answers = sorted(pool.map(confirm, applied))
    return confirmed(database, edition_id), answers


def test_the_last_place_goes_to_exactly_one(fresh_database, settings):
    places, answers = race(fresh_database, settings, lambda work, key: enrolments.confirm(work, enrolment_id=key))

    assert (places, answers) == (1, ["confirmed"] + ["full"] * (PEOPLE - 1))


def test_the_last_place_goes_to_exactly_one_and_the_others_wait(fresh_database, settings):
    places, answers = race(fresh_database, settings, lambda work, key: enrolments.place(work, enrolment_id=key))

    assert (places, answers) == (1, ["confirmed"] * PEOPLE)


def test_without_the_lock_the_last_place_goes_to_several(fresh_database, settings, kind, monkeypatch):
    """The negative control: the test above sees the defect that the lock prevents.

    SQLite lets one writing unit of work in at a time (BEGIN IMMEDIATE): there the place goes to one even without the row lock.
    """
    together = Barrier(PEOPLE, timeout=5)
    locked = Work.lock

    def unlocked(work, model, key):
        return work.get(model, key) if model is Edition else locked(work, model, key)

    counted = enrolments.queries.places_taken

    def counted_together(session, edition_id):
        taken = counted(session, edition_id)
        with suppress(BrokenBarrierError):  # broken when somebody waits for a lock
            together.wait()
        return taken

    monkeypatch.setattr(Work, "lock", unlocked)
    monkeypatch.setattr(enrolments.queries, "places_taken", counted_together)

    places, _answers = race(fresh_database, settings, lambda work, key: enrolments.confirm(work, enrolment_id=key))

    assert places == (1 if kind == "sqlite" else PEOPLE)
