"""Delivery over a real mail server: every letter goes, once where possible, and never under another Message-ID."""

from __future__ import annotations

import signal
import socket
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from tests.conftest import assembled
from tests.factories.base import NOW
from trainhub.core.audit import AuditEntry
from trainhub.outbox import delivery, rules
from trainhub.outbox.models import Message, MessageState
from trainhub.people.models import Channel, Person

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from tests.mail_server import MailServer
    from trainhub.core.clock import Clock
    from trainhub.core.db import Database
    from trainhub.core.settings import Settings

WAIT_SECONDS = 30


def at(now: datetime) -> Clock:
    """A clock that stands still."""
    return lambda: now


def rows(database: Database) -> list[Message]:
    """All messages as they are stored, in their order."""
    with database.read_session() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def states(database: Database) -> list[str]:
    """The states of all messages, in their order."""
    return [message.state.value for message in rows(database)]


def letters(database: Database, count: int) -> list[str]:
    """Put letters in the queue for good, due by the clock of the machine; returns their addresses, in the order of posting."""
    due = datetime.now(UTC) - timedelta(minutes=1)
    with database.write_session() as session:
        make = assembled()(session)
        addresses = [make.message(due_at=due, created_at=due).address for _number in range(count)]
        session.commit()
    return addresses


def test_letters_that_are_due_are_posted_in_their_order(
    make: Any, database: Database, posting: Settings, smtp: MailServer
) -> None:
    first = make.message(due_at=NOW - timedelta(hours=1))
    second = make.message(due_at=NOW)
    make.message(due_at=NOW + timedelta(seconds=1))
    make.message(state=MessageState.held)
    make.message(state=MessageState.cancelled)

    done = delivery.deliver(database, posting, clock=at(NOW))

    assert (done.sent, done.failed, done.postponed) == (2, 0, 0)
    assert smtp.to() == [first.address, second.address]
    assert states(database) == ["sent", "sent", "queued", "held", "cancelled"]
    assert rows(database)[0].sent_at == NOW


def test_second_round_posts_nothing_again(make: Any, database: Database, posting: Settings, smtp: MailServer) -> None:
    make.message()

    delivery.deliver(database, posting, clock=at(NOW))
    again = delivery.deliver(database, posting, clock=at(NOW + timedelta(days=1)))

    assert (again.sent, len(smtp.taken)) == (0, 1)


def test_more_letters_than_a_batch_go_in_one_round(
    make: Any, database: Database, posting: Settings, smtp: MailServer
) -> None:
    for _number in range(delivery.BATCH + 3):
        make.message()

    assert delivery.deliver(database, posting, clock=at(NOW)).sent == delivery.BATCH + 3
    assert set(smtp.copies().values()) == {1}


def test_without_a_mail_server_the_queue_is_left_as_it_is(make: Any, database: Database, settings: Settings) -> None:
    make.message()

    done = delivery.deliver(database, settings, clock=at(NOW))

    assert (done.sent, done.failed, done.postponed) == (0, 0, 0)
    assert [(row.state, row.attempts) for row in rows(database)] == [(MessageState.queued, 0)]


def test_refused_recipient_fails_while_the_others_go_out(
    make: Any, database: Database, posting: Settings, smtp: MailServer
) -> None:
    letters = [make.message() for _number in range(3)]
    smtp.answers[letters[1].address] = "550 5.1.1 No such user"

    done = delivery.deliver(database, posting, clock=at(NOW))

    assert (done.sent, done.failed) == (2, 1)
    assert smtp.to() == [letters[0].address, letters[2].address]
    refused = rows(database)[1]
    assert (refused.state, refused.last_error) == (MessageState.failed, "550 5.1.1 No such user")


