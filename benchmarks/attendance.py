"""The sheet of a lesson, saved: a fact and an audit record per person, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

from benchmarks.bare import recorded, replay
from benchmarks.harness import Call, Goal, Row, compare
from benchmarks.world import NOW, World, Worlds
from trainhub.attendance.service import record_sheet
from trainhub.core.access import Role
from trainhub.core.work import unit_of_work

PEOPLE = 20
LESSON, OTHER_LESSON = 2, 3


def rows(worlds: Worlds) -> Iterator[Row]:
    """A lesson of twenty people on each database."""
    for world in worlds.usual():
        yield sheet(world, worlds, PEOPLE)


def sheet(world: World, worlds: Worlds, people: int) -> Row:
    """The verb with its unit of work, every fact changed each time, against its own SQL through the driver, committed."""
    engine = world.database.engine
    return compare(
        "attendance",
        subject=saving(world, people),
        limit=replay(engine, recorded(engine, saving(world, people, OTHER_LESSON)), commits=True),
        limit_words="the same SQL through the driver, committed",
        goal=Goal(ratio=10, queries=6),
        pace=worlds.pace,
        size=f"{people} people",
        database=world.kind,
        engine=engine,
    )


def saving(world: World, people: int, lesson: int = LESSON) -> Call:
    """A call that changes the status of everybody at a lesson, to and fro."""
    cohort, actor, statuses = (
        world.cohorts[people],
        world.actor(Role.coordinator),
        cycle(("absent", "present", "excused")),
    )

    def save() -> None:
        status = next(statuses)
        with unit_of_work(world.database, world.settings, actor, now=NOW) as work:
            changed = record_sheet(
                work, session_id=cohort.lesson_ids[lesson], statuses=dict.fromkeys(cohort.enrolment_ids, status)
            )
            assert len(changed) > people / 2

    return save
