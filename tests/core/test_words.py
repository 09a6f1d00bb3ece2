"""Texts and dates in the language of the reader; links that work for one purpose; problems that say what they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.base import NOW
from trainhub.core.clock import local, local_day, system_clock
from trainhub.core.errors import Conflict, DomainError, NotAllowed, NotFound, RuleBroken, Several
from trainhub.core.i18n import Text, _, _n, clock_time, day, moment, plain, render, span
from trainhub.core.links import _serializer, sign, subject_of

KEY = "a secret that only the tests know, not you"
UNTIL = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("nl", ("dinsdag 24 november 2026", "13.30", "dinsdag 24 november 2026, 13.30 uur")),
        ("en", ("Tuesday 24 November 2026", "13:30", "Tuesday 24 November 2026, 13:30")),
    ],
)
def test_days_and_times(locale, expected):
    at = local(2026, 11, 24, 13, 30)

    assert (day(at.date(), locale), clock_time(at, locale), moment(at, locale)) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("nl", "zondag 25 oktober 2026, 01.30 tot 04.30 uur"),
        ("en", "Sunday 25 October 2026, 01:30 to 04:30"),
    ],
)
def test_a_span_across_the_change_to_winter_time(locale, expected):
    assert span(local(2026, 10, 25, 1, 30), local(2026, 10, 25, 4, 30), locale) == expected


def test_values_are_put_in_by_language():
    text = _("On %(day)s at %(at)s: %(inner)s, %(count)s", day=date(2026, 7, 1), at=NOW, inner=plain("Sam"), count=3)

    assert render(text, "en") == "On Wednesday 1 July 2026 at Tuesday 24 November 2026, 12:00: Sam, 3"
    assert str(text) == render(text, "en")


@pytest.mark.parametrize(("count", "words"), [(1, "1 place"), (0, "0 places"), (2, "2 places")])
def test_one_or_several(count, words):
    assert render(_n("%(count)s place", "%(count)s places", count), "en") == words


def test_a_sentence_without_values_may_hold_a_percent_sign():
    assert render(_("100 % done"), "en") == "100 % done"
    assert render("as it is", "nl") == "as it is"


def test_a_known_sentence_is_dutch_for_a_dutch_reader():
    sentence = _("This page or record does not exist, or it is not yours to see.")

    assert render(sentence, "nl") != render(sentence, "en") == sentence.message


def test_equal_texts_are_equal():
    assert {_("A"), _("A"), plain("A")} == {Text("A"), plain("A")}


def test_a_link_gives_back_its_subject():
    token = sign(KEY, purpose="answer", subject="invitation:7", until=UNTIL)

    assert subject_of(KEY, purpose="answer", token=token, now=UNTIL) == "invitation:7"


@pytest.mark.parametrize(
    ("key", "purpose", "now", "change"),
    [
        (KEY, "answer", UNTIL + timedelta(seconds=1), ""),
        (KEY, "withdraw", NOW, ""),
        ("another secret that is long enough to use", "answer", NOW, ""),
        (KEY, "answer", NOW, "x"),
    ],
    ids=["expired", "other purpose", "other key", "forged"],
)
def test_a_link_works_for_nothing_else(key, purpose, now, change):
    token = sign(KEY, purpose="answer", subject="invitation:7", until=UNTIL) + change

    with pytest.raises(NotFound) as problem:
        subject_of(key, purpose=purpose, token=token, now=now)

    assert problem.value.code == "link_unknown"


@given(st.one_of(st.text(), st.lists(st.integers()), st.none(), st.tuples(st.integers(), st.integers() | st.floats())))
def test_whatever_is_signed_a_link_is_known_or_not_found(payload):
    token = _serializer(KEY, "answer").dumps(payload)

    with pytest.raises(NotFound):
        subject_of(KEY, purpose="answer", token=token, now=NOW)


@given(st.text())
def test_whatever_is_typed_as_a_link_is_not_found(token):
    with pytest.raises(NotFound):
        subject_of(KEY, purpose="answer", token=token, now=NOW)


def test_problems_know_their_page():
    assert [kind(_("No."), code="x").status for kind in (DomainError, NotAllowed, NotFound, RuleBroken, Conflict)] == [
        400,
        403,
        404,
        422,
        409,
    ]


def test_a_problem_carries_its_field_and_facts():
    problem = RuleBroken(_("No."), code="full", field="capacity", facts={"places": 0})

    assert (str(problem), problem.code, problem.field, problem.facts) == ("No.", "full", "capacity", {"places": 0})
    assert Several(_("Two."), [problem]).problems == [problem]


def test_the_clock():
    assert system_clock().tzinfo is UTC
    assert local_day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)
