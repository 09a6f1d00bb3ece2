"""Measures a piece of work against its limit, in turns, and says the ratio: machines are noisy, ratios less so."""

from __future__ import annotations

import gc
import json
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict, dataclass

from sqlalchemy import event
from sqlalchemy.engine import Engine

ROUNDS = 7
SHORTEST_TURN_SECONDS = 0.05
SLACK = 1.5

Call = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One result. Times are medians in milliseconds of one call; `ratio` is the median of the per-round ratios of CPU time."""

    name: str
    size: str
    database: str
    cpu_ms: float
    wall_ms: float
    ratio: float
    ratio_min: float
    ratio_max: float
    limit: str
    queries: int | None
    peak_mb: float
    goal: str
    ok: bool

    def as_json(self) -> str:
        """The row as one line."""
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True)
class Turn:
    """What one call cost, in seconds."""

    cpu: float
    wall: float


def compare(  # a benchmark is described by all of these
    name: str,
    *,
    subject: Call,
    limit: Call,
    limit_words: str,
    at_most: float,
    size: str = "",
    database: str = "",
    engine: Engine | None = None,
    most_queries: int | None = None,
    most_wall_ms: float | None = None,
) -> Row:
    """Run `subject` and `limit` in turns; `ok` when the ratio is at most `at_most` and the queries at most `most_queries`.

    With `most_wall_ms` the median time of `subject` is asked too, with half as much slack again for a busy machine.
    """
    queries = _count(engine, subject) if engine is not None else None
    repeats = {call: _repeats(call) for call in (subject, limit)}
    turns: dict[Call, list[Turn]] = {subject: [], limit: []}
    ratios = []
    for number in range(ROUNDS):
        order = (subject, limit) if number % 2 == 0 else (limit, subject)
        for call in order:
            turns[call].append(_turn(call, repeats[call]))
        ratios.append(turns[subject][-1].cpu / max(turns[limit][-1].cpu, 1e-9))
    ratio = statistics.median(ratios)
    wall_ms = statistics.median(turn.wall for turn in turns[subject]) * 1000
    fits = (
        ratio <= at_most
        and (most_queries is None or queries is None or queries <= most_queries)
        and (most_wall_ms is None or wall_ms <= most_wall_ms * SLACK)
    )
    return Row(
        name=name,
        size=size,
        database=database,
        cpu_ms=round(statistics.median(turn.cpu for turn in turns[subject]) * 1000, 4),
        wall_ms=round(wall_ms, 4),
        ratio=round(ratio, 3),
        ratio_min=round(min(ratios), 3),
        ratio_max=round(max(ratios), 3),
        limit=limit_words,
        queries=queries,
        peak_mb=round(_peak(subject), 2),
        goal=_goal(at_most, most_queries, most_wall_ms),
        ok=fits,
    )


def _goal(at_most: float, most_queries: int | None, most_wall_ms: float | None) -> str:
    parts = [f"ratio <= {at_most:g}"]
    if most_queries is not None:
        parts.append(f"queries <= {most_queries}")
    if most_wall_ms is not None:
        parts.append(f"{most_wall_ms:g} ms (+50 % slack)")
    return ", ".join(parts)


def _repeats(call: Call) -> int:
    call()
    once = _turn(call, 1).wall
    return max(1, round(SHORTEST_TURN_SECONDS / max(once, 1e-7)))


def _turn(call: Call, repeats: int) -> Turn:
    gc.collect()
    gc.disable()
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(repeats):
        call()
    spent = Turn((time.process_time() - cpu) / repeats, (time.perf_counter() - wall) / repeats)
    gc.enable()
    return spent


def _peak(call: Call) -> float:
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1] / 1_000_000
    tracemalloc.stop()
    return peak


def _count(engine: Engine, call: Call) -> int:
    call()
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
