"""Questions of the outbox: the queue by state, one message, what people must still be told, and whether the worker works."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from trainhub.outbox.models import Message, MessageState, WorkerRun
from trainhub.people.models import Channel, Person

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

PAGE_SIZE = 50
UNSENT = (MessageState.queued, MessageState.sending)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue: messages with their person, and how many there are."""

    messages: Sequence[Message]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Health:
    """How the outbox does: when the worker last worked, since when the oldest e-mail waits, what failed, what people must do."""

    last_run: WorkerRun | None
    oldest_unsent: datetime | None
    waiting: int
    failed: int
    tasks: int
    now: datetime

    @property
    def run_age(self) -> timedelta | None:
        """How long ago the worker last noted that it works; None when it never did."""
        return None if self.last_run is None else self.now - self.last_run.ended_at

    @property
    def unsent_age(self) -> timedelta | None:
        """How long the oldest e-mail that is due has been waiting; None when nothing waits."""
        return None if self.oldest_unsent is None else self.now - self.oldest_unsent


def counts_by_state(session: Session) -> dict[MessageState, int]:
    """How many messages are in each state, zeros included."""
    found = session.execute(select(Message.state, func.count()).group_by(Message.state))
    counts = {row[0]: row[1] for row in found}
    return {state: counts.get(state, 0) for state in MessageState}


def queue_page(
    session: Session, *, state: MessageState | None, words: str = "", tasks: bool = False, page: int = 1
) -> QueuePage:
    """Messages in `state` (None: all) about `words` in the subject, the address or the person's name; the newest first.

    With `tasks` only what a person must tell or hand over: messages by phone, letter or supporter.
    """
    matching = _matching(state, words, tasks=tasks)
    total = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    pages = max(1, ceil(total / PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = (
        matching.options(joinedload(Message.person))
        .order_by(Message.created_at.desc(), Message.id.desc())
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    return QueuePage(session.scalars(rows).all(), page, pages, total)


def message_by(session: Session, public_id: uuid.UUID) -> Message | None:
    """One message with its person; None when there is none."""
    return session.scalar(select(Message).options(joinedload(Message.person)).where(Message.public_id == public_id))


def messages_to(session: Session, person_id: int, *, limit: int = 30) -> Sequence[Message]:
    """The last messages to a person, the newest first."""
    statement = (
        select(Message)
        .where(Message.person_id == person_id)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(limit)
    )
    return session.scalars(statement).all()


def health(session: Session, *, now: datetime) -> Health:
    """How the outbox does now, in three queries."""
    by_mail = and_(Message.state.in_(UNSENT), Message.channel == Channel.email)
    waiting, oldest = session.execute(
        select(func.count(), func.min(Message.created_at)).where(by_mail, Message.due_at <= now)
    ).one()
    failed, tasks = session.execute(
        select(
            func.count().filter(Message.state == MessageState.failed),
            func.count().filter(Message.state == MessageState.queued, Message.channel != Channel.email),
        ).where(Message.state.in_((MessageState.failed, MessageState.queued)))
    ).one()
    return Health(last_run(session), oldest, waiting, failed, tasks, now)


def last_run(session: Session) -> WorkerRun | None:
    """What the worker last wrote down; None when it never ran."""
    return session.scalar(select(WorkerRun).order_by(WorkerRun.started_at.desc(), WorkerRun.id.desc()).limit(1))


def has_due(session: Session, *, now: datetime) -> bool:
    """Whether there is an e-mail to post now."""
    return bool(session.scalar(select(exists().where(is_due(now)))))


def is_due(now: datetime) -> ColumnElement[bool]:
    """The condition on messages that the worker may claim now: due, or left behind by a worker that died."""
    waiting = and_(Message.state == MessageState.queued, Message.due_at <= now)
    abandoned = and_(Message.state == MessageState.sending, Message.leased_until < now)
    return and_(or_(waiting, abandoned), Message.channel == Channel.email)


def _matching(state: MessageState | None, words: str, *, tasks: bool) -> Select[Message]:
    found = select(Message)
    if state is not None:
        found = found.where(Message.state == state)
    if tasks:
        found = found.where(Message.channel != Channel.email)
    for word in words.lower().split()[:5]:
        found = found.where(_mentions(word))
    return found


def _mentions(word: str) -> ColumnElement[bool]:
    named = Message.person_id.in_(select(Person.id).where(func.lower(Person.call_name).contains(word, autoescape=True)))
    texts = (Message.subject, Message.address)
    return or_(*(func.lower(text).contains(word, autoescape=True) for text in texts), named)
