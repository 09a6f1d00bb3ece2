"""Each kind of requirement says which params are complete, and reads itself aloud."""

from __future__ import annotations

import pytest

from trainhub.core.errors import RuleBroken
from trainhub.courses import rules
from trainhub.courses.models import CourseState, Phase, RequirementKind, Track

KNOWN = {"modules": ["M1", "M2"], "competences": ["ED1"]}
GOOD = [
    ("attendance_share", {"percent": 80}, "At least 80 percent of the lessons"),
    ("attendance_share", {"percent": 80, "partly_percent": 75}, "At least 80 percent of the lessons"),
    ("modules_present", {"which": "core"}, "Every core module followed or made up"),
    ("modules_present", {"which": ["M1", "M2"]}, "Followed or made up: M1, M2"),
    ("competences_signed", {"which": "core"}, "Every core competence signed off"),
    ("competences_signed", {"which": ["ED1"]}, "Signed off: ED1"),
    ("practice_meetings", {"observe": 1, "co_lead": 2}, "Practice: joined 1 times, led together 2 times"),
    ("led_meetings", {"count": 1}, "Led 1 meeting"),
    ("led_meetings", {"count": 3}, "Led 3 meetings"),
    ("refresher", {"half_days": 1}, "Refresher lesson of 1 half-day"),
    ("declaration", {}, "Declaration given"),
    ("declaration", {"what": "Gedragscode"}, "Declared: Gedragscode"),
    ("document_seen", {"what": "vog"}, "Document seen: vog"),
    ("manual", {}, "Checked by the coordinator"),
    ("manual", {"what": "Eindgesprek"}, "Checked by hand: Eindgesprek"),
]
BAD = [
    ("attendance_share", {}),
    ("attendance_share", {"percent": 0}),
    ("attendance_share", {"percent": 101}),
    ("attendance_share", {"percent": True}),
    ("attendance_share", {"percent": "80"}),
    ("modules_present", {"which": []}),
    ("modules_present", {"which": "all"}),
    ("modules_present", {"which": ["M9"]}),
    ("competences_signed", {"which": ["M1"]}),
    ("practice_meetings", {"observe": 0, "co_lead": 0}),
    ("practice_meetings", {"observe": -1}),
    ("led_meetings", {"count": 0}),
    ("refresher", {"half_days": 21}),
    ("document_seen", {"what": " "}),
    ("document_seen", {}),
]


@pytest.mark.parametrize(("kind", "params", "sentence"), GOOD)
def test_good_params_stay_and_read_aloud(kind, params, sentence):
    assert rules.checked_params(kind, params, **KNOWN) == params
    assert str(rules.sentence(kind, params)) == sentence


@pytest.mark.parametrize(("kind", "params"), BAD)
def test_bad_params_are_refused_beside_the_field(kind, params):
    with pytest.raises(RuleBroken) as refused:
        rules.checked_params(kind, params, **KNOWN)

    assert refused.value.field == "params"


def test_what_a_kind_does_not_ask_is_left_out():
    assert rules.checked_params("led_meetings", {"count": 3, "other": 1}, **KNOWN) == {"count": 3}


def test_every_kind_and_state_has_rules_and_words():
    kinds = {kind.value for kind in RequirementKind}

    assert set(rules.PARAMS) == set(rules.SENTENCES) == set(rules.KIND_WORDS) == kinds
    assert set(rules.ALLOWED) == set(rules.STATE_WORDS) == {state.value for state in CourseState}
    assert set(rules.TRACK_WORDS) == {track.value for track in Track}
    assert set(rules.PHASE_WORDS) == {phase.value for phase in Phase}


@pytest.mark.parametrize("code", ["", "1M", "M 1", "M" * 21, "é1"])
def test_a_code_is_short_and_plain(code):
    with pytest.raises(RuleBroken):
        rules.has_code(code)


def test_a_code_is_kept_in_capitals():
    assert rules.has_code(" m1 ") == "M1"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"modules": []}, "no_modules"),
        ({"requirements": []}, "no_requirements"),
        ({"requirements": [("renewal", "led_meetings", {"count": 3})]}, "no_requirements"),
        ({"requirements": [("initial", "modules_present", {"which": ["M9"]})]}, "params_unknown"),
    ],
)
def test_what_is_not_complete_is_not_published(given, code):
    complete = {**KNOWN, "requirements": [("initial", "attendance_share", {"percent": 80})]}
    rules.may_be_published(**complete)

    with pytest.raises(RuleBroken) as refused:
        rules.may_be_published(**{**complete, **given})

    assert refused.value.code == code


def test_words_and_half_days_must_be_there():
    with pytest.raises(RuleBroken) as refused:
        rules.has_words(" ", "title")
    assert refused.value.field == "title"
    for half_days in (0, 21):
        with pytest.raises(RuleBroken) as refused:
            rules.has_half_days(half_days)
        assert refused.value.field == "half_days"
