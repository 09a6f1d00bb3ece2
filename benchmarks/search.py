"""Certified people near a neighbourhood who agreed and are free: the question of every municipality."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import cycle

from benchmarks.bare import bare_page, hello, recorded, replay
from benchmarks.harness import Goal, Row, compare
from benchmarks.world import TODAY, World, Worlds
from trainhub.core.access import Role
from trainhub.courses.models import Track
from trainhub.matching.facts import Asked, asked_on
from trainhub.matching.search import find
from trainhub.people.models import DayPart
from trainhub.places.models import Municipality, Neighbourhood

AT_MOST = 5
QUESTIONS = 100


def rows(worlds: Worlds) -> Iterator[Row]:
    """Every size on each database."""
    for world in worlds.all():
        yield found(world, worlds)
        yield page(world, worlds)


def found(world: World, worlds: Worlds) -> Row:
    """The question in the library against its own SQL through the driver."""
    others, engine = cycle(questions(world)), world.database.engine

    def ask() -> None:
        with world.database.read_session() as session:
            assert find(session, next(others)).cards

    return compare(
        "search",
        subject=ask,
        limit=replay(engine, recorded(engine, ask)),
        limit_words="the same SQL through the driver",
        goal=Goal(ratio=AT_MOST, queries=4, server_ms=100),
        pace=worlds.pace,
        size=f"{world.people} people",
        database=world.kind,
        engine=engine,
    )


def page(world: World, worlds: Worlds) -> Row:
    """The page of an officer, with the list and the map, against a hello and its own SQL through the driver."""
    engine, words = world.database.engine, f"w{world.neighbourhood_id}"
    day = TODAY + timedelta(days=14)
    address = f"/gemeente/zoeken?wijk={words}&datum={day}&dagdeel=afternoon&rol=ed&taal=nl&afstand=50"
    subject, limit = bare_page(engine, world.client(Role.municipality_officer), address, hello())
    return compare(
        "search_page",
        subject=subject,
        limit=limit,
        limit_words="the same SQL through the driver + hello",
        goal=Goal(ratio=AT_MOST, queries=10, server_ms=100),
        pace=worlds.pace,
        size=f"{world.people} people",
        database=world.kind,
        engine=engine,
    )


def questions(world: World) -> list[Asked]:
    """The same question for many days and points, so that nothing can be answered by what was kept of the last one."""
    asked = question(world)
    return [
        replace(
            asked,
            on=asked.on + timedelta(days=days),
            starts_at=asked.starts_at + timedelta(days=days),
            ends_at=asked.ends_at + timedelta(days=days),
            lat=asked.lat + days / 1_000,
        )
        for days in range(QUESTIONS)
    ]


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
