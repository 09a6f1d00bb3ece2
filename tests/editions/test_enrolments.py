"""Places: who gets one, who waits, and that leaving needs nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.base import NOW, TODAY
from trainhub.core.access import Actor, Role
from trainhub.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from trainhub.editions import enrolments, queries, rules, service
from trainhub.editions.models import EditionState, EnrolmentState

S = EnrolmentState


def open_edition(make, **given):
    return make.edition(**{"state": EditionState.open, **given})


def enrolled(work, edition, person):
    applied = enrolments.apply(work, edition_id=edition.id, person_id=person.id)
    return enrolments.place(work, enrolment_id=applied.id)


def steps_of(work, enrolment):
    work.session.flush()
    return [event.state for event in queries.events_of(work.session, enrolment.id)]


def test_who_applies_gets_a_place_while_there_is_room_and_waits_when_there_is_none(work, make):
    edition = open_edition(make, capacity=1)

    first, second = (enrolled(work, edition, make.person()) for _ in range(2))

    assert (first.state, second.state) == (S.confirmed, S.waitlisted)
    assert steps_of(work, first) == [S.applied, S.offered, S.confirmed]
    assert steps_of(work, second) == [S.applied, S.waitlisted]


def test_nobody_passes_the_waiting_list(work, make):
    edition = open_edition(make, capacity=2)
    make.enrolment(edition, state=S.confirmed)
    waiting = make.enrolment(edition, state=S.waitlisted, queued_at=NOW - timedelta(days=3))

    late = enrolled(work, edition, make.person())

    assert (waiting.state, late.state) == (S.waitlisted, S.waitlisted)


@pytest.mark.parametrize("state", [S.offered, S.confirmed, S.active, S.paused])
def test_every_state_that_keeps_a_place_counts(work, make, state):
    edition = open_edition(make, capacity=1)
    make.enrolment(edition, state=state)

    assert queries.places_taken(work.session, edition.id) == 1
    assert enrolled(work, edition, make.person()).state == S.waitlisted


@pytest.mark.parametrize("state", [S.applied, S.waitlisted, S.declined, S.lapsed, S.withdrawn, S.deferred, S.rejected])
def test_no_other_state_takes_a_place(work, make, state):
    edition = open_edition(make, capacity=1)
    make.enrolment(edition, state=state)

    assert queries.places_taken(work.session, edition.id) == 0


def test_a_freed_place_is_offered_to_who_waits_longest_and_once(work, make):
    edition = open_edition(make, capacity=1)
    leaver = make.enrolment(edition, state=S.confirmed)
    second = make.enrolment(edition, state=S.waitlisted, queued_at=NOW - timedelta(days=1))
    first = make.enrolment(edition, state=S.waitlisted, queued_at=NOW - timedelta(days=2))
    enrolments.withdraw(work, enrolment_id=leaver.id)

    offered = enrolments.offer_freed_places(work, edition_id=edition.id)
    again = enrolments.offer_freed_places(work, edition_id=edition.id)

    assert (offered, again) == ([first], [])
    assert (first.state, second.state) == (S.offered, S.waitlisted)
    assert first.offered_until == rules.offer_ends(NOW)


def test_an_offer_is_accepted_in_time_by_its_own_person(work, make):
    edition = open_edition(make, capacity=1)
    offered = make.enrolment(edition, state=S.offered, offered_until=NOW + timedelta(days=1))

    work.actor = Actor(make.person().id)
    with pytest.raises(NotFound):
        enrolments.accept(work, enrolment_id=offered.id)
    work.actor = Actor(offered.person_id)
    enrolments.accept(work, enrolment_id=offered.public_id)

    assert (offered.state, offered.offered_until) == (S.confirmed, None)


def test_an_offer_cannot_be_accepted_after_its_end(work, make):
    offered = make.enrolment(open_edition(make), state=S.offered, offered_until=NOW - timedelta(minutes=1))

    with pytest.raises(RuleBroken) as refused:
        enrolments.accept(work, enrolment_id=offered.id)

    assert refused.value.code == "offer_over"


def test_an_offer_lapses_only_after_its_end(work, make):
    edition = open_edition(make, capacity=2)
    over = make.enrolment(edition, state=S.offered, offered_until=NOW - timedelta(minutes=1))
    still = make.enrolment(edition, state=S.offered, offered_until=NOW + timedelta(minutes=1))

    assert queries.offers_over(work.session, NOW) == [over]
    enrolments.lapse(work, enrolment_id=over.id)
    with pytest.raises(RuleBroken):
        enrolments.lapse(work, enrolment_id=still.id)

    assert (over.state, still.state) == (S.lapsed, S.offered)


@pytest.mark.parametrize(("state", "after"), sorted(rules.WHEN_LEAVING.items()))
def test_leaving_never_needs_a_form_field(work, make, state, after):
    enrolment = make.enrolment(open_edition(make), state=S(state))
    work.actor = Actor(enrolment.person_id)

    enrolments.withdraw(work, enrolment_id=enrolment.id)

    assert enrolment.state == S(after)
    assert "reason" not in work.records[-1].facts


def test_a_break_keeps_the_place_and_ends(work, make):
    enrolment = make.enrolment(make.edition())

    enrolments.pause(work, enrolment_id=enrolment.id)
    assert queries.places_taken(work.session, enrolment.edition_id) == 1
    enrolments.resume(work, enrolment_id=enrolment.id)

    assert enrolment.state == S.active


def test_who_comes_later_takes_part_at_once(work, make):
    edition = make.edition(capacity=3)

    late = enrolled(work, edition, make.person())

    assert late.state == S.active
    assert steps_of(work, late) == [S.applied, S.offered, S.confirmed, S.active]


def test_a_coordinator_confirms_past_the_waiting_list_but_not_past_the_places(work, make):
    edition = open_edition(make, capacity=1)
    one, other = (make.enrolment(edition, state=S.waitlisted) for _ in range(2))

    enrolments.confirm(work, enrolment_id=one.id)
    with pytest.raises(RuleBroken) as refused:
        enrolments.confirm(work, enrolment_id=other.id)
    with pytest.raises(RuleBroken):
        enrolments.offer(work, enrolment_id=other.id)

    assert (one.state, refused.value.code) == (S.confirmed, "full")


def test_a_coordinator_can_reject_defer_and_offer(work, make):
    edition = open_edition(make)
    applied, confirmed, waiting = (
        make.enrolment(edition, state=state) for state in (S.applied, S.confirmed, S.waitlisted)
    )

    enrolments.reject(work, enrolment_id=applied.id)
    enrolments.defer(work, enrolment_id=confirmed.id)
    enrolments.offer(work, enrolment_id=waiting.id)

    assert (applied.state, confirmed.state, waiting.state) == (S.rejected, S.deferred, S.offered)


def test_only_a_coordinator_gives_places(work, make):
    applied = make.enrolment(open_edition(make), state=S.applied)
    work.actor = Actor(applied.person_id)

    for verb in (enrolments.place, enrolments.confirm, enrolments.offer, enrolments.reject, enrolments.defer):
        with pytest.raises(NotAllowed):
            verb(work, enrolment_id=applied.id)


def test_a_trainer_cannot_change_enrolments(work, make):
    edition = open_edition(make)
    enrolment = make.enrolment(edition)
    work.actor = make.actor(Role.trainer, edition=edition)

    with pytest.raises(NotFound):
        enrolments.withdraw(work, enrolment_id=enrolment.id)


def test_a_person_applies_within_the_enrolment_period_only(work, make):
    edition = open_edition(make, enrol_from=TODAY + timedelta(days=1), enrol_until=TODAY + timedelta(days=9))
    person = make.person()
    coordinator = work.actor

    work.actor = Actor(person.id)
    with pytest.raises(RuleBroken) as refused:
        enrolments.apply(work, edition_id=edition.id, person_id=person.id)
    work.actor = coordinator
    enrolments.apply(work, edition_id=edition.id, person_id=person.id)

    assert refused.value.code == "outside_enrolment"


@pytest.mark.parametrize("state", [EditionState.draft, EditionState.completed, EditionState.cancelled])
def test_an_edition_that_is_not_open_takes_nobody(work, make, state):
    edition = make.edition(state=state)

    with pytest.raises(RuleBroken) as refused:
        enrolments.apply(work, edition_id=edition.id, person_id=make.person().id)

    assert refused.value.code == "not_open"


def test_nobody_applies_for_somebody_else(work, make):
    edition, person, other = open_edition(make), make.person(), make.person()
    work.actor = Actor(other.id)

    with pytest.raises(NotFound):
        enrolments.apply(work, edition_id=edition.id, person_id=person.id)


def test_a_person_is_in_an_edition_once(begin, make, session):
    edition, person = open_edition(make), make.person()
    make.enrolment(edition, person=person, state=S.withdrawn)
    coordinator = make.actor(Role.coordinator)

    with pytest.raises(Conflict) as refused, begin(coordinator) as work:
        enrolments.apply(work, edition_id=edition.id, person_id=person.id)

    assert str(refused.value.message) == "This person is already in this edition."


def test_more_places_cannot_become_fewer_than_are_taken(work, make):
    edition = open_edition(make, capacity=3)
    for _ in range(2):
        make.enrolment(edition, state=S.confirmed)

    with pytest.raises(RuleBroken) as refused:
        service.change_edition(work, edition_id=edition.id, title="Anders", capacity=1)

    assert refused.value.field == "capacity"
