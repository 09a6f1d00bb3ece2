"""Every step that the table of states lists, and no other; every refusal with its code and field."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories.base import NOW
from trainhub.core.errors import DomainError, RuleBroken, Several
from trainhub.courses.models import Track
from trainhub.meetings import rules
from trainhub.meetings.models import AssignmentState, InvitationState, MeetingState, Part, RequestState
from trainhub.meetings.words import LABELS, label
from trainhub.programmes.models import Audience

HOUR = timedelta(hours=1)
STEPS = {
    RequestState: "submitted>accepted submitted>rejected submitted>withdrawn",
    MeetingState: (
        "draft>staffing staffing>staffed staffed>confirmed confirmed>held held>evaluated evaluated>closed"
        " staffed>staffing confirmed>staffing draft>cancelled staffing>cancelled staffed>cancelled confirmed>cancelled"
    ),
    InvitationState: "sent>accepted sent>declined sent>expired sent>recalled",
    AssignmentState: "confirmed>done confirmed>released confirmed>at_risk at_risk>confirmed at_risk>released",
}


@pytest.mark.parametrize(
    ("old", "new"), [(old, new) for kind in STEPS for old in kind for new in kind], ids=lambda one: one.value
)
def test_only_the_listed_steps_are_allowed(old, new):
    if f"{old}>{new}" in STEPS[type(old)].split():
        rules.step(old, new)
    else:
        with pytest.raises(RuleBroken) as refused:
            rules.step(old, new)
        assert refused.value.code == "state"


@pytest.mark.parametrize("kind", LABELS)
def test_every_state_has_its_words(kind):
    assert {member.value for member in kind} == set(LABELS[kind])
    assert all(str(label(member)) for member in kind)


@pytest.mark.parametrize("given", [[], ["residents", "volunteers"], ["everybody"]])
def test_two_audiences_are_refused(given):
    with pytest.raises(RuleBroken) as refused:
        rules.one_audience(given)
    assert (refused.value.code, refused.value.field) == ("one_audience", "audience")


def test_one_audience_is_taken():
    assert rules.one_audience(["volunteers"]) == Audience.volunteers


def codes(call, **given):
    """The codes of every problem, in order."""
    try:
        call(**given)
    except Several as several:
        return [problem.code for problem in several.problems]
    except DomainError as problem:
        return [problem.code]
    return []


WISH = {
    "own_neighbourhood": True,
    "programme_ends": date(2026, 11, 30),
    "wished_on": date(2026, 11, 24),
    "today": date(2026, 11, 24),
    "discussion_leaders": 1,
    "experts": 2,
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"wished_on": date(2026, 11, 23)}, ["day_over"]),
        ({"wished_on": date(2026, 11, 30)}, []),
        ({"wished_on": date(2026, 12, 1)}, ["programme_over"]),
        ({"own_neighbourhood": False}, ["neighbourhood_elsewhere"]),
        ({"experts": 0, "discussion_leaders": 21}, ["people", "people"]),
        ({"own_neighbourhood": False, "wished_on": date(2020, 1, 1)}, ["neighbourhood_elsewhere", "day_over"]),
    ],
)
def test_a_wish_is_judged_at_once(change, expected):
    assert codes(rules.may_be_requested, **{**WISH, **change}) == expected


PLAN = {
    "own_neighbourhood": True,
    "starts_at": NOW + HOUR,
    "ends_at": NOW + 3 * HOUR,
    "now": NOW,
    "place": "Buurthuis",
    "online_url": None,
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"place": None, "online_url": "https://example.org/m"}, []),
        ({"starts_at": NOW}, ["time_over"]),
        ({"ends_at": NOW + HOUR}, ["times"]),
        ({"ends_at": NOW + 14 * HOUR}, ["times"]),
        ({"place": ""}, ["place"]),
        ({"place": "", "online_url": "example.org"}, ["link"]),
        ({"own_neighbourhood": False, "place": None}, ["neighbourhood_elsewhere", "place"]),
    ],
)
def test_a_plan_is_judged_at_once(change, expected):
    assert codes(rules.may_be_planned, **{**PLAN, **change}) == expected


def test_a_reason_is_trimmed_and_never_empty():
    assert rules.needs_reason("  Ziek. ") == "Ziek."
    assert codes(rules.needs_reason, reason="  ") == ["reason"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((1, 0, 0, "nl"), []),
        ((20, 20, 0, "ar"), []),
        ((0, 0, 0, "nl"), ["people"]),
        ((1, 21, 0, "nl"), ["people"]),
        ((1, 0, 2, "nl"), ["taken"]),
        ((1, 0, 0, "Nederlands"), ["language"]),
    ],
)
def test_a_need_is_judged(given, expected):
    names = ("count", "reserve", "taken", "language")
    assert codes(rules.may_need, **dict(zip(names, given, strict=True))) == expected


def test_conflicts_are_named():
    busy = [rules.Busy("Sanne", "Welkome Wijk, Hatert", NOW), rules.Busy("Bo", "Elders", NOW)]
    with pytest.raises(RuleBroken) as refused:
        rules.nobody_is_elsewhere(busy)
    assert "Sanne (Welkome Wijk, Hatert); Bo (Elders)" in str(refused.value)
    rules.nobody_is_elsewhere([])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"state": MeetingState.staffing, "starts_at": NOW + HOUR, "is_open": True}, []),
        ({"state": MeetingState.draft, "starts_at": NOW + HOUR, "is_open": True}, ["not_staffing"]),
        ({"state": MeetingState.staffing, "starts_at": NOW, "is_open": True}, ["not_staffing"]),
        ({"state": MeetingState.confirmed, "starts_at": NOW + HOUR, "is_open": False}, ["full"]),
    ],
)
def test_a_question_is_put_only_for_an_open_place(given, expected):
    assert codes(rules.may_ask, now=NOW, **given) == expected


def test_one_can_answer_for_a_week_and_never_after_the_start():
    far, near = NOW + timedelta(days=30), NOW + HOUR
    assert rules.answer_until(None, starts_at=far, now=NOW) == NOW + timedelta(days=7)
    assert rules.answer_until(None, starts_at=near, now=NOW) == near
    assert rules.answer_until(NOW + 2 * HOUR, starts_at=far, now=NOW) == NOW + 2 * HOUR
    assert codes(rules.answer_until, given=NOW, starts_at=far, now=NOW) == ["answer_until"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"answer_until": NOW}, []),
        ({"answer_until": NOW - HOUR}, ["closed"]),
        ({"state": InvitationState.accepted}, ["answered"]),
        ({"state": InvitationState.declined}, ["answered"]),
        ({"state": InvitationState.recalled}, ["closed"]),
        ({"meeting": MeetingState.cancelled}, ["closed"]),
    ],
)
def test_an_answer_comes_in_time(given, expected):
    usual = {"state": InvitationState.sent, "answer_until": NOW + HOUR, "now": NOW, "meeting": MeetingState.staffing}
    assert codes(rules.may_answer, **{**usual, **given}) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"part": Part.lead}, ["part"]),
        ({"state": MeetingState.cancelled}, ["state"]),
        ({"starts_at": NOW}, ["state"]),
        ({"in_training": False}, ["not_in_training"]),
    ],
)
def test_practice_is_for_trainees(given, expected):
    usual = {"part": Part.observe, "state": MeetingState.confirmed, "starts_at": NOW + HOUR, "now": NOW}
    usual |= {"in_training": True, "role": Track.discussion_leader}
    assert codes(rules.may_practise, **{**usual, **given}) == expected


def test_a_meeting_is_held_from_its_start_on():
    rules.may_be_held(starts_at=NOW, now=NOW)
    assert codes(rules.may_be_held, starts_at=NOW + HOUR, now=NOW) == ["not_begun"]


@pytest.mark.parametrize(
    ("needed", "coming", "filled"),
    [({}, {}, False), ({1: 1}, {}, False), ({1: 1, 2: 2}, {1: 1, 2: 1}, False), ({1: 1, 2: 2}, {1: 2, 2: 2}, True)],
)
def test_a_meeting_is_filled_when_every_need_is(needed, coming, filled):
    assert rules.is_filled(needed, coming) is filled


@pytest.mark.parametrize("state", MeetingState)
def test_a_meeting_changes_until_it_is_held(state):
    before = {"draft", "staffing", "staffed", "confirmed"}
    assert codes(rules.may_still_change, state=state) == ([] if state in before else ["state"])
