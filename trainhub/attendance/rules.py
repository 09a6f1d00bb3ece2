"""Decisions about attendance: when a sheet may be filled in, what each status needs, what the sheet changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainhub.core.clock import local_day
from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import Text, _

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

UNKNOWN, PRESENT, PARTLY, EXCUSED, ABSENT, MADE_UP = "unknown", "present", "partly", "excused", "absent", "made_up"
STATUS_WORDS: Mapping[str, Text] = {
    PRESENT: _("Present"),
    PARTLY: _("Partly present"),
    EXCUSED: _("Sent word"),
    ABSENT: _("Absent"),
    MADE_UP: _("Made up later"),
    UNKNOWN: _("Not filled in"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is recorded of one person at one lesson; `is_expected` tells whether the person had a place on its day."""

    enrolment_id: int
    status: str = UNKNOWN
    minutes: int | None = None
    is_expected: bool = True


def may_be_recorded(state: str, starts_at: datetime, now: datetime) -> None:
    """Refuse a sheet before the lesson's own day, or of a lesson that was cancelled."""
    if state == "cancelled":
        raise RuleBroken(_("This lesson was cancelled: it has no attendance."), code="cancelled")
    if local_day(now) < local_day(starts_at):
        raise RuleBroken(
            _("This lesson is on %(day)s. You can fill in the attendance from that day.", day=local_day(starts_at)),
            code="too_early",
        )


def are_of_this_edition(given: Collection[int], known: Collection[int]) -> None:
    """Refuse a sheet that names somebody who has no place in the edition of the lesson."""
    if not set(given) <= set(known):
        raise RuleBroken(
            _("Somebody on this sheet is not in this training. Open the sheet again."), code="other_edition"
        )


def minutes_fit(enrolment_id: int, status: str, minutes: int | None, length: int) -> int | None:
    """The minutes to keep: only for partly present, and then at least one and fewer than the lesson lasts.

    The refusal tells in its facts whom it is about.
    """
    if status != PARTLY:
        return None
    if minutes is None or not 0 < minutes < length:
        raise RuleBroken(
            _("Fill in how many minutes this person was there: from 1 to %(most)s.", most=length - 1),
            code="minutes",
            field="minutes",
            facts={"enrolment_id": enrolment_id},
        )
    return minutes


def changes(
    known: Collection[Known],
    statuses: Mapping[int, str],
    minutes: Mapping[int, int | None],
    *,
    length: int,
    everyone_present: bool = False,
) -> list[Known]:
    """What a sheet changes: nothing for who is already recorded so.

    With `everyone_present` all others count as present, but for who got a place after the day of the lesson: they were not
    expected, and stay as they are.
    """
    are_of_this_edition(statuses, [one.enrolment_id for one in known])
    found = []
    for one in known:
        status = statuses.get(one.enrolment_id)
        if status in {None, UNKNOWN} and everyone_present and one.is_expected:
            status = PRESENT
        if status is None:
            continue
        kept = minutes_fit(one.enrolment_id, status, minutes.get(one.enrolment_id), length)
        if (status, kept) != (one.status, one.minutes):
            found.append(Known(one.enrolment_id, status, kept, one.is_expected))
    return found
