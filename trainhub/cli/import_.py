"""Commands that bring in what was kept elsewhere: people from a CSV file, with a preview, all or nothing."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainhub.cli.options import database_option, opened, settings_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trainhub.core.db import Database
    from trainhub.core.errors import DomainError
    from trainhub.core.settings import Settings
    from trainhub.people.importing import Plan

MOST_SHOWN = 20


@click.group(name="import")
def import_() -> None:
    """Bring in what was kept elsewhere."""


@import_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would become of each row, and write nothing.")
@database_option
def people(file: Path, *, dry_run: bool, database: str | None) -> None:
    """Register the people in FILE, a CSV file in UTF-8 with one line per person.

    The columns: call_name, formal_name, email, phone, locale (nl or en), channel (email, phone, letter or supporter), pc4 (four
    digits), municipality (code or name). Who is known already stays as they are. With one row that cannot be used nothing is
    imported, and the exit code is 1.
    """
    from trainhub.core.errors import Several  # noqa: PLC0415 - a call for help does not load the house
    from trainhub.core.schema import require_migrated  # noqa: PLC0415

    content = _content(file)
    with opened(settings_from(database)) as found:
        require_migrated(found)
        try:
            plan = _preview(found, content) if dry_run else _imported(found, settings_from(database), content)
        except Several as several:
            _show_problems(several.problems)
            raise
    _show(plan, with_rows=dry_run)
    if plan.problems:
        _show_problems(plan.problems)
        raise click.ClickException(f"{len(plan.problems)} row(s) cannot be used. An import would write nothing.")


def _content(file: Path) -> bytes:
    """The bytes of the file, read no further than one byte past what is accepted."""
    from trainhub.people.reading import MOST_BYTES  # noqa: PLC0415

    with file.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _preview(database: Database, content: bytes) -> Plan:
    from trainhub.people.importing import plan  # noqa: PLC0415

    with database.read_session() as session, _bar(content, "Looking", 1) as progress:
        return plan(session, content, progress=progress)


def _imported(database: Database, settings: Settings, content: bytes) -> Plan:
    from trainhub.core.access import SYSTEM  # noqa: PLC0415
    from trainhub.core.work import unit_of_work  # noqa: PLC0415
    from trainhub.people.importing import import_people  # noqa: PLC0415

    with _bar(content, "Importing", 2) as progress, unit_of_work(database, settings, SYSTEM) as work:
        return import_people(work, content=content, progress=progress)


@contextmanager
def _bar(content: bytes, label: str, rounds: int) -> Iterator[Callable[[int], object]]:
    """A bar on the error stream, so that the output can be kept; it stays away where nobody watches."""
    rows = max(1, content.count(b"\n") * rounds)
    with click.progressbar(length=rows, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar.update
        bar.update(rows)


def _show(plan: Plan, *, with_rows: bool) -> None:
    from trainhub.core.i18n import render  # noqa: PLC0415

    for row in plan.rows if with_rows else ():
        why = f"  {render(row.reason, 'en')}" if row.reason and row.problem is None else ""
        click.echo(f"line {row.line:>5}  {row.outcome:<6}  {row.name}{why}")
    counts = ", ".join(f"{outcome}: {count}" for outcome, count in plan.counts.items())
    click.echo(f"{'Would do' if with_rows else 'Done'}: {counts}.")
    if not with_rows:
        for row in [row for row in plan.rows if row.outcome == "skip"][:MOST_SHOWN]:
            click.echo(f"line {row.line:>5}  skip    {row.name}  {render(row.reason or '', 'en')}")


def _show_problems(problems: list[DomainError]) -> None:
    from trainhub.core.i18n import render  # noqa: PLC0415

    for problem in problems[:MOST_SHOWN]:
        click.echo(render(problem.message, "en"), err=True)
    if len(problems) > MOST_SHOWN:
        click.echo(f"… and {len(problems) - MOST_SHOWN} more.", err=True)
