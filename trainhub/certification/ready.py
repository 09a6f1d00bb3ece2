"""Who has shown everything and waits for a decision, over all editions at once: the first question of the desk each morning.

The law of the place: at most seven queries, however many editions run; people who lack a signature are left out in SQL.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from trainhub.attendance.queries import facts as attendance_facts
from trainhub.certification.models import Certificate, Scheme, SchemeVersion
from trainhub.certification.progress import Progress, content
from trainhub.certification.requirements import CORE, Asked, Done, Facts, Lesson, whats_missing
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
from trainhub.meetings.queries import done_parts
from trainhub.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

Row = tuple[Enrolment, Person, int, Track]


def waiting_for_decision(session: Session, on: date) -> list[Progress]:
    """Everybody in a running or completed edition who has shown everything and has no certificate; by name."""
    asked = _asked(session)
    rows = _candidates(session, {version for version, one in asked.items() if _asks_every_core_signature(one)})
    if not rows:
        return []
    versions = {version for _enrolment, _person, version, _track in rows}
    lessons = attendance_facts(session, [enrolment.id for enrolment, *_rest in rows])
    people = [person.id for _enrolment, person, *_rest in rows]
    parts, meetings = content(session, versions, people), done_parts(session, people)
    found = []
    for enrolment, person, version, track in rows:
        facts = Facts(
            tuple(parts.modules[version].values()),
            tuple(parts.competences[version].values()),
            tuple(
                Lesson(one.module_id, one.on, one.status.value, one.minutes, one.length)
                for one in lessons[enrolment.id]
            ),
            {key: day for key, day in parts.signed[person.id].items() if key in parts.competences[version]},
            [Done(one.part.value, one.on) for one in meetings.get(person.id, []) if one.role == track],
        )
        found.append(Progress(enrolment, person, facts, whats_missing(asked[version], facts, on)))
    return [one for one in found if one.is_ready]


def _asks_every_core_signature(asked: Sequence[Asked]) -> bool:
    """Whether nobody can have shown everything while a core competence is open: one group, which asks all of them."""
    return len({one.group_no for one in asked}) == 1 and any(
        one.kind == RequirementKind.competences_signed and one.params.get("which", CORE) == CORE for one in asked
    )


def _candidates(session: Session, needs_signatures: Collection[int]) -> Sequence[Row]:
    rows = session.execute(
        select(Enrolment, Person, Edition.course_version_id, Course.track)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(CourseVersion, CourseVersion.id == Edition.course_version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(
            Edition.state.in_((EditionState.running, EditionState.completed)),
            Enrolment.state.in_(TAKING_PART),
            exists().where(SchemeVersion.course_version_id == Edition.course_version_id),
            ~_is_certified(),
            or_(Edition.course_version_id.not_in(needs_signatures), ~_lacks_a_signature()),
        )
        .options(joinedload(Enrolment.edition))
        .order_by(Person.call_name, Enrolment.id)
    )
    return [(enrolment, person, version, track) for enrolment, person, version, track in rows]


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


def _asked(session: Session) -> dict[int, list[Asked]]:
    certified = select(SchemeVersion.course_version_id)
    rows = session.scalars(
        select(Requirement)
        .where(Requirement.course_version_id.in_(certified), Requirement.phase == Phase.initial)
        .order_by(Requirement.group_no, Requirement.id)
    )
    found: dict[int, list[Asked]] = defaultdict(list)
    for one in rows:
        found[one.course_version_id].append(Asked(one.id, one.kind.value, one.group_no, one.params))
    return found
