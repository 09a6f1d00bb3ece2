"""The coordinator's shortlist: who fits, in which order and why; who does not, with every reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.base import TODAY
from tests.factories.meetings import STARTS_AT
from trainhub.core.errors import NotFound
from trainhub.matching.rule import View
from trainhub.matching.shortlist import band, left_out, shortlist
from trainhub.people.models import DayPart, OwnNeighbourhood

KM = 1 / 111.2


def test_the_nearest_come_first_and_within_a_band_the_least_asked(work, make):
    need = make.need()
    far = make.facilitator(lat=51.69917 + 8 * KM)
    busy = make.facilitator(lat=51.69917 + 0.5 * KM)
    make.assignment(make.meeting(starts_at=STARTS_AT + timedelta(days=20)), busy)
    free = make.facilitator(lat=51.69917 + 1.5 * KM)

    assert [one.person_id for one in shortlist(work.session, need.id, today=TODAY)] == [free.id, busy.id, far.id]


def test_only_who_keeps_every_rule_is_listed_each_with_reasons(work, make):
    need = make.need()
    fits = make.facilitator(
        home_neighbourhood_id=need.meeting.neighbourhood_id, preference={"own_neighbourhood": OwnNeighbourhood.prefer}
    )
    make.available(fits, 2, DayPart.afternoon)
    make.facilitator(consents=False)
    make.facilitator(certificate={"ends_on": TODAY + timedelta(days=3)})

    (found,) = shortlist(work.session, need.id, today=TODAY)

    assert found.person_id == fits.id
    assert [str(reason) for reason in found.reasons] == [
        "Lives at less than 1 km (wants to travel at most 25 km).",
        "0 other meetings in the three months before and after.",
        "Certificate until Thursday 23 November 2028.",
        "Usually can come on this part of the week.",
        "Likes meetings in the own neighbourhood.",
    ]


def test_those_left_out_are_explained_nearest_to_fitting_first(work, make):
    need = make.need()
    make.facilitator()
    two = make.facilitator(consents=False, preference={"max_per_month": 0})
    one = make.facilitator(lat=53.0)
    make.person()

    found = left_out(work.session, need.id, today=TODAY)

    assert [(row.facts.person_id, [rule.code for rule in row.rules]) for row in found] == [
        (one.id, ["distance"]),
        (two.id, ["consent", "per_month"]),
    ]
    assert str(found[0].reasons[0]) == "Lives at about 145 km, and wants to travel at most 25 km."


def test_law_8_a_municipality_never_reads_why(work, make):
    need = make.need()
    make.facilitator(lat=53.0, preference={"max_per_month": 0})

    (found,) = left_out(work.session, need.id, today=TODAY, view=View.municipality)

    assert {str(reason) for reason in found.reasons} == {"Not available"}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_shortlist_costs_three_queries(work, make, read, count_queries, rows):
    need = make.need()
    for _ in range(rows):
        make.facilitator()
    with count_queries(5):
        assert len(shortlist(read, need.id, today=TODAY)) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_those_left_out_cost_four_queries(work, make, read, count_queries, rows):
    need = make.need()
    for _ in range(rows):
        make.facilitator(consents=False)
    with count_queries(5):
        assert len(left_out(read, need.id, today=TODAY)) == rows


def test_the_limit_holds(work, make):
    need = make.need()
    for _ in range(3):
        make.facilitator()
    assert len(shortlist(work.session, need.id, today=TODAY, limit=2)) == 2


def test_an_unknown_need_is_not_found(work):
    with pytest.raises(NotFound):
        shortlist(work.session, 1, today=TODAY)


@pytest.mark.parametrize(
    ("km", "words"),
    [(0, "0 to 2 km"), (1.99, "0 to 2 km"), (2, "2 to 5 km"), (49, "25 to 50 km"), (50, "more than 50 km")],
)
def test_distances_have_bands(km, words):
    assert str(band(km)) == words
