"""Questions of the calendar: the finished blocks of a lesson, an edition, a meeting and a person, and who may read them.

A feed costs two queries: one for the token, one for the stored bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Date, Integer, String, and_, bindparam, exists, or_, select, union, union_all

from trainhub.accounts.models import RoleAssignment
from trainhub.calendar import rules
from trainhub.calendar.models import CalendarItem, FeedToken, ItemStatus
from trainhub.calendar.text import calendar_feed, calendar_file
from trainhub.core.access import Actor, Permission, Role, Scope, allows
from trainhub.core.clock import local_day
from trainhub.core.db import UTCDateTime, alias
from trainhub.editions.models import Edition, Enrolment, EnrolmentEvent, EnrolmentState, TrainingSession
from trainhub.meetings.models import Assignment, AssignmentState, Meeting, MeetingState
from trainhub.people.models import Person, PersonStatus

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy import BindParameter, ColumnElement, CompoundSelect, Select
    from sqlalchemy.orm import Session

TAKES_PART = (EnrolmentState.confirmed, EnrolmentState.active, EnrolmentState.completed)
MAY_READ = (*TAKES_PART, EnrolmentState.paused)
COMES = (AssignmentState.confirmed, AssignmentState.at_risk, AssignmentState.done)


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A calendar to download: its bytes and the name it is saved under."""

    body: bytes
    filename: str


@dataclass(frozen=True, slots=True)
class _Thing:
    """What somebody wants to read, with the scope that decides."""

    scope: Scope


def session_vevents(session: Session, session_id: int, *, now: datetime) -> list[bytes]:
    """The block of one session; none when it was cancelled more than 30 days ago."""
    return _blocks(session, select(CalendarItem).where(CalendarItem.session_id == session_id, _still_shown(now)))


def edition_vevents(session: Session, edition_id: int, *, now: datetime) -> list[bytes]:
    """The blocks of an edition's sessions, by start; without those cancelled more than 30 days ago."""
    return _blocks(session, _of_sessions(TrainingSession.edition_id == edition_id).where(_still_shown(now)))


def meeting_vevents(session: Session, meeting_id: int, *, now: datetime) -> list[bytes]:
    """The block of one meeting; none when it was cancelled more than 30 days ago."""
    return _blocks(session, select(CalendarItem).where(CalendarItem.meeting_id == meeting_id, _still_shown(now)))


def person_vevents(session: Session, person_id: int, *, now: datetime) -> list[bytes]:
    """The blocks of a person's own agenda in one query, by start.

    Lessons of editions in which they take part, teach or assess; meetings at which they come, or, for an officer, of their
    municipality. Cancelling an edition or a meeting lets everybody go, yet each of them must read that it is cancelled.
    """
    asked = {"person_id": person_id, "today": local_day(now), "shown_since": now - rules.CANCELLED_STAYS}
    return [row.vevent for row in session.execute(_agenda(), asked)]


def feed_of(session: Session, token_sha256: str, *, now: datetime) -> bytes | None:
    """The body of the feed with this token's hash; None for an unknown and for a revoked one, after the same query."""
    person_id = session.scalar(_subscriber(), {"token_sha256": token_sha256})
    if person_id is None:
        return None
    return calendar_feed(person_vevents(session, person_id, now=now), name=rules.CALENDAR_NAME)


def feed_token_of(session: Session, person_id: int, *, secret_key: str) -> str | None:
    """The token of a person's own agenda, made again from its row; None without one, or after a change of the secret key."""
    feed = session.scalar(select(FeedToken).where(FeedToken.person_id == person_id, FeedToken.revoked_at.is_(None)))
    if feed is None:
        return None
    token = rules.feed_token(secret_key, feed.public_id)
    return token if rules.token_sha256(token) == feed.token_sha256 else None


def session_file(session: Session, actor: Actor, public_id: uuid.UUID, *, now: datetime) -> CalendarFile | None:
    """A lesson to download; None when there is none, or when it is not this actor's to read."""
    lesson = session.scalar(select(TrainingSession).where(TrainingSession.public_id == public_id))
    if lesson is None or not _may_read_edition(session, actor, lesson.edition):
        return None
    return _file(session_vevents(session, lesson.id, now=now), f"les-{local_day(lesson.starts_at)}")


def edition_file(session: Session, actor: Actor, public_id: uuid.UUID, *, now: datetime) -> CalendarFile | None:
    """All lessons of an edition to download; None as for `session_file`."""
    edition = session.scalar(select(Edition).where(Edition.public_id == public_id))
    if edition is None or not _may_read_edition(session, actor, edition):
        return None
    return _file(edition_vevents(session, edition.id, now=now), "training")


def meeting_file(session: Session, actor: Actor, public_id: uuid.UUID, *, now: datetime) -> CalendarFile | None:
    """A meeting to download; None when there is none, or when it is not this actor's to read."""
    meeting = session.scalar(select(Meeting).where(Meeting.public_id == public_id))
    if meeting is None or not _may_read_meeting(session, actor, meeting):
        return None
    return _file(meeting_vevents(session, meeting.id, now=now), f"bijeenkomst-{local_day(meeting.starts_at)}")


