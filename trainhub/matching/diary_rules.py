"""Rules about the diary: when the person can come, was asked, is expected elsewhere, and wants to rest. Days are Dutch days."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, exists, func, not_, or_, select, true

from trainhub.core.db import alias
from trainhub.core.i18n import Text, _, _n
from trainhub.matching.facts import COUNTING, LONGEST_REST, PER_MONTH, REST, around
from trainhub.matching.rule import Rule
from trainhub.meetings.models import Assignment, Invitation, InvitationState, Need
from trainhub.people.models import Absence, Availability, DayPart, Person

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from trainhub.matching.facts import Asked, Booked, Facts

WEEKDAYS = (
    _("on Monday"),
    _("on Tuesday"),
    _("on Wednesday"),
    _("on Thursday"),
    _("on Friday"),
    _("on Saturday"),
    _("on Sunday"),
)
USUAL, NAMED = alias(Availability, "usual"), alias(Availability, "named")
OTHER = alias(Assignment, "other")
QUESTION, ASKED_NEED = alias(Invitation, "question"), alias(Need, "place")
PARTS = {DayPart.morning: _("morning"), DayPart.afternoon: _("afternoon"), DayPart.evening: _("evening")}


class UsuallyFree(Rule):
    """The person can usually come on that part of the week; who named no parts can always."""

    code = "weekly"

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: no part named, or this one (any of the day when no part is asked)."""
        part = true() if asked.part is None else USUAL.part == asked.part
        return or_(
            not_(exists().where(NAMED.person_id == Person.id)),
            exists().where(USUAL.person_id == Person.id, USUAL.weekday == asked.on.isoweekday(), part),
        )

    def check(self, facts: Facts, asked: Asked) -> bool:
        """The part stands in the week."""
        parts = set(DayPart) if asked.part is None else {asked.part}
        return not facts.weekly or any((asked.on.isoweekday(), part) in facts.weekly for part in parts)

    def text(self, facts: Facts, asked: Asked) -> Text:
        """When the person can usually come."""
        del asked
        order = {part: number for number, part in enumerate(DayPart)}
        known = sorted(facts.weekly, key=lambda one: (one[0], order[one[1]]))
        return _("Usually cannot come then, but can: %(parts)s.", parts=_listed([_part(*one) for one in known]))


class NotAbsent(Rule):
    """The day is not in an absence."""

    code = "absence"

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: no absence holds the day."""
        return not_(
            exists().where(Absence.person_id == Person.id, Absence.starts_on <= asked.on, Absence.ends_on >= asked.on)
        )

    def check(self, facts: Facts, asked: Asked) -> bool:
        """The same."""
        return not any(first <= asked.on <= last for first, last in facts.absences)

    def text(self, facts: Facts, asked: Asked) -> Text:
        """From when until when."""
        first, last = next(days for days in facts.absences if days[0] <= asked.on <= days[1])
        return _("Is away from %(first)s until %(last)s.", first=first, last=last)


class NotDeclined(Rule):
    """The person has not said no to this meeting."""

    code = "declined"

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: no declined question for any place of the meeting."""
        if asked.meeting_id is None:
            return true()
        return not_(
            exists()
            .where(Invitation.person_id == Person.id, Invitation.state == InvitationState.declined)
            .where(Invitation.need_id == Need.id, Need.meeting_id == asked.meeting_id)
        )

    def check(self, facts: Facts, asked: Asked) -> bool:
        """The same."""
        del asked
        return InvitationState.declined not in facts.invited_for_meeting

    def text(self, facts: Facts, asked: Asked) -> Text:
        """That the answer was no."""
        del facts, asked
        return _("Was asked for this meeting, and cannot come.")


class NotAskedYet(Rule):
    """The person has no place in this meeting, was not asked for this place, and no question for the meeting is open."""

    code = "asked"

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: no place, no question for the need, no open question for the meeting."""
        if asked.meeting_id is None:
            return true()
        return and_(
            not_(
                exists().where(
                    OTHER.person_id == Person.id,
                    OTHER.meeting_id == asked.meeting_id,
                    OTHER.state.in_(COUNTING),
                )
            ),
            not_(
                exists().where(
                    QUESTION.person_id == Person.id,
                    QUESTION.need_id == ASKED_NEED.id,
                    ASKED_NEED.meeting_id == asked.meeting_id,
                    QUESTION.state != InvitationState.declined,
                    or_(QUESTION.need_id == asked.need_id, QUESTION.state == InvitationState.sent),
                )
            ),
        )

    def check(self, facts: Facts, asked: Asked) -> bool:
        """The same."""
        del asked
        was_asked = bool(facts.invited_for_need - {InvitationState.declined})
        return not (facts.has_place or was_asked or InvitationState.sent in facts.invited_for_meeting)

    def text(self, facts: Facts, asked: Asked) -> Text:
        """That there is a place or a question already."""
        del asked
        if facts.has_place:
            return _("Already has a place in this meeting.")
        return _("Has already been asked for this meeting.")


class NotElsewhere(Rule):
    """No other place of the person overlaps in time."""

    code = "overlap"
    is_binding = True

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: no place in another meeting that overlaps."""
        return not_(
            exists().where(*_elsewhere(asked), OTHER.starts_at < asked.ends_at, OTHER.ends_at > asked.starts_at)
        )

    def check(self, facts: Facts, asked: Asked) -> bool:
        """The same."""
        return not any(_overlaps(one, asked) for one in facts.booked)

    def text(self, facts: Facts, asked: Asked) -> Text:
        """When the other meeting is."""
        busy = next(one for one in facts.booked if _overlaps(one, asked))
        return _("Is expected at another meeting then: %(when)s.", when=busy.starts_at)


