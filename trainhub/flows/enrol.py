"""The stories of enrolment: somebody applies, gets a place or waits, answers, leaves; each with its letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from trainhub.calendar.queries import edition_vevents
from trainhub.calendar.rules import CALENDAR_NAME
from trainhub.calendar.text import calendar_file
from trainhub.core.access import Permission
from trainhub.editions import enrolments, queries
from trainhub.editions.models import Enrolment, EnrolmentState, SessionState, TrainingSession
from trainhub.outbox import service as outbox
from trainhub.outbox.letters import training as letters

if TYPE_CHECKING:
    from trainhub.core.work import Key, Work
    from trainhub.outbox.letter import Letter


def apply(work: Work, *, edition_id: Key, person_id: Key) -> Enrolment:
    """Somebody asks for a place and hears that we have it."""
    enrolment = enrolments.apply(work, edition_id=edition_id, person_id=person_id)
    _post(work, enrolment, letters.application_received(**_facts(work, enrolment)))
    return enrolment


def enrol(work: Work, *, edition_id: Key, person_id: Key) -> Enrolment:
    """A coordinator adds somebody, who gets a place when there is room, else the next number of the waiting list."""
    enrolment = enrolments.apply(work, edition_id=edition_id, person_id=person_id)
    return place(work, enrolment_id=enrolment.id)


def place(work: Work, *, enrolment_id: Key) -> Enrolment:
    """An applicant gets a place or waits, and hears which."""
    enrolment = enrolments.place(work, enrolment_id=enrolment_id)
    if enrolment.state == EnrolmentState.waitlisted:
        _post(work, enrolment, letters.on_the_waiting_list(**_facts(work, enrolment)))
    else:
        _post_place(work, enrolment)
    return enrolment


def confirm(work: Work, *, enrolment_id: Key, version: int | None = None) -> Enrolment:
    """A coordinator gives somebody a free place at once."""
    enrolment = enrolments.confirm(work, enrolment_id=enrolment_id, version=version)
    _post_place(work, enrolment)
    return enrolment


def offer(work: Work, *, enrolment_id: Key) -> Enrolment:
    """A coordinator offers a free place to somebody who waits."""
    enrolment = enrolments.offer(work, enrolment_id=enrolment_id)
    _post_offer(work, enrolment)
    return enrolment


def accept(work: Work, *, enrolment_id: Key) -> Enrolment:
    """Somebody takes the offered place."""
    enrolment = enrolments.accept(work, enrolment_id=enrolment_id)
    _post_place(work, enrolment)
    return enrolment


def withdraw(work: Work, *, enrolment_id: Key) -> Enrolment:
    """Somebody leaves or declines, without a reason; the freed place goes to who waits longest."""
    enrolment = enrolments.withdraw(work, enrolment_id=enrolment_id)
    _post(work, enrolment, letters.has_left(**_facts(work, enrolment)))
    offer_freed_places(work, edition_id=enrolment.edition_id)
    return enrolment


def reject(work: Work, *, enrolment_id: Key) -> Enrolment:
    """A coordinator does not place an applicant, who hears it."""
    enrolment = enrolments.reject(work, enrolment_id=enrolment_id)
    _post(work, enrolment, letters.not_placed(**_facts(work, enrolment)))
    return enrolment


def defer(work: Work, *, enrolment_id: Key) -> Enrolment:
    """Somebody goes to a later edition; the freed place goes to who waits longest."""
    enrolment = enrolments.defer(work, enrolment_id=enrolment_id)
    offer_freed_places(work, edition_id=enrolment.edition_id)
    return enrolment


def offer_freed_places(work: Work, *, edition_id: Key) -> list[Enrolment]:
    """Every free place is offered to those who wait longest, who hear it; once per place."""
    offered = enrolments.offer_freed_places(work, edition_id=edition_id)
    for enrolment in offered:
        _post_offer(work, enrolment)
    return offered


def lapse_offers(work: Work) -> int:
    """The worker's round: offers that nobody answered end, and the places go on; returns how many ended."""
    work.require(Permission.ENROLMENT_CHANGE)
    ended = queries.offers_over(work.session, work.now)
    for enrolment in ended:
        enrolments.lapse(work, enrolment_id=enrolment.id)
        _post(work, enrolment, letters.offer_lapsed(**_facts(work, enrolment)))
    for edition_id in sorted({enrolment.edition_id for enrolment in ended}):
        offer_freed_places(work, edition_id=edition_id)
    return len(ended)


def _facts(work: Work, enrolment: Enrolment) -> dict[str, str]:
    return {
        "name": enrolment.person.call_name,
        "training": enrolment.edition.title,
        "url": f"{work.settings.base_url}/mijn",
    }


def _post_place(work: Work, enrolment: Enrolment) -> None:
    first = work.session.scalar(
        select(TrainingSession)
        .where(
            TrainingSession.edition_id == enrolment.edition_id,
            TrainingSession.state == SessionState.planned,
            TrainingSession.ends_at >= work.now,
        )
        .order_by(TrainingSession.starts_at)
        .limit(1)
    )
    when, where = (first.starts_at, first.place) if first else (None, None)
    lessons = edition_vevents(work.session, enrolment.edition_id, now=work.now)
    agenda = calendar_file(lessons, name=CALENDAR_NAME) if lessons else None
    _post(work, enrolment, letters.place_confirmed(**_facts(work, enrolment), first=when, where=where), agenda)


def _post_offer(work: Work, enrolment: Enrolment) -> None:
    until = enrolment.offered_until or work.now
    _post(work, enrolment, letters.place_offered(**_facts(work, enrolment), until=until))


def _post(work: Work, enrolment: Enrolment, letter: Letter, agenda: bytes | None = None) -> None:
    key = f"{letter.name}:{enrolment.public_id}"
    outbox.queue(work, letter, person=enrolment.person, dedupe_key=key, attachment=agenda)
