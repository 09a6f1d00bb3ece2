"""The command: `python -m benchmarks [NAME …] [--full]` prints one JSON object per row and line.

It ends with 0 when every row is ok, with 1 when one is not, with 2 for a question it cannot answer, and with 3 when the
machine is too restless to measure: then the run is void.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module

from benchmarks import bare
from benchmarks.harness import Row, against_itself
from benchmarks.world import FULL, KINDS, SMALL, TINY, Scale, Worlds, opened
from tests.postgresql import CannotStart

NAMES = ("startup", "feed", "cohort", "attendance", "person", "search", "pages")
SCALES = {scale.name: scale for scale in (TINY, SMALL, FULL)}
NOT_OK, UNKNOWN, VOID = 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; returns the exit code."""
    asked = _parser().parse_args(arguments)
    unknown = [name for name in asked.names if name not in NAMES]
    if unknown:
        print(f"There is no benchmark called {', '.join(unknown)}; there are: {', '.join(NAMES)}.", file=sys.stderr)
        return UNKNOWN
    scale = FULL if asked.full else SCALES[asked.size]
    try:
        return _run(asked.names or list(NAMES), scale, tuple(asked.database or KINDS))
    except CannotStart as problem:
        print(f"PostgreSQL cannot start here: {problem}. Run with --database sqlite to do without.", file=sys.stderr)
        return UNKNOWN


def measured(names: Sequence[str], worlds: Worlds) -> Iterator[Row]:
    """The rows of these benchmarks, the A/A row first."""
    yield against_itself(bare.hello(), worlds.pace)
    for name in names:
        yield from import_module(f"benchmarks.{name}").rows(worlds)
        gc.collect()


def _run(names: Sequence[str], scale: Scale, kinds: tuple[str, ...]) -> int:
    wrong = 0
    with opened(scale, kinds) as worlds:
        for row in measured(names, worlds):
            print(row.as_json(), flush=True)
            if row.name == "aa" and not row.ok:
                print(f"This run is void: hello against hello differs by {abs(row.ratio - 1):.0%}.", file=sys.stderr)
                return VOID
            wrong += not row.ok
    if wrong:
        print(f"{wrong} of the rows did not reach their goal.", file=sys.stderr)
    return NOT_OK if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures TrainHub against the limits of its machine. One JSON object per row and line.",
        epilog="It ends with 0 when all rows are ok, 1 when one is not, 2 for a question it cannot answer, 3 when void.",
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of: {', '.join(NAMES)}; all of them without a name"
    )
    parser.add_argument("--full", action="store_true", help="at full size (100,000 people), with longer looks")
    parser.add_argument("--size", choices=("tiny", "small"), default="small", help="tiny is what the tests run")
    parser.add_argument("--database", action="append", choices=KINDS, help="only this database (may be repeated)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
