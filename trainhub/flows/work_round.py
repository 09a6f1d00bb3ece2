"""One round of the worker: let go what nobody answered in time, post what is due, note that the work is done."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from trainhub.core.access import SYSTEM
from trainhub.core.clock import system_clock
from trainhub.core.errors import DomainError
from trainhub.core.work import unit_of_work
from trainhub.editions.queries import offers_over
from trainhub.flows.enrol import lapse_offers
from trainhub.meetings.models import Invitation, InvitationState
from trainhub.meetings.staffing import expire
from trainhub.outbox.delivery import Round, deliver
from trainhub.outbox.queries import last_run
from trainhub.outbox.service import note_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from trainhub.core.clock import Clock
    from trainhub.core.db import Database
    from trainhub.core.settings import Settings
    from trainhub.core.work import Work

HEARTBEAT = timedelta(minutes=5)


def work_round(
    db: Database, settings: Settings, *, clock: Clock = system_clock, stopped: Callable[[], bool] = bool
) -> Round:
    """Do everything that is due now, each thing in a transaction of its own; returns what became of the mail.

    A round that had nothing to do writes nothing, save once in five minutes that the worker is alive.
    """
    started_at = clock()
    for is_due, end in ((_unanswered_offers, lapse_offers), (_unanswered_invitations, expire)):
        _end_overdue(db, settings, started_at, is_due, end)
    done = deliver(db, settings, clock=clock, stopped=stopped)
    if done.sent or done.failed or _is_silent(db, clock()):
        with unit_of_work(db, settings, SYSTEM, now=clock()) as work:
            note_run(work, started_at=started_at, sent=done.sent, failed=done.failed)
    return done


def _end_overdue(
    db: Database,
    settings: Settings,
    now: datetime,
    is_due: Callable[[Session, datetime], bool],
    end: Callable[[Work], int],
) -> None:
    """Look first, so that an idle round locks nothing. What another worker ends at the same moment is left to it."""
    with db.read_session() as session:
        if not is_due(session, now):
            return
    with suppress(DomainError), unit_of_work(db, settings, SYSTEM, now=now) as work:
        end(work)


def _unanswered_offers(session: Session, now: datetime) -> bool:
    return bool(offers_over(session, now))


def _unanswered_invitations(session: Session, now: datetime) -> bool:
    overdue = exists().where(Invitation.state == InvitationState.sent, Invitation.answer_until < now)
    return bool(session.scalar(select(overdue)))


def _is_silent(db: Database, now: datetime) -> bool:
    with db.read_session() as session:
        run = last_run(session)
    return run is None or now - run.ended_at >= HEARTBEAT
