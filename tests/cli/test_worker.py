"""`trainhub worker`: one round or many, with and without a mail server, until it is asked to stop."""

from __future__ import annotations

import signal
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url, select

from tests import postgresql
from tests.conftest import assembled
from tests.factories.base import NOW
from tests.mail_server import posting, smtp, start_worker
from trainhub.cli.main import main
from trainhub.core.access import SYSTEM
from trainhub.core.audit import AuditEntry
from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import plain
from trainhub.editions.models import Enrolment, EnrolmentState
from trainhub.flows import work_round as flow
from trainhub.meetings.models import Invitation, InvitationState
from trainhub.outbox.models import Message, WorkerRun

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from tests.mail_server import MailServer
    from trainhub.core.db import Database
    from trainhub.core.settings import Settings
    from trainhub.core.work import Work

__all__ = ["posting", "smtp", "start_worker"]

WAIT_SECONDS = 30
one_kind = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


def queued(database: Database, count: int = 1, **given: Any) -> list[str]:
    """Put letters that are due in the queue for good; returns their addresses."""
    due = datetime.now(UTC) - timedelta(minutes=1)
    with database.write_session() as session:
        make = assembled()(session)
        addresses = [make.message(due_at=due, created_at=due, **given).address for _number in range(count)]
        session.commit()
    return addresses


def states(database: Database) -> list[str]:
    """The states of all messages, in their order."""
    with database.read_session() as session:
        return [state.value for state in session.scalars(select(Message.state).order_by(Message.id))]


def runs(database: Database) -> list[tuple[int, int]]:
    """What the worker wrote down: letters sent and failed, per round."""
    with database.read_session() as session:
        return [(run.sent, run.failed) for run in session.scalars(select(WorkerRun).order_by(WorkerRun.id))]


def run(database: Database, monkeypatch: pytest.MonkeyPatch, smtp_url: str, *options: str) -> Any:
    """`trainhub worker` in this process; the handlers of signals are put back afterwards."""
    monkeypatch.setenv("TRAINHUB_SMTP_URL", smtp_url)
    before = [(name, signal.getsignal(name)) for name in (signal.SIGTERM, signal.SIGINT)]
    try:
        return CliRunner().invoke(main, ["worker", *options, "--database", database.url])
    finally:
        for name, handler in before:
            signal.signal(name, handler)


def run_once(database: Database, monkeypatch: pytest.MonkeyPatch, smtp_url: str = "") -> Any:
    """`trainhub worker --once` in this process."""
    return run(database, monkeypatch, smtp_url, "--once")


@one_kind
def test_worker_posts_once_and_says_what_it_did(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch, smtp: MailServer
) -> None:
    addresses = queued(fresh_database, 2)

    done = run_once(fresh_database, monkeypatch, smtp.url)

    assert (done.exit_code, done.output) == (0, "Letters sent: 2. Failed for good: 0. To be tried again: 0.\n")
    assert smtp.to() == addresses
    assert runs(fresh_database) == [(2, 0)]


@one_kind
def test_worker_that_could_not_send_a_letter_says_so_and_ends_well(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch, smtp: MailServer
) -> None:
    refused, postponed = queued(fresh_database, 2)
    smtp.answers = {refused: "550 No such user", postponed: "451 Later"}

    done = run_once(fresh_database, monkeypatch, smtp.url)

    assert done.exit_code == 0
    assert "Letters sent: 0. Failed for good: 1. To be tried again: 1. See the mail queue" in done.output
    assert states(fresh_database) == ["failed", "queued"]


