"""Tables of the calendar: one item per session or meeting with its finished bytes, and the feeds that people subscribe to."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from trainhub.core.access import Scope
from trainhub.core.db import Base, Keyed, Privacy, choice


class ItemStatus(StrEnum):
    """The STATUS of a VEVENT (RFC 5545 §3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class CalendarItem(Base):
    """One VEVENT: its UID never changes, its SEQUENCE only grows, its bytes are finished when the change is committed."""

    __tablename__ = "calendar_item"
    __table_args__ = (
        CheckConstraint("(session_id IS NULL) != (meeting_id IS NULL)", name="one_object"),
        CheckConstraint("sequence >= 0", name="sequence"),
    )
    privacy = Privacy(purpose="put lessons and meetings in an agenda", retention="30 days after the day itself")

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"), unique=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    status: Mapped[ItemStatus] = mapped_column(choice(ItemStatus, "status"), default=ItemStatus.CONFIRMED)
    fingerprint: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    last_modified: Mapped[datetime]
    vevent: Mapped[bytes]

    @property
    def scope(self) -> Scope:
        """An item is reached through its session or meeting."""
        return Scope()


class FeedToken(Keyed, Base):
    """A private address of one person's agenda; only the SHA-256 of its token is kept."""

    __tablename__ = "feed_token"
    privacy = Privacy(
        purpose="let a person subscribe to the own agenda",
        retention="until renewed or left",
        personal="label token_sha256",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    label: Mapped[str] = mapped_column(default="")
    token_sha256: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    @property
    def scope(self) -> Scope:
        """A feed belongs to its person."""
        return Scope(person_id=self.person_id)
