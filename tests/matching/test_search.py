"""What a municipality finds: only who agreed, only who is free, never who it is or why somebody is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories.base import TODAY
from tests.factories.meetings import STARTS_AT
from trainhub.core.clock import local_day
from trainhub.courses.models import Track
from trainhub.matching.facts import asked_on
from trainhub.matching.search import PER_PAGE, find, nearby
from trainhub.people.models import DayPart

DAY = local_day(STARTS_AT)
KM = 1 / 111.2


@pytest.fixture
def here(make):
    return make.municipality()


@pytest.fixture
def asked(here):
    return asked_on(role=Track.expert_by_experience, on=DAY, part=DayPart.afternoon, today=TODAY, municipality=here)


def test_cards_hold_a_role_a_band_and_languages(work, make, asked):
    make.facilitator(lat=51.69917 + 7 * KM, preference={"languages": ["nl", "ar"]})
    make.facilitator()

    found = find(work.session, asked)

    assert [(str(card.distance), card.languages) for card in found.cards] == [
        ("0 to 2 km", ("nl",)),
        ("5 to 10 km", ("nl", "ar")),
    ]
    assert found.has_more is False


def test_law_8_a_search_holds_no_name_and_nobody_without_consent_here(work, make, here, asked):
    elsewhere = make.municipality()
    make.facilitator(call_name="Kanarie-zonder", consents=False)
    make.consent(make.facilitator(call_name="Kanarie-elders", consents=False), municipality_id=elsewhere.id)
    make.consent(make.facilitator(call_name="Kanarie-hier", consents=False), municipality_id=here.id)
    absent = make.facilitator(call_name="Kanarie-weg")
    make.absence(absent, DAY)

    found = find(work.session, asked)
    there = find(work.session, replace(asked, municipality_id=elsewhere.id))

    assert (len(found.cards), len(there.cards)) == (1, 1)
    assert "Kanarie" not in repr(found) + repr(there)


def test_law_3_a_certificate_that_lapses_before_the_day_is_not_found(work, make, asked):
    make.facilitator(certificate={"ends_on": DAY - timedelta(days=1)})
    assert find(work.session, asked).cards == ()
    make.facilitator(certificate={"ends_on": DAY})
    assert len(find(work.session, asked).cards) == 1


def test_the_search_and_the_shortlist_agree(work, make, here, asked):
    from trainhub.matching.shortlist import shortlist  # noqa: PLC0415

    for number in range(6):
        person = make.facilitator(lat=51.69917 + number * 6 * KM)
        if number % 2:
            make.available(person, 2, DayPart.morning)
    need = make.need(make.meeting(neighbourhood=make.neighbourhood(municipality=here)))

    assert len(find(work.session, asked).cards) == len(shortlist(work.session, need.id, today=TODAY)) == 3


@pytest.mark.parametrize(("within", "number"), [(5, 1), (10, 2)])
def test_a_municipality_looks_within_a_distance(work, make, asked, within, number):
    make.facilitator()
    make.facilitator(lat=51.69917 + 7 * KM)
    assert len(find(work.session, asked, within_km=within).cards) == number


def test_where_very_many_live_the_numbers_say_so(work, make, asked, monkeypatch):
    here = make.municipality(name="Veel")
    for _ in range(3):
        make.facilitator(home_municipality_id=here.id)
    assert nearby(work.session, asked).is_complete
    monkeypatch.setattr("trainhub.matching.search.COUNTED", 2)
    assert not nearby(work.session, asked).is_complete


def test_a_full_page_is_one_query(work, make, read, asked, count_queries):
    for _ in range(PER_PAGE + 1):
        make.facilitator()
    with count_queries(1):
        assert find(read, asked).has_more


def test_pages_follow_each_other(work, make, asked):
    for _ in range(PER_PAGE + 1):
        make.facilitator()

    first, second = find(work.session, asked), find(work.session, asked, page=2)

    assert (len(first.cards), first.has_more) == (PER_PAGE, True)
    assert (len(second.cards), second.has_more) == (1, False)


def test_small_numbers_are_hidden(work, make, asked):
    few, many = make.municipality(name="Weinig"), make.municipality(name="Veel")
    for number in range(9):
        make.facilitator(home_municipality_id=(few if number < 4 else many).id)

    assert [(one.name, one.number) for one in nearby(work.session, asked).numbers] == [("Veel", 5), ("Weinig", None)]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_search_is_three_queries_at_most(work, make, read, asked, count_queries, rows):
    for _ in range(rows):
        make.facilitator()
    with count_queries(3):
        assert len(find(read, asked).cards) == rows
