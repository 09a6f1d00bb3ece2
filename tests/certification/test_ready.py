"""Who waits for a decision, over all editions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.base import TODAY
from trainhub.certification.progress import progress
from trainhub.certification.ready import waiting_for_decision


def test_waiting_for_decision_says_the_same_as_one_edition_at_a_time(make: Any, read: Any) -> None:
    first, second = make.training(), make.training()
    make.finished(first)
    granted = make.finished(second)
    make.learner(second)
    make.certificate(person=granted.person, scheme_version=second.scheme_version)

    waiting = [(one.enrolment.id, one.judgement.is_met) for one in waiting_for_decision(read, TODAY)]

    apart = [row for training in (first, second) for row in progress(read, training.edition.id, TODAY).rows]
    assert waiting == [(one.enrolment.id, one.judgement.is_met) for one in apart if one.is_ready]
    assert len(waiting) == 1


@pytest.mark.parametrize("editions", [1, 3])
def test_waiting_for_decision_costs_seven_queries_for_one_edition_and_for_three(
    make: Any, read: Any, count_queries: Any, editions: int
) -> None:
    for _edition in range(editions):
        make.finished(make.training())

    with count_queries(7):
        waiting = [(one.person.call_name, one.enrolment.edition.title) for one in waiting_for_decision(read, TODAY)]

    assert len(waiting) == editions


def test_nobody_waits_without_an_edition(read: Any, count_queries: Any) -> None:
    with count_queries(2):
        assert waiting_for_decision(read, TODAY) == []


def test_who_may_lack_a_core_signature_that_the_course_does_not_ask_is_not_left_out(make: Any, read: Any) -> None:
    training = make.training(asks={"competences_signed": {"which": ["ED1"]}})
    enrolment = make.learner(training)
    make.sign_off(enrolment, training.competences[0])

    assert [one.enrolment.id for one in waiting_for_decision(read, TODAY)] == [enrolment.id]
