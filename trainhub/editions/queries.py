"""Questions about editions: lists, one page, places and the waiting list, lessons of a trainer, who teaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from trainhub.accounts import rules as accounts_rules
from trainhub.accounts.models import RoleAssignment
from trainhub.core.access import Role
from trainhub.core.clock import local_day
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _
from trainhub.courses.models import Course, CourseVersion, Track
from trainhub.editions import rules
from trainhub.editions.models import (
    Edition,
    EditionState,
    Enrolment,
    EnrolmentEvent,
    EnrolmentState,
    SessionState,
    TrainingSession,
)
from trainhub.people.models import Person
from trainhub.places.models import Municipality
from trainhub.programmes.models import Programme

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy.orm import Session

Row = TypeVar("Row", Edition, TrainingSession)
TAKES_A_PLACE = tuple(EnrolmentState(state) for state in sorted(rules.TAKES_A_PLACE))
TAKING_PART = tuple(EnrolmentState(state) for state in sorted(rules.TAKING_PART))
TAKES_PART = tuple(EnrolmentState(state) for state in sorted(rules.TAKES_PART))
WAITS = tuple(EnrolmentState(state) for state in sorted(rules.WAITS))


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition in the list: its course, where and when it runs, how full it is, and how many people take or took part."""

    id: int
    public_id: uuid.UUID
    code: str
    title: str
    state: EditionState
    track: Track
    municipality: str | None
    first_at: datetime | None
    last_at: datetime | None
    capacity: int
    taken: int
    waiting: int
    people: int


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson as its trainer sees it in a list."""

    id: int
    public_id: uuid.UUID
    edition_id: int
    edition_public_id: uuid.UUID
    edition: str
    module_code: str
    module: str
    starts_at: datetime
    ends_at: datetime
    place: str | None
    online_url: str | None
    state: SessionState
    people: int


def edition_list(session: Session, *, states: Collection[EditionState] = ()) -> list[EditionRow]:
    """The editions, those that still go on first (one query); `states` narrows the list."""
    counts = (
        select(
            Enrolment.edition_id,
            func.sum(case((Enrolment.state.in_(TAKES_A_PLACE), 1), else_=0)).label("taken"),
            func.sum(case((Enrolment.state.in_(WAITS), 1), else_=0)).label("waiting"),
            func.sum(case((Enrolment.state.in_(TAKING_PART), 1), else_=0)).label("people"),
        )
        .group_by(Enrolment.edition_id)
        .subquery()
    )
    days = (
        select(
            TrainingSession.edition_id,
            func.min(TrainingSession.starts_at).label("first_at"),
            func.max(TrainingSession.ends_at).label("last_at"),
        )
        .where(TrainingSession.state != SessionState.cancelled)
        .group_by(TrainingSession.edition_id)
        .subquery()
    )
    going = case((Edition.state.in_((EditionState.running, EditionState.open, EditionState.draft)), 0), else_=1)
    statement = (
        select(
            Edition.id,
            Edition.public_id,
            Edition.code,
            Edition.title,
            Edition.state,
            Course.track,
            Municipality.name,
            days.c.first_at,
            days.c.last_at,
            Edition.capacity,
            func.coalesce(counts.c.taken, 0),
            func.coalesce(counts.c.waiting, 0),
            func.coalesce(counts.c.people, 0),
        )
        .join(CourseVersion, CourseVersion.id == Edition.course_version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .outerjoin(Municipality, Municipality.id == Edition.municipality_id)
        .outerjoin(counts, counts.c.edition_id == Edition.id)
        .outerjoin(days, days.c.edition_id == Edition.id)
        .order_by(going, days.c.first_at.desc(), Edition.code)
    )
    if states:
        statement = statement.where(Edition.state.in_(states))
    return [EditionRow(*row) for row in session.execute(statement)]


def edition_page(session: Session, public_id: uuid.UUID) -> Edition:
    """An edition with its course, lessons and people loaded (four queries). Raises `NotFound`."""
    statement = (
        select(Edition)
        .where(Edition.public_id == public_id)
        .options(
            joinedload(Edition.course_version).joinedload(CourseVersion.course).joinedload(Course.programme),
            joinedload(Edition.course_version).selectinload(CourseVersion.modules),
            joinedload(Edition.municipality),
            selectinload(Edition.sessions).joinedload(TrainingSession.module),
            selectinload(Edition.enrolments).joinedload(Enrolment.person),
        )
    )
    return _found(session.scalar(statement))


def session_page(session: Session, public_id: uuid.UUID) -> TrainingSession:
    """A lesson with its module, edition and course loaded (one query). Raises `NotFound`."""
    statement = (
        select(TrainingSession)
        .where(TrainingSession.public_id == public_id)
        .options(
            joinedload(TrainingSession.module),
            joinedload(TrainingSession.edition).joinedload(Edition.course_version).joinedload(CourseVersion.course),
            joinedload(TrainingSession.edition).joinedload(Edition.municipality),
        )
    )
    return _found(session.scalar(statement))


def places_taken(session: Session, edition_id: int) -> int:
    """How many places of an edition are taken: offered, confirmed, taking part or taking a break."""
    return _count(session, edition_id, TAKES_A_PLACE)


def people_waiting(session: Session, edition_id: int) -> int:
    """How many people are on the waiting list of an edition."""
    return _count(session, edition_id, (EnrolmentState.waitlisted,))


def first_waiting(session: Session, edition_id: int) -> Enrolment | None:
    """The enrolment that has waited longest, or None."""
    return session.scalar(
        select(Enrolment)
        .where(Enrolment.edition_id == edition_id, Enrolment.state == EnrolmentState.waitlisted)
        .order_by(Enrolment.queued_at, Enrolment.id)
        .limit(1)
    )


def enrolments_in(session: Session, edition_id: int, states: Collection[EnrolmentState]) -> list[Enrolment]:
    """The enrolments of an edition in one of `states`, with their people, in the order of applying (one query)."""
    statement = (
        select(Enrolment)
        .where(Enrolment.edition_id == edition_id, Enrolment.state.in_(states))
        .options(joinedload(Enrolment.person))
        .order_by(Enrolment.queued_at, Enrolment.id)
    )
    return list(session.scalars(statement))


def enrolments_of_person(session: Session, person_id: int) -> list[Enrolment]:
    """The enrolments of a person, the latest first, with their editions, courses and lessons (two queries)."""
    edition = joinedload(Enrolment.edition)
    statement = (
        select(Enrolment)
        .where(Enrolment.person_id == person_id)
        .options(
            edition.joinedload(Edition.course_version).joinedload(CourseVersion.course),
            edition.joinedload(Edition.municipality),
            edition.selectinload(Edition.sessions).joinedload(TrainingSession.module),
        )
        .order_by(Enrolment.queued_at.desc(), Enrolment.id.desc())
    )
    return list(session.scalars(statement))


def offers_over(session: Session, now: datetime) -> list[Enrolment]:
    """Offers whose last moment to answer has passed (one query)."""
    statement = (
        select(Enrolment)
        .where(Enrolment.state == EnrolmentState.offered, Enrolment.offered_until < now)
        .options(joinedload(Enrolment.person))
        .order_by(Enrolment.id)
    )
    return list(session.scalars(statement))


def events_of(session: Session, enrolment_id: int) -> list[EnrolmentEvent]:
    """The steps of an enrolment in order."""
    statement = select(EnrolmentEvent).where(EnrolmentEvent.enrolment_id == enrolment_id).order_by(EnrolmentEvent.id)
    return list(session.scalars(statement))


@dataclass(frozen=True, slots=True)
class RoleOfPerson:
    """A role that somebody holds or held, with the name of where."""

    assignment: RoleAssignment
    where: str | None


def roles_of_person(session: Session, person_id: int) -> list[RoleOfPerson]:
    """Every role of a person, the newest first, with its municipality, edition or programme by name (one query)."""
    rows = session.execute(
        select(RoleAssignment, func.coalesce(Municipality.name, Edition.title, Programme.name))
        .outerjoin(Municipality, Municipality.id == RoleAssignment.municipality_id)
        .outerjoin(Edition, Edition.id == RoleAssignment.edition_id)
        .outerjoin(Programme, Programme.id == RoleAssignment.programme_id)
        .where(RoleAssignment.person_id == person_id)
        .order_by(RoleAssignment.id.desc())
    )
    return [RoleOfPerson(assignment, where) for assignment, where in rows]


def staff(session: Session, edition_id: int, on: date) -> list[RoleAssignment]:
    """Who teaches or assesses in an edition on a day, with their people (one query)."""
    statement = (
        select(RoleAssignment)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.edition_id == edition_id,
            RoleAssignment.role.in_((Role.trainer, Role.assessor)),
            or_(RoleAssignment.until.is_(None), RoleAssignment.until >= on),
        )
        .options(joinedload(RoleAssignment.person))
        .order_by(RoleAssignment.role.desc(), Person.call_name)
    )
    return list(session.scalars(statement))


def lessons(
    session: Session, edition_ids: Collection[int], *, since: datetime, until: datetime | None = None
) -> list[LessonRow]:
    """The lessons of these editions that end at or after `since`, in order, cancelled ones included (one query)."""
    people = (
        select(Enrolment.edition_id, func.count().label("people"))
        .where(Enrolment.state.in_(TAKES_PART))
        .group_by(Enrolment.edition_id)
        .subquery()
    )
    statement = (
        select(TrainingSession, Edition.public_id, Edition.title, func.coalesce(people.c.people, 0))
        .join(Edition, Edition.id == TrainingSession.edition_id)
        .outerjoin(people, people.c.edition_id == Edition.id)
        .where(
            TrainingSession.edition_id.in_(edition_ids),
            TrainingSession.ends_at >= since,
            Edition.state.in_((EditionState.open, EditionState.running, EditionState.completed)),
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    )
    if until is not None:
        statement = statement.where(TrainingSession.starts_at < until)
    return [_lesson(row, public_id, title, count) for row, public_id, title, count in session.execute(statement)]


def lessons_without_trainer(session: Session, *, since: datetime, until: datetime) -> list[LessonRow]:
    """The planned lessons that start in this stretch of time and whose edition has no trainer on that day (one query)."""
    statement = (
        select(TrainingSession, Edition.public_id, Edition.title, RoleAssignment.since, RoleAssignment.until)
        .join(Edition, Edition.id == TrainingSession.edition_id)
        .outerjoin(RoleAssignment, and_(RoleAssignment.edition_id == Edition.id, RoleAssignment.role == Role.trainer))
        .where(
            TrainingSession.state == SessionState.planned,
            TrainingSession.starts_at.between(since, until),
            Edition.state.in_((EditionState.open, EditionState.running)),
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    )
    found: dict[int, LessonRow] = {}
    covered: set[int] = set()
    for row, public_id, title, since_day, last in session.execute(statement):
        first: date | None = since_day  # an edition without a trainer is joined with nothing
        found.setdefault(row.id, _lesson(row, public_id, title, 0))
        if first is not None and accounts_rules.holds_on(first, last, local_day(row.starts_at)):
            covered.add(row.id)
    return [lesson for key, lesson in found.items() if key not in covered]


def _lesson(row: TrainingSession, edition_public_id: uuid.UUID, title: str, people: int) -> LessonRow:
    return LessonRow(
        row.id,
        row.public_id,
        row.edition_id,
        edition_public_id,
        title,
        row.module.code,
        row.module.title,
        row.starts_at,
        row.ends_at,
        row.place,
        row.online_url,
        row.state,
        people,
    )


def _count(session: Session, edition_id: int, states: Collection[EnrolmentState]) -> int:
    statement = select(func.count()).where(Enrolment.edition_id == edition_id, Enrolment.state.in_(states))
    return session.scalar(statement) or 0


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")
    return row
