"""Certified people near a neighbourhood who agreed and are free: the question of every municipality."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.bare import recorded, replay
from benchmarks.harness import Goal, Row, compare
from benchmarks.world import TODAY, World, Worlds
from trainhub.courses.models import Track
from trainhub.matching.facts import Asked, asked_on
from trainhub.matching.search import find
from trainhub.people.models import DayPart
from trainhub.places.models import Municipality, Neighbourhood


def rows(worlds: Worlds) -> Iterator[Row]:
    """Every size on each database."""
    for world in worlds.all():
        yield found(world, worlds)


def found(world: World, worlds: Worlds) -> Row:
    """The question in the library against its own SQL through the driver."""
    asked, engine = question(world), world.database.engine

    def ask() -> None:
        with world.database.read_session() as session:
            assert find(session, asked).cards

    return compare(
        "search",
        subject=ask,
        limit=replay(engine, recorded(engine, ask)),
        limit_words="the same SQL through the driver",
        goal=Goal(ratio=5, queries=4, server_ms=100),
        pace=worlds.pace,
        size=f"{world.people} people",
        database=world.kind,
        engine=engine,
    )


def question(world: World) -> Asked:
    """Experts by experience for an afternoon in Hatert, a fortnight from now."""
    with world.database.read_session() as session:
        return asked_on(
            role=Track.expert_by_experience,
            on=TODAY + timedelta(days=14),
            part=DayPart.afternoon,
            today=TODAY,
            municipality=session.get_one(Municipality, world.municipality_id),
            neighbourhood=session.get_one(Neighbourhood, world.neighbourhood_id),
        )
