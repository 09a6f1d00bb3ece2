"""Questions about people, each the same in Python and in SQL."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.base import NOW, TODAY
from trainhub.people import queries, rules
from trainhub.people.models import DayPart, Person, PersonStatus, Purpose

DAY = timedelta(days=1)
DIRECTORY = Purpose.directory


def available(session, on, part=DayPart.morning):
    return set(session.scalars(select(Person.id).where(queries.available_exists(Person.id, on, part))))


@pytest.mark.parametrize("off", [-1, 0, 1, 729, 730, 731])
def test_consent_on_every_boundary_day_is_the_same_in_python_and_in_sql(session, make, off):
    given_on = TODAY
    consent = make.consent(make.person(), given_on=given_on)
    on = given_on + off * DAY

    found = queries.has_consent(session, person_id=consent.person_id, purpose=DIRECTORY, on=on)

    assert found is rules.is_live(given_on=given_on, expires_on=consent.expires_on, withdrawn=False, on=on)


def test_consent_counts_for_its_purpose_its_municipality_and_not_after_withdrawal(session, make):
    here, there = make.municipality(), make.municipality()
    everywhere, only_here, withdrawn, other_purpose = (make.person() for _ in range(4))
    make.consent(everywhere)
    make.consent(only_here, municipality_id=here.id)
    make.consent(withdrawn, withdrawn_at=NOW)
    make.consent(other_purpose, Purpose.photo)

    def found(municipality_id):
        clause = queries.consent_exists(Person.id, DIRECTORY, municipality_id, TODAY)
        return set(session.scalars(select(Person.id).where(clause)))

    assert found(here.id) == {everywhere.id, only_here.id}
    assert found(there.id) == found(None) == {everywhere.id}


def test_available_is_who_named_this_part_of_the_week_or_none(session, make):
    monday = TODAY - TODAY.weekday() * DAY + 7 * DAY
    always, mornings, evenings = make.person(), make.person(), make.person()
    make.available(mornings, 1, DayPart.morning)
    make.available(evenings, 1, DayPart.evening)
    make.available(evenings, 2, DayPart.morning)

    assert available(session, monday) == {always.id, mornings.id}
    assert available(session, monday, DayPart.evening) == {always.id, evenings.id}
    assert available(session, monday + DAY) == {always.id, evenings.id}


@pytest.mark.parametrize(("off", "comes"), [(-1, True), (0, False), (3, False), (4, True)])
def test_absence_counts_on_its_first_and_last_day(session, make, off, comes):
    person = make.person()
    make.absence(person, TODAY, TODAY + 3 * DAY)

    assert (person.id in available(session, TODAY + off * DAY)) is comes


@pytest.mark.parametrize("status", list(PersonStatus))
@pytest.mark.parametrize("until", [None, -1, 0, 1])
def test_pause_is_the_same_in_python_and_in_sql(session, make, status, until):
    paused_until = None if until is None else TODAY + until * DAY
    person = make.person(status=status, paused_until=paused_until)

    assert (person.id in available(session, TODAY)) is rules.takes_part_on(status, paused_until, TODAY)


def test_search_finds_names_and_email_in_any_case(session, make):
    noor = make.person(call_name="Noor", formal_name="N. van der Berg", email="noor@example.org")
    lies = make.person(call_name="Lies", formal_name="L. 's-Gravendijk", email="lies@example.org")
    gone = make.person(call_name="Noor", status=PersonStatus.erased)

    def found(words, **filters):
        return [row.id for row in queries.search(session, words, **filters).rows]

    assert found("NOOR") == found("van der berg") == found("noor@") == found("berg noor") == [noor.id]
    assert found("'s-grav") == [lies.id]
    assert found("%") == []
    assert found("") == [lies.id, noor.id]
    assert found("", status=PersonStatus.erased) == [gone.id]


def test_search_filters_by_municipality_and_shows_its_name(session, make):
    place = make.municipality(name="Houten")
    person = make.person(municipality=place, formal_name="Volledige Naam")
    make.person()

    (row,) = queries.search(session, municipality_id=place.id).rows

    assert (row.id, row.municipality, row.full_name) == (person.id, "Houten", "Volledige Naam")


@pytest.mark.parametrize("people", [1, 3])
def test_search_costs_two_queries_for_one_person_and_for_three(session, make, count_queries, people):
    for _ in range(people):
        make.person()

    with count_queries(2):
        assert queries.search(session).total == people


def test_search_turns_pages(session, make, monkeypatch):
    monkeypatch.setattr(queries, "PER_PAGE", 2)
    rows = [make.person(call_name=f"P{number}") for number in range(5)]

    last = queries.search(session, page=9)

    assert ([row.id for row in last.rows], last.page, last.pages, last.total) == ([rows[4].id], 3, 3, 5)
    assert queries.search(session, page=-1).page == 1
    assert queries.search(session, "niemand").pages == 1


def test_page_of_a_person_costs_four_queries(session, make, count_queries):
    wijk = make.neighbourhood()
    person = make.person(municipality=wijk.municipality, home_neighbourhood_id=wijk.id)
    preference, consent = make.preference(person), make.consent(person)
    make.available(person, 1, DayPart.morning)
    absence = make.absence(person, TODAY)
    make.absence(person, TODAY - 3 * DAY)

    with count_queries(4):
        page = queries.page_of(session, person.public_id, TODAY)

    assert page == queries.PersonPage(
        person, wijk.municipality, wijk, preference, frozenset({(1, DayPart.morning)}), (absence,), (consent,)
    )
    assert queries.page_of(session, uuid.uuid4(), TODAY) is None


def test_person_is_found_by_email_in_any_case(session, make):
    person = make.person(email="noor@example.org")

    assert queries.person_by_email(session, " Noor@Example.org ") == person
    assert queries.person_by_email(session, "lies@example.org") is None
