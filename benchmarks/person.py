"""The page of a person at the coordinator's desk: the whole request, signed in."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from benchmarks.bare import bare_page, hello
from benchmarks.harness import Goal, Row, compare
from benchmarks.world import World, Worlds
from trainhub.core.access import Role
from trainhub.people.models import Person

COHORT = 30


def rows(worlds: Worlds) -> Iterator[Row]:
    """Somebody of a cohort of thirty, on each database."""
    for world in worlds.usual():
        yield page(world, worlds, COHORT)


def page(world: World, worlds: Worlds, people: int) -> Row:
    """The page against a hello and its own SQL through the driver."""
    with world.database.read_session() as session:
        key = session.scalar(select(Person.public_id).where(Person.id == world.cohorts[people].person_ids[1]))
    engine = world.database.engine
    subject, limit = bare_page(engine, world.client(Role.coordinator), f"/admin/mensen/{key}/", hello())
    return compare(
        "person",
        subject=subject,
        limit=limit,
        limit_words="the same SQL through the driver + hello",
        goal=Goal(ratio=12, queries=10, server_ms=50),
        pace=worlds.pace,
        size=f"of a cohort of {people}, among {world.people} people",
        database=world.kind,
        engine=engine,
    )
