"""The stage of the demo: who acts on which day. Each scene is one unit of work, with the clock of that day."""

from __future__ import annotations

import tomllib
import uuid
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from typing import TYPE_CHECKING, Any

from trainhub.accounts.queries import actor_of
from trainhub.core.access import SYSTEM, Actor
from trainhub.core.clock import AMSTERDAM, local_day
from trainhub.core.work import Work, unit_of_work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainhub.core.db import Database
    from trainhub.core.settings import Settings


class Stage:
    """The database, the day the demo is told on, and the ids of everything that was made so far, by its key."""

    def __init__(self, db: Database, settings: Settings, now: datetime) -> None:
        self.db = db
        self.settings = settings
        self.now = now
        self.today = local_day(now)
        self.ids: dict[str, int] = {}

    def __getitem__(self, key: str) -> int:
        return self.ids[key]

    def day(self, offset: int) -> date:
        """The day that lies `offset` days from today."""
        return self.today + timedelta(days=offset)

    def at(self, offset: int, hour: int = 9, minute: int = 0) -> datetime:
        """A Dutch wall time on the day that lies `offset` days from today, as aware UTC."""
        return datetime.combine(self.day(offset), time(hour, minute), AMSTERDAM).astimezone(UTC)

    @contextmanager
    def scene(self, who: str, offset: int = 0, hour: int = 9) -> Iterator[Work]:
        """A unit of work of the person with key `who` (or `system`) on a day; on today itself it is now."""
        at = self.now if offset == 0 else self.at(offset, hour)
        with unit_of_work(self.db, self.settings, self._actor(who, local_day(at)), now=at) as work:
            yield work

    def _actor(self, who: str, on: date) -> Actor:
        if who == "system":
            return SYSTEM
        with self.db.read_session() as session:
            return actor_of(session, self.ids[who], on=on)


def facts(name: str) -> dict[str, Any]:
    """The facts in `data/<name>.toml`."""
    return tomllib.loads(resources.files("trainhub.demo").joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))


def submission_key() -> str:
    """A key as a form would carry it."""
    return uuid.uuid4().hex
