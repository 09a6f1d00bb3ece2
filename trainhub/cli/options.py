"""The options that all commands share: where the data is."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

from trainhub.core.db import Database
from trainhub.core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Command = TypeVar("Command", bound="Callable[..., object]")


def database_option(command: Command) -> Command:
    """Add `--database URL`; without it TRAINHUB_DATABASE_URL counts, and else a SQLite file in the folder `instance`."""
    return click.option(
        "--database", metavar="URL", help="sqlite:///file.db or postgresql://…; else TRAINHUB_DATABASE_URL."
    )(command)


def settings_from(database: str | None, **given: object) -> Settings:
    """The settings of the environment, with what was given on the command line. Raises `SettingsError`."""
    return Settings.from_env(os.environ, database_url=database, **given)


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database of the settings, with all its tables known; closed at the end."""
    import trainhub.tables  # noqa: F401, PLC0415 - each foreign key finds its table; a call for help does not need them

    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.close()
