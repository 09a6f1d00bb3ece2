"""Decisions about editions, lessons and enrolments: three tables of states, places, wall time and half-days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from trainhub.core.clock import AMSTERDAM, local_day
from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import Text, _, _n

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EDITION_ALLOWED: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"open", "cancelled"}),
    "open": frozenset({"running", "cancelled"}),
    "running": frozenset({"completed", "cancelled"}),
    "completed": frozenset({"archived"}),
    "archived": frozenset(),
    "cancelled": frozenset(),
}
SESSION_ALLOWED: Mapping[str, frozenset[str]] = {
    "planned": frozenset({"planned", "held", "cancelled"}),
    "held": frozenset(),
    "cancelled": frozenset(),
}
ENROLMENT_ALLOWED: Mapping[str, frozenset[str]] = {
    "applied": frozenset({"offered", "waitlisted", "rejected", "withdrawn", "deferred"}),
    "waitlisted": frozenset({"offered", "withdrawn"}),
    "offered": frozenset({"confirmed", "declined", "lapsed"}),
    "confirmed": frozenset({"active", "paused", "withdrawn", "deferred"}),
    "active": frozenset({"completed", "not_completed", "paused", "withdrawn", "deferred"}),
    "paused": frozenset({"active", "withdrawn", "deferred"}),
    "completed": frozenset(),
    "not_completed": frozenset(),
    "rejected": frozenset(),
    "declined": frozenset(),
    "lapsed": frozenset(),
    "withdrawn": frozenset(),
    "deferred": frozenset(),
}
TAKES_A_PLACE = frozenset({"offered", "confirmed", "active", "paused"})
TAKES_PART = frozenset({"confirmed", "active"})
TAKING_PART = frozenset({"confirmed", "active", "paused", "completed"})
WAITS = frozenset({"applied", "waitlisted"})
WHEN_LEAVING: Mapping[str, str] = {
    "applied": "withdrawn",
    "waitlisted": "withdrawn",
    "offered": "declined",
    "confirmed": "withdrawn",
    "active": "withdrawn",
    "paused": "withdrawn",
}
WHEN_CANCELLED: Mapping[str, str] = {
    "applied": "rejected",
    "waitlisted": "withdrawn",
    "offered": "lapsed",
    "confirmed": "deferred",
    "active": "deferred",
    "paused": "deferred",
}
EDITION_WORDS: Mapping[str, Text] = {
    "draft": _("Draft"),
    "open": _("Takes applications"),
    "running": _("Running"),
    "completed": _("Completed"),
    "archived": _("Archived"),
    "cancelled": _("Cancelled"),
}
SESSION_WORDS: Mapping[str, Text] = {"planned": _("Planned"), "held": _("Held"), "cancelled": _("Cancelled")}
ENROLMENT_WORDS: Mapping[str, Text] = {
    "applied": _("Applied"),
    "waitlisted": _("On the waiting list"),
    "offered": _("Place offered"),
    "confirmed": _("Place confirmed"),
    "active": _("Takes part"),
    "paused": _("Takes a break"),
    "completed": _("Completed"),
    "not_completed": _("Stopped before the end"),
    "rejected": _("Not placed"),
    "declined": _("Place declined"),
    "lapsed": _("Offer lapsed"),
    "withdrawn": _("Left"),
    "deferred": _("Moved to a later edition"),
}
OFFER_DAYS = 7
A_WEEK = timedelta(days=7)
HALF_DAY = timedelta(hours=4)
LONGEST_SESSION = timedelta(hours=12)


def may_become(table: Mapping[str, frozenset[str]], words: Mapping[str, Text], state: str, wanted: str) -> None:
    """Refuse a step that the table of states does not hold."""
    if wanted not in table[state]:
        raise RuleBroken(
            _("What is “%(state)s” cannot become “%(wanted)s”.", state=words[state], wanted=words[wanted]), code="state"
        )


def edition_may_become(state: str, wanted: str) -> None:
    """Refuse a step of an edition that section 5 of the domain does not name."""
    may_become(EDITION_ALLOWED, EDITION_WORDS, state, wanted)


def session_may_become(state: str, wanted: str) -> None:
    """Refuse a step of a lesson that section 5 of the domain does not name."""
    may_become(SESSION_ALLOWED, SESSION_WORDS, state, wanted)


def enrolment_may_become(state: str, wanted: str) -> None:
    """Refuse a step of an enrolment that section 5 of the domain does not name."""
    may_become(ENROLMENT_ALLOWED, ENROLMENT_WORDS, state, wanted)


def state_after_leaving(state: str) -> str:
    """What an enrolment becomes when its person leaves; an offer is declined. Raises `RuleBroken` when nothing is left to leave."""
    if state not in WHEN_LEAVING:
        raise RuleBroken(_("This enrolment has already ended."), code="ended")
    return WHEN_LEAVING[state]


def has_words(words: str, field: str) -> str:
    """The words without spaces around them. Raises `RuleBroken` when nothing is left."""
    if not words.strip():
        raise RuleBroken(_("Fill this in."), code="empty", field=field)
    return words.strip()


def has_reason(reason: str) -> str:
    """The reason. Raises `RuleBroken` when there is none: people have a right to know why."""
    if not reason.strip():
        raise RuleBroken(_("Give the reason. It goes into the letter."), code="reason_missing", field="reason")
    return reason.strip()


def has_capacity(capacity: int, taken: int = 0) -> None:
    """Refuse an edition for nobody, or with fewer places than are taken."""
    if not 1 <= capacity <= 200:  # noqa: PLR2004 - a class, not a stadium
        raise RuleBroken(_("Fill in a number of places from 1 to 200."), code="capacity", field="capacity")
    if capacity < taken:
        raise RuleBroken(
            _n("%(count)s place is already taken.", "%(count)s places are already taken.", taken),
            code="capacity_taken",
            field="capacity",
        )


def enrols(enrol_from: date | None, enrol_until: date | None) -> None:
    """Refuse an enrolment period that ends before it begins."""
    if enrol_from and enrol_until and enrol_until < enrol_from:
        raise RuleBroken(_("Enrolment ends before it begins."), code="end_before_start", field="enrol_until")


def is_published(state: str) -> None:
    """Refuse an edition of a version that may still change or is no longer taught."""
    if state != "published":
        raise RuleBroken(
            _("Choose a published version of the course."), code="not_published", field="course_version_id"
        )


def accepts_applications(
    state: str, enrol_from: date | None, enrol_until: date | None, today: date, *, by_coordinator: bool
) -> None:
    """Refuse an application to an edition that is not open; a coordinator may add somebody outside the dates, or late."""
    if state == "open" and by_coordinator:
        return
    if state == "running" and by_coordinator:
        return
    if state != "open":
        raise RuleBroken(_("This edition is not open for enrolment."), code="not_open")
    if (enrol_from and today < enrol_from) or (enrol_until and today > enrol_until):
        raise RuleBroken(
            _("You cannot enrol today: the enrolment period is over or has not begun."), code="outside_enrolment"
        )


def has_room(capacity: int, taken: int) -> None:
    """Refuse when every place is taken."""
    if taken >= capacity:
        raise RuleBroken(_("All places are taken."), code="full")


def may_accept(offered_until: datetime | None, now: datetime) -> None:
    """Refuse an answer after the last moment of the offer."""
    if offered_until is not None and now > offered_until:
        raise RuleBroken(_("This offer ended on %(day)s.", day=local_day(offered_until)), code="offer_over")


def has_lapsed(offered_until: datetime | None, now: datetime) -> None:
    """Refuse to end an offer that can still be answered."""
    if offered_until is None or now <= offered_until:
        raise RuleBroken(_("This offer can still be answered."), code="offer_open")


def offer_ends(now: datetime) -> datetime:
    """The last moment to answer an offer: the end of the seventh day from now."""
    return dutch_moment(
        datetime.combine(local_day(now) + timedelta(days=OFFER_DAYS), datetime.max.time().replace(microsecond=0))
    )


def dutch_moment(wall: datetime, field: str | None = None) -> datetime:
    """A naive Dutch wall time as an aware UTC datetime.

    Raises `RuleBroken` for the hour that spring skips and the hour that autumn has twice.
    """
    first, second = (wall.replace(tzinfo=AMSTERDAM, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    raise RuleBroken(
        _(
            "On %(day)s the clock changes at that hour: this time is missing or comes twice. Choose another time.",
            day=wall.date(),
        ),
        code="clock_change",
        field=field,
    )


def lasts(starts_at: datetime, ends_at: datetime) -> None:
    """Refuse a lesson that ends before it starts, or that lasts longer than a day with breaks."""
    if ends_at <= starts_at:
        raise RuleBroken(_("The end is not after the start."), code="end_before_start", field="ends_at")
    if ends_at - starts_at > LONGEST_SESSION:
        raise RuleBroken(_("A lesson lasts at most 12 hours."), code="too_long", field="ends_at")


def overlaps_none(starts_at: datetime, ends_at: datetime, others: Iterable[tuple[datetime, datetime]]) -> None:
    """Refuse a lesson at the same time as another lesson of the edition."""
    if any(starts_at < end and start < ends_at for start, end in others):
        raise RuleBroken(_("This edition already has a lesson at that time."), code="overlap", field="starts_at")


def is_of_course(module_version_id: int, edition_version_id: int) -> None:
    """Refuse a module of another course or another version."""
    if module_version_id != edition_version_id:
        raise RuleBroken(_("This module belongs to another course."), code="other_course", field="module_id")


def may_be_planned(edition_state: str) -> None:
    """Refuse a lesson in an edition that is over."""
    if edition_state not in {"draft", "open", "running"}:
        raise RuleBroken(_("This edition is over: its lessons stay as they were."), code="edition_over")


def may_be_held(starts_at: datetime, now: datetime) -> None:
    """Refuse to call a lesson held before its day."""
    if local_day(now) < local_day(starts_at):
        raise RuleBroken(
            _("This lesson has not been yet: it is on %(day)s.", day=local_day(starts_at)), code="too_early"
        )


def half_days(starts_at: datetime, ends_at: datetime) -> int:
    """How many half-days (dagdelen) a lesson fills: one for each four hours that began."""
    return -((starts_at - ends_at) // HALF_DAY)


@dataclass(frozen=True, slots=True)
class HalfDays:
    """A module whose planned lessons do not add up to its half-days."""

    code: str
    wanted: int
    planned: int

    @property
    def sentence(self) -> Text:
        """The warning in words."""
        return _(
            "Module %(code)s takes %(wanted)s half-days; %(planned)s are planned.",
            code=self.code,
            wanted=self.wanted,
            planned=self.planned,
        )


def half_days_that_differ(
    modules: Iterable[tuple[str, int]], sessions: Iterable[tuple[str, datetime, datetime]]
) -> list[HalfDays]:
    """Modules `(code, half_days)` whose lessons `(code, starts_at, ends_at)` do not add up to them.

    It gives a warning, not a refusal.
    """
    planned: dict[str, int] = {}
    for code, starts_at, ends_at in sessions:
        planned[code] = planned.get(code, 0) + half_days(starts_at, ends_at)
    return [HalfDays(code, wanted, planned.get(code, 0)) for code, wanted in modules if planned.get(code, 0) != wanted]
