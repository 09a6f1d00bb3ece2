"""Decisions about requests, meetings, invitations and places: values in, a refusal in words out. Never the database.

The law of the place: a step that `ALLOWED` does not list is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from trainhub.core.errors import DomainError, RuleBroken, Several
from trainhub.core.i18n import _, plain
from trainhub.meetings.models import AssignmentState, InvitationState, MeetingState, Part, RequestState
from trainhub.meetings.words import label
from trainhub.people.models import DayPart
from trainhub.programmes.models import Audience

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from enum import StrEnum

    from trainhub.courses.models import Track

ALLOWED: dict[type[StrEnum], dict[str, frozenset[str]]] = {
    RequestState: {
        RequestState.submitted: frozenset({RequestState.accepted, RequestState.rejected, RequestState.withdrawn}),
        RequestState.accepted: frozenset(),
        RequestState.rejected: frozenset(),
        RequestState.withdrawn: frozenset(),
    },
    MeetingState: {
        MeetingState.draft: frozenset({MeetingState.staffing, MeetingState.cancelled}),
        MeetingState.staffing: frozenset({MeetingState.staffed, MeetingState.cancelled}),
        MeetingState.staffed: frozenset({MeetingState.confirmed, MeetingState.staffing, MeetingState.cancelled}),
        MeetingState.confirmed: frozenset({MeetingState.held, MeetingState.staffing, MeetingState.cancelled}),
        MeetingState.held: frozenset({MeetingState.evaluated}),
        MeetingState.evaluated: frozenset({MeetingState.closed}),
        MeetingState.closed: frozenset(),
        MeetingState.cancelled: frozenset(),
    },
    InvitationState: {
        InvitationState.sent: frozenset(
            {InvitationState.accepted, InvitationState.declined, InvitationState.expired, InvitationState.recalled}
        ),
        InvitationState.accepted: frozenset(),
        InvitationState.declined: frozenset(),
        InvitationState.expired: frozenset(),
        InvitationState.recalled: frozenset(),
    },
    AssignmentState: {
        AssignmentState.confirmed: frozenset({AssignmentState.done, AssignmentState.released, AssignmentState.at_risk}),
        AssignmentState.at_risk: frozenset({AssignmentState.confirmed, AssignmentState.released}),
        AssignmentState.done: frozenset(),
        AssignmentState.released: frozenset(),
    },
}
BEFORE_HELD = frozenset({MeetingState.draft, MeetingState.staffing, MeetingState.staffed, MeetingState.confirmed})
ASKING = frozenset({MeetingState.staffing, MeetingState.staffed, MeetingState.confirmed})
ACTIVE = frozenset({AssignmentState.confirmed, AssignmentState.at_risk})
PRACTICE = frozenset({Part.observe, Part.co_lead})
HOURS = {DayPart.morning: (9, 12), DayPart.afternoon: (13, 17), DayPart.evening: (18, 22)}
MOST_PEOPLE = 20
LONGEST = timedelta(hours=12)
DAYS_TO_ANSWER = 7


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody who is expected elsewhere at the same time."""

    name: str
    where: str
    starts_at: datetime


def step(old: StrEnum, new: StrEnum) -> None:
    """Refuse a step that the table of states does not list."""
    if new not in ALLOWED[type(old)][old]:
        raise RuleBroken(
            _("This cannot be done any more. The state is now: %(state)s.", state=label(old)), code="state"
        )


def one_audience(given: Sequence[str]) -> Audience:
    """The one audience of a meeting; none, two or an unknown one is refused."""
    if len(given) != 1 or given[0] not in set(Audience):
        raise RuleBroken(
            _("Choose exactly one audience. Every audience has a meeting of its own."),
            code="one_audience",
            field="audience",
        )
    return Audience(given[0])


def may_be_requested(
    *,
    own_neighbourhood: bool,
    programme_ends: date,
    wished_on: date,
    today: date,
    discussion_leaders: int,
    experts: int,
) -> None:
    """Refuse a wish for another municipality's neighbourhood, for a day that is over or after the programme, or for nobody."""
    problems: list[DomainError] = []
    if not own_neighbourhood:
        problems.append(_problem("neighbourhood_elsewhere", "neighbourhood_id"))
    if wished_on < today:
        problems.append(
            RuleBroken(_("This day is over. Choose a day from today on."), code="day_over", field="wished_on")
        )
    elif wished_on > programme_ends:
        problems.append(
            RuleBroken(
                _("This programme runs until %(day)s. Choose an earlier day.", day=programme_ends),
                code="programme_over",
                field="wished_on",
            )
        )
    problems += [
        RuleBroken(_("Choose a number from 1 to %(most)s.", most=MOST_PEOPLE), code="people", field=name)
        for name, number in (("discussion_leaders", discussion_leaders), ("experts", experts))
        if not 1 <= number <= MOST_PEOPLE
    ]
    refuse(problems)


