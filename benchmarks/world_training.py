"""The editions of a benchmark: cohorts of several sizes halfway through their course, and people with a full agenda."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import Connection

from benchmarks import world_people
from benchmarks.bulk import Bulk
from benchmarks.world_people import Known
from trainhub.attendance.models import Attendance, AttendanceStatus
from trainhub.calendar.models import CalendarItem, FeedToken, ItemStatus
from trainhub.calendar.rules import token_sha256
from trainhub.calendar.text import CalendarEntry, vevent_bytes
from trainhub.competence.models import SignOff
from trainhub.core.clock import AMSTERDAM
from trainhub.courses.models import Competence, Module, Track
from trainhub.editions.models import (
    Edition,
    EditionState,
    Enrolment,
    EnrolmentEvent,
    EnrolmentState,
    SessionState,
    TrainingSession,
)
from trainhub.meetings.models import AssignmentState, Part

LESSONS = 10
HELD = 6


@dataclass(frozen=True)
class Cohort:
    """An edition with its lessons and everybody who takes part."""

    edition_id: int
    edition: UUID
    lesson_ids: tuple[int, ...]
    lessons: tuple[UUID, ...]
    enrolment_ids: tuple[int, ...]
    person_ids: tuple[int, ...]


@dataclass(frozen=True)
class Course:
    """What a course version holds."""

    version_id: int
    modules: list[int]
    competences: list[int]


def course_of(connection: Connection, version_id: int) -> Course:
    """The modules and competences of a course version."""
    modules = connection.scalars(
        select(Module.id).where(Module.course_version_id == version_id).order_by(Module.position)
    )
    competences = connection.scalars(
        select(Competence.id).where(Competence.course_version_id == version_id).order_by(Competence.position)
    )
    return Course(version_id, list(modules), list(competences))


def cohort(
    bulk: Bulk, course: Course, number: int, assessor_id: int, there: Known, now: datetime, chance: random.Random
) -> Cohort:
    """`number` people in an edition of ten lessons, six of them held, some competences signed, some practice done."""
    edition_id, edition, lessons = _edition(bulk, course, f"COHORT-{number}", LESSONS, number, now)
    enrolment_ids, person_ids = [], []
    evening = now - timedelta(days=10)
    neighbourhood_id, municipality_id = there.neighbourhoods[0]
    where = {
        "neighbourhood_id": neighbourhood_id,
        "municipality_id": municipality_id,
        "programme_id": there.programme_id,
    }
    meeting_id = world_people.meeting(bulk, starts_at=evening, **where)
    for serial in range(number):
        person_id = world_people.person(bulk, f"Deelnemer {serial:03d}", now)
        enrolment_id = _enrolment(bulk, edition_id, person_id, now)
        for lesson_id, _public_id, _at in lessons[:HELD]:
            status = chance.choices((AttendanceStatus.present, AttendanceStatus.excused), (9, 1))[0]
            _attendance(bulk, edition_id, lesson_id, enrolment_id, status, assessor_id, now)
        for competence_id in course.competences[: chance.randint(0, len(course.competences))]:
            _sign_off(bulk, enrolment_id, person_id, competence_id, assessor_id, now)
        if serial % 2:
            role = Track.expert_by_experience
            world_people.place(
                bulk, person_id, meeting_id, role, None, evening, part=Part.observe, state=AssignmentState.done
            )
        enrolment_ids.append(enrolment_id)
        person_ids.append(person_id)
    return Cohort(
        edition_id,
        edition,
        tuple(key for key, _public_id, _at in lessons),
        tuple(public_id for _key, public_id, _at in lessons),
        tuple(enrolment_ids),
        tuple(person_ids),
    )


def agenda(bulk: Bulk, course: Course, items: int, now: datetime) -> str:
    """A person with `items` lessons in the agenda, and the token of the feed."""
    edition_id, _edition_key, lessons = _edition(bulk, course, f"AGENDA-{items}", items, 1, now)
    person_id = world_people.person(bulk, f"Agenda {items}", now)
    _enrolment(bulk, edition_id, person_id, now)
    for lesson_id, _public_id, starts_at in lessons:
        _calendar_item(bulk, lesson_id, starts_at, now)
    token = f"benchmark-agenda-{items}"
    bulk.add(
        FeedToken,
        public_id=uuid.uuid4(),
        person_id=person_id,
        label="",
        token_sha256=token_sha256(token),
        created_at=now,
        revoked_at=None,
    )
    return token


def _edition(
    bulk: Bulk, course: Course, code: str, lessons: int, capacity: int, now: datetime
) -> tuple[int, UUID, list[tuple[int, UUID, datetime]]]:
    edition = uuid.uuid4()
    edition_id = bulk.add(
        Edition,
        public_id=edition,
        row_version=1,
        course_version_id=course.version_id,
        code=code,
        title=f"Editie {code}",
        municipality_id=None,
        state=EditionState.running,
        capacity=capacity,
        enrol_from=None,
        enrol_until=None,
        owner_id=None,
        cancelled_because=None,
    )
    planned = []
    for place in range(lessons):
        starts_at, public_id = now + timedelta(days=7 * (place - HELD), hours=1), uuid.uuid4()
        lesson_id = bulk.add(
            TrainingSession,
            public_id=public_id,
            row_version=1,
            edition_id=edition_id,
            module_id=course.modules[place % len(course.modules)],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3),
            tz="Europe/Amsterdam",
            place="Wijkcentrum De Brug, Voorbeeldstraat 1",
            online_url=None,
            state=SessionState.held if place < HELD else SessionState.planned,
            revision=0,
        )
        planned.append((lesson_id, public_id, starts_at))
    return edition_id, edition, planned


def _enrolment(bulk: Bulk, edition_id: int, person_id: int, now: datetime) -> int:
    joined = now - timedelta(days=90)
    enrolment_id = bulk.add(
        Enrolment,
        public_id=uuid.uuid4(),
        row_version=1,
        edition_id=edition_id,
        person_id=person_id,
        state=EnrolmentState.active,
        queued_at=joined,
        offered_until=None,
    )
    for state in (EnrolmentState.confirmed, EnrolmentState.active):
        bulk.add(EnrolmentEvent, enrolment_id=enrolment_id, at=joined, state=state, by_id=None)
    return enrolment_id


def _attendance(  # one row of the table
    bulk: Bulk,
    edition_id: int,
    session_id: int,
    enrolment_id: int,
    status: AttendanceStatus,
    by_id: int,
    now: datetime,
) -> None:
    bulk.add(
        Attendance,
        public_id=uuid.uuid4(),
        row_version=1,
        edition_id=edition_id,
        session_id=session_id,
        enrolment_id=enrolment_id,
        status=status,
        minutes=None,
        recorded_by_id=by_id,
        recorded_at=now,
    )


def _sign_off(bulk: Bulk, enrolment_id: int, person_id: int, competence_id: int, by_id: int, now: datetime) -> None:
    bulk.add(
        SignOff,
        public_id=uuid.uuid4(),
        enrolment_id=enrolment_id,
        person_id=person_id,
        competence_id=competence_id,
        assessor_id=by_id,
        evidence="Gezien in de les.",
        feedback="",
        signed_at=now - timedelta(days=5),
        voided_at=None,
        voided_by_id=None,
        void_reason=None,
    )


def _calendar_item(bulk: Bulk, lesson_id: int, starts_at: datetime, now: datetime) -> None:
    uid = uuid.uuid4()
    entry = CalendarEntry(
        uid=uid,
        title="Welkome Wijk: les",
        starts_at=starts_at.astimezone(AMSTERDAM),
        ends_at=(starts_at + timedelta(hours=3)).astimezone(AMSTERDAM),
        last_modified=now,
        location="Wijkcentrum De Brug, Voorbeeldstraat 1",
        description="Neem je map mee.",
    )
    bulk.add(
        CalendarItem,
        uid=uid,
        session_id=lesson_id,
        meeting_id=None,
        sequence=0,
        status=ItemStatus.CONFIRMED,
        fingerprint="benchmark",
        starts_at=starts_at,
        last_modified=now,
        vevent=vevent_bytes(entry),
    )
