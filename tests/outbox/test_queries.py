"""Questions of the outbox: the queue in pages and how the outbox does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.base import NOW
from trainhub.outbox import queries
from trainhub.outbox.models import MessageState
from trainhub.people.models import Channel

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

S = MessageState


def test_queue_counts_every_state(session: Session, make: Any) -> None:
    make.message()
    make.message()
    make.message(state=S.failed)

    counts = queries.counts_by_state(session)

    assert counts == {S.held: 0, S.queued: 2, S.sending: 0, S.sent: 0, S.failed: 1, S.cancelled: 0}


def test_queue_page_shows_a_state_the_newest_first(session: Session, make: Any) -> None:
    old = make.message(created_at=NOW - timedelta(days=1))
    new = make.message()
    sent = make.message(state=S.sent, created_at=NOW - timedelta(days=2))

    assert queries.queue_page(session, state=S.queued).messages == [new, old]
    assert queries.queue_page(session, state=None).messages == [new, old, sent]


@pytest.mark.parametrize("words", ["Fatima", "FATIMA verplaatst", "fatima@example", "100%"])
def test_queue_is_searched_by_name_subject_and_address(session: Session, make: Any, words: str) -> None:
    person = make.person(call_name="Fatima", email="fatima@example.org")
    message = make.message(person, subject="100% zeker: je les is verplaatst")
    make.message(make.person(call_name="Karel", email="karel@example.org"), subject="Je les is verplaatst")

    assert queries.queue_page(session, state=None, words=words).messages == [message]


def test_queue_of_tasks_holds_no_email(session: Session, make: Any) -> None:
    make.message()
    task = make.message(make.person(email=None, phone="06-00000000", channel=Channel.phone))

    assert queries.queue_page(session, state=None, tasks=True).messages == [task]


def test_queue_page_stays_within_its_pages(session: Session, make: Any) -> None:
    make.message()

    page = queries.queue_page(session, state=None, page=99)

    assert (page.page, page.pages, page.total, len(page.messages)) == (1, 1, 1, 1)


@pytest.mark.parametrize("messages", [1, 3])
def test_queue_page_costs_two_queries(
    session: Session, make: Any, count_queries: Callable[[int], AbstractContextManager], messages: int
) -> None:
    for _number in range(messages):
        make.message(make.person())
    session.flush()
    session.expire_all()

    with count_queries(2):
        page = queries.queue_page(session, state=None, words="verplaatst")
        assert len([message.person.call_name for message in page.messages]) == messages


def test_message_is_found_by_its_public_id(session: Session, make: Any) -> None:
    message = make.message()

    assert queries.message_by(session, message.public_id) is message
    assert queries.message_by(session, make.person().public_id) is None


def test_health_of_an_empty_outbox(session: Session) -> None:
    health = queries.health(session, now=NOW)

    assert (health.last_run, health.run_age, health.unsent_age) == (None, None, None)
    assert (health.waiting, health.failed, health.tasks) == (0, 0, 0)


def test_health_tells_what_waits_failed_and_is_to_be_told(session: Session, make: Any) -> None:
    make.worker_run(ended_at=NOW - timedelta(hours=2), started_at=NOW - timedelta(hours=2))
    make.worker_run(ended_at=NOW - timedelta(minutes=3), started_at=NOW - timedelta(minutes=4))
    make.message(created_at=NOW - timedelta(hours=5), state=S.sending)
    make.message(created_at=NOW - timedelta(hours=1))
    make.message(created_at=NOW - timedelta(days=9), due_at=NOW + timedelta(days=1))
    make.message(created_at=NOW - timedelta(days=9), state=S.sent)
    make.message(state=S.failed)
    make.message(make.person(email=None, channel=Channel.letter), created_at=NOW - timedelta(days=8))

    health = queries.health(session, now=NOW)

    assert (health.run_age, health.unsent_age) == (timedelta(minutes=3), timedelta(hours=5))
    assert (health.waiting, health.failed, health.tasks) == (2, 1, 1)