class OncePerDay(Rule):
    """At most one meeting on a Dutch day."""

    code = "per_day"

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: no place in another meeting that day."""
        return not_(exists().where(*_elsewhere(asked), *_between(asked.around(0))))

    def check(self, facts: Facts, asked: Asked) -> bool:
        """The same."""
        return not any(one.on == asked.on for one in facts.booked)

    def text(self, facts: Facts, asked: Asked) -> Text:
        """When the other meeting is."""
        busy = next(one for one in facts.booked if one.on == asked.on)
        return _("Already has a meeting that day: %(when)s.", when=busy.starts_at)


class Rested(Rule):
    """As many free days before and after the meeting as the person asked for."""

    code = "rest_days"

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: no other place from `rest_days` days before until as many days after; the days are counted in Amsterdam."""
        first, end = _rest_bounds(asked.on)
        return or_(
            REST == 0,
            not_(
                exists().where(
                    *_elsewhere(asked),
                    *_between(asked.around(LONGEST_REST)),
                    OTHER.starts_at >= first,
                    OTHER.starts_at < end,
                )
            ),
        )

    def check(self, facts: Facts, asked: Asked) -> bool:
        """The same."""
        return self._near(facts, asked) is None

    def text(self, facts: Facts, asked: Asked) -> Text:
        """The other meeting, and how many days of rest were asked for."""
        near = self._near(facts, asked)
        return _n(
            "Wants %(count)s day of rest between meetings, and has one on %(day)s.",
            "Wants %(count)s days of rest between meetings, and has one on %(day)s.",
            facts.rest_days,
            day=near.on if near else asked.on,
        )

    def _near(self, facts: Facts, asked: Asked) -> Booked | None:
        if not facts.rest_days:
            return None
        return next((one for one in facts.booked if abs((one.on - asked.on).days) <= facts.rest_days), None)


class WithinMonth(Rule):
    """No more meetings in a Dutch calendar month than the person asked for."""

    code = "per_month"

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: fewer other places in the month than the limit."""
        number = (
            select(func.count()).where(*_elsewhere(asked), *_between(asked.month)).correlate(Person).scalar_subquery()
        )
        return number < PER_MONTH

    def check(self, facts: Facts, asked: Asked) -> bool:
        """The same."""
        return self._number(facts, asked) < facts.max_per_month

    def text(self, facts: Facts, asked: Asked) -> Text:
        """How many there are, and how many were asked for."""
        return _(
            "Has %(number)s in that month, and wants at most %(most)s.",
            number=_n("%(count)s meeting", "%(count)s meetings", self._number(facts, asked)),
            most=facts.max_per_month,
        )

    def _number(self, facts: Facts, asked: Asked) -> int:
        first, end = asked.month
        return sum(first <= one.starts_at < end for one in facts.booked)


def _elsewhere(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    return (
        OTHER.person_id == Person.id,
        OTHER.state.in_(COUNTING),
        OTHER.meeting_id != (asked.meeting_id or 0),
    )


def _between(span: tuple[datetime, datetime]) -> tuple[ColumnElement[bool], ...]:
    return OTHER.starts_at >= span[0], OTHER.starts_at < span[1]


@lru_cache(maxsize=64)
def _rest_bounds(on: date) -> tuple[ColumnElement[datetime], ColumnElement[datetime]]:
    """SQL: the first moment that counts as rest before a day, and the first after it that does not, for each wish of days.

    Days are counted in Amsterdam, so the clock changes are in it. Kept per day, since it is a long list to write down.
    """
    spans = {days: around(on, days) for days in range(1, LONGEST_REST + 1)}
    first = case({days: span[0] for days, span in spans.items()}, value=REST, else_=spans[LONGEST_REST][0])
    end = case({days: span[1] for days, span in spans.items()}, value=REST, else_=spans[LONGEST_REST][1])
    return first, end


def _overlaps(one: Booked, asked: Asked) -> bool:
    return one.starts_at < asked.ends_at and one.ends_at > asked.starts_at


def _part(weekday: int, part: DayPart) -> Text:
    return _("%(day)s %(part)s", day=WEEKDAYS[weekday - 1], part=PARTS[part])


def _listed(words: list[Text]) -> Text:
    listed = words[0]
    for word in words[1:]:
        listed = _("%(first)s, %(next)s", first=listed, next=word)
    return listed
