"""Who may sign what, when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from trainhub.competence.rules import (
    SIGNABLE_STATES,
    Mandate,
    evidence_of,
    mandate_period,
    may_assess,
    may_be_signed,
    may_be_voided,
)
from trainhub.core.errors import RuleBroken
from trainhub.editions.models import EnrolmentState

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
MANDATE = Mandate(1, None, FIRST, LAST)


@pytest.mark.parametrize(
    ("on", "covers"),
    [(FIRST - timedelta(days=1), False), (FIRST, True), (LAST, True), (LAST + timedelta(days=1), False)],
)
def test_mandate_holds_from_its_first_to_its_last_day(on: date, covers: bool) -> None:
    assert MANDATE.covers(course_version_id=1, competence_id=5, on=on) is covers


def test_mandate_without_an_end_goes_on() -> None:
    assert Mandate(1, None, FIRST, None).is_live(date(2099, 1, 1))


def test_mandate_for_one_competence_or_another_course_covers_no_other() -> None:
    one = Mandate(1, 5, FIRST, None)

    assert one.covers(course_version_id=1, competence_id=5, on=FIRST)
    assert not one.covers(course_version_id=1, competence_id=6, on=FIRST)
    assert not one.covers(course_version_id=2, competence_id=5, on=FIRST)


def test_assessor_needs_one_mandate_that_covers() -> None:
    lapsed = Mandate(1, None, FIRST, FIRST)
    may_assess([lapsed, MANDATE], course_version_id=1, competence_id=5, on=LAST)

    for mandates in ([], [lapsed]):
        with pytest.raises(RuleBroken) as refused:
            may_assess(mandates, course_version_id=1, competence_id=5, on=LAST)
        assert refused.value.code == "no_mandate"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"own": True}, "own"),
        ({"same_course": False}, "other_course"),
        ({"state": "waitlisted"}, "not_taking_part"),
        ({"already_signed": True}, "already_signed"),
    ],
)
def test_sign_off_is_refused(given: dict[str, Any], code: str) -> None:
    fitting: dict[str, Any] = {"own": False, "same_course": True, "state": "active", "already_signed": False}
    may_be_signed(**fitting)

    with pytest.raises(RuleBroken) as refused:
        may_be_signed(**{**fitting, **given})
    assert refused.value.code == code


def test_states_are_states_of_an_enrolment() -> None:
    assert {EnrolmentState(state) for state in SIGNABLE_STATES} == {
        EnrolmentState.confirmed, EnrolmentState.active, EnrolmentState.completed,
    }  # fmt: skip


@pytest.mark.parametrize("words", ["", "   ", "ok", "goed gedaan"])
def test_evidence_is_in_words(words: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        evidence_of(words)

    assert (refused.value.code, refused.value.field) == ("evidence_missing", "evidence")
    assert evidence_of("  gaf iedereen rustig het woord ") == "gaf iedereen rustig het woord"


def test_withdrawing_needs_a_reason_and_happens_once() -> None:
    assert may_be_voided(is_voided=False, reason=" wrong person ") == "wrong person"
    for is_voided, reason, code in ((True, "x", "already_voided"), (False, " ", "reason_missing")):
        with pytest.raises(RuleBroken) as refused:
            may_be_voided(is_voided=is_voided, reason=reason)
        assert refused.value.code == code


def test_mandate_does_not_end_before_it_begins() -> None:
    mandate_period(FIRST, FIRST)
    mandate_period(FIRST, None)
    with pytest.raises(RuleBroken):
        mandate_period(LAST, FIRST)
