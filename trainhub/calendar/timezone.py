"""The time zone of the calendar, as constant text, and the times that may stand in it.

A time that two programs could read as two different moments is refused here, before it is written
anywhere.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trainhub.core.clock import ZONE_NAME
from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import _

if TYPE_CHECKING:
    from trainhub.core.i18n import Text

FIRST_YEAR = 1997
"""The first year in which the two rules of `VTIMEZONE` hold from January to December."""

VTIMEZONE = (
    b"BEGIN:VTIMEZONE\r\n"
    b"TZID:Europe/Amsterdam\r\n"
    b"BEGIN:DAYLIGHT\r\n"
    b"DTSTART:19960331T020000\r\n"
    b"TZOFFSETFROM:+0100\r\n"
    b"TZOFFSETTO:+0200\r\n"
    b"TZNAME:CEST\r\n"
    b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
    b"END:DAYLIGHT\r\n"
    b"BEGIN:STANDARD\r\n"
    b"DTSTART:19961027T030000\r\n"
    b"TZOFFSETFROM:+0200\r\n"
    b"TZOFFSETTO:+0100\r\n"
    b"TZNAME:CET\r\n"
    b"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
    b"END:STANDARD\r\n"
    b"END:VTIMEZONE\r\n"
)
"""Europe/Amsterdam in two yearly rules (RFC 5545 §3.6.5).

Constant on purpose: icalendar's generated zones list RDATEs, which ical.js and vobject read an hour
wrong in summer.
"""


def calendar_time(value: datetime, *, field: str | None = None) -> datetime:
    """`value` in whole seconds, fit for a calendar.

    Returns an aware datetime in Europe/Amsterdam (written with TZID) or in `datetime.UTC` (written
    with Z). Raises `RuleBroken` with the given `field` for a time without zone (`time_naive`), with
    another zone or a bare offset (`time_zone`), before 1997 (`time_early`), in the hour that spring
    skips (`time_skipped`) and in the hour that autumn has twice (`time_twice`): RFC 5545 §3.3.5
    lets programs differ on the last two.
    """
    if value.tzinfo is None:
        raise RuleBroken(_("A time in the calendar needs a time zone."), code="time_naive", field=field)
    if value.year < FIRST_YEAR:
        raise RuleBroken(_("A time in the calendar cannot be before 1997."), code="time_early", field=field)
    whole = value.replace(microsecond=0)
    if _is_utc(value):
        return whole.replace(tzinfo=UTC)
    if not (isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key == ZONE_NAME):
        message = _("A time in the calendar is in Europe/Amsterdam or in UTC.")
        raise RuleBroken(message, code="time_zone", field=field)
    _is_one_moment(whole, field)
    return whole


def _is_utc(value: datetime) -> bool:
    zone = value.tzinfo
    return zone is UTC or (isinstance(zone, ZoneInfo) and zone.key in ("UTC", "Etc/UTC"))


def _is_one_moment(value: datetime, field: str | None) -> None:
    """Refuse a wall time that no clock in the Netherlands shows, or shows twice."""
    first, second = (value.replace(fold=fold).utcoffset() for fold in (0, 1))
    if first == second:
        return
    back = value.astimezone(UTC).astimezone(value.tzinfo)
    if back.replace(tzinfo=None) != value.replace(tzinfo=None):
        raise RuleBroken(_skipped(value), code="time_skipped", field=field)
    raise RuleBroken(_twice(value), code="time_twice", field=field)


def _skipped(value: datetime) -> Text:
    return _(
        "On %(day)s the clock jumps from 2 to 3 at night: this time does not exist. Choose another time.",
        day=value.date(),
    )


def _twice(value: datetime) -> Text:
    return _(
        "On %(day)s the clock goes back from 3 to 2 at night: this time comes twice. Choose another time.",
        day=value.date(),
    )
