"""The assessor's pages."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.factories.base import TODAY
from trainhub.competence.queries import is_signed
from trainhub.core.access import Role
from trainhub.people.models import Person

SEEN = "Gaf op 10 november iedereen rustig het woord."


@pytest.fixture
def training(make: Any) -> Any:
    return make.training()


@pytest.fixture
def learner(make: Any, training: Any) -> Any:
    return make.learner(training, person=make.person(call_name="Samira"))


@pytest.fixture
def assessor(make: Any, training: Any, client: Any, sign_in: Any) -> Any:
    person = make.person(call_name="Bea")
    make.assessor(training.edition, person=person)
    sign_in(client, person)
    return person


def form_of(training: Any, learner: Any, place: int = 0) -> str:
    return f"/training/aftekenen/{learner.public_id}/{training.competences[place].public_id}"


def test_list_shows_people_of_my_editions_with_what_is_open(
    make: Any, client: Any, training: Any, learner: Any, assessor: Any
) -> None:
    other = make.learner(make.training(), person=make.person(call_name="Onbekend"))

    page = client.get("/training/aftekenen").text

    assert ("Samira" in page, "ED1, ED2" in page) == (True, True)
    assert "Onbekend" not in page
    assert client.get(f"/training/aftekenen/{other.public_id}").status_code == 404


@pytest.mark.parametrize("people", [1, 3])
def test_list_costs_the_same_for_one_and_for_three(
    make: Any, client: Any, training: Any, assessor: Any, count_queries: Any, people: int
) -> None:
    for _person in range(people):
        make.learner(training)

    with count_queries(6):
        assert client.get("/training/aftekenen").status_code == 200


def test_signing_keeps_evidence_and_feedback_and_goes_back_to_the_person(
    make: Any, client: Any, training: Any, learner: Any, assessor: Any
) -> None:
    answer = client.post(form_of(training, learner), data={"evidence": SEEN, "feedback": "Mooi!"})

    assert (answer.status_code, answer.location) == (302, f"/training/aftekenen/{learner.public_id}")
    assert is_signed(make.session, person_id=learner.person_id, competence_id=training.competences[0].id)
    page = client.get(answer.location).text
    assert "Bea" in page


def test_form_sent_twice_changes_nothing(make: Any, client: Any, training: Any, learner: Any, assessor: Any) -> None:
    for _time in range(2):
        answer = client.post(form_of(training, learner), data={"evidence": SEEN})
        assert answer.status_code == 302


def test_refused_form_keeps_what_was_typed_and_says_what_is_wrong(
    client: Any, training: Any, learner: Any, assessor: Any
) -> None:
    answer = client.post(form_of(training, learner), data={"evidence": "goed", "feedback": "Blijf zo rustig."})

    assert answer.status_code == 422
    assert "Blijf zo rustig." in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_without_a_mandate_the_page_says_so_and_offers_no_form(
    make: Any, client: Any, sign_in: Any, training: Any, learner: Any
) -> None:
    person = make.person()
    make.role(person, Role.assessor, edition_id=training.edition.id)
    make.mandate(person_id=person.id, course_version_id=training.version.id, valid_until=TODAY.replace(day=1))
    sign_in(client, person)

    page = client.get(f"/training/aftekenen/{learner.public_id}").text
    answer = client.post(form_of(training, learner), data={"evidence": SEEN})

    assert form_of(training, learner) not in page
    assert answer.status_code == 422
    assert not is_signed(make.session, person_id=learner.person_id, competence_id=training.competences[0].id)


def test_own_page_offers_no_form(make: Any, client: Any, sign_in: Any, training: Any, learner: Any) -> None:
    make.assessor(training.edition, person=learner.person)
    sign_in(client, learner.person)

    assert form_of(training, learner) not in client.get(f"/training/aftekenen/{learner.public_id}").text
    assert client.post(form_of(training, learner), data={"evidence": SEEN}).status_code == 422


def test_unknown_competence_and_a_visitor(client: Any, training: Any, learner: Any, assessor: Any, app: Any) -> None:
    assert client.get(f"/training/aftekenen/{learner.public_id}/{uuid.uuid4()}").status_code == 404
    assert "/inloggen" in app.test_client().get("/training/aftekenen").location


def test_a_trainer_or_coordinator_has_no_business_here(make: Any, client: Any, sign_in: Any) -> None:
    actor = make.actor(Role.coordinator)
    sign_in(client, make.session.get(Person, actor.person_id))

    assert client.get("/training/aftekenen").status_code == 403


def test_nobody_to_assess_yet_says_the_first_step(make: Any, client: Any, sign_in: Any) -> None:
    person = make.person()
    make.role(person, Role.assessor)
    sign_in(client, person)

    assert client.get("/training/aftekenen").status_code == 200
