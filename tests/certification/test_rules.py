"""The standing of a certificate, and which decision may follow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainhub.certification.kinds import DecisionKind, Standing
from trainhub.certification.requirements import Asked, Facts, whats_missing
from trainhub.certification.rules import (
    ALLOWED,
    MAY_LEAD,
    WORDS,
    Days,
    Taken,
    covered_until,
    independence,
    may_be_granted,
    may_be_renewed,
    may_decide,
    may_follow,
    next_period,
    period_from,
    reason_of,
    standing_on,
)
from trainhub.core.errors import RuleBroken, Several

K, S = DecisionKind, Standing
START, END = date(2024, 1, 1), date(2026, 12, 31)
PERIOD = [Days(START, END)]


def on(day: date, *taken: tuple[DecisionKind, date], periods: list[Days] | None = None) -> Standing:
    decisions = [Taken(kind, effective_on, place) for place, (kind, effective_on) in enumerate(taken)]
    return standing_on(day, decisions, PERIOD if periods is None else periods)


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (date(2023, 12, 31), S.pending),
        (START, S.valid),
        (date(2026, 10, 1), S.valid),
        (date(2026, 10, 2), S.expiring),
        (END, S.expiring),
        (date(2027, 1, 1), S.expired),
    ],
)
def test_standing_on_the_boundary_days_of_a_period(day: date, standing: Standing) -> None:
    assert on(day) == standing


def test_standing_without_any_period_is_pending() -> None:
    assert on(START, periods=[]) == S.pending


def test_standing_in_a_gap_between_two_periods_is_expired() -> None:
    later = Days(date(2027, 2, 1), date(2029, 1, 31))

    assert on(date(2027, 1, 15), periods=[*PERIOD, later]) == S.expired


def test_standing_does_not_expire_from_the_day_of_its_renewal_and_the_days_before_stay_as_they_were() -> None:
    joined = [*PERIOD, Days(date(2027, 1, 1), date(2029, 12, 31))]
    renewed = (K.renew, date(2026, 11, 15))

    assert on(date(2026, 11, 14), renewed, periods=joined) == S.expiring
    assert on(date(2026, 11, 15), renewed, periods=joined) == S.valid
    assert on(END, renewed, periods=joined) == S.valid


def test_cover_goes_on_over_periods_that_join_and_stops_at_a_gap() -> None:
    joined, later = Days(date(2027, 1, 1), date(2029, 12, 31)), Days(date(2030, 2, 1), date(2031, 1, 31))

    assert covered_until(START, [later, joined, *PERIOD]) == date(2029, 12, 31)
    assert covered_until(date(2030, 1, 15), [*PERIOD, joined, later]) is None


def test_standing_is_suspended_from_the_day_itself_until_reinstated() -> None:
    history = ((K.suspend, date(2025, 3, 1)), (K.reinstate, date(2025, 4, 1)))

    assert [on(date(2025, month, 1) - timedelta(days=back), *history) for month, back in ((3, 1), (3, 0), (4, 1), (4, 0))] == [
        S.valid, S.suspended, S.suspended, S.valid,
    ]  # fmt: skip


def test_standing_suspended_and_reinstated_on_one_day_follows_the_order_of_writing() -> None:
    day = date(2025, 3, 1)

    assert on(day, (K.suspend, day), (K.reinstate, day)) == S.valid
    assert on(day, (K.suspend, day), (K.reinstate, day), (K.suspend, day)) == S.suspended


def test_standing_first_match_wins() -> None:
    everything = ((K.suspend, START), (K.surrender, date(2025, 1, 1)), (K.revoke, date(2025, 6, 1)))

    assert on(date(2024, 6, 1), *everything) == S.suspended
    assert on(date(2025, 1, 1), *everything) == S.surrendered
    assert on(date(2025, 6, 1), *everything) == S.revoked
    assert on(date(2030, 1, 1), *everything) == S.revoked


def test_standing_expired_wins_over_suspended() -> None:
    assert on(date(2027, 1, 1), (K.suspend, START)) == S.expired


def test_standing_on_a_past_day_ignores_later_decisions() -> None:
    assert on(date(2025, 5, 31), (K.revoke, date(2025, 6, 1))) == S.valid


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("kind", list(DecisionKind))
def test_only_listed_decisions_may_follow_a_standing(standing: Standing, kind: DecisionKind) -> None:
    if kind in ALLOWED[standing]:
        may_follow(standing, kind)
    else:
        with pytest.raises(RuleBroken) as refused:
            may_follow(standing, kind)
        assert refused.value.code == "not_now"


def test_every_standing_has_a_word_and_two_may_lead() -> None:
    assert set(WORDS) == set(Standing)
    assert {Standing.valid, Standing.expiring} == MAY_LEAD


@pytest.mark.parametrize("kind", [K.refuse, K.suspend, K.revoke])
def test_reason_is_needed_where_a_person_loses_something(kind: DecisionKind) -> None:
    with pytest.raises(RuleBroken) as refused:
        reason_of(kind, "  ")

    assert (refused.value.code, refused.value.field) == ("reason_missing", "reason")
    assert reason_of(kind, " because ") == "because"
    assert reason_of(K.reinstate, "") == ""


def test_decider_names_every_tie() -> None:
    assert [one.code for one in independence(own=True, trained=True, assessed=True)] == ["own", "trained", "assessed"]
    may_decide(own=False, trained=False, assessed=False)
    with pytest.raises(Several):
        may_decide(own=False, trained=False, assessed=True)


def test_grant_gives_all_reasons_at_once() -> None:
    judgement = whats_missing([Asked(1, "manual"), Asked(2, "declaration")], Facts(), START)

    with pytest.raises(Several) as refused:
        may_be_granted(
            judgement, independent=independence(own=False, trained=True, assessed=False), has_certificate=True
        )

    codes = [one.code for one in refused.value.problems]
    assert codes == ["trained", "has_certificate", "open_manual", "open_declaration"]


def test_grant_and_renewal_ask_for_requirements_first() -> None:
    nothing = whats_missing([], Facts(), START)

    for refusal in (
        lambda: may_be_granted(nothing, independent=[], has_certificate=False),
        lambda: may_be_renewed(nothing, independent=[]),
    ):
        with pytest.raises(Several) as refused:
            refusal()
        assert [one.code for one in refused.value.problems] == ["nothing_asked"]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 11, 24), 36, date(2029, 11, 23)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2021, 3, 1), 36, date(2024, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
    ],
)
def test_period_goes_by_the_calendar(start: date, months: int, end: date) -> None:
    assert period_from(start, months) == Days(start, end)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_period_is_never_more_than_a_few_days_from_its_months(start: date, months: int) -> None:
    days = period_from(start, months)

    assert abs((days.ends_on - start).days - months * 30.4375) < 5
    assert days.ends_on + timedelta(days=1) == next_period(days, start, months).starts_on


def test_next_period_after_a_lapse_begins_today_and_leaves_the_gap() -> None:
    assert next_period(PERIOD[0], date(2027, 3, 1), 12) == Days(date(2027, 3, 1), date(2028, 2, 29))
