"""Each step of an enrolment brings its letter, in the same transaction."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from tests.factories.base import NOW
from trainhub.core.access import SYSTEM, Actor
from trainhub.editions.models import EditionState, EnrolmentState
from trainhub.flows import enrol
from trainhub.outbox.models import Message

S = EnrolmentState


def letters_to(work, person):
    return list(work.session.scalars(select(Message.letter).where(Message.person_id == person.id).order_by(Message.id)))


def body_of(work, letter):
    return work.session.scalar(select(Message.body).where(Message.letter == letter))


def test_who_applies_hears_so_and_then_gets_a_place(work, make):
    edition, person = make.edition(state=EditionState.open), make.person()
    make.training_session(edition, starts_at=NOW + timedelta(days=7), place="Buurthuis")
    coordinator = work.actor

    work.actor = Actor(person.id)
    enrolment = enrol.apply(work, edition_id=edition.public_id, person_id=person.id)
    work.actor = coordinator
    enrol.place(work, enrolment_id=enrolment.id)

    assert letters_to(work, person) == ["application_received", "place_confirmed"]
    assert "Buurthuis" in body_of(work, "place_confirmed")
    assert "http://localhost/mijn" in body_of(work, "place_confirmed")


def test_who_is_added_to_a_full_edition_hears_of_the_waiting_list(work, make):
    edition = make.edition(state=EditionState.open, capacity=1)
    first, second = make.person(), make.person()

    enrol.enrol(work, edition_id=edition.id, person_id=first.id)
    enrol.enrol(work, edition_id=edition.id, person_id=second.id)

    assert (letters_to(work, first), letters_to(work, second)) == (["place_confirmed"], ["on_the_waiting_list"])


def test_a_freed_place_goes_to_who_waits_longest_once_and_is_accepted(work, make):
    edition = make.edition(state=EditionState.open, capacity=1)
    leaver = make.enrolment(edition, state=S.confirmed)
    waiting = make.enrolment(edition, state=S.waitlisted)
    later = make.enrolment(edition, state=S.waitlisted, queued_at=NOW)

    work.actor = Actor(leaver.person_id)
    enrol.withdraw(work, enrolment_id=leaver.id)
    enrol.offer_freed_places(work, edition_id=edition.id)
    work.actor = Actor(waiting.person_id)
    enrol.accept(work, enrolment_id=waiting.id)

    assert letters_to(work, leaver.person) == ["has_left"]
    assert letters_to(work, waiting.person) == ["place_offered", "place_confirmed"]
    assert (later.state, letters_to(work, later.person)) == (S.waitlisted, [])


def test_an_offer_that_lapses_goes_to_the_next_even_after_three_days_down(work, make):
    edition = make.edition(state=EditionState.open, capacity=1)
    silent = make.enrolment(edition, state=S.offered, offered_until=NOW - timedelta(days=3))
    waiting = make.enrolment(edition, state=S.waitlisted)

    work.actor = SYSTEM
    ended = [enrol.lapse_offers(work), enrol.lapse_offers(work)]

    assert ended == [1, 0]
    assert (silent.state, letters_to(work, silent.person)) == (S.lapsed, ["offer_lapsed"])
    assert (waiting.state, letters_to(work, waiting.person)) == (S.offered, ["place_offered"])


def test_a_coordinator_confirms_offers_rejects_and_defers(work, make):
    edition = make.edition(state=EditionState.open, capacity=3)
    states = (S.waitlisted, S.waitlisted, S.applied, S.confirmed, S.waitlisted)
    confirmed, offered, rejected, deferred, waiting = (make.enrolment(edition, state=state) for state in states)

    enrol.confirm(work, enrolment_id=confirmed.id, version=1)
    enrol.offer(work, enrolment_id=offered.id)
    enrol.reject(work, enrolment_id=rejected.id)
    enrol.defer(work, enrolment_id=deferred.id)

    assert [letters_to(work, one.person) for one in (confirmed, offered, rejected, deferred, waiting)] == [
        ["place_confirmed"],
        ["place_offered"],
        ["not_placed"],
        [],
        ["place_offered"],
    ]


def test_a_confirmed_place_brings_all_lessons_as_a_calendar_file(work, make):
    edition = make.edition(state=EditionState.open)
    make.item_of(make.training_session(edition, starts_at=NOW + timedelta(days=7)))
    enrolment = make.enrolment(edition, state=S.waitlisted)

    enrol.confirm(work, enrolment_id=enrolment.id)

    assert work.session.scalar(select(Message.attachment)).count(b"BEGIN:VEVENT") == 1
