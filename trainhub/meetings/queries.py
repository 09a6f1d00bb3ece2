"""Questions about meetings: who comes, who was asked, what is planned, what was done."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from trainhub.core.db import alias
from trainhub.meetings.models import (
    Assignment,
    AssignmentState,
    Invitation,
    InvitationState,
    Meeting,
    MeetingRequest,
    MeetingState,
    Need,
    Part,
    RequestState,
)
from trainhub.meetings.rules import ACTIVE, BEFORE_HELD, Busy
from trainhub.people.models import Person

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session


def coming(session: Session, meeting_id: int) -> dict[int, int]:
    """How many people surely come, per need."""
    rows = session.execute(
        select(Assignment.need_id, func.count())
        .where(
            Assignment.meeting_id == meeting_id,
            Assignment.need_id.is_not(None),
            Assignment.state == AssignmentState.confirmed,
        )
        .group_by(Assignment.need_id)
    )
    return {need_id: number for need_id, number in rows if need_id is not None}


def active_assignments(session: Session, meeting_id: int) -> list[Assignment]:
    """The places of a meeting that are confirmed or uncertain."""
    return list(
        session.scalars(
            select(Assignment)
            .where(Assignment.meeting_id == meeting_id, Assignment.state.in_(ACTIVE))
            .order_by(Assignment.id)
            .options(joinedload(Assignment.person))
        )
    )


def open_invitations(session: Session, meeting_id: int) -> list[Invitation]:
    """The questions of a meeting that wait for an answer."""
    return list(
        session.scalars(
            select(Invitation)
            .join(Invitation.need)
            .where(Need.meeting_id == meeting_id, Invitation.state == InvitationState.sent)
            .order_by(Invitation.id)
            .options(contains_eager(Invitation.need), joinedload(Invitation.person))
        )
    )


def open_invitations_of(session: Session, person_id: int) -> list[Invitation]:
    """The questions to a person that wait for an answer, the first meeting first."""
    return list(
        session.scalars(
            select(Invitation)
            .join(Invitation.need)
            .join(Need.meeting)
            .where(Invitation.person_id == person_id, Invitation.state == InvitationState.sent)
            .order_by(Meeting.starts_at, Invitation.id)
            .options(contains_eager(Invitation.need).contains_eager(Need.meeting).joinedload(Meeting.neighbourhood))
        )
    )


def is_busy(session: Session, person_id: int, starts_at: datetime, ends_at: datetime, *, other_than: int) -> list[Busy]:
    """Where a person is expected in a stretch of time, apart from one meeting."""
    return _busy(session, Assignment.person_id == person_id, starts_at, ends_at, other_than)


def expected_elsewhere(session: Session, meeting_id: int, starts_at: datetime, ends_at: datetime) -> list[Busy]:
    """Who of a meeting's people is expected at another one in that stretch of time."""
    own = alias(Assignment, "own")
    people = select(own.person_id).where(own.meeting_id == meeting_id, own.state.in_(ACTIVE))
    return _busy(session, Assignment.person_id.in_(people), starts_at, ends_at, meeting_id)


def _busy(session: Session, who: object, starts_at: datetime, ends_at: datetime, other_than: int) -> list[Busy]:
    rows = session.execute(
        select(Person.call_name, Meeting.title, Assignment.starts_at)
        .join(Assignment.person)
        .join(Assignment.meeting)
        .where(
            who,  # type: ignore[arg-type]  # a clause; SQLAlchemy's own name for it is private
            Assignment.meeting_id != other_than,
            Assignment.state.in_(ACTIVE),
            Assignment.starts_at < ends_at,
            Assignment.ends_at > starts_at,
        )
        .order_by(Assignment.starts_at, Person.call_name)
    )
    return [Busy(name, where, at) for name, where, at in rows]


def future_leads(
    session: Session, *, now: datetime, person_id: int | None = None, meeting_id: int | None = None
) -> list[Assignment]:
    """The leading places, confirmed or uncertain, of a person or a meeting that is not over; with their meetings."""
    statement = (
        select(Assignment)
        .join(Assignment.meeting)
        .where(Assignment.part == Part.lead, Assignment.state.in_(ACTIVE), Assignment.ends_at > now)
        .order_by(Assignment.starts_at, Assignment.id)
        .options(contains_eager(Assignment.meeting))
    )
    if person_id is not None:
        statement = statement.where(Assignment.person_id == person_id)
    if meeting_id is not None:
        statement = statement.where(Assignment.meeting_id == meeting_id)
    return list(session.scalars(statement))