def test_postponed_letter_is_tried_again_with_longer_and_longer_pauses(
    make: Any, database: Database, posting: Settings, smtp: MailServer
) -> None:
    later, other = make.message(), make.message()
    smtp.answers[later.address] = "451 4.7.1 Greylisted, try again later"

    pauses, now = [], NOW
    while rows(database)[0].state != MessageState.failed:
        delivery.deliver(database, posting, clock=at(now))
        row = rows(database)[0]
        pauses.append((row.due_at - now) // timedelta(minutes=1))
        now = max(row.due_at, now)

    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 360, 0]
    assert smtp.to() == [other.address]
    assert "451" in rows(database)[0].last_error


def test_postponed_letter_goes_once_the_server_takes_it(
    make: Any, database: Database, posting: Settings, smtp: MailServer
) -> None:
    later = make.message()
    smtp.answers[later.address] = "451 4.7.1 Greylisted"
    delivery.deliver(database, posting, clock=at(NOW))
    assert delivery.deliver(database, posting, clock=at(NOW + timedelta(minutes=1))).postponed == 0
    smtp.answers.clear()

    delivery.deliver(database, posting, clock=at(NOW + timedelta(minutes=2)))

    sent = rows(database)[0]
    assert (sent.state, sent.last_error, sent.attempts) == (MessageState.sent, None, 2)


def test_mail_server_that_is_away_for_three_days_costs_no_letter(
    make: Any, database: Database, posting: Settings
) -> None:
    for _number in range(delivery.BATCH + 5):
        make.message()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        away = f"smtp://127.0.0.1:{closed.getsockname()[1]}"
    down = type(posting)(smtp_url=away, secret_key=posting.secret_key)

    now = NOW
    while now < NOW + timedelta(days=3):
        done = delivery.deliver(database, down, clock=at(now))
        assert (done.sent, done.failed) == (0, 0)
        now += timedelta(hours=1)

    assert set(states(database)) == {"queued"}
    assert delivery.deliver(database, posting, clock=at(now + rules.LONGEST_PAUSE)).sent == delivery.BATCH + 5


def test_connection_lost_after_the_letter_was_taken_gives_a_double_with_the_same_message_id(
    make: Any, database: Database, posting: Settings, smtp: MailServer
) -> None:
    lost, other = make.message(), make.message()
    smtp.breaks.add(lost.address)

    first = delivery.deliver(database, posting, clock=at(NOW))
    smtp.breaks.clear()
    delivery.deliver(database, posting, clock=at(NOW + timedelta(minutes=2)))

    assert (first.sent, first.postponed) == (1, 1)
    assert smtp.to() == [lost.address, other.address, lost.address]
    assert len(smtp.copies()) == 2
    assert smtp.taken[0].as_bytes() == smtp.taken[2].as_bytes()
    assert states(database) == ["sent", "sent"]


def test_letter_that_always_breaks_the_connection_holds_up_no_other(
    make: Any, database: Database, posting: Settings, smtp: MailServer
) -> None:
    poison = make.message(due_at=NOW - timedelta(days=1))
    others = [make.message() for _number in range(3)]
    smtp.breaks.add(poison.address)

    done = delivery.deliver(database, posting, clock=at(NOW))

    assert (done.sent, done.postponed) == (3, 1)
    assert smtp.to()[1:] == [letter.address for letter in others]


@pytest.mark.parametrize("address", ["no-at-sign\r\nBcc: all@example.org", "bø@example.org"])
def test_letter_that_cannot_be_written_fails_alone(
    make: Any, database: Database, posting: Settings, smtp: MailServer, address: str
) -> None:
    make.message(address=address)
    other = make.message()

    done = delivery.deliver(database, posting, clock=at(NOW))

    assert (done.sent + done.failed, smtp.to()[-1]) == (2, other.address)
    assert all("all@example.org" not in str(mail) for mail in smtp.taken)


