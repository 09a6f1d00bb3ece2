"""The sheet of a lesson, saved: a fact and an audit record per person, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

from benchmarks.bare import both, hello, recorded, replay
from benchmarks.harness import Call, Goal, Row, compare
from benchmarks.world import NOW, World, Worlds
from trainhub.attendance.service import record_sheet
from trainhub.core.access import Role
from trainhub.core.work import unit_of_work

PEOPLE = 20
LESSON, OTHER_LESSON = 2, 3
STATUSES = ("absent", "present", "excused")
FOUND = 302
_sheets: dict[tuple[str, int, int], Iterator[str]] = {}


def rows(worlds: Worlds) -> Iterator[Row]:
    """A lesson of twenty people on each database."""
    for world in worlds.usual():
        yield sheet(world, worlds, PEOPLE)
        yield page(world, worlds, PEOPLE)


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


def page(world: World, worlds: Worlds, people: int) -> Row:
    """The whole request of a coordinator who sends the form of the sheet."""
    engine = world.database.engine
    return compare(
        "attendance_page",
        subject=sending(world, people),
        limit=both(hello(), replay(engine, recorded(engine, sending(world, people, OTHER_LESSON)), commits=True)),
        limit_words="the same SQL through the driver, committed, + hello",
        goal=Goal(ratio=10, queries=10, server_ms=50),
        pace=worlds.pace,
        size=f"{people} people",
        database=world.kind,
        engine=engine,
    )


def sending(world: World, people: int, lesson: int = LESSON) -> Call:
    """The same by the form, as a browser sends it."""
    cohort, client, statuses = world.cohorts[people], world.client(Role.coordinator), _statuses(world, people, lesson)
    address = f"/training/les/{cohort.lessons[lesson]}"

    def send() -> None:
        status = next(statuses)
        answer = client.post(address, data={f"status-{key}": status for key in cohort.enrolment_ids})
        assert answer.status_code == FOUND, answer.status

    return send


def saving(world: World, people: int, lesson: int = LESSON) -> Call:
    """A call that changes the status of everybody at a lesson, to and fro."""
    cohort, actor, statuses = (
        world.cohorts[people],
        world.actor(Role.coordinator),
        _statuses(world, people, lesson),
    )

    def save() -> None:
        status = next(statuses)
        with unit_of_work(world.database, world.settings, actor, now=NOW) as work:
            changed = record_sheet(
                work, session_id=cohort.lesson_ids[lesson], statuses=dict.fromkeys(cohort.enrolment_ids, status)
            )
            assert len(changed) > people / 2

    return save


def _statuses(world: World, people: int, lesson: int) -> Iterator[str]:
    """What to write next on this sheet, always other than the time before."""
    return _sheets.setdefault((world.database.url, people, lesson), cycle(STATUSES))
