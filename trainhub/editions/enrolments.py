"""Verbs of enrolment: apply, get a place or wait, answer an offer, pause, leave.

The law of the place: whoever gives or takes a place locks the edition first, so that the last place goes to exactly one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trainhub.core.access import Permission, Scope
from trainhub.editions import queries, rules
from trainhub.editions.models import Edition, EditionState, Enrolment, EnrolmentEvent, EnrolmentState
from trainhub.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from trainhub.core.work import Key, Work

S = EnrolmentState


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place that somebody asks for, before there is a row of it."""

    scope: Scope


def apply(work: Work, *, edition_id: Key, person_id: Key) -> Enrolment:
    """Ask for a place in an edition, for oneself or by a coordinator; `place` decides.

    Raises `RuleBroken` when the edition takes no applications and `Conflict` when the person is already in it.
    """
    edition = work.get(Edition, edition_id)
    person = work.get(Person, person_id)
    work.require(Permission.ENROLMENT_CHANGE, Wanted(replace(edition.scope, person_id=person.id)))
    rules.accepts_applications(
        edition.state,
        edition.enrol_from,
        edition.enrol_until,
        work.today,
        by_coordinator=work.actor.person_id != person.id,
    )
    enrolment = work.add(Enrolment(edition_id=edition.id, person_id=person.id, state=S.applied, queued_at=work.now))
    _note(work, enrolment)
    work.record("enrolment.applied", enrolment)
    return enrolment


def place(work: Work, *, enrolment_id: Key) -> Enrolment:
    """Give an applicant a place when there is room and nobody waits for it, else the next number of the waiting list."""
    edition, enrolment = _both(work, enrolment_id)
    work.require(Permission.EDITION_CHANGE, edition)
    rules.enrolment_may_become(enrolment.state, S.waitlisted)
    free = edition.capacity - queries.places_taken(work.session, edition.id)
    if free > queries.people_waiting(work.session, edition.id):
        _confirm(work, edition, enrolment)
        work.record("enrolment.confirmed", enrolment)
    else:
        _step(work, enrolment, S.waitlisted)
        work.record("enrolment.waitlisted", enrolment)
    return enrolment


def confirm(work: Work, *, enrolment_id: Key, version: int | None = None) -> Enrolment:
    """Give a place now, past the waiting list if need be. Raises `RuleBroken` when all places are taken."""
    edition, enrolment = _both(work, enrolment_id)
    work.require(Permission.EDITION_CHANGE, edition)
    work.expect(enrolment, version)
    if enrolment.state != S.offered:
        rules.enrolment_may_become(enrolment.state, S.offered)
        rules.has_room(edition.capacity, queries.places_taken(work.session, edition.id))
    _confirm(work, edition, enrolment)
    work.record("enrolment.confirmed", enrolment)
    return enrolment


def offer(work: Work, *, enrolment_id: Key, until: datetime | None = None) -> Enrolment:
    """Offer a free place, to answer before `until` (by default the end of the seventh day)."""
    edition, enrolment = _both(work, enrolment_id)
    work.require(Permission.EDITION_CHANGE, edition)
    rules.enrolment_may_become(enrolment.state, S.offered)
    rules.has_room(edition.capacity, queries.places_taken(work.session, edition.id))
    _offer(work, enrolment, until)
    work.record("enrolment.offered", enrolment)
    return enrolment


def offer_freed_places(work: Work, *, edition_id: Key) -> list[Enrolment]:
    """Offer every free place of an edition to those who wait longest; returns who got one.

    It follows from an act that freed a place, by a coordinator, by the person who left or by the worker.
    """
    edition = work.lock(Edition, edition_id)
    work.require(Permission.ENROLMENT_CHANGE)
    offered: list[Enrolment] = []
    if edition.state not in {EditionState.open, EditionState.running}:
        return offered
    for _free in range(edition.capacity - queries.places_taken(work.session, edition.id)):
        enrolment = queries.first_waiting(work.session, edition.id)
        if enrolment is None:
            break
        _offer(work, enrolment, None)
        work.record("enrolment.offered", enrolment)
        offered.append(enrolment)
    return offered