def request_page(session: Session, public_id: uuid.UUID) -> MeetingRequest | None:
    """A request with its places, programme and contact."""
    return session.scalar(_requests().where(MeetingRequest.public_id == public_id))


def requests_of(session: Session, municipality_ids: Collection[int]) -> list[MeetingRequest]:
    """The requests of these municipalities, the newest first."""
    return list(
        session.scalars(
            _requests()
            .where(MeetingRequest.municipality_id.in_(municipality_ids))
            .order_by(MeetingRequest.submitted_at.desc(), MeetingRequest.id.desc())
            .limit(100)
        )
    )


def requests_to_answer(session: Session) -> list[MeetingRequest]:
    """The requests that wait for a coordinator, the oldest first."""
    return list(
        session.scalars(
            _requests()
            .where(MeetingRequest.state == RequestState.submitted)
            .order_by(MeetingRequest.submitted_at, MeetingRequest.id)
        )
    )


def requests_answered(session: Session, *, limit: int = 50) -> list[MeetingRequest]:
    """The requests that were answered or withdrawn, the newest first."""
    return list(
        session.scalars(
            _requests()
            .where(MeetingRequest.state != RequestState.submitted)
            .order_by(MeetingRequest.submitted_at.desc(), MeetingRequest.id.desc())
            .limit(limit)
        )
    )


def _requests() -> Select[MeetingRequest]:
    return select(MeetingRequest).options(
        joinedload(MeetingRequest.municipality),
        joinedload(MeetingRequest.neighbourhood),
        joinedload(MeetingRequest.programme),
        joinedload(MeetingRequest.contact),
    )


def meeting_of_request(session: Session, request_id: int) -> Meeting | None:
    """The meeting that came of a request."""
    return session.scalar(select(Meeting).where(Meeting.request_id == request_id))


def meeting_page(session: Session, key: uuid.UUID | int) -> Meeting | None:
    """A meeting with its places, programme, needs, people and request; three queries."""
    column = Meeting.id if isinstance(key, int) else Meeting.public_id
    return session.scalar(
        select(Meeting)
        .where(column == key)
        .options(
            joinedload(Meeting.municipality),
            joinedload(Meeting.neighbourhood),
            joinedload(Meeting.programme),
            joinedload(Meeting.request),
            selectinload(Meeting.needs),
            selectinload(Meeting.assignments).joinedload(Assignment.person),
        )
    )


def invitations_of(session: Session, meeting_id: int) -> list[Invitation]:
    """Every question that was put for a meeting, with its person and need."""
    return list(
        session.scalars(
            select(Invitation)
            .join(Invitation.need)
            .where(Need.meeting_id == meeting_id)
            .order_by(Invitation.sent_at, Invitation.id)
            .options(contains_eager(Invitation.need), joinedload(Invitation.person))
        )
    )


def invitations_to(session: Session, person_id: int, *, limit: int = 50) -> list[Invitation]:
    """The questions that were put to a person, answered ones too, the newest first, with their meetings."""
    return list(
        session.scalars(
            select(Invitation)
            .where(Invitation.person_id == person_id)
            .order_by(Invitation.sent_at.desc(), Invitation.id.desc())
            .limit(limit)
            .options(joinedload(Invitation.need).joinedload(Need.meeting).joinedload(Meeting.neighbourhood))
        )
    )


