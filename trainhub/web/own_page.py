"""What a person's own page tells: what comes next, what was asked, what is done and what is later; asked once, in few queries."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from trainhub.certification.kinds import Standing
from trainhub.certification.queries import Held, of_person
from trainhub.certification.requirements import MADE_UP, PARTLY_PERCENT
from trainhub.core.clock import local_day
from trainhub.core.i18n import Text, _, _n, plain
from trainhub.editions.models import EnrolmentState, SessionState
from trainhub.editions.queries import TAKES_PART, WAITS, enrolments_of_person
from trainhub.meetings.models import AssignmentState, Part
from trainhub.meetings.queries import meetings_of_person, open_invitations_of
from trainhub.people.models import Person

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from trainhub.certification.progress import Progress
    from trainhub.certification.requirements import Facts, Finding
    from trainhub.editions.models import Enrolment, TrainingSession
    from trainhub.meetings.models import Assignment, Invitation

SHOWN = (Standing.valid, Standing.expiring, Standing.suspended, Standing.expired)
MY_STATES = {
    EnrolmentState.applied: _("You have applied"),
    EnrolmentState.waitlisted: _("You are on the waiting list"),
    EnrolmentState.offered: _("There is a place for you"),
    EnrolmentState.confirmed: _("You have a place"),
    EnrolmentState.active: _("You take part"),
    EnrolmentState.paused: _("You take a break"),
    EnrolmentState.completed: _("You have finished it"),
    EnrolmentState.not_completed: _("You have stopped"),
    EnrolmentState.rejected: _("There was no place"),
    EnrolmentState.declined: _("You did not take the place"),
    EnrolmentState.lapsed: _("The place went to somebody else"),
    EnrolmentState.withdrawn: _("You have stopped"),
    EnrolmentState.deferred: _("You join a later training"),
}
Step = tuple[Text, str, Text | None]


@dataclass(frozen=True, slots=True)
class Coming:
    """A lesson or meeting ahead of somebody: when, where, and the address of its calendar file."""

    kind: str
    public_id: uuid.UUID
    title: Text
    starts_at: datetime
    ends_at: datetime
    place: str | None
    online_url: str | None
    is_uncertain: bool = False
    assignment_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class OwnPage:
    """All of the page `/mijn`."""

    person: Person
    enrolments: tuple[Enrolment, ...]
    coming: tuple[Coming, ...]
    invitations: tuple[Invitation, ...]
    certificates: tuple[Held, ...]

    @property
    def next(self) -> Coming | None:
        """What comes first."""
        return self.coming[0] if self.coming else None

    @property
    def offers(self) -> list[Enrolment]:
        """Places in a training that wait for a yes or no."""
        return [row for row in self.enrolments if row.state == EnrolmentState.offered]

    @property
    def waiting(self) -> list[Enrolment]:
        """Trainings for which the person waits."""
        return [row for row in self.enrolments if row.state in WAITS]

    @property
    def current(self) -> list[Enrolment]:
        """Trainings in which the person takes part."""
        return [row for row in self.enrolments if row.state in TAKES_PART]


def own_page(session: Session, person_id: int, *, now: datetime) -> OwnPage:
    """The own page of a person at a moment; six queries."""
    enrolments = enrolments_of_person(session, person_id)
    places = meetings_of_person(session, person_id, since=now)
    person = session.get_one(Person, person_id)
    return OwnPage(
        person=person,
        enrolments=tuple(enrolments),
        coming=tuple(sorted(chain(_lessons(enrolments, now), map(_meeting, places)), key=lambda one: one.starts_at)),
        invitations=tuple(open_invitations_of(session, person_id)),
        certificates=tuple(held for held in of_person(session, person_id, local_day(now)) if held.standing in SHOWN),
    )


def _lessons(enrolments: list[Enrolment], now: datetime) -> list[Coming]:
    return [
        Coming(
            "lesson",
            lesson.public_id,
            _("Lesson: %(title)s", title=plain(lesson.module.title)),
            lesson.starts_at,
            lesson.ends_at,
            lesson.place,
            lesson.online_url,
        )
        for enrolment in enrolments
        if enrolment.state in TAKES_PART
        for lesson in enrolment.edition.sessions
        if lesson.state == SessionState.planned and lesson.ends_at > now
    ]


def _meeting(place: Assignment) -> Coming:
    meeting, where = place.meeting, place.meeting.neighbourhood.name
    return Coming(
        "meeting",
        meeting.public_id,
        _(
            "Meeting in %(neighbourhood)s, %(municipality)s",
            neighbourhood=meeting.neighbourhood.name,
            municipality=meeting.municipality.name,
        )
        if place.part == Part.lead
        else _("Practice: meeting in %(neighbourhood)s", neighbourhood=where),
        meeting.starts_at,
        meeting.ends_at,
        meeting.place,
        meeting.online_url,
        place.state == AssignmentState.at_risk,
        place.public_id,
    )


def steps(enrolment: Enrolment, now: datetime) -> list[Step]:
    """The way through a training in steps `(what, state, when)`: lessons that were, the next one, the rest, and what follows."""
    lessons = [lesson for lesson in enrolment.edition.sessions if lesson.state != SessionState.cancelled]
    past = [lesson for lesson in lessons if lesson.ends_at <= now]
    ahead = [lesson for lesson in lessons if lesson.ends_at > now]
    found: list[Step] = []
    if past:
        found.append((_n("%(count)s lesson has been", "%(count)s lessons have been", len(past)), "done", _last(past)))
    if ahead:
        found.append((_("Lesson: %(title)s", title=plain(ahead[0].module.title)), "now", _on(ahead[0])))
    if len(ahead) > 1:
        rest = _n("%(count)s more lesson", "%(count)s more lessons", len(ahead) - 1)
        found.append((rest, "next", _("the last one on %(day)s", day=local_day(ahead[-1].starts_at))))
    last = "later" if ahead else "now"
    return [
        *found,
        (_("Practise at a meeting"), last, _("you come along with somebody who knows the work")),
        (_("Your certificate"), "later", _("when you have shown everything")),
    ]


def shown(judged: Progress) -> list[Step]:
    """What was shown and what is still to come, said to the person: one step for each requirement, and the certificate."""
    found: list[Step] = []
    for one in judged.judgement.findings:
        state = "done" if one.is_met else "next" if any(step[1] == "now" for step in found) else "now"
        title, told = TOLD.get(one.kind, (one.label, _other))
        found.append((title, state, None if one.is_met else told(one, judged.facts)))
    return [*found, (_("Your certificate"), "done" if judged.certificate else "later", None)]


def _lessons_left(one: Finding, _facts: Facts) -> Text:
    return _n("You still come to %(count)s lesson.", "You still come to %(count)s lessons.", one.need - one.have)


def _modules_left(_one: Finding, facts: Facts) -> Text:
    followed = {
        lesson.module_id for lesson in facts.lessons if lesson.counts(PARTLY_PERCENT) or lesson.status == MADE_UP
    }
    titles = [part.title for part in facts.modules if part.is_core and part.id not in followed]
    return _("Still to come: %(titles)s.", titles=plain(", ".join(titles)))


def _competences_left(_one: Finding, facts: Facts) -> Text:
    words = [part.title for part in facts.competences if part.is_core and part.id not in facts.signed]
    return _("You still show that you: %(what)s.", what=plain("; ".join(words)))


def _practice_left(one: Finding, _facts: Facts) -> Text:
    return _n(
        "You still come along to %(count)s meeting. We ask you for it.",
        "You still come along to %(count)s meetings. We ask you for them.",
        one.need - one.have,
    )


def _led_left(one: Finding, _facts: Facts) -> Text:
    return _n(
        "You still lead %(count)s meeting. We ask you for it.",
        "You still lead %(count)s meetings. We ask you for them.",
        one.need - one.have,
    )


def _other(_one: Finding, _facts: Facts) -> Text:
    return _("We look at this together with you.")


TOLD: dict[str, tuple[Text, Callable[[Finding, Facts], Text]]] = {
    "attendance_share": (_("Coming to the lessons"), _lessons_left),
    "modules_present": (_("All subjects"), _modules_left),
    "competences_signed": (_("Showing what you can do"), _competences_left),
    "practice_meetings": (_("Practising at a meeting"), _practice_left),
    "led_meetings": (_("Leading meetings"), _led_left),
}


def _last(past: list[TrainingSession]) -> Text:
    return _("the last one on %(day)s", day=local_day(past[-1].starts_at))


def _on(lesson: TrainingSession) -> Text:
    return _("on %(day)s", day=local_day(lesson.starts_at))