def may_be_planned(
    *,
    own_neighbourhood: bool,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    place: str | None,
    online_url: str | None,
) -> None:
    """Refuse times that are over or upside down, a meeting without a place, and a neighbourhood of elsewhere."""
    problems: list[DomainError] = []
    if not own_neighbourhood:
        problems.append(_problem("neighbourhood_elsewhere", "neighbourhood_id"))
    if starts_at <= now:
        problems.append(RuleBroken(_("This time is over. Choose a later time."), code="time_over", field="starts_at"))
    if not timedelta() < ends_at - starts_at <= LONGEST:
        problems.append(
            RuleBroken(_("The end should be after the start, on the same day."), code="times", field="ends_at")
        )
    if not (place or online_url):
        problems.append(
            RuleBroken(_("Fill in where it is: an address, or a link to meet online."), code="place", field="place")
        )
    if online_url and not online_url.startswith(("https://", "http://")):
        problems.append(RuleBroken(_("A link starts with https://."), code="link", field="online_url"))
    refuse(problems)


def needs_reason(reason: str) -> str:
    """The reason, trimmed; refused when empty."""
    if not reason.strip():
        raise RuleBroken(_("Write a short reason. The reader wants to know why."), code="reason", field="reason")
    return reason.strip()


def may_need(*, count: int, reserve: int, taken: int, language: str) -> None:
    """Refuse a need of nobody, of too many, or of fewer than already come."""
    if not 1 <= count <= MOST_PEOPLE:
        raise RuleBroken(_("Choose a number from 1 to %(most)s.", most=MOST_PEOPLE), code="people", field="count")
    if not 0 <= reserve <= MOST_PEOPLE:
        raise RuleBroken(_("Choose a number from 0 to %(most)s.", most=MOST_PEOPLE), code="people", field="reserve")
    if count + reserve < taken:
        raise RuleBroken(
            _("%(taken)s people already come. Let somebody go first.", taken=taken), code="taken", field="count"
        )
    if not (language.isascii() and language.isalpha() and language.islower() and len(language) in {2, 3}):
        raise RuleBroken(
            _("Write the language as two letters, for example nl or ar."), code="language", field="language"
        )


def may_still_change(state: MeetingState) -> None:
    """Refuse to change a meeting that was held or cancelled."""
    if state not in BEFORE_HELD:
        raise RuleBroken(
            _("This cannot be done any more. The state is now: %(state)s.", state=label(state)), code="state"
        )


def nobody_is_elsewhere(busy: Sequence[Busy]) -> None:
    """Refuse a new time when people who come are expected elsewhere; each is named with the place."""
    if not busy:
        return
    names = "; ".join(f"{one.name} ({one.where})" for one in busy)
    raise RuleBroken(
        _(
            "At that time these people are expected elsewhere: %(names)s. Choose another time, or let them go first.",
            names=plain(names),
        ),
        code="busy",
        field="starts_at",
    )


def may_ask(*, state: MeetingState, starts_at: datetime, now: datetime, is_open: bool) -> None:
    """Refuse an invitation for a meeting that is not being staffed, is over, or has no place open."""
    if state not in ASKING or starts_at <= now:
        raise RuleBroken(_("Nobody can be invited for this meeting now."), code="not_staffing")
    if not is_open:
        raise RuleBroken(_("Every place of this kind is taken."), code="full")


def answer_until(given: datetime | None, *, starts_at: datetime, now: datetime) -> datetime:
    """Until when one can answer: a week from now or the given moment, and never after the start of the meeting."""
    until = min(given or now + timedelta(days=DAYS_TO_ANSWER), starts_at)
    if until <= now:
        raise RuleBroken(
            _("The last day to answer should be later than now."), code="answer_until", field="answer_until"
        )
    return until


def may_answer(*, state: InvitationState, answer_until: datetime, now: datetime, meeting: MeetingState) -> None:
    """Refuse an answer to a question that was answered, taken back, or is too late."""
    if state == InvitationState.sent and now <= answer_until and meeting in ASKING:
        return
    if state in {InvitationState.accepted, InvitationState.declined}:
        raise RuleBroken(_("You have already answered. Call us if you want to change it."), code="answered")
    raise RuleBroken(_("This question is no longer open. You do not have to do anything."), code="closed")


def may_practise(
    *, part: Part, state: MeetingState, starts_at: datetime, now: datetime, in_training: bool, role: Track
) -> None:
    """Refuse practice as a leading part, at a meeting that is over, or for someone who is not in that training."""
    if part not in PRACTICE:
        raise RuleBroken(_("Practice is observing or co-leading."), code="part", field="part")
    if state not in BEFORE_HELD or starts_at <= now:
        raise RuleBroken(_("This meeting is over or cancelled."), code="state")
    if not in_training:
        raise RuleBroken(
            _("This person does not follow the training for: %(role)s.", role=label(role)),
            code="not_in_training",
            field="person_id",
        )


def may_be_held(*, starts_at: datetime, now: datetime) -> None:
    """Refuse to mark a meeting as held before it has begun."""
    if now < starts_at:
        raise RuleBroken(_("This meeting has not begun yet."), code="not_begun")


def is_filled(needed: dict[int, int], coming: dict[int, int]) -> bool:
    """Whether every need has at least its count of people who surely come; a meeting without needs is never filled."""
    return bool(needed) and all(coming.get(need_id, 0) >= count for need_id, count in needed.items())


def refuse(problems: list[DomainError]) -> None:
    """Raise the one problem, or all of them together; nothing when there is none."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise Several(_("Some things are not filled in right yet."), problems)


def _problem(code: str, field: str) -> RuleBroken:
    return RuleBroken(_("Choose a neighbourhood of this municipality."), code=code, field=field)
