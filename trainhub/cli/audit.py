"""Commands for the audit: whether its chain is whole."""

from __future__ import annotations

import click
from sqlalchemy import func, select

from trainhub.cli.options import database_option, opened, settings_from
from trainhub.core.audit import GENESIS, AuditEntry, first_break
from trainhub.core.schema import require_migrated


@click.group()
def audit() -> None:
    """Check that nothing in the audit was changed."""


@audit.command()
@database_option
def verify(database: str | None) -> None:
    """Count the entries, show the last hash, and name the first entry that does not fit; then the exit code is 1.

    A tail that was cut off does not show in the chain: keep the count and the last hash somewhere else.
    """
    with opened(settings_from(database)) as found:
        require_migrated(found)
        with found.read_session() as session:
            entries = session.scalar(select(func.count(AuditEntry.id)))
            last = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)) or GENESIS
            broken = first_break(session)
    click.echo(f"Entries: {entries}\nLast hash: {last}")
    if broken is not None:
        raise click.ClickException(f"Entry {broken} was changed, or one before it was removed.")
    click.echo("The chain is whole.")
