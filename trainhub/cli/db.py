"""Commands for the tables of a database: bring up to date, take back, check."""

from __future__ import annotations

import click

from trainhub.cli.options import database_option, opened, settings_from
from trainhub.core import schema
from trainhub.core.access import SYSTEM


@click.group()
def db() -> None:
    """Make and check the tables of the database."""


@db.command()
@database_option
def upgrade(database: str | None) -> None:
    """Bring the tables up to date, in one transaction, and add the municipalities that are not there yet."""
    from trainhub.core.work import unit_of_work  # noqa: PLC0415 - a call for help does not load the house
    from trainhub.places.service import load_municipalities  # noqa: PLC0415 - the same

    settings = settings_from(database)
    with opened(settings) as found:
        before = schema.current(found)
        schema.upgrade(found)
        after = schema.current(found)
        with unit_of_work(found, settings, SYSTEM) as work:
            added = load_municipalities(work)
    click.echo(f"Already at version {after}." if before == after else f"From {before or 'empty'} to version {after}.")
    if added:
        click.echo(f"Added {added} municipalities.")


@db.command()
@click.argument("revision", default="base")
@click.option("--yes", is_flag=True, help="Do not ask.")
@database_option
def downgrade(revision: str, *, yes: bool, database: str | None) -> None:
    """Take the tables back to REVISION; without one, remove them all with what is in them."""
    if not yes:
        click.confirm("This removes tables with all that is in them. Go on?", abort=True)
    with opened(settings_from(database)) as found:
        schema.downgrade(found, revision)
        click.echo(f"Now at version {schema.current(found) or 'empty'}.")


@db.command()
@database_option
def check(database: str | None) -> None:
    """Say whether the tables are those that this TrainHub needs, and what to do if they are not."""
    with opened(settings_from(database)) as found:
        schema.require_migrated(found)
        differences = schema.differences(found)
        for difference in differences:
            click.echo(difference)
        if differences:
            raise schema.SchemaError(
                "The tables were changed by hand. Make a backup, put back what is listed here, or run: trainhub db downgrade"
            )
        click.echo(f"The database is at version {schema.current(found)}, as it should be.")