@cache
def _agenda() -> CompoundSelect[int, datetime, bytes]:
    """The statement of an agenda, made once: it takes ten times longer to make than to ask."""
    person_id, today = bindparam("person_id", type_=Integer), bindparam("today", type_=Date)
    shown = or_(
        CalendarItem.status != ItemStatus.CANCELLED,
        CalendarItem.last_modified >= bindparam("shown_since", type_=UTCDateTime),
    )
    lessons = _of_sessions(TrainingSession.edition_id.in_(_own_editions(person_id, today)))
    meetings = select(CalendarItem).where(CalendarItem.meeting_id.in_(_own_meetings(person_id, today)))
    parts = [
        part.with_only_columns(CalendarItem.id, CalendarItem.starts_at, CalendarItem.vevent).where(shown)
        for part in (lessons, _lost_lessons(person_id), meetings)
    ]
    return union_all(*parts).order_by("starts_at", "id")


@cache
def _subscriber() -> Select[int]:
    """The statement that asks whose feed a token opens, made once."""
    return (
        select(FeedToken.person_id)
        .join(Person, Person.id == FeedToken.person_id)
        .where(
            FeedToken.token_sha256 == bindparam("token_sha256", type_=String),
            FeedToken.revoked_at.is_(None),
            Person.status != PersonStatus.erased,
        )
    )


def _file(vevents: Iterable[bytes], filename: str) -> CalendarFile:
    return CalendarFile(calendar_file(vevents, name=rules.CALENDAR_NAME), f"{filename}.ics")


def _blocks(session: Session, items: Select[CalendarItem]) -> list[bytes]:
    blocks = items.with_only_columns(CalendarItem.vevent).order_by(CalendarItem.starts_at, CalendarItem.id)
    return list(session.scalars(blocks))


def _of_sessions(condition: ColumnElement[bool]) -> Select[CalendarItem]:
    return select(CalendarItem).join(TrainingSession, TrainingSession.id == CalendarItem.session_id).where(condition)


def _still_shown(now: datetime) -> ColumnElement[bool]:
    return or_(CalendarItem.status != ItemStatus.CANCELLED, CalendarItem.last_modified >= now - rules.CANCELLED_STAYS)


def _own_editions(person_id: BindParameter[int], today: BindParameter[date]) -> CompoundSelect[int]:
    enrolled = select(Enrolment.edition_id).where(Enrolment.person_id == person_id, Enrolment.state.in_(TAKES_PART))
    teaches = select(RoleAssignment.edition_id).where(
        _held(person_id, today, Role.trainer, Role.assessor), RoleAssignment.edition_id.is_not(None)
    )
    return union(enrolled, teaches)


def _lost_lessons(person_id: BindParameter[int]) -> Select[CalendarItem]:
    """The lessons of cancelled editions that this person took part in until then."""
    left, joined = alias(EnrolmentEvent, "left_then"), alias(EnrolmentEvent, "joined")
    return (
        _of_sessions(CalendarItem.status == ItemStatus.CANCELLED)
        .join(Enrolment, Enrolment.edition_id == TrainingSession.edition_id)
        .join(left, and_(left.enrolment_id == Enrolment.id, left.state == EnrolmentState.withdrawn))
        .where(
            Enrolment.person_id == person_id,
            Enrolment.state == EnrolmentState.withdrawn,
            left.at >= CalendarItem.last_modified,
            exists().where(joined.enrolment_id == Enrolment.id, joined.state.in_(TAKES_PART)),
        )
    )


def _own_meetings(person_id: BindParameter[int], today: BindParameter[date]) -> CompoundSelect[int]:
    lost = and_(Assignment.state == AssignmentState.released, Meeting.state == MeetingState.cancelled)
    comes = (
        select(Assignment.meeting_id)
        .join(Meeting, Meeting.id == Assignment.meeting_id)
        .where(Assignment.person_id == person_id, or_(Assignment.state.in_(COMES), lost))
    )
    works_for = select(RoleAssignment.municipality_id).where(_held(person_id, today, Role.municipality_officer))
    asked = select(Meeting.id).where(Meeting.municipality_id.in_(works_for), Meeting.state != MeetingState.draft)
    return union(comes, asked)


def _held(person_id: BindParameter[int], today: BindParameter[date], *roles: Role) -> ColumnElement[bool]:
    return and_(
        RoleAssignment.person_id == person_id,
        RoleAssignment.role.in_(roles),
        RoleAssignment.since <= today,
        or_(RoleAssignment.until.is_(None), RoleAssignment.until >= today),
    )


def _may_read_edition(session: Session, actor: Actor, edition: Edition) -> bool:
    enrolled = select(Enrolment.id).where(
        Enrolment.edition_id == edition.id, Enrolment.person_id == actor.person_id, Enrolment.state.in_(MAY_READ)
    )
    return _may_read(session, actor, edition.scope, enrolled)


def _may_read_meeting(session: Session, actor: Actor, meeting: Meeting) -> bool:
    assigned = select(Assignment.id).where(
        Assignment.meeting_id == meeting.id, Assignment.person_id == actor.person_id, Assignment.state.in_(COMES)
    )
    return _may_read(session, actor, meeting.scope, assigned)


def _may_read(session: Session, actor: Actor, scope: Scope, takes_part: Select[int]) -> bool:
    if allows(actor, Permission.CALENDAR_READ, _Thing(replace(scope, person_id=None))):
        return True
    if actor.person_id is None or session.scalar(takes_part.limit(1)) is None:
        return False
    return allows(actor, Permission.CALENDAR_READ, _Thing(Scope(person_id=actor.person_id)))
