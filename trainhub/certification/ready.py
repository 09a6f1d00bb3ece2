"""Who has shown everything and waits for a decision, over all editions at once: the first question of the desk each morning.

The law of the place: three queries, however many editions run; people who lack a signature are left out in SQL.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import String, and_, cast, exists, or_, select
from sqlalchemy.orm import aliased, joinedload

from trainhub.attendance.queries import facts as attendance_facts
from trainhub.certification.models import Certificate, Scheme, SchemeVersion
from trainhub.certification.progress import Progress, content
from trainhub.certification.requirements import CORE, Asked, Facts, Lesson, whats_missing
from trainhub.competence.models import SignOff
from trainhub.courses.models import (
    Competence,
    Course,
    CourseVersion,
    Phase,
    Requirement,
    RequirementKind,
    Track,
)
from trainhub.editions.models import Edition, EditionState, Enrolment
from trainhub.editions.queries import TAKING_PART
from trainhub.people.models import Person

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may have shown everything: the enrolment with its course version and role."""

    enrolment: Enrolment
    person: Person
    version: int
    track: Track


def waiting_for_decision(session: Session, on: date) -> list[Progress]:
    """Everybody in a running or completed edition who has shown everything and has no certificate; by name."""
    people, asked = _candidates(session)
    if not people:
        return []
    lessons = attendance_facts(session, [one.enrolment.id for one in people])
    shown = content(session, list(asked), [one.person.id for one in people])
    found = []
    for one in people:
        facts = Facts(
            tuple(shown.modules[one.version].values()),
            tuple(shown.competences[one.version].values()),
            tuple(
                Lesson(lesson.module_id, lesson.on, lesson.status.value, lesson.minutes, lesson.length)
                for lesson in lessons[one.enrolment.id]
            ),
            {key: day for key, day in shown.signed[one.person.id].items() if key in shown.competences[one.version]},
            shown.meetings(one.person.id, one.track),
        )
        found.append(Progress(one.enrolment, one.person, facts, whats_missing(asked[one.version], facts, on)))
    return [one for one in found if one.is_ready]


def _candidates(session: Session) -> tuple[list[Candidate], dict[int, list[Asked]]]:
    """Who may have shown everything, and per course version what it asks; one row per person and requirement."""
    rows = session.execute(
        select(Enrolment, Person, Edition.course_version_id, Course.track, Requirement)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(CourseVersion, CourseVersion.id == Edition.course_version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .outerjoin(
            Requirement,
            and_(Requirement.course_version_id == CourseVersion.id, Requirement.phase == Phase.initial),
        )
        .where(
            Edition.state.in_((EditionState.running, EditionState.completed)),
            Enrolment.state.in_(TAKING_PART),
            exists().where(SchemeVersion.course_version_id == Edition.course_version_id),
            ~_is_certified(),
            or_(~_asks_every_core_signature(), ~_lacks_a_signature()),
        )
        .options(joinedload(Enrolment.edition))
        .order_by(Person.call_name, Enrolment.id, Requirement.group_no, Requirement.id)
    )
    people: dict[int, Candidate] = {}
    asked: dict[int, dict[int, Asked]] = defaultdict(dict)
    for enrolment, person, version, track, requirement in rows:
        people[enrolment.id] = Candidate(enrolment, person, version, track)
        known = asked[version]
        if requirement is not None:
            known[requirement.id] = Asked(
                requirement.id, requirement.kind.value, requirement.group_no, requirement.params
            )
    return list(people.values()), {version: list(known.values()) for version, known in asked.items()}


def _asks_every_core_signature() -> ColumnElement[bool]:
    """Nobody can have shown everything while a core competence is open: there is one group, and it asks all of them.

    A requirement that says so in other words is not missed, only judged later.
    """
    other, one = aliased(Requirement), aliased(Requirement)
    is_initial = (other.course_version_id == Edition.course_version_id, other.phase == Phase.initial)
    return and_(
        ~exists().where(*is_initial, other.group_no > 1),
        exists().where(
            one.course_version_id == Edition.course_version_id,
            one.phase == Phase.initial,
            one.kind == RequirementKind.competences_signed,
            cast(one.params, String).contains(f'"{CORE}"'),
        ),
    )


def _is_certified() -> ColumnElement[bool]:
    return (
        exists()
        .where(Certificate.person_id == Enrolment.person_id, Scheme.id == Certificate.scheme_id)
        .where(Scheme.track == Course.track)
    )


def _lacks_a_signature() -> ColumnElement[bool]:
    is_signed = exists().where(
        SignOff.competence_id == Competence.id, SignOff.person_id == Enrolment.person_id, SignOff.voided_at.is_(None)
    )
    return exists().where(Competence.course_version_id == Edition.course_version_id, Competence.is_core, ~is_signed)
