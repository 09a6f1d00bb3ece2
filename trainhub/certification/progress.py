"""Who is how far: what people of an edition have shown, held against what its course asks.

The law of the place: the number of queries does not depend on the number of people.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, and_, cast, literal, null, select, union_all
from sqlalchemy.orm import Session, joinedload

from trainhub.attendance.models import Attendance, AttendanceStatus
from trainhub.attendance.queries import facts as attendance_facts
from trainhub.certification.kinds import Standing
from trainhub.certification.models import Certificate, Scheme
from trainhub.certification.queries import standing_expression
from trainhub.certification.requirements import Asked, Done, Facts, Judgement, Lesson, Part, whats_missing
from trainhub.competence.models import SignOff
from trainhub.core.clock import local_day
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _
from trainhub.courses.models import Competence, CourseVersion, Module, Phase, Requirement, Track
from trainhub.editions.models import Edition, Enrolment, SessionState, TrainingSession
from trainhub.editions.queries import TAKING_PART
from trainhub.meetings.models import Assignment, AssignmentState
from trainhub.people.models import Person


@dataclass(frozen=True, slots=True)
class Progress:
    """One person in an edition: the facts, the judgement, and the certificate with its standing if there is one."""

    enrolment: Enrolment
    person: Person
    facts: Facts
    judgement: Judgement
    certificate: Certificate | None = None
    standing: Standing | None = None

    @property
    def is_ready(self) -> bool:
        """Whether everything was shown and only the decision is left."""
        return self.judgement.is_met and self.certificate is None


@dataclass(frozen=True, slots=True)
class Matrix:
    """An edition's people against its requirements on one day."""

    edition: Edition
    requirements: tuple[Requirement, ...]
    rows: tuple[Progress, ...]
    on: date


@dataclass(frozen=True, slots=True)
class Content:
    """Per course version its modules and competences by id, in their order; per person what was signed and practised.

    `signed` holds the day of each competence, `practised` the meetings that were done with their role.
    """

    modules: dict[int, dict[int, Part]]
    competences: dict[int, dict[int, Part]]
    signed: dict[int, dict[int, date]]
    practised: dict[int, list[tuple[str, Done]]]

    def meetings(self, person_id: int, track: Track) -> list[Done]:
        """What a person did at meetings in one role."""
        return [done for role, done in self.practised[person_id] if role == track]


@dataclass(frozen=True, slots=True)
class _Course:
    """What a course version asks for, its modules and competences, and what people have shown of it."""

    requirements: tuple[Requirement, ...]
    modules: tuple[Part, ...]
    competences: tuple[Part, ...]
    shown: Content


def progress(session: Session, edition_id: int | uuid.UUID, on: date, *, phase: Phase = Phase.initial) -> Matrix:
    """Everybody who takes part in an edition against its requirements, by name; six queries. Raises `NotFound`."""
    edition = _edition(session, edition_id)
    return _matrix(session, edition, _people(session, edition.id), on, phase)


def missing_for(session: Session, enrolment_id: int | uuid.UUID, on: date, *, phase: Phase = Phase.initial) -> Progress:
    """What one person in one edition has shown and what is still missing; five queries. Raises `NotFound`."""
    key = Enrolment.public_id if isinstance(enrolment_id, uuid.UUID) else Enrolment.id
    course = joinedload(Enrolment.edition).joinedload(Edition.course_version).joinedload(CourseVersion.course)
    enrolment = session.scalar(
        select(Enrolment).where(key == enrolment_id).options(joinedload(Enrolment.person), course)
    )
    if enrolment is None:
        raise _unknown()
    return _matrix(session, enrolment.edition, [(enrolment, enrolment.person)], on, phase).rows[0]


def _edition(session: Session, key: int | uuid.UUID) -> Edition:
    column = Edition.public_id if isinstance(key, uuid.UUID) else Edition.id
    course = joinedload(Edition.course_version).joinedload(CourseVersion.course)
    edition = session.scalar(select(Edition).where(column == key).options(course))
    if edition is None:
        raise _unknown()
    return edition


def _matrix(
    session: Session, edition: Edition, people: Sequence[tuple[Enrolment, Person]], on: date, phase: Phase
) -> Matrix:
    ids = [person.id for _enrolment, person in people]
    course = _course(session, edition.course_version_id, phase, ids)
    lessons = _lessons(session, [enrolment.id for enrolment, _person in people])
    track = edition.course_version.course.track
    held = _certificates(session, ids, track, on)
    asked = [Asked(one.id, one.kind.value, one.group_no, one.params) for one in course.requirements]
    rows = []
    for enrolment, person in people:
        facts = Facts(
            course.modules,
            course.competences,
            lessons[enrolment.id],
            course.shown.signed.get(person.id, {}),
            course.shown.meetings(person.id, track),
        )
        certificate, standing = held.get(person.id, (None, None))
        rows.append(Progress(enrolment, person, facts, whats_missing(asked, facts, on), certificate, standing))
    return Matrix(edition, course.requirements, tuple(rows), on)


