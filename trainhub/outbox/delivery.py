"""Delivery: claim with a lease, post over SMTP, mark. At least once, and a second copy carries the same Message-ID.

Each step is its own unit of work, so a worker that dies in the middle leaves either a queued letter or a lease that ends.
"""

from __future__ import annotations

import smtplib
import ssl
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from sqlalchemy import Select, select

from trainhub.core.access import SYSTEM, Permission
from trainhub.core.clock import system_clock
from trainhub.core.work import unit_of_work
from trainhub.outbox import rules
from trainhub.outbox.models import Message, MessageState
from trainhub.outbox.packet import packet
from trainhub.outbox.queries import has_due, is_due

if TYPE_CHECKING:
    from trainhub.core.clock import Clock
    from trainhub.core.db import Database
    from trainhub.core.settings import Settings
    from trainhub.core.work import Work

BATCH = 20
PATIENCE_SECONDS = 30
PERMANENT = 500

Post = Callable[[Message], None]


class Refused(Exception):
    """The mail server will never take this letter."""


class Postponed(Exception):
    """The mail server cannot take this letter now (4xx), but goes on with others."""


class Unavailable(Exception):
    """The mail server is not there, or went away."""


@dataclass(slots=True)
class Round:
    """What one round of delivery did."""

    sent: int = 0
    failed: int = 0
    postponed: int = 0


def deliver(
    db: Database, settings: Settings, *, clock: Clock = system_clock, stopped: Callable[[], bool] = bool
) -> Round:
    """Post every e-mail that is due, in batches; returns the counts. Without a mail server nothing is touched.

    Ends early, between two letters, once `stopped` says so; what was claimed and not posted is queued again.
    """
    delivery = _Delivery(db, settings, clock, stopped)
    while settings.smtp_url and not stopped() and delivery.has_due() and (batch := delivery.claim()):
        if not delivery.post_all(batch):
            break
    return delivery.done


class _Delivery:
    """One round: each step is a unit of work of its own."""

    def __init__(self, db: Database, settings: Settings, clock: Clock, stopped: Callable[[], bool]) -> None:
        self.db, self.settings, self.clock, self.stopped = db, settings, clock, stopped
        self.done = Round()

    def has_due(self) -> bool:
        """Look before locking anything: an idle worker holds up nobody."""
        with self.db.read_session() as session:
            return has_due(session, now=self.clock())

    def claim(self) -> list[Message]:
        """Lease the next letters; no other worker takes them as long as the lease runs."""
        with self._work() as work:
            batch = list(work.session.scalars(_due(work)))
            for message in batch:
                message.state, message.leased_until = MessageState.sending, work.now + rules.LEASE
                message.attempts += 1
                work.record("message.claimed", message)
        return batch

    def post_all(self, batch: list[Message]) -> bool:
        """Post the letters over as few connections as it takes: a letter that breaks one holds up no other.

        Returns whether the mail server could be reached.
        """
        waiting = deque(batch)
        try:
            while waiting and not self.stopped():
                with _server(self.settings) as post:
                    self._post_until_lost(waiting, post)
        except Unavailable as problem:
            for message in waiting:
                self._postpone(message, str(problem), gives_up=False)
            return False
        for message in waiting:
            self._put_back(message)
        return True

    def _post_until_lost(self, waiting: deque[Message], post: Post) -> None:
        while waiting and not self.stopped():
            message = waiting.popleft()
            if not rules.is_still_leased(message.leased_until, self.clock()):
                continue
            try:
                post(message)
            except Unavailable as problem:
                self._postpone(message, str(problem))
                return
            except Postponed as problem:
                self._postpone(message, str(problem))
            except Refused as refusal:
                self._finish(message, MessageState.failed, str(refusal))
                self.done.failed += 1
            else:
                self._finish(message, MessageState.sent, None)
                self.done.sent += 1

    def _finish(self, message: Message, state: MessageState, error: str | None) -> None:
        with self._work() as work:
            row = work.lock(Message, message.id)
            row.state, row.leased_until, row.last_error = state, None, error
            row.sent_at = work.now if state == MessageState.sent else None
            work.record(f"message.{state.value}", row)

    def _postpone(self, message: Message, error: str, *, gives_up: bool = True) -> None:
        """Try again later; a letter that failed too often has failed, but a mail server that is away never counts."""
        with self._work() as work:
            row = work.lock(Message, message.id)
            again = rules.next_attempt(work.now, row.attempts, gives_up=gives_up)
            row.state = MessageState.queued if again else MessageState.failed
            row.due_at, row.leased_until, row.last_error = again or row.due_at, None, error
            work.record("message.postponed" if again else "message.failed", row)
        self.done.postponed += again is not None
        self.done.failed += again is None

    def _put_back(self, message: Message) -> None:
        with self._work() as work:
            row = work.lock(Message, message.id)
            row.state, row.leased_until, row.attempts = MessageState.queued, None, row.attempts - 1
            work.record("message.put_back", row)

    @contextmanager
    def _work(self) -> Iterator[Work]:
        with unit_of_work(self.db, self.settings, SYSTEM, now=self.clock()) as work:
            work.require(Permission.MESSAGE_SEND)
            yield work


def _due(work: Work) -> Select[Message]:
    due = select(Message).where(is_due(work.now)).order_by(Message.due_at, Message.id)
    return due.limit(BATCH).with_for_update(skip_locked=True)


@contextmanager
def _server(settings: Settings) -> Iterator[Post]:
    """A connection to the mail server as a function that posts one message.

    Raises `Unavailable` when there is no connection; the function raises `Refused` for a 5xx answer to this letter,
    `Postponed` for a 4xx one, and `Unavailable` when the connection is lost.
    """
    try:
        connection = _connect(settings.smtp_url or "")
    except (OSError, smtplib.SMTPException) as problem:
        raise Unavailable(_reason(problem)) from problem
    try:
        yield lambda message: _post(connection, message, settings.mail_from)
    finally:
        _hang_up(connection)


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port
    if parts.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port or 465, timeout=PATIENCE_SECONDS, context=ssl.create_default_context()
        )
    else:
        connection = smtplib.SMTP(host, port or (587 if "starttls" in parts.scheme else 25), timeout=PATIENCE_SECONDS)
    try:
        if parts.scheme == "smtp+starttls":
            connection.starttls(context=ssl.create_default_context())
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
    except (OSError, smtplib.SMTPException):
        connection.close()
        raise
    return connection


def _hang_up(connection: smtplib.SMTP) -> None:
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
    connection.close()


def _post(connection: smtplib.SMTP, message: Message, mail_from: str) -> None:
    if not message.address:
        raise Refused("There is no address any more.")
    try:
        connection.send_message(packet(message, mail_from=mail_from))
    except smtplib.SMTPRecipientsRefused as refused:
        code, answer = next(iter(refused.recipients.values()))
        _raise_for(code, answer)
    except smtplib.SMTPResponseException as refused:
        _raise_for(refused.smtp_code, refused.smtp_error)
    except (ValueError, smtplib.SMTPNotSupportedError) as unfit:
        raise Refused(_reason(unfit)) from unfit
    except (OSError, smtplib.SMTPException) as problem:
        raise Unavailable(_reason(problem)) from problem


def _raise_for(code: int, answer: bytes | str) -> None:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    raise (Refused if code >= PERMANENT else Postponed)(f"{code} {words}"[:500])


def _reason(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"[:500]
