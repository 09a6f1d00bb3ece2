"""Tables of meetings: what a municipality asks for, what is planned, who is needed, asked and coming."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainhub.core.access import Scope
from trainhub.core.clock import ZONE_NAME
from trainhub.core.db import Base, Keyed, Privacy, Revised, choice
from trainhub.core.i18n import _
from trainhub.courses.models import Track
from trainhub.people.models import DayPart, Person
from trainhub.places.models import Municipality, Neighbourhood
from trainhub.programmes.models import Audience, Programme

MEETING = Privacy(purpose="hold meetings", retention="as long as the programme + 7 years")
STAFFING = Privacy(purpose="ask people for a meeting", retention="the meeting + 2 years")


class RequestState(StrEnum):
    """Where a municipality's request is."""

    submitted = "submitted"
    accepted = "accepted"
    rejected = "rejected"
    withdrawn = "withdrawn"


class MeetingState(StrEnum):
    """Where a meeting is in its life."""

    draft = "draft"
    staffing = "staffing"
    staffed = "staffed"
    confirmed = "confirmed"
    held = "held"
    evaluated = "evaluated"
    closed = "closed"
    cancelled = "cancelled"


class InvitationState(StrEnum):
    """What became of an invitation."""

    sent = "sent"
    accepted = "accepted"
    declined = "declined"
    expired = "expired"
    recalled = "recalled"


class AssignmentState(StrEnum):
    """What became of somebody's place in a meeting."""

    confirmed = "confirmed"
    at_risk = "at_risk"
    done = "done"
    released = "released"


class Part(StrEnum):
    """What a person does at a meeting: lead it, or practise by observing or co-leading."""

    lead = "lead"
    co_lead = "co_lead"
    observe = "observe"


class MeetingRequest(Keyed, Revised, Base):
    """A municipality's wish for a meeting in a neighbourhood. `submission_key` makes a double click one request."""

    __tablename__ = "meeting_request"
    __table_args__ = (
        ForeignKeyConstraint(
            ["neighbourhood_id", "municipality_id"],
            ["neighbourhood.id", "neighbourhood.municipality_id"],
            name="in_municipality",
        ),
        CheckConstraint("state != 'rejected' OR length(answer) > 0", name="answer"),
        CheckConstraint("discussion_leaders > 0 AND experts > 0", name="needs"),
    )
    privacy = Privacy(purpose="hold meetings", retention="the meeting + 2 years", personal="contact_id")

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    neighbourhood_id: Mapped[int] = mapped_column()
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    audience: Mapped[Audience] = mapped_column(choice(Audience, "audience"))
    wished_on: Mapped[date]
    wished_part: Mapped[DayPart] = mapped_column(choice(DayPart, "wished_part"))
    discussion_leaders: Mapped[int] = mapped_column(default=1)
    experts: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(default="")
    contact_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[RequestState] = mapped_column(
        choice(RequestState, "state"), default=RequestState.submitted, index=True
    )
    answer: Mapped[str] = mapped_column(default="")
    submission_key: Mapped[str] = mapped_column(
        unique=True, info={"sentence": _("This request has already been sent.")}
    )
    submitted_at: Mapped[datetime]

    municipality: Mapped[Municipality] = relationship(overlaps="neighbourhood")
    neighbourhood: Mapped[Neighbourhood] = relationship(overlaps="municipality")
    programme: Mapped[Programme] = relationship()
    contact: Mapped[Person] = relationship()

    @property
    def scope(self) -> Scope:
        """A request belongs to its municipality."""
        return Scope(municipality_id=self.municipality_id, programme_id=self.programme_id)


