"""Tables of competence: who may assess what from when until when, and what was seen and signed off."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainhub.core.access import Scope
from trainhub.core.db import Base, Keyed, Privacy
from trainhub.core.i18n import _
from trainhub.courses.models import Competence
from trainhub.editions.models import Enrolment
from trainhub.people.models import Person


class AssessorMandate(Keyed, Base):
    """The dated authority of an assessor for a course version, or for one competence of it (ISO/IEC 17024 6.2)."""

    __tablename__ = "assessor_mandate"
    __table_args__ = (CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="period"),)
    privacy = Privacy(purpose="who may sign off", retention="end of the mandate + 7 years")

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    competence_id: Mapped[int | None] = mapped_column(ForeignKey("competence.id"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    @property
    def scope(self) -> Scope:
        """A mandate belongs to its assessor."""
        return Scope(person_id=self.person_id)


class SignOff(Keyed, Base):
    """A competence that an assessor saw in a person: with evidence and feedback; voided by a correction, never deleted."""

    __tablename__ = "sign_off"
    __table_args__ = (
        CheckConstraint("assessor_id != person_id", name="assessor_not_self"),
        CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="void_reason"),
        ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"]),
        Index(
            "uq_sign_off_active",
            "person_id",
            "competence_id",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
            info={"sentence": _("This competence has already been signed off.")},
        ),
        Index("ix_sign_off_enrolment_id", "enrolment_id"),
    )
    privacy = Privacy(
        purpose="show what somebody can do", retention="end of the certificate + 2 years", personal="evidence feedback"
    )

    enrolment_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    competence_id: Mapped[int] = mapped_column(ForeignKey("competence.id"), index=True)
    assessor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    evidence: Mapped[str]
    feedback: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    void_reason: Mapped[str | None]

    enrolment: Mapped[Enrolment] = relationship()
    competence: Mapped[Competence] = relationship()
    assessor: Mapped[Person] = relationship(foreign_keys=[assessor_id])

    @property
    def scope(self) -> Scope:
        """A sign-off belongs to its person, in the edition of the enrolment."""
        return Scope(person_id=self.person_id, edition_id=self.enrolment.edition_id)
