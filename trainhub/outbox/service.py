"""Verbs of the outbox: queue a letter in the transaction of the change it tells about; hold, let go, cancel it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from trainhub.core.access import Permission
from trainhub.outbox import rules
from trainhub.outbox.letter import Letter, rendered
from trainhub.outbox.models import Message, MessageState, WorkerRun
from trainhub.people.models import Channel, Person, PersonStatus

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from trainhub.core.work import Key, Work


def queue(
    work: Work,
    letter: Letter,
    *,
    person: Person,
    dedupe_key: str,
    due_at: datetime | None = None,
    attachment: bytes | None = None,
) -> Message | None:
    """Queue `letter` for `person`, once per `dedupe_key`; None when it was queued before or the person was erased.

    A person who wants no e-mail gets the same words as a letter or a phone task in the same queue. `attachment` is a finished
    calendar file. No permission is asked: a letter follows from an act that was allowed.
    """
    if person.status == PersonStatus.erased or _is_known(work, dedupe_key):
        return None
    words = rendered(letter, person.locale, work.settings)
    message = work.add(
        Message(
            dedupe_key=dedupe_key,
            person_id=person.id,
            channel=person.channel,
            address=_address(person),
            letter=letter.name,
            locale=person.locale,
            subject=words.subject,
            body=words.text,
            html=words.html,
            attachment=attachment,
            state=MessageState.queued,
            due_at=due_at or work.now,
            created_at=work.now,
        )
    )
    work.record("message.queued", message, letter=letter.name)
    return message


def _is_known(work: Work, dedupe_key: str) -> bool:
    return work.session.scalar(select(Message.id).where(Message.dedupe_key == dedupe_key)) is not None


def _address(person: Person) -> str | None:
    return {Channel.email: person.email, Channel.phone: person.phone}.get(person.channel)


def hold(work: Work, *, message_id: Key, version: int | None = None) -> Message:
    """Keep a queued message back until it is let go."""
    return _step(work, message_id, MessageState.held, "message.held", version)


def let_go(work: Work, *, message_id: Key, version: int | None = None) -> Message:
    """Queue a held or failed message again, to be posted in the next round."""
    message = _step(work, message_id, MessageState.queued, "message.released", version)
    message.due_at, message.attempts = work.now, 0
    return message


def cancel(work: Work, *, message_id: Key, version: int | None = None) -> Message:
    """Cancel a message that was not sent yet."""
    return _step(work, message_id, MessageState.cancelled, "message.cancelled", version)


def mark_delivered(work: Work, *, message_id: Key, version: int | None = None) -> Message:
    """A person told or handed this message over: a phone or letter task is done. Raises `RuleBroken` for e-mail."""
    message = work.lock(Message, message_id)
    work.require(Permission.MESSAGE_CHANGE, message)
    rules.may_be_told(message.channel)
    message = _step(work, message_id, MessageState.sent, "message.delivered", version)
    message.sent_at = work.now
    return message


def forget(work: Work, *, person_id: int, about: Collection[str] = ()) -> int:
    """Empty every message to a person who is erased, and those to others whose dedupe key is in `about`.

    What was not sent is cancelled; the rows stay. Returns how many there were.
    """
    person = work.get(Person, person_id)
    work.require(Permission.PERSON_CHANGE, person)
    theirs = or_(Message.person_id == person.id, Message.dedupe_key.in_(about))
    messages = work.session.scalars(select(Message).where(theirs).with_for_update()).all()
    for message in messages:
        if MessageState.cancelled in rules.ALLOWED[message.state]:
            message.state = MessageState.cancelled
        message.address = message.attachment = message.last_error = None
        message.subject = message.body = message.html = ""
        work.record("message.forgotten", message)
    return len(messages)


def note_run(work: Work, *, started_at: datetime, sent: int, failed: int) -> WorkerRun:
    """Write down that the worker did a round that ended now, for the health page."""
    work.require(Permission.WORKER_RUN)
    run = work.add(WorkerRun(started_at=started_at, ended_at=work.now, sent=sent, failed=failed))
    work.record("worker_run.noted", run, sent=sent, failed=failed)
    return run


def _step(work: Work, message_id: Key, state: MessageState, event: str, version: int | None) -> Message:
    message = work.lock(Message, message_id)
    work.require(Permission.MESSAGE_CHANGE, message)
    work.expect(message, version)
    rules.may_become(message.state, state)
    message.state = state
    work.record(event, message)
    return message