def _people(session: Session, edition_id: int) -> Sequence[tuple[Enrolment, Person]]:
    rows = session.execute(
        select(Enrolment, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.edition_id == edition_id, Enrolment.state.in_(TAKING_PART))
        .order_by(Person.call_name, Enrolment.id)
    )
    return [(enrolment, person) for enrolment, person in rows]


def content(session: Session, version_ids: Collection[int], person_ids: Collection[int]) -> Content:
    """The modules and competences of course versions in their order, and what these people showed of them; one query."""
    signed = and_(
        SignOff.competence_id == Competence.id, SignOff.voided_at.is_(None), SignOff.person_id.in_(person_ids)
    )
    competences = (
        select(
            literal("competence").label("kind"),
            Competence.course_version_id,
            Competence.id,
            Competence.code,
            Competence.statement,
            Competence.is_core,
            Competence.position.label("position"),
            SignOff.person_id,
            SignOff.signed_at,
        )
        .outerjoin(SignOff, signed)
        .where(Competence.course_version_id.in_(version_ids))
    )
    modules = select(
        literal("module"),
        Module.course_version_id,
        Module.id,
        Module.code,
        Module.title,
        Module.is_core,
        Module.position,
        null(),
        null(),
    ).where(Module.course_version_id.in_(version_ids))
    practice = select(
        literal("practice"),
        null(),
        Assignment.meeting_id,
        cast(Assignment.part, String),
        cast(Assignment.role, String),
        null(),
        null(),
        Assignment.person_id,
        Assignment.starts_at,
    ).where(Assignment.person_id.in_(person_ids), Assignment.state == AssignmentState.done)
    return _sorted(session.execute(union_all(competences, modules, practice).order_by("position")), version_ids)


def _sorted(rows: Iterable[Any], version_ids: Collection[int]) -> Content:
    found = Content(
        {version: {} for version in version_ids},
        {version: {} for version in version_ids},
        defaultdict(dict),
        defaultdict(list),
    )
    for kind, version, key, code, words, is_core, _place, person_id, at in rows:
        if kind == "practice":
            found.practised[person_id].append((words, Done(code, local_day(at))))
            continue
        parts = found.competences if kind == "competence" else found.modules
        parts[version][key] = Part(key, code, words, is_core)
        if person_id is not None:
            found.signed[person_id][key] = local_day(at)
    for meetings in found.practised.values():
        meetings.sort(key=lambda one: one[1].on)
    return found


def _course(session: Session, version_id: int, phase: Phase, person_ids: Collection[int]) -> _Course:
    requirements = session.scalars(
        select(Requirement)
        .where(Requirement.course_version_id == version_id, Requirement.phase == phase)
        .order_by(Requirement.group_no, Requirement.id)
    ).all()
    parts = content(session, [version_id], person_ids)
    return _Course(
        tuple(requirements),
        tuple(parts.modules[version_id].values()),
        tuple(parts.competences[version_id].values()),
        parts,
    )


def _lessons(session: Session, enrolment_ids: Collection[int]) -> dict[int, tuple[Lesson, ...]]:
    """Per enrolment each lesson of its own edition that was not cancelled, with what is known of it."""
    return {
        key: tuple(Lesson(one.module_id, one.on, one.status.value, one.minutes, one.length) for one in lessons)
        for key, lessons in attendance_facts(session, enrolment_ids).items()
    }


def _certificates(
    session: Session, person_ids: Collection[int], track: Track, on: date
) -> dict[int, tuple[Certificate, Standing]]:
    rows = session.execute(
        select(Certificate, standing_expression(on))
        .join(Scheme, Scheme.id == Certificate.scheme_id)
        .where(Certificate.person_id.in_(person_ids), Scheme.track == track)
    )
    return {certificate.person_id: (certificate, Standing(word)) for certificate, word in rows}


def renewal_of(session: Session, certificate: Certificate, on: date) -> Judgement:
    """What the renewal of a certificate asks, held against what its holder did since the last period began; three queries."""
    version_id = certificate.scheme_version.course_version_id
    course = _course(session, version_id, Phase.renewal, [certificate.person_id])
    track = certificate.scheme.track
    facts = Facts(
        competences=course.competences,
        signed=course.shown.signed.get(certificate.person_id, {}),
        meetings=course.shown.meetings(certificate.person_id, track),
        refreshers=_refreshers(session, certificate.person_id, track),
        since=max(period.starts_on for period in certificate.periods),
    )
    asked = [Asked(one.id, one.kind.value, one.group_no, one.params) for one in course.requirements]
    return whats_missing(asked, facts, on)


def _refreshers(session: Session, person_id: int, track: Track) -> list[date]:
    """The days of the lessons of this role, in any edition, at which the person was present."""
    rows = session.scalars(
        select(TrainingSession.starts_at)
        .join(Attendance, Attendance.session_id == TrainingSession.id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .join(Edition, Edition.id == TrainingSession.edition_id)
        .join(CourseVersion, CourseVersion.id == Edition.course_version_id)
        .where(
            Enrolment.person_id == person_id,
            TrainingSession.state != SessionState.cancelled,
            Attendance.status.in_((AttendanceStatus.present, AttendanceStatus.made_up)),
            CourseVersion.course.has(track=track),
        )
    )
    return [local_day(at) for at in rows]


def _unknown() -> NotFound:
    return NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")
