"""The agenda of a person: the finished bytes, joined and sent; and nothing at all for a reader who has them already."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bare import both, hello
from benchmarks.harness import Goal, Row, compare
from benchmarks.world import NOW, World, Worlds
from trainhub.calendar import queries
from trainhub.calendar.rules import token_sha256

ITEMS = 40
OK, NOT_MODIFIED = 200, 304


def rows(worlds: Worlds) -> Iterator[Row]:
    """A feed of 40 items, and the answer 304, on each database."""
    for world in worlds.usual():
        yield full(world, worlds, ITEMS)
        yield unchanged(world, worlds, ITEMS)


def full(world: World, worlds: Worlds, items: int) -> Row:
    """The whole feed against the same bytes joined in memory, and a hello."""
    client, address = world.client(), _address(world, items)
    with world.database.read_session() as session:
        body = queries.feed_of(session, token_sha256(world.agendas[items]), now=NOW)
    assert body is not None
    blocks = body.split(b"BEGIN:VEVENT")
    assert len(blocks) == items + 1

    def ask() -> None:
        answer = client.get(address)
        assert answer.status_code == OK, answer.status
        assert answer.data.count(b"BEGIN:VEVENT") == items

    def join() -> bytes:
        return b"BEGIN:VEVENT".join(blocks)

    return compare(
        "feed",
        subject=ask,
        limit=both(hello(), join),
        limit_words="the finished bytes joined in memory + hello",
        goal=Goal(ratio=2.0, queries=3),
        pace=worlds.pace,
        size=f"{items} items",
        database=world.kind,
        engine=world.database.engine,
        by_clock=False,  # the limit asks no database, so a clock would only tell how busy the machine is
    )


def unchanged(world: World, worlds: Worlds, items: int) -> Row:
    """The answer to a reader who has the feed already, against a hello."""
    client, address = world.client(), _address(world, items)
    mark = client.get(address).headers["ETag"]

    def ask() -> None:
        answer = client.get(address, headers={"If-None-Match": mark})
        assert answer.status_code == NOT_MODIFIED, answer.status

    return compare(
        "feed_304",
        subject=ask,
        limit=hello(),
        limit_words="hello",
        goal=Goal(ratio=1.7, queries=2),
        pace=worlds.pace,
        size=f"{items} items",
        database=world.kind,
        engine=world.database.engine,
        by_clock=False,  # the limit asks no database, so a clock would only tell how busy the machine is
    )


def _address(world: World, items: int) -> str:
    return f"/agenda/{world.agendas[items]}.ics"