class Meeting(Keyed, Revised, Base):
    """An awareness meeting (bewustwordingsbijeenkomst) for exactly one audience, in one neighbourhood."""

    __tablename__ = "meeting"
    __table_args__ = (
        ForeignKeyConstraint(
            ["neighbourhood_id", "municipality_id"],
            ["neighbourhood.id", "neighbourhood.municipality_id"],
            name="in_municipality",
        ),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )
    privacy = MEETING

    request_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_request.id"), unique=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    neighbourhood_id: Mapped[int] = mapped_column(index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    audience: Mapped[Audience] = mapped_column(choice(Audience, "audience"))
    title: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    tz: Mapped[str] = mapped_column(default=ZONE_NAME)
    place: Mapped[str | None]
    online_url: Mapped[str | None]
    state: Mapped[MeetingState] = mapped_column(choice(MeetingState, "state"), default=MeetingState.draft, index=True)
    cancelled_because: Mapped[str | None]

    request: Mapped[MeetingRequest | None] = relationship()
    municipality: Mapped[Municipality] = relationship(overlaps="neighbourhood")
    neighbourhood: Mapped[Neighbourhood] = relationship(overlaps="municipality")
    programme: Mapped[Programme] = relationship()
    needs: Mapped[list[Need]] = relationship(back_populates="meeting", order_by="Need.id")
    assignments: Mapped[list[Assignment]] = relationship(back_populates="meeting", order_by="Assignment.id")

    @property
    def scope(self) -> Scope:
        """A meeting belongs to its municipality."""
        return Scope(municipality_id=self.municipality_id, programme_id=self.programme_id)


class Need(Keyed, Base):
    """How many people of a role a meeting needs, and how many in reserve; in which language, if not Dutch."""

    __tablename__ = "need"
    __table_args__ = (
        UniqueConstraint("meeting_id", "role", "language"),
        CheckConstraint("count > 0", name="count"),
        CheckConstraint("reserve >= 0", name="reserve"),
    )
    privacy = STAFFING

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    role: Mapped[Track] = mapped_column(choice(Track, "role"))
    count: Mapped[int] = mapped_column(default=1)
    reserve: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(default="nl")

    meeting: Mapped[Meeting] = relationship(back_populates="needs")

    @property
    def scope(self) -> Scope:
        """A need belongs to its meeting."""
        return self.meeting.scope


class Invitation(Keyed, Revised, Base):
    """A question to one person for one need, answered by a signed link or on the own page."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint(
            "need_id", "person_id", info={"sentence": _("This person has already been asked for this place.")}
        ),
    )
    privacy = STAFFING

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    wave: Mapped[int] = mapped_column(default=1)
    state: Mapped[InvitationState] = mapped_column(
        choice(InvitationState, "state"), default=InvitationState.sent, index=True
    )
    sent_at: Mapped[datetime]
    answer_until: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    need: Mapped[Need] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def scope(self) -> Scope:
        """An invitation belongs to the person who was asked."""
        return Scope(person_id=self.person_id)


class Assignment(Keyed, Revised, Base):
    """A person's place in a meeting (inzet). Confirmed ones of a person never overlap in time (EXCLUDE, triggers).

    `certificate_id` names the proof on which a leading place rests; `starts_at` and `ends_at` follow the meeting.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "uq_assignment_active",
            "meeting_id",
            "person_id",
            unique=True,
            sqlite_where=text("state != 'released'"),
            postgresql_where=text("state != 'released'"),
            info={"sentence": _("This person already has a place in this meeting.")},
        ),
        CheckConstraint("part != 'lead' OR certificate_id IS NOT NULL", name="certificate_to_lead"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_assignment_person_id_starts_at", "person_id", "starts_at"),
        {
            "info": {
                "sentences": {"ex_assignment_overlap": _("This person is already at another meeting at that time.")}
            }
        },
    )
    privacy = STAFFING

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Track] = mapped_column(choice(Track, "role"))
    part: Mapped[Part] = mapped_column(choice(Part, "part"), default=Part.lead)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    state: Mapped[AssignmentState] = mapped_column(choice(AssignmentState, "state"), default=AssignmentState.confirmed)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship(back_populates="assignments")
    person: Mapped[Person] = relationship()

    @property
    def scope(self) -> Scope:
        """An assignment belongs to its person, and to the municipality of its meeting."""
        return Scope(person_id=self.person_id, municipality_id=self.meeting.municipality_id)
