"""Verbs of the outbox: a letter is queued once, in its transaction; held, let go, cancelled, told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from tests.factories.base import NOW
from trainhub.core.access import SYSTEM, Role
from trainhub.core.errors import Conflict, NotAllowed, RuleBroken
from trainhub.core.i18n import _
from trainhub.outbox import rules, service
from trainhub.outbox.letter import Button, Letter
from trainhub.outbox.models import Message, MessageState, WorkerRun
from trainhub.people.models import Channel, Person, PersonStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainhub.core.work import Work

S = MessageState
LETTER = Letter(
    "hello", "Bo", _("Meeting"), (_("Training"),), (_("Training"),), Button(_("Sign in"), "http://localhost/mijn")
)
VERBS = {S.held: service.hold, S.queued: service.let_go, S.cancelled: service.cancel}


def count(work: Work) -> int:
    """How many messages there are."""
    return work.session.scalar(select(func.count(Message.id)))


def test_letter_is_queued_with_its_words_for_its_person(work: Work, make: Any) -> None:
    person = make.person(call_name="Bo", locale="nl")

    message = service.queue(work, LETTER, person=person, dedupe_key="a", attachment=b"agenda")

    assert (message.state, message.due_at, message.address) == (S.queued, NOW, person.email)
    assert (message.subject, message.locale, message.attachment) == ("Bijeenkomst", "nl", b"agenda")
    assert message.body.startswith("Hallo Bo,")
    assert "http://localhost/mijn" in message.body
    assert '<a href="http://localhost/mijn">' in message.html
    assert [record.action for record in work.records] == ["message.queued"]


def test_letter_with_the_same_key_is_queued_once(work: Work, make: Any) -> None:
    person = make.person()

    first = service.queue(work, LETTER, person=person, dedupe_key="a")
    second = service.queue(work, LETTER, person=person, dedupe_key="a")

    assert (first is None, second, count(work)) == (False, None, 1)


def test_two_transactions_with_the_same_key_queue_one(work: Work, make: Any) -> None:
    make.message(dedupe_key="a")

    assert service.queue(work, LETTER, person=make.person(), dedupe_key="a") is None


def test_erased_person_gets_no_letter(work: Work, make: Any) -> None:
    erased = make.row(Person, call_name="", channel=Channel.letter, status=PersonStatus.erased, created_at=NOW)

    assert service.queue(work, LETTER, person=erased, dedupe_key="a") is None


@pytest.mark.parametrize(
    ("channel", "address"), [(Channel.phone, "06-00000000"), (Channel.letter, None), (Channel.supporter, None)]
)
def test_who_wants_no_email_gets_a_task_with_the_same_words(
    work: Work, make: Any, channel: Channel, address: str | None
) -> None:
    person = make.person(email=None, phone="06-00000000", channel=channel)

    message = service.queue(work, LETTER, person=person, dedupe_key="a")

    assert (message.channel, message.address, message.state) == (channel, address, S.queued)


@pytest.mark.parametrize("wanted", list(VERBS))
@pytest.mark.parametrize("state", list(S))
def test_message_takes_the_steps_of_its_table_and_no_other(work: Work, make: Any, state: S, wanted: S) -> None:
    message = make.message(state=state)

    if wanted in rules.ALLOWED[state] and state != S.sending:
        assert VERBS[wanted](work, message_id=message.public_id).state == wanted
    else:
        with pytest.raises(RuleBroken) as refused:
            VERBS[wanted](work, message_id=message.id)
        code = "message_sending" if state == S.sending else "message_state"
        assert (refused.value.code, message.state) == (code, state)


def test_message_that_is_let_go_starts_anew(work: Work, make: Any) -> None:
    message = make.message(state=S.failed, attempts=10, due_at=NOW - timedelta(days=3))

    service.let_go(work, message_id=message.id)

    assert (message.attempts, message.due_at) == (0, NOW)


def test_phone_task_is_told(work: Work, make: Any) -> None:
    person = make.person(email=None, phone="06-00000000", channel=Channel.phone)
    message = make.message(person)

    service.mark_delivered(work, message_id=message.id)

    assert (message.state, message.sent_at, work.records[-1].action) == (S.sent, NOW, "message.delivered")


def test_email_is_not_told_by_hand(work: Work, make: Any) -> None:
    with pytest.raises(RuleBroken) as refused:
        service.mark_delivered(work, message_id=make.message().id)
    assert refused.value.code == "message_by_email"


@pytest.mark.parametrize("verb", [service.hold, service.let_go, service.cancel, service.mark_delivered])
def test_only_a_coordinator_touches_the_queue(work: Work, make: Any, verb: Callable[..., Message]) -> None:
    message = make.message()
    work.actor = make.actor(Role.technical_administrator)

    with pytest.raises(NotAllowed):
        verb(work, message_id=message.id)


def test_second_of_two_coordinators_sees_that_the_first_was_there(work: Work, make: Any) -> None:
    message = make.message()
    service.hold(work, message_id=message.id, version=1)

    with pytest.raises(Conflict):
        service.cancel(work, message_id=message.id, version=1)


def test_round_of_the_worker_is_noted_by_the_worker_only(work: Work) -> None:
    with pytest.raises(NotAllowed):
        service.note_run(work, started_at=NOW, sent=1, failed=0)
    work.actor = SYSTEM

    service.note_run(work, started_at=NOW - timedelta(seconds=2), sent=1, failed=0)

    run = work.session.scalar(select(WorkerRun))
    assert (run.started_at, run.ended_at, run.sent, run.failed) == (NOW - timedelta(seconds=2), NOW, 1, 0)


def test_forgetting_empties_what_was_sent_and_cancels_what_waits(work: Work, make: Any) -> None:
    person = make.person()
    sent = make.message(person=person, state=S.sent)
    waiting = make.message(person=person, state=S.queued)

    assert service.forget(work, person_id=person.id) == 2

    assert [message.state for message in (sent, waiting)] == [S.sent, S.cancelled]
    assert {message.subject + message.body + message.html for message in (sent, waiting)} == {""}