def accept(work: Work, *, enrolment_id: Key) -> Enrolment:
    """Say yes to an offered place. Raises `RuleBroken` after its last moment."""
    edition, enrolment = _both(work, enrolment_id)
    work.require(Permission.ENROLMENT_CHANGE, enrolment)
    rules.enrolment_may_become(enrolment.state, S.confirmed)
    rules.may_accept(enrolment.offered_until, work.now)
    _confirm(work, edition, enrolment)
    work.record("enrolment.confirmed", enrolment)
    return enrolment


def withdraw(work: Work, *, enrolment_id: Key) -> Enrolment:
    """Leave, without a reason and from every state that still goes on; an offer becomes declined."""
    _edition, enrolment = _both(work, enrolment_id)
    work.require(Permission.ENROLMENT_CHANGE, enrolment)
    wanted = S(rules.state_after_leaving(enrolment.state))
    _step(work, enrolment, wanted)
    work.record(f"enrolment.{wanted.value}", enrolment)
    return enrolment


def reject(work: Work, *, enrolment_id: Key) -> Enrolment:
    """Do not place an applicant."""
    return _decide(work, enrolment_id, S.rejected)


def defer(work: Work, *, enrolment_id: Key) -> Enrolment:
    """Move a person to a later edition: this enrolment ends without a judgement."""
    return _decide(work, enrolment_id, S.deferred)


def pause(work: Work, *, enrolment_id: Key) -> Enrolment:
    """Let a person take a break and keep the place."""
    _edition, enrolment = _both(work, enrolment_id)
    work.require(Permission.ENROLMENT_CHANGE, enrolment)
    _step(work, enrolment, S.paused)
    work.record("enrolment.paused", enrolment)
    return enrolment


def resume(work: Work, *, enrolment_id: Key) -> Enrolment:
    """Let a person go on after a break."""
    _edition, enrolment = _both(work, enrolment_id)
    work.require(Permission.ENROLMENT_CHANGE, enrolment)
    _step(work, enrolment, S.active)
    work.record("enrolment.active", enrolment)
    return enrolment


def lapse(work: Work, *, enrolment_id: Key) -> Enrolment:
    """End an offer that nobody answered in time."""
    _edition, enrolment = _both(work, enrolment_id)
    work.require(Permission.ENROLMENT_CHANGE, enrolment)
    rules.has_lapsed(enrolment.offered_until, work.now)
    _step(work, enrolment, S.lapsed)
    work.record("enrolment.lapsed", enrolment)
    return enrolment


def step(work: Work, enrolment: Enrolment, wanted: EnrolmentState) -> None:
    """Move an enrolment along with its edition, which was allowed and locked, and record it."""
    _step(work, enrolment, wanted)
    work.record(f"enrolment.{wanted.value}", enrolment)


def _decide(work: Work, enrolment_id: Key, wanted: EnrolmentState) -> Enrolment:
    edition, enrolment = _both(work, enrolment_id)
    work.require(Permission.EDITION_CHANGE, edition)
    _step(work, enrolment, wanted)
    work.record(f"enrolment.{wanted.value}", enrolment)
    return enrolment


def _both(work: Work, enrolment_id: Key) -> tuple[Edition, Enrolment]:
    """The edition, locked, and then the enrolment as it is now."""
    edition = work.lock(Edition, work.get(Enrolment, enrolment_id).edition_id)
    return edition, work.lock(Enrolment, enrolment_id)


def _confirm(work: Work, edition: Edition, enrolment: Enrolment) -> None:
    """Every step to a confirmed place; in an edition that already runs the person takes part at once."""
    if enrolment.state != S.offered:
        _step(work, enrolment, S.offered)
    _step(work, enrolment, S.confirmed)
    enrolment.offered_until = None
    if edition.state == EditionState.running:
        _step(work, enrolment, S.active)


def _offer(work: Work, enrolment: Enrolment, until: datetime | None) -> None:
    _step(work, enrolment, S.offered)
    enrolment.offered_until = until or rules.offer_ends(work.now)


def _step(work: Work, enrolment: Enrolment, wanted: EnrolmentState) -> None:
    rules.enrolment_may_become(enrolment.state, wanted)
    enrolment.state = wanted
    _note(work, enrolment)


def _note(work: Work, enrolment: Enrolment) -> None:
    work.session.add(
        EnrolmentEvent(enrolment_id=enrolment.id, at=work.now, state=enrolment.state, by_id=work.actor.person_id)
    )
