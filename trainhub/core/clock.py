"""The clock is a parameter: every rule can be asked about any day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE_NAME = "Europe/Amsterdam"
AMSTERDAM = ZoneInfo(ZONE_NAME)

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, as an aware UTC datetime."""
    return datetime.now(UTC)


def local_day(at: datetime) -> date:
    """The Dutch calendar day of a moment."""
    return at.astimezone(AMSTERDAM).date()


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A Dutch wall time as an aware UTC datetime."""
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM).astimezone(UTC)
