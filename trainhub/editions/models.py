"""Tables of editions: a run of a course, its sessions, and who takes part or waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainhub.core.access import Scope
from trainhub.core.clock import ZONE_NAME
from trainhub.core.db import Base, Keyed, Privacy, Revised, choice
from trainhub.core.i18n import _
from trainhub.courses.models import CourseVersion, Module
from trainhub.people.models import Person
from trainhub.places.models import Municipality

EDITION = Privacy(purpose="run a training", retention="as long as certificates refer to it")


class EditionState(StrEnum):
    """Where an edition is in its life."""

    draft = "draft"
    open = "open"
    running = "running"
    completed = "completed"
    archived = "archived"
    cancelled = "cancelled"


class SessionState(StrEnum):
    """A session is planned, then held or cancelled; a move keeps it planned and raises its revision."""

    planned = "planned"
    held = "held"
    cancelled = "cancelled"


class EnrolmentState(StrEnum):
    """Where a person is in an edition."""

    applied = "applied"
    waitlisted = "waitlisted"
    offered = "offered"
    confirmed = "confirmed"
    active = "active"
    paused = "paused"
    completed = "completed"
    not_completed = "not_completed"
    rejected = "rejected"
    declined = "declined"
    lapsed = "lapsed"
    withdrawn = "withdrawn"
    deferred = "deferred"


class Edition(Keyed, Revised, Base):
    """A run of a course version: who, where, when, and for how many people."""

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("enrol_until IS NULL OR enrol_from IS NULL OR enrol_until >= enrol_from", name="enrol_period"),
    )
    privacy = EDITION

    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True, info={"sentence": _("There is already an edition with that code.")})
    title: Mapped[str]
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    state: Mapped[EditionState] = mapped_column(choice(EditionState, "state"), default=EditionState.draft)
    capacity: Mapped[int]
    enrol_from: Mapped[date | None]
    enrol_until: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancelled_because: Mapped[str | None]

    course_version: Mapped[CourseVersion] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
    sessions: Mapped[list[TrainingSession]] = relationship(
        back_populates="edition", order_by="TrainingSession.starts_at"
    )
    enrolments: Mapped[list[Enrolment]] = relationship(back_populates="edition", order_by="Enrolment.id")

    @property
    def scope(self) -> Scope:
        """An edition belongs to itself and its programme."""
        return Scope(edition_id=self.id, programme_id=self.course_version.course.programme_id)


class TrainingSession(Keyed, Revised, Base):
    """A lesson (les): one module of the course on one day. `revision` counts its moves."""

    __tablename__ = "session"
    __table_args__ = (
        UniqueConstraint("id", "edition_id"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )
    privacy = EDITION

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    tz: Mapped[str] = mapped_column(default=ZONE_NAME)
    place: Mapped[str | None]
    online_url: Mapped[str | None]
    state: Mapped[SessionState] = mapped_column(choice(SessionState, "state"), default=SessionState.planned)
    revision: Mapped[int] = mapped_column(default=0)

    edition: Mapped[Edition] = relationship(back_populates="sessions")
    module: Mapped[Module] = relationship(lazy="joined")

    @property
    def scope(self) -> Scope:
        """A session belongs to its edition and the programme of it."""
        return self.edition.scope


class Enrolment(Keyed, Revised, Base):
    """A person in an edition; places and the waiting list follow from its state and `queued_at`."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("edition_id", "person_id", info={"sentence": _("This person is already in this edition.")}),
        UniqueConstraint("id", "edition_id"),
        Index("ix_enrolment_edition_id_state", "edition_id", "state"),
    )
    privacy = Privacy(purpose="take part in a training", retention="end of the certificate + 2 years")

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[EnrolmentState] = mapped_column(choice(EnrolmentState, "state"), default=EnrolmentState.applied)
    queued_at: Mapped[datetime]
    offered_until: Mapped[datetime | None]

    edition: Mapped[Edition] = relationship(back_populates="enrolments")
    person: Mapped[Person] = relationship()

    @property
    def scope(self) -> Scope:
        """An enrolment belongs to its person, its edition and the programme of it."""
        return replace(self.edition.scope, person_id=self.person_id)


class EnrolmentEvent(Base):
    """A step of an enrolment, appended."""

    __tablename__ = "enrolment_event"
    __table_args__ = (
        ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"]),
        Index("ix_enrolment_event_enrolment_id", "enrolment_id"),
    )
    privacy = Privacy(purpose="how an enrolment went", retention="end of the certificate + 2 years")

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int]
    at: Mapped[datetime]
    state: Mapped[EnrolmentState] = mapped_column(choice(EnrolmentState, "state"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
