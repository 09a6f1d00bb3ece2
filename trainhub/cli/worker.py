"""The worker: posts what waits, again and again, until somebody asks it to stop."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import DBAPIError

from trainhub.cli.options import database_option, opened, settings_from
from trainhub.core.schema import require_migrated

if TYPE_CHECKING:
    from types import FrameType

    from trainhub.core.db import Database
    from trainhub.core.settings import Settings
    from trainhub.outbox.delivery import Round

DEFAULT_INTERVAL = 10


@click.command()
@click.option(
    "--once", is_flag=True, help="Do one round and stop; the exit code is 0, also when a letter could not be sent."
)
@click.option(
    "--interval",
    type=click.FloatRange(min=0.1, max=3600),
    default=DEFAULT_INTERVAL,
    show_default=True,
    metavar="SECONDS",
    help="How long to rest between two rounds.",
)
@database_option
def worker(*, once: bool, interval: float, database: str | None) -> None:
    """Post the letters that wait and end what nobody answered in time; go on until stopped (SIGTERM or Ctrl-C).

    Several workers may run at once. Without TRAINHUB_SMTP_URL the letters stay in the queue.
    """
    settings = settings_from(database)
    stop = _stop_on_signals()
    with opened(settings) as db:
        require_migrated(db)
        if settings.smtp_url is None:
            click.echo("No mail server is set (TRAINHUB_SMTP_URL): letters wait in the mail queue.")
        if once:
            click.echo(_told(_round(db, settings, stop)))
            return
        click.echo(f"The worker looks every {interval:g} seconds. Stop it with Ctrl-C.")
        _go_on(db, settings, stop, interval)
        click.echo("The worker has stopped.")


def _go_on(db: Database, settings: Settings, stop: threading.Event, interval: float) -> None:
    """Round after round; a database that is away for a while ends nothing."""
    while not stop.is_set():
        try:
            done = _round(db, settings, stop)
        except DBAPIError as problem:
            if not problem.connection_invalidated and type(problem).__name__ not in {
                "OperationalError",
                "InterfaceError",
            }:
                raise
            click.echo("The database does not answer. The worker tries again.", err=True)
        else:
            if done.sent or done.failed or done.postponed:
                click.echo(_told(done))
        stop.wait(interval)


def _round(db: Database, settings: Settings, stop: threading.Event) -> Round:
    from trainhub.flows.work_round import work_round  # noqa: PLC0415 - a call for help does not need the whole house

    return work_round(db, settings, stopped=stop.is_set)


def _told(done: Round) -> str:
    words = f"Letters sent: {done.sent}. Failed for good: {done.failed}. To be tried again: {done.postponed}."
    if done.failed:
        words += " See the mail queue for what failed, and why."
    return words


def _stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set: the letter in hand is finished, the rest goes back to the queue."""
    stop = threading.Event()

    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, asked)
    return stop
