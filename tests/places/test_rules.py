"""Codes, names and points of places."""

from __future__ import annotations

from datetime import date

import pytest

from trainhub.core.errors import RuleBroken
from trainhub.places import rules


@pytest.mark.parametrize("code", ["GM0796", "GM9999"])
def test_gm_code_is_gm_and_four_digits(code):
    rules.check_gm_code(code)


@pytest.mark.parametrize("code", ["", "0796", "gm0796", "GM796", "GM07960", "GM07٩6", "GM0796\n"])
def test_gm_code_otherwise_is_refused(code):
    with pytest.raises(RuleBroken) as refused:
        rules.check_gm_code(code)
    assert (refused.value.code, refused.value.field) == ("gm_code", "gm_code")


@pytest.mark.parametrize("code", [None, "WK079601", "WK07960A", "BU07960101", "BU0796010Z"])
def test_neighbourhood_code_may_hold_letters_at_its_end(code):
    rules.check_neighbourhood_code(code, "GM0796")


@pytest.mark.parametrize(
    "code", ["", "WK0796", "WK07961", "wk079601", "WK07960a", "BU079601", "BU079601012", "XX079601"]
)
def test_neighbourhood_code_otherwise_is_refused(code):
    with pytest.raises(RuleBroken) as refused:
        rules.check_neighbourhood_code(code, "GM0796")
    assert refused.value.code == "neighbourhood_code"


def test_neighbourhood_code_of_another_municipality_is_refused():
    with pytest.raises(RuleBroken) as refused:
        rules.check_neighbourhood_code("WK086501", "GM0796")
    assert refused.value.code == "other_municipality"


def test_name_keeps_its_letters_and_loses_double_spaces():
    assert rules.tidy_name("  's-Hertogenbosch \t") == "'s-Hertogenbosch"
    assert rules.tidy_name("Su\u0301dwest  Fryslân") == "Súdwest Fryslân"


@pytest.mark.parametrize(("name", "code"), [("  ", "name_missing"), ("x" * 121, "name_long")])
def test_name_that_is_empty_or_endless_is_refused(name, code):
    with pytest.raises(RuleBroken) as refused:
        rules.tidy_name(name)
    assert refused.value.code == code


@pytest.mark.parametrize("point", [(None, None), (51.69, 5.3), (50.7, 3.3), (53.6, 7.3)])
def test_point_inside_the_country_or_none_is_accepted(point):
    rules.check_point(*point)


@pytest.mark.parametrize(
    ("point", "code"),
    [((51.0, None), "half_point"), ((None, 5.0), "half_point"), ((5.3, 51.69), "outside"), ((49.0, 5.0), "outside")],
)
def test_point_elsewhere_is_refused(point, code):
    with pytest.raises(RuleBroken) as refused:
        rules.check_point(*point)
    assert refused.value.code == code


def test_former_names_hold_each_old_name_once_and_never_the_present_one():
    assert rules.former_names_after([], "Oud", "Nieuw") == ["Oud"]
    assert rules.former_names_after(["Oud"], "Nieuw", "Oud") == ["Nieuw"]
    assert rules.former_names_after(["Oud"], "Oud", "Nieuw") == ["Oud"]
    assert rules.former_names_after(["Oud"], "Nieuw", "Nieuw") == ["Oud"]


def test_municipality_exists_from_its_first_day_until_the_day_before_its_end():
    begin, end = date(2021, 1, 1), date(2022, 1, 1)
    rules.check_valid_on(begin, begin, end)
    rules.check_valid_on(date(2021, 12, 31), begin, end)
    for day in (date(2020, 12, 31), end):
        with pytest.raises(RuleBroken):
            rules.check_valid_on(day, begin, end)


def test_search_key_forgets_accents_capitals_and_marks():
    assert rules.search_key("'s-Hertogenbosch") == "s hertogenbosch"
    assert rules.search_key("Súdwest-Fryslân") == "sudwest fryslan"
