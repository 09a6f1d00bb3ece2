"""Questions about attendance: the sheet of a lesson, the facts for a certificate, who was away twice in a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from trainhub.attendance.models import Attendance, AttendanceStatus
from trainhub.core.clock import local_day
from trainhub.courses.models import CourseVersion, Module
from trainhub.editions.models import (
    Edition,
    EditionState,
    Enrolment,
    EnrolmentEvent,
    EnrolmentState,
    SessionState,
    TrainingSession,
)
from trainhub.editions.queries import TAKES_PART
from trainhub.people.models import Person

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

ON_THE_SHEET = (*TAKES_PART, EnrolmentState.paused, EnrolmentState.completed, EnrolmentState.not_completed)
MAY_BE_RECORDED = (*ON_THE_SHEET, EnrolmentState.withdrawn, EnrolmentState.deferred)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One person on the sheet of a lesson."""

    enrolment_id: int
    name: str
    state: EnrolmentState
    status: AttendanceStatus
    minutes: int | None
    joined_on: date


@dataclass(frozen=True, slots=True)
class LessonFact:
    """What is known of one person at one lesson of the person's own edition that was not cancelled; `length` in minutes."""

    session_id: int
    module_id: int
    module_code: str
    on: date
    length: int
    status: AttendanceStatus
    minutes: int | None


@dataclass(frozen=True, slots=True)
class AwayTwice:
    """A person who was away from the two latest recorded lessons without a word: somebody to call."""

    person_id: int
    person_public_id: uuid.UUID
    name: str
    edition_public_id: uuid.UUID
    edition: str
    last_at: datetime


def sheet(session: Session, lesson: TrainingSession) -> list[SheetLine]:
    """Everybody on the sheet of a lesson by name, with what is recorded (one query)."""
    statement = (
        select(
            Enrolment.id,
            Person.call_name,
            Enrolment.state,
            Attendance.status,
            Attendance.minutes,
            _joined_at(),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Attendance, _at_lesson(lesson.id))
        .where(Enrolment.edition_id == lesson.edition_id, _on_the_sheet())
        .order_by(func.lower(Person.call_name), Enrolment.id)
    )
    return [
        SheetLine(key, name, state, status or AttendanceStatus.unknown, minutes, local_day(joined))
        for key, name, state, status, minutes, joined in session.execute(statement)
    ]


def locked_sheet(
    lesson_key: ColumnElement[bool],
) -> Select[TrainingSession, Enrolment, Attendance, datetime]:
    """The statement that loads a lesson, locked, with everybody who has or had a place and what is recorded of them."""
    return (
        select(TrainingSession, Enrolment, Attendance, _joined_at())
        .outerjoin(
            Enrolment, and_(Enrolment.edition_id == TrainingSession.edition_id, Enrolment.state.in_(MAY_BE_RECORDED))
        )
        .outerjoin(
            Attendance, and_(Attendance.session_id == TrainingSession.id, Attendance.enrolment_id == Enrolment.id)
        )
        .where(lesson_key)
        .options(
            lazyload(TrainingSession.module),
            joinedload(TrainingSession.edition).joinedload(Edition.course_version).joinedload(CourseVersion.course),
        )
        .with_for_update(of=TrainingSession)
        .execution_options(populate_existing=True)
    )


def facts(session: Session, enrolment_ids: Collection[int]) -> dict[int, tuple[LessonFact, ...]]:
    """Per enrolment every lesson of its own edition that was not cancelled, in order, with what is recorded (one query).

    Lessons and attendance meet on edition and enrolment, so attendance of another edition never counts (law 1). Whole numbers
    only: whoever judges a share multiplies instead of dividing.
    """
    statement = (
        select(
            Enrolment.id,
            TrainingSession.id,
            TrainingSession.starts_at,
            TrainingSession.ends_at,
            Module.id,
            Module.code,
            Attendance.status,
            Attendance.minutes,
        )
        .join(TrainingSession, TrainingSession.edition_id == Enrolment.edition_id)
        .join(Module, Module.id == TrainingSession.module_id)
        .outerjoin(
            Attendance, and_(Attendance.session_id == TrainingSession.id, Attendance.enrolment_id == Enrolment.id)
        )
        .where(Enrolment.id.in_(enrolment_ids), TrainingSession.state != SessionState.cancelled)
        .order_by(Enrolment.id, TrainingSession.starts_at, TrainingSession.id)
    )
    found: dict[int, list[LessonFact]] = {key: [] for key in enrolment_ids}
    for key, lesson_id, starts_at, ends_at, module_id, code, status, minutes in session.execute(statement):
        length = int((ends_at - starts_at).total_seconds()) // 60
        fact = LessonFact(
            lesson_id, module_id, code, local_day(starts_at), length, status or AttendanceStatus.unknown, minutes
        )
        found[key].append(fact)
    return {key: tuple(rows) for key, rows in found.items()}


def away_twice(session: Session) -> list[AwayTwice]:
    """Who takes part in a running edition and was absent, without a word, at the two latest recorded lessons (one query)."""
    newest = (
        select(
            Attendance.enrolment_id,
            Attendance.status,
            TrainingSession.starts_at,
            func.row_number()
            .over(
                partition_by=Attendance.enrolment_id,
                order_by=(TrainingSession.starts_at.desc(), TrainingSession.id.desc()),
            )
            .label("nth"),
        )
        .join(TrainingSession, TrainingSession.id == Attendance.session_id)
        .where(TrainingSession.state != SessionState.cancelled, Attendance.status != AttendanceStatus.unknown)
        .subquery()
    )
    last, before = aliased(newest), aliased(newest)
    statement = (
        select(Person.id, Person.public_id, Person.call_name, Edition.public_id, Edition.title, last.c.starts_at)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(last, and_(last.c.enrolment_id == Enrolment.id, last.c.nth == 1))
        .join(before, and_(before.c.enrolment_id == Enrolment.id, before.c.nth == 2))  # noqa: PLR2004 - the one before
        .where(
            Edition.state == EditionState.running,
            Enrolment.state == EnrolmentState.active,
            last.c.status == AttendanceStatus.absent,
            before.c.status == AttendanceStatus.absent,
        )
        .order_by(last.c.starts_at.desc(), func.lower(Person.call_name))
    )
    return [AwayTwice(*row) for row in session.execute(statement)]


def filled_in(session: Session, session_ids: Collection[int]) -> dict[int, int]:
    """How many people have a status at each of these lessons (one query); lessons without any are left out."""
    statement = (
        select(Attendance.session_id, func.count())
        .where(Attendance.session_id.in_(session_ids), Attendance.status != AttendanceStatus.unknown)
        .group_by(Attendance.session_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _joined_at() -> ColumnElement[datetime]:
    """When an enrolment first had a confirmed place, else when its person applied."""
    confirmed = (
        select(func.min(EnrolmentEvent.at))
        .where(EnrolmentEvent.enrolment_id == Enrolment.id, EnrolmentEvent.state == EnrolmentState.confirmed)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    return func.coalesce(confirmed, Enrolment.queued_at)


def _at_lesson(lesson_id: int) -> ColumnElement[bool]:
    return and_(Attendance.session_id == lesson_id, Attendance.enrolment_id == Enrolment.id)


def _on_the_sheet() -> ColumnElement[bool]:
    """People with a place; and who left since, when something was recorded of them at this lesson."""
    return or_(Enrolment.state.in_(ON_THE_SHEET), Attendance.id.is_not(None))