def test_letter_to_somebody_who_was_erased_in_between_fails_quietly(
    make: Any, database: Database, posting: Settings, smtp: MailServer
) -> None:
    make.message(
        make.row(Person, call_name="-", channel=Channel.letter, created_at=NOW), channel=Channel.email, address=None
    )

    assert delivery.deliver(database, posting, clock=at(NOW)).failed == 1
    assert smtp.taken == []


@pytest.mark.parametrize("channel", [Channel.phone, Channel.letter, Channel.supporter])
def test_who_has_no_email_stays_in_the_queue_for_the_coordinator(
    make: Any, database: Database, posting: Settings, smtp: MailServer, channel: Channel
) -> None:
    person = make.row(Person, call_name="Jo", phone="06-00000000", channel=channel, created_at=NOW)
    make.message(person, address="06-00000000")

    delivery.deliver(database, posting, clock=at(NOW))

    assert (smtp.taken, states(database)) == ([], ["queued"])


def test_worker_that_is_asked_to_stop_puts_back_what_it_did_not_post(
    make: Any, database: Database, posting: Settings, smtp: MailServer
) -> None:
    for _number in range(3):
        make.message()

    done = delivery.deliver(database, posting, clock=at(NOW), stopped=lambda: len(smtp.taken) == 1)

    assert (done.sent, done.postponed) == (1, 0)
    assert [(row.state.value, row.attempts, row.leased_until) for row in rows(database)] == [
        ("sent", 1, None),
        ("queued", 0, None),
        ("queued", 0, None),
    ]


def test_every_step_of_a_letter_is_in_the_audit_without_its_words(
    make: Any, database: Database, posting: Settings
) -> None:
    make.message(subject="Je les is verplaatst")

    delivery.deliver(database, posting, clock=at(NOW))

    with database.read_session() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [entry.action for entry in entries] == ["message.claimed", "message.sent"]
        assert "verplaatst" not in repr([entry.facts for entry in entries])
        assert "@" not in repr([entry.facts for entry in entries])


def test_worker_killed_in_the_middle_loses_nothing(
    fresh_database: Database, posting: Settings, smtp: MailServer, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    addresses = letters(fresh_database, 3)
    smtp.holds.add(addresses[1])
    process = start_worker(fresh_database)
    assert smtp.holding.wait(WAIT_SECONDS)

    process.send_signal(signal.SIGKILL)
    process.wait(WAIT_SECONDS)
    smtp.let_go.set()

    assert states(fresh_database) == ["sent", "sending", "sending"]
    now = datetime.now(UTC)
    assert delivery.deliver(fresh_database, posting, clock=at(now)).sent == 0
    assert delivery.deliver(fresh_database, posting, clock=at(now + rules.LEASE)).sent == 2
    assert states(fresh_database) == ["sent", "sent", "sent"]
    assert Counter(smtp.to()) == {addresses[0]: 1, addresses[1]: 2, addresses[2]: 1}
    assert len(smtp.copies()) == 3


def test_two_workers_at_once_double_nothing(
    fresh_database: Database, smtp: MailServer, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    letters(fresh_database, 60)

    workers = [start_worker(fresh_database, "--once") for _number in range(2)]
    told = [worker.communicate(timeout=2 * WAIT_SECONDS)[0] for worker in workers]

    assert [worker.returncode for worker in workers] == [0, 0], told
    assert (len(smtp.taken), set(smtp.copies().values())) == (60, {1})
    assert set(states(fresh_database)) == {"sent"}


def test_no_worker_takes_a_letter_while_the_lease_of_another_runs(
    make: Any, database: Database, posting: Settings, smtp: MailServer
) -> None:
    message = make.message(state=MessageState.sending, leased_until=NOW + timedelta(seconds=1), attempts=1)
    delivery.deliver(database, posting, clock=at(NOW))
    assert smtp.taken == []

    make.session.execute(
        update(Message).where(Message.id == message.id).values(leased_until=NOW - timedelta(seconds=1))
    )
    delivery.deliver(database, posting, clock=at(NOW))
    assert smtp.to() == [message.address]
