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

AA_MOST = 0.05
AA_ROUNDS = 21
MOST_REPEATS = 100
NOT_QUESTIONS = ("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")

Call = Callable[[], object]


@dataclass(frozen=True)
class Pace:
    """How long to look: rounds, and how long a round lasts at least (fast calls are repeated within it)."""

    rounds: int = 7
    round_seconds: float = 0.05


@dataclass(frozen=True)
class Row:
    """One result. Times are medians in milliseconds of one call; `ratio` is the median of the ratios of the rounds.

    The ratio is of CPU time where all the work is done in this process, of time on the clock where a database server does a
    part of it. The server time that a goal may ask is that of the quickest call by the clock, since others use the machine too.
    """

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
    """What one call cost, in seconds; of several calls `best` is the quickest by the clock."""

    cpu: float
    wall: float
    best: float


Meter = Callable[[Call], Turn]


@dataclass(frozen=True)
class Goal:
    """What is asked of a row; None asks nothing."""

    ratio: float | None = None
    queries: int | None = None
    server_ms: float | None = None

    def words(self) -> str:
        """The goal for a reader."""
        parts = [] if self.ratio is None else [f"ratio <= {self.ratio:g}"]
        if self.queries is not None:
            parts.append(f"queries <= {self.queries}")
        if self.server_ms is not None:
            parts.append(f"{self.server_ms:g} ms of server time")
        return ", ".join(parts)

    def fits(self, *, ratio: float, queries: int | None, server_ms: float) -> bool:
        """Whether all of it was reached."""
        return (
            (self.ratio is None or ratio <= self.ratio)
            and (self.queries is None or queries is None or queries <= self.queries)
            and (self.server_ms is None or server_ms <= self.server_ms)
        )


def compare(  # a benchmark is described by all of these
    name: str,
    *,
    subject: Call,
    limit: Call,
    limit_words: str,
    goal: Goal,
    pace: Pace,
    size: str = "",
    database: str = "",
    engine: Engine | None = None,
    weigh: bool = True,
    by_clock: bool | None = None,
) -> Row:
    """Run `subject` and `limit` in turns, first the one, then the other, and judge the outcome by `goal`.

    `weigh` asks for the peak of memory, which takes three times as long as the call. `by_clock` says how the ratio is taken, where
    the database does not say it already.
    """
    queries = statements(engine, subject) if engine is not None else None
    by_clock = database == "postgresql" if by_clock is None else by_clock
    turns = in_turns((subject, limit), pace)
    ratios = [_ratio(one, other, by_clock=by_clock) for one, other in zip(*turns, strict=True)]
    return row_of(
        name,
        turns[0],
        ratios,
        limit_words=limit_words + (" (by the clock)" if by_clock else ""),
        goal=goal,
        size=size,
        database=database,
        queries=queries,
        peak_mb=_peak(subject) if weigh else 0.0,
    )


def row_of(  # the same
    name: str,
    turns: list[Turn],
    ratios: list[float],
    *,
    limit_words: str,
    goal: Goal,
    size: str = "",
    database: str = "",
    queries: int | None = None,
    peak_mb: float = 0.0,
) -> Row:
    """The row of what was measured."""
    ratio = statistics.median(ratios)
    cpu_ms = statistics.median(turn.cpu for turn in turns) * 1000
    wall_ms = statistics.median(turn.wall for turn in turns) * 1000
    server_ms = min(turn.best for turn in turns) * 1000
    return Row(
        name=name,
        size=size,
        database=database,
        cpu_ms=round(cpu_ms, 3),
        wall_ms=round(wall_ms, 3),
        ratio=round(ratio, 3),
        ratio_min=round(min(ratios), 3),
        ratio_max=round(max(ratios), 3),
        limit=limit_words,
        queries=queries,
        peak_mb=round(peak_mb, 2),
        goal=goal.words(),
        ok=goal.fits(ratio=ratio, queries=queries, server_ms=server_ms),
    )


def against_itself(call: Call, pace: Pace) -> Row:
    """The A/A row: the same call on both sides. Further than 5 % from 1 means that this machine cannot measure now."""
    turns = in_turns((call, call), Pace(AA_ROUNDS, max(0.1, pace.round_seconds)))
    ratios = [one.cpu / other.cpu for one, other in zip(*turns, strict=True)]
    row = row_of("aa", turns[0], ratios, limit_words="itself", goal=Goal(), size="hello against hello")
    fits = abs(row.ratio - 1) <= AA_MOST
    return Row(**{**asdict(row), "goal": f"ratio within {AA_MOST:.0%} of 1", "ok": fits})


def in_turns(calls: tuple[Call, ...], pace: Pace, meter: Meter | None = None) -> tuple[list[Turn], ...]:
    """The turns of each call, one per round. Within a round the calls take turns too, so that noise strikes all alike."""
    measure = meter or once
    repeats = 1 if meter else _repeats(calls, pace)
    turns: tuple[list[Turn], ...] = tuple([] for _ in calls)
    for number in range(pace.rounds):
        gc.collect()
        gc.disable()
        seen: tuple[list[Turn], ...] = tuple([] for _ in calls)
        for repeat in range(repeats):
            order = range(len(calls)) if (number + repeat) % 2 == 0 else reversed(range(len(calls)))
            for place in order:
                seen[place].append(measure(calls[place]))
        gc.enable()
        for place, found in enumerate(seen):
            turns[place].append(_middle(found))
    return turns


def statements(engine: Engine, call: Call) -> int:
    """How many statements a call sends, the second time it is made."""
    call()
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(NOT_QUESTIONS):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def _ratio(one: Turn, other: Turn, *, by_clock: bool) -> float:
    return one.wall / max(other.wall, 1e-9) if by_clock else one.cpu / max(other.cpu, 1e-9)


def once(call: Call) -> Turn:
    """What one call costs."""
    cpu, wall = time.process_time(), time.perf_counter()
    call()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Turn(cpu, wall, wall)


def _middle(turns: list[Turn]) -> Turn:
    """CPU time has two speeds (alone on a core, or sharing it), so its mean; the clock has outliers, so its median."""
    return Turn(
        statistics.fmean(turn.cpu for turn in turns),
        statistics.median(turn.wall for turn in turns),
        min(turn.best for turn in turns),
    )


def _repeats(calls: tuple[Call, ...], pace: Pace) -> int:
    if not pace.round_seconds:
        return 1
    for call in calls:
        call()
    spent = sum(once(call).wall for call in calls)
    return min(MOST_REPEATS, max(1, round(pace.round_seconds / max(spent, 1e-7))))


def _peak(call: Call) -> float:
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1] / 1_000_000
    tracemalloc.stop()
    return peak
