"""What an assessor and a coordinator see of competences."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from trainhub.competence import queries
from trainhub.editions.models import EnrolmentState


@pytest.mark.parametrize("people", [1, 3])
def test_learners_cost_two_queries_for_one_and_for_three(make: Any, read: Any, count_queries: Any, people: int) -> None:
    training = make.training()
    for _person in range(people):
        make.sign_off(make.learner(training), training.competences[0])
    edition_id = training.edition.id

    with count_queries(2):
        found = queries.learners(read, edition_ids=[edition_id])
        assert [one.person.call_name != "" and one.edition.title for one in found] == ["Najaar"] * people

    assert [[step.code for step in one.open_steps] for one in found] == [["ED2"]] * people


def test_learners_are_those_who_take_part_in_these_editions(make: Any, read: Any) -> None:
    training, other = make.training(), make.training()
    enrolment = make.learner(training)
    make.learner(training, state=EnrolmentState.withdrawn)
    make.learner(other)

    assert [one.enrolment.id for one in queries.learners(read, edition_ids=[training.edition.id])] == [enrolment.id]
    assert queries.learners(read, edition_ids=[training.edition.id], enrolment_id=uuid.uuid4()) == []


def test_learner_shows_who_signed_when(make: Any, read: Any) -> None:
    training = make.training()
    enrolment = make.learner(training)
    signed = make.sign_off(enrolment, training.competences[0], assessor=make.person(call_name="Bea"))

    (learner,) = queries.learners(read, edition_ids=[training.edition.id], enrolment_id=enrolment.public_id)

    step = learner.steps[0]
    assert (step.signed_by, step.sign_off_id, str(step.signed_on)) == ("Bea", signed.id, "2026-11-21")


def test_mandates_come_with_person_course_and_competence(make: Any, read: Any) -> None:
    training = make.training()
    make.assessor(training.edition)
    make.mandate(course_version_id=training.version.id, competence_id=training.competences[0].id)

    found = queries.mandates(read)

    words = [(version.course.title, competence and competence.code) for _one, version, competence in found]
    assert words == [("Training", "ED1"), ("Training", None)]
    assert all(one.person.call_name for one, _version, _competence in found)
