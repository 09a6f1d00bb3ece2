"""Decisions about programmes: periods, short names and targets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import Text, _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_MEETINGS_PER_CELL = 99

AUDIENCE_WORDS: Mapping[str, Text] = {
    "residents": _("Residents"),
    "professionals": _("Professionals"),
    "volunteers": _("Volunteers"),
}
PARTNER_WORDS: Mapping[str, Text] = {
    "owner": _("Owner"),
    "partner": _("Partner"),
    "funder": _("Funder"),
    "municipality": _("Municipality"),
}


def has_name(name: str, field: str = "name") -> str:
    """The name without spaces around it. Raises `RuleBroken` when nothing is left."""
    if not name.strip():
        raise RuleBroken(_("Fill in a name."), code="name_missing", field=field)
    return name.strip()


def has_short_name(slug: str) -> str:
    """The short name for addresses. Raises `RuleBroken` unless it holds only small letters, digits and single dashes."""
    if not SLUG.fullmatch(slug):
        raise RuleBroken(
            _("A short name holds small letters, digits and dashes, for example welkome-wijk."),
            code="slug",
            field="slug",
        )
    return slug


def runs(starts_on: date | None, ends_on: date | None, field: str = "ends_on") -> None:
    """Refuse an end before its start; an open side is fine."""
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise RuleBroken(
            _("The end (%(end)s) is before the start (%(start)s).", end=ends_on, start=starts_on),
            code="end_before_start",
            field=field,
        )


def is_a_target(planned: int) -> None:
    """Refuse a number of meetings below 0 or above what one neighbourhood can bear."""
    if not 0 <= planned <= MOST_MEETINGS_PER_CELL:
        raise RuleBroken(
            _("Fill in a number from 0 to %(most)s.", most=MOST_MEETINGS_PER_CELL), code="planned", field="planned"
        )


def is_not_derived_from_itself(programme_id: int, derived_from_id: int | None) -> None:
    """Refuse a programme that continues itself."""
    if programme_id == derived_from_id:
        raise RuleBroken(_("A programme cannot continue itself."), code="derived_from_itself", field="derived_from_id")
