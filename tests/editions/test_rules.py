"""The three tables of states are exactly section 5 of the domain, and times are Dutch wall time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trainhub.core.clock import local
from trainhub.core.errors import RuleBroken
from trainhub.editions import rules
from trainhub.editions.models import EditionState, EnrolmentState, SessionState

TABLES = [
    (rules.EDITION_ALLOWED, rules.EDITION_WORDS, EditionState),
    (rules.SESSION_ALLOWED, rules.SESSION_WORDS, SessionState),
    (rules.ENROLMENT_ALLOWED, rules.ENROLMENT_WORDS, EnrolmentState),
]


@pytest.mark.parametrize(("table", "words", "states"), TABLES)
def test_every_state_has_a_row_and_words(table, words, states):
    names = {state.value for state in states}

    assert set(table) == names == set(words)
    assert {to for row in table.values() for to in row} <= names


def test_edition_goes_only_the_way_of_section_5():
    steps = {(a, b) for a, row in rules.EDITION_ALLOWED.items() for b in row}

    assert steps == {
        ("draft", "open"),
        ("open", "running"),
        ("running", "completed"),
        ("completed", "archived"),
        ("draft", "cancelled"),
        ("open", "cancelled"),
        ("running", "cancelled"),
    }


@pytest.mark.parametrize("state", [state.value for state in EnrolmentState])
@pytest.mark.parametrize("wanted", [state.value for state in EnrolmentState])
def test_a_step_of_an_enrolment_that_is_not_listed_is_refused(state, wanted):
    if wanted in rules.ENROLMENT_ALLOWED[state]:
        rules.enrolment_may_become(state, wanted)
    else:
        with pytest.raises(RuleBroken) as refused:
            rules.enrolment_may_become(state, wanted)
        assert refused.value.code == "state"


@pytest.mark.parametrize("table", [rules.WHEN_LEAVING, rules.WHEN_CANCELLED])
def test_leaving_and_cancelling_end_every_state_that_still_goes_on(table):
    going = {state for state, row in rules.ENROLMENT_ALLOWED.items() if row}

    assert set(table) == going
    assert all(table[state] in rules.ENROLMENT_ALLOWED[state] for state in going)
    assert not any(rules.ENROLMENT_ALLOWED[end] for end in table.values())


def test_leaving_what_has_ended_is_refused():
    with pytest.raises(RuleBroken):
        rules.state_after_leaving("completed")


def wall(*parts):
    """A time on a Dutch clock, without its zone."""
    return datetime(*parts)  # noqa: DTZ001 - the zone is what is asked for


def test_wall_time_keeps_its_hour_across_the_change_to_winter_time():
    before = rules.dutch_moment(wall(2026, 10, 20, 13, 30))
    after = rules.dutch_moment(wall(2026, 10, 27, 13, 30))

    assert before == datetime(2026, 10, 20, 11, 30, tzinfo=UTC)
    assert after == datetime(2026, 10, 27, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("night", [(2026, 10, 25), (2026, 3, 29)])
def test_an_hour_that_is_missing_or_comes_twice_is_refused(night):
    with pytest.raises(RuleBroken) as refused:
        rules.dutch_moment(wall(*night, 2, 30), "starts_at")

    assert (refused.value.code, refused.value.field) == ("clock_change", "starts_at")


@pytest.mark.parametrize(("minutes", "half_days"), [(1, 1), (150, 1), (240, 1), (241, 2), (480, 2), (481, 3)])
def test_half_days_are_blocks_of_four_hours(minutes, half_days):
    start = local(2026, 11, 24, 9)

    assert rules.half_days(start, start + timedelta(minutes=minutes)) == half_days


def test_half_days_that_do_not_add_up_are_named():
    start = local(2026, 11, 24, 9)
    lessons = [("M1", start, start + timedelta(hours=3)), ("M2", start, start + timedelta(hours=3))]

    differ = rules.half_days_that_differ([("M1", 2), ("M2", 1), ("M3", 1)], lessons)

    assert [(one.code, one.wanted, one.planned) for one in differ] == [("M1", 2, 1), ("M3", 1, 0)]
    assert str(differ[0].sentence) == "Module M1 takes 2 half-days; 1 are planned."


@pytest.mark.parametrize(("minutes", "code"), [(0, "end_before_start"), (-5, "end_before_start"), (721, "too_long")])
def test_a_lesson_lasts_more_than_nothing_and_less_than_a_day(minutes, code):
    start = local(2026, 11, 24, 9)

    with pytest.raises(RuleBroken) as refused:
        rules.lasts(start, start + timedelta(minutes=minutes))

    assert refused.value.code == code


def test_lessons_may_touch_but_not_overlap():
    start = local(2026, 11, 24, 9)
    hour = timedelta(hours=1)

    rules.overlaps_none(start + hour, start + 2 * hour, [(start, start + hour)])
    with pytest.raises(RuleBroken):
        rules.overlaps_none(start + hour / 2, start + 2 * hour, [(start, start + hour)])


def test_an_offer_ends_at_the_end_of_the_seventh_day():
    now = local(2026, 10, 20, 9)

    assert rules.offer_ends(now).replace(second=0) == local(2026, 10, 27, 23, 59)
    rules.may_accept(rules.offer_ends(now), local(2026, 10, 27, 23, 59))
    with pytest.raises(RuleBroken):
        rules.may_accept(rules.offer_ends(now), local(2026, 10, 28, 0))
