"""What the calendar's tests share: one ordinary lesson, to be changed a word at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from trainhub.calendar.text import CalendarEntry
from trainhub.core.clock import AMSTERDAM

if TYPE_CHECKING:
    from collections.abc import Callable

LESSON = CalendarEntry(
    uid=UUID("6f1c2d1e-6a3b-4c58-9d5e-0f6b8f1f2a3c"),
    title="Training",
    starts_at=datetime(2026, 11, 24, 13, 30, tzinfo=AMSTERDAM),
    ends_at=datetime(2026, 11, 24, 16, 30, tzinfo=AMSTERDAM),
    last_modified=datetime(2026, 9, 1, 8, 15, 30, tzinfo=UTC),
    sequence=2,
)


@pytest.fixture(scope="session")
def entry() -> Callable[..., CalendarEntry]:
    """A lesson on an ordinary afternoon, with the given fields changed."""
    return partial(replace, LESSON)
