"""The progress of a cohort: everybody in an edition against everything its course asks."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bare import recorded, replay
from benchmarks.harness import Goal, Row, compare
from benchmarks.world import TODAY, World, Worlds
from trainhub.certification.progress import progress

PEOPLE = 30


def rows(worlds: Worlds) -> Iterator[Row]:
    """A cohort of thirty on each database."""
    for world in worlds.usual():
        yield matrix(world, worlds, PEOPLE)


def matrix(world: World, worlds: Worlds, people: int) -> Row:
    """The question in the library against its own SQL through the driver."""
    edition_id, engine = world.cohorts[people].edition_id, world.database.engine

    def ask() -> None:
        with world.database.read_session() as session:
            assert len(progress(session, edition_id, TODAY).rows) == people

    return compare(
        "cohort",
        subject=ask,
        limit=replay(engine, recorded(engine, ask)),
        limit_words="the same SQL through the driver",
        goal=Goal(ratio=8, queries=10),
        pace=worlds.pace,
        size=f"{people} people, {len(world.cohorts[people].lessons)} lessons",
        database=world.kind,
        engine=engine,
    )
