"""The table of the outbox: every letter, mail and phone task as a row first."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainhub.core.access import Scope
from trainhub.core.db import Base, Keyed, Privacy, Revised, choice
from trainhub.people.models import Channel, Person


class MessageState(StrEnum):
    """Where a message is on its way."""

    held = "held"
    queued = "queued"
    sending = "sending"
    sent = "sent"
    failed = "failed"
    cancelled = "cancelled"


class Message(Keyed, Revised, Base):
    """One letter to one person. `dedupe_key` lets a letter be queued only once; `public_id` is its Message-ID.

    `sending` rows are leased until `leased_until`; a worker that died lets go of them by itself.
    """

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_state_due_at", "state", "due_at"),)
    privacy = Privacy(
        purpose="tell people what happens",
        retention="1 year",
        personal="address subject body html attachment last_error",
    )

    dedupe_key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    address: Mapped[str | None]
    letter: Mapped[str] = mapped_column(index=True)
    locale: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    html: Mapped[str]
    attachment: Mapped[bytes | None]
    state: Mapped[MessageState] = mapped_column(choice(MessageState, "state"), default=MessageState.queued)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]

    person: Mapped[Person | None] = relationship()

    @property
    def scope(self) -> Scope:
        """A message belongs to its receiver."""
        return Scope(person_id=self.person_id)


class WorkerRun(Base):
    """One round of the worker, for `/healthz` and the admin's health page."""

    __tablename__ = "worker_run"
    privacy = Privacy(purpose="know that the work is done", retention="3 months")

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime]
    sent: Mapped[int]
    failed: Mapped[int]

    @property
    def scope(self) -> Scope:
        """A run belongs to nobody."""
        return Scope()
