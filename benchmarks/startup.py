"""Cold start: a fresh process that builds the application, against one that imports Flask and SQLAlchemy."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.harness import Call, Goal, Pace, Row, Turn, in_turns, row_of
from benchmarks.world import Worlds

ROOT = Path(__file__).parent.parent
AT_MOST = 2.5
BARE = "import flask, sqlalchemy.orm"
APP = """
from trainhub.core.settings import Settings
from trainhub.web.app import create_app
create_app(Settings(secret_key='a secret that only benchmarks know', database_url='sqlite://'))
"""


def rows(worlds: Worlds) -> Iterator[Row]:
    """One row: CPU time of the whole process, its interpreter included on both sides."""
    pace = Pace(rounds=worlds.pace.rounds)
    turns = in_turns((_process(APP), _process(BARE)), pace, meter=_of_children)
    yield row_of(
        "startup",
        turns[0],
        [one.cpu / other.cpu for one, other in zip(*turns, strict=True)],
        limit_words="a fresh process that imports flask and sqlalchemy.orm",
        goal=Goal(ratio=AT_MOST),
        size="create_app()",
    )


def _process(code: str) -> Call:
    def run() -> None:
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)  # noqa: S603 - our own words

    run()
    return run


def _of_children(call: Call) -> Turn:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    call()
    after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    return Turn((after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime), end - start, end - start)