def places_of(session: Session, person_id: int, *, limit: int = 50) -> list[Assignment]:
    """The places that a person had or has in meetings, the latest first, with their meetings."""
    return list(
        session.scalars(
            select(Assignment)
            .where(Assignment.person_id == person_id)
            .order_by(Assignment.starts_at.desc(), Assignment.id.desc())
            .limit(limit)
            .options(joinedload(Assignment.meeting).joinedload(Meeting.neighbourhood))
        )
    )


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A line in a list of meetings: the meeting, how many people it needs and how many surely come."""

    meeting: Meeting
    needed: int
    coming: int


def meetings_of(session: Session, municipality_ids: Collection[int]) -> list[MeetingRow]:
    """The meetings of these municipalities, the latest first."""
    statement = (
        _meetings().where(Meeting.municipality_id.in_(municipality_ids)).order_by(Meeting.starts_at.desc()).limit(100)
    )
    return _rows(session, statement)


def meetings(
    session: Session, *, now: datetime, upcoming: bool = True, page: int = 1, per_page: int = 25
) -> tuple[list[MeetingRow], int]:
    """One page of all meetings, upcoming or past, and how many there are."""
    when = (
        (Meeting.ends_at > now) & (Meeting.state != MeetingState.cancelled)
        if upcoming
        else or_(Meeting.ends_at <= now, Meeting.state == MeetingState.cancelled)
    )
    total = session.scalar(select(func.count()).select_from(Meeting).where(when)) or 0
    order = Meeting.starts_at if upcoming else Meeting.starts_at.desc()
    statement = _meetings().where(when).order_by(order, Meeting.id).limit(per_page).offset((page - 1) * per_page)
    return _rows(session, statement), total


def meetings_to_staff(session: Session, *, now: datetime) -> list[MeetingRow]:
    """The meetings ahead that still look for people, the first first; for the dashboard."""
    statement = (
        _meetings()
        .where(Meeting.starts_at > now, Meeting.state.in_((MeetingState.draft, MeetingState.staffing)))
        .order_by(Meeting.starts_at)
        .limit(50)
    )
    return _rows(session, statement)


def meetings_of_person(session: Session, person_id: int, *, since: datetime) -> list[Assignment]:
    """The places of a person in meetings that end after `since`, with the meetings; released ones left out."""
    return list(
        session.scalars(
            select(Assignment)
            .join(Assignment.meeting)
            .where(
                Assignment.person_id == person_id,
                Assignment.state != AssignmentState.released,
                Meeting.ends_at > since,
                Meeting.state.in_(BEFORE_HELD),
            )
            .order_by(Assignment.starts_at)
            .options(
                contains_eager(Assignment.meeting).joinedload(Meeting.neighbourhood),
                contains_eager(Assignment.meeting).joinedload(Meeting.municipality),
            )
        )
    )


def _meetings() -> Select[Meeting]:
    return select(Meeting).options(
        joinedload(Meeting.municipality), joinedload(Meeting.neighbourhood), joinedload(Meeting.programme)
    )


def _rows(session: Session, statement: Select[Meeting]) -> list[MeetingRow]:
    needed = (
        select(func.coalesce(func.sum(Need.count), 0))
        .where(Need.meeting_id == Meeting.id)
        .correlate(Meeting)
        .scalar_subquery()
    )
    come = (
        select(func.count())
        .where(
            Assignment.meeting_id == Meeting.id,
            Assignment.part == Part.lead,
            Assignment.state.in_((AssignmentState.confirmed, AssignmentState.done)),
        )
        .correlate(Meeting)
        .scalar_subquery()
    )
    rows = session.execute(statement.add_columns(needed, come))
    return [MeetingRow(meeting, int(needs), int(people)) for meeting, needs, people in rows]


def held_per_cell(session: Session, programme_id: int) -> dict[tuple[int, str], int]:
    """How many meetings of a programme were held, per `(neighbourhood_id, audience)`; one query, for the target matrix."""
    statement = (
        select(Meeting.neighbourhood_id, Meeting.audience, func.count())
        .where(
            Meeting.programme_id == programme_id,
            Meeting.state.in_((MeetingState.held, MeetingState.evaluated, MeetingState.closed)),
        )
        .group_by(Meeting.neighbourhood_id, Meeting.audience)
    )
    return {(place, audience.value): count for place, audience, count in session.execute(statement)}


def leaders_of(session: Session, meeting_ids: Collection[int]) -> dict[int, list[str]]:
    """The call names of who leads these meetings: only who surely comes or came, so only after a yes."""
    rows = session.execute(
        select(Assignment.meeting_id, Person.call_name)
        .join(Assignment.person)
        .where(
            Assignment.meeting_id.in_(meeting_ids),
            Assignment.part == Part.lead,
            Assignment.state.in_((AssignmentState.confirmed, AssignmentState.done)),
        )
        .order_by(Assignment.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for meeting_id, name in rows:
        found[meeting_id].append(name)
    return dict(found)
