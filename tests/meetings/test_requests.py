"""A municipality asks, a coordinator answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.base import TODAY
from trainhub.core.access import Role
from trainhub.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from trainhub.meetings import requests
from trainhub.meetings.models import MeetingRequest, RequestState
from trainhub.people.models import DayPart
from trainhub.programmes.models import Audience


@pytest.fixture
def wish(make):
    place, programme = make.neighbourhood(), make.programme()
    return {
        "municipality_id": place.municipality_id,
        "neighbourhood_id": place.id,
        "programme_id": programme.id,
        "audience": Audience.volunteers,
        "wished_on": TODAY + timedelta(days=20),
        "wished_part": DayPart.evening,
        "submission_key": "once",
        "note": "  Graag in het buurthuis.  ",
    }


@pytest.fixture
def officer(make, wish):
    from trainhub.places.models import Municipality  # noqa: PLC0415

    return make.actor(Role.municipality_officer, municipality=make.session.get(Municipality, wish["municipality_id"]))


def test_an_officer_asks_for_the_own_municipality(work, wish, officer):
    work.actor = officer

    request = requests.submit(work, **wish)

    assert (request.state, request.contact_id, request.note) == (
        RequestState.submitted,
        officer.person_id,
        "Graag in het buurthuis.",
    )
    assert [record.action for record in work.records] == ["request.submitted"]


def test_a_double_click_is_one_request(work, wish, officer):
    work.actor = officer

    first, second = requests.submit(work, **wish), requests.submit(work, **wish)

    assert first is second
    assert len(work.records) == 1


def test_an_officer_asks_nothing_for_another_municipality(work, wish, make):
    work.actor = make.actor(Role.municipality_officer, municipality=make.municipality())

    with pytest.raises(NotFound):
        requests.submit(work, **wish)


def test_a_submission_key_of_another_municipality_tells_nothing(work, wish, make):
    make.request(submission_key="once")

    with pytest.raises(NotFound):
        requests.submit(work, **wish)


def test_a_trainer_asks_nothing(work, wish, make):
    work.actor = make.actor(Role.trainer, edition=make.edition())

    with pytest.raises(NotAllowed):
        requests.submit(work, **wish)


def test_a_neighbourhood_of_elsewhere_is_refused(work, wish, make):
    with pytest.raises(RuleBroken) as refused:
        requests.submit(work, **{**wish, "neighbourhood_id": make.neighbourhood().id})
    assert refused.value.code == "neighbourhood_elsewhere"


def test_a_coordinator_accepts_once(work, make):
    request = make.request()

    requests.accept(work, request_id=request.public_id)

    assert request.state == RequestState.accepted
    with pytest.raises(RuleBroken):
        requests.accept(work, request_id=request.id)


def test_a_rejection_has_a_reason(work, make):
    request = make.request()

    with pytest.raises(RuleBroken) as refused:
        requests.reject(work, request_id=request.id, reason=" ")
    assert refused.value.field == "reason"
    requests.reject(work, request_id=request.id, reason="Geen mensen vrij.")

    assert (request.state, request.answer) == (RequestState.rejected, "Geen mensen vrij.")


def test_the_second_coordinator_hears_of_the_first(work, make):
    request = make.request()
    requests.reject(work, request_id=request.id, reason="Vol.", version=request.row_version)

    with pytest.raises(Conflict):
        requests.accept(work, request_id=request.id, version=1)


def test_an_officer_withdraws_but_does_not_decide(work, make):
    request = make.request()
    work.actor = make.actor(Role.municipality_officer, municipality=request.municipality)

    with pytest.raises(NotAllowed):
        requests.accept(work, request_id=request.id)
    requests.withdraw(work, request_id=request.id)

    assert request.state == RequestState.withdrawn


def test_law_4_a_withdrawn_request_stays(work, make):
    request = make.request()
    requests.withdraw(work, request_id=request.id)

    assert work.session.get(MeetingRequest, request.id) is request