@one_kind
def test_worker_without_a_mail_server_says_so_and_leaves_the_queue(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(fresh_database)

    done = run_once(fresh_database, monkeypatch)

    assert done.exit_code == 0
    assert done.output.startswith("No mail server is set (TRAINHUB_SMTP_URL): letters wait in the mail queue.\n")
    assert (states(fresh_database), runs(fresh_database)) == (["queued"], [(0, 0)])


@one_kind
def test_worker_on_an_empty_database_says_what_to_run(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run_once(empty_database, monkeypatch)

    assert (done.exit_code, "trainhub db upgrade" in done.output) == (1, True)


@pytest.mark.parametrize("interval", ["0", "-1", "soon"])
def test_worker_refuses_an_interval_that_is_none(interval: str) -> None:
    done = CliRunner().invoke(main, ["worker", "--interval", interval])

    assert (done.exit_code, "Invalid value for '--interval'" in done.output) == (2, True)


def test_worker_that_is_asked_to_stop_finishes_the_letter_in_hand(
    fresh_database: Database, smtp: MailServer, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    addresses = queued(fresh_database, 3)
    smtp.holds.add(addresses[1])
    process = start_worker(fresh_database, "--interval", "0.1")
    assert smtp.holding.wait(WAIT_SECONDS)

    process.send_signal(signal.SIGTERM)
    smtp.let_go.set()
    told = process.communicate(timeout=WAIT_SECONDS)[0]

    assert (process.returncode, told.splitlines()[-1]) == (0, "The worker has stopped.")
    assert smtp.to() == addresses[:2]
    assert states(fresh_database) == ["sent", "sent", "queued"]


@one_kind
def test_worker_in_this_process_goes_on_until_it_is_stopped(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch, smtp: MailServer
) -> None:
    (address,) = queued(fresh_database)
    smtp.holds.add(address)

    def stop_it() -> None:
        smtp.holding.wait(WAIT_SECONDS)
        signal.raise_signal(signal.SIGTERM)
        smtp.let_go.set()

    thread = threading.Thread(target=stop_it)
    thread.start()
    done = run(fresh_database, monkeypatch, smtp.url, "--interval", "0.1")
    thread.join()

    assert (done.exit_code, smtp.to()) == (0, [address])
    assert done.output.splitlines()[1:] == [
        "Letters sent: 1. Failed for good: 0. To be tried again: 0.",
        "The worker has stopped.",
    ]


@one_kind
def test_worker_posts_what_is_queued_while_it_rests(
    fresh_database: Database, smtp: MailServer, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    process = start_worker(fresh_database, "--interval", "0.1")
    assert "The worker looks every 0.1 seconds" in process.stdout.readline()
    (address,) = queued(fresh_database)
    smtp.holds.add(address)

    assert smtp.holding.wait(WAIT_SECONDS)
    smtp.let_go.set()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=WAIT_SECONDS)

    assert (process.returncode, smtp.to(), states(fresh_database)) == (0, [address], ["sent"])


def test_idle_worker_notes_once_in_five_minutes_that_it_lives(database: Database, settings: Settings) -> None:
    for minute in (0, 1, 4, 5, 9, 10):
        flow.work_round(database, settings, clock=lambda at=NOW + timedelta(minutes=minute): at)

    assert runs(database) == [(0, 0)] * 3


def test_round_lets_go_what_nobody_answered_in_time(make: Any, database: Database, settings: Settings) -> None:
    late = make.row(Invitation, state=InvitationState.sent, answer_until=NOW - timedelta(seconds=1))
    open_still = make.row(Invitation, state=InvitationState.sent, answer_until=NOW + timedelta(days=1))
    offered = {"person": make.person(), "state": EnrolmentState.offered, "offered_until": NOW - timedelta(seconds=1)}
    enrolment = make.row(Enrolment, **offered)

    for _round in range(2):
        flow.work_round(database, settings, clock=lambda: NOW)

    make.session.expire_all()
    assert (late.state, open_still.state) == (InvitationState.expired, InvitationState.sent)
    assert enrolment.state == EnrolmentState.lapsed


def test_law_5_worker_that_was_down_for_three_days_sends_each_letter_once(
    make: Any, database: Database, posting: Settings, smtp: MailServer
) -> None:
    due = [make.message(due_at=NOW - timedelta(days=day)) for day in (3, 2, 1)]

    for _round in range(3):
        flow.work_round(database, posting, clock=lambda: NOW)

    assert smtp.to() == [message.address for message in due]


def test_worker_acts_as_the_system(make: Any, database: Database, posting: Settings) -> None:
    make.message()

    flow.work_round(database, posting, clock=lambda: NOW)

    with database.read_session() as session:
        assert set(session.scalars(select(AuditEntry.actor_kind))) == {SYSTEM.kind}


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_worker_outlives_a_database_that_is_away(
    fresh_database: Database, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    process = start_worker(fresh_database, "--interval", "0.1")
    assert "The worker looks" in process.stdout.readline()
    fresh_database.close()

    postgresql.drop(make_url(fresh_database.url).database)

    assert "The database does not answer. The worker tries again." in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    told = process.communicate(timeout=WAIT_SECONDS)[0]
    assert (process.returncode, told.splitlines()[-1]) == (0, "The worker has stopped.")


def test_what_another_worker_ended_first_is_left_to_it(make: Any, database: Database, settings: Settings) -> None:
    def ended_already(_work: Work) -> int:
        raise RuleBroken(plain("This offer has already lapsed."), code="step")

    flow._end_overdue(database, settings, NOW, lambda *_: True, ended_already)

    assert flow.work_round(database, settings, clock=lambda: NOW).sent == 0
