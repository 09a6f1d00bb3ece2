"""The table of attendance: one fact per session and enrolment, in the edition of both."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainhub.core.access import Scope
from trainhub.core.db import Base, Keyed, Privacy, Revised, choice


class AttendanceStatus(StrEnum):
    """What is known of a person at a session; excused is not present, made up counts once for its module."""

    unknown = "unknown"
    present = "present"
    partly = "partly"
    excused = "excused"
    absent = "absent"
    made_up = "made_up"


class Attendance(Keyed, Revised, Base):
    """Whether a person was at a session. Both keys name the edition: attendance of another edition cannot exist."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("session_id", "enrolment_id"),
        ForeignKeyConstraint(
            ["session_id", "edition_id"], ["session.id", "session.edition_id"], name="session_edition"
        ),
        ForeignKeyConstraint(
            ["enrolment_id", "edition_id"], ["enrolment.id", "enrolment.edition_id"], name="enrolment_edition"
        ),
        CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes"),
        CheckConstraint("status = 'partly' OR minutes IS NULL", name="minutes_when_partly"),
        Index("ix_attendance_enrolment_id", "enrolment_id"),
        Index("ix_attendance_edition_id", "edition_id"),
    )
    privacy = Privacy(purpose="show what was followed", retention="end of the certificate + 2 years")

    edition_id: Mapped[int]
    session_id: Mapped[int]
    enrolment_id: Mapped[int]
    status: Mapped[AttendanceStatus] = mapped_column(
        choice(AttendanceStatus, "status"), default=AttendanceStatus.unknown
    )
    minutes: Mapped[int | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    @property
    def scope(self) -> Scope:
        """Attendance belongs to its edition."""
        return Scope(edition_id=self.edition_id)
