"""The choices on the own page: who may find me, when I can come, a break, my data; and the way out."""

from __future__ import annotations

import re

import pytest

from tests.factories.base import TODAY
from trainhub.meetings.models import AssignmentState, MeetingState
from trainhub.people import queries
from trainhub.people.models import DayPart, OwnNeighbourhood, PersonStatus, Purpose


@pytest.fixture
def person(client, make, sign_in):
    """A certified person who may be found, signed in."""
    someone = make.facilitator(call_name="Karin", municipality=make.municipality(name="Houten"))
    sign_in(client, someone)
    return someone


@pytest.fixture
def fresh(session):
    """Read the row as the page left it."""

    def again(row):
        session.expire_all()
        return session.get_one(type(row), row.id)

    return again


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def test_consent_shows_the_exact_text_and_is_withdrawn_with_one_press(client, make, sign_in, session):
    person = make.person()
    sign_in(client, person)
    page = client.get("/mijn/toestemming/directory")
    assert "Gemeenten mogen mij vinden als zij iemand zoeken" in page.text
    assert "checked" not in page.text

    client.post("/mijn/toestemming/directory")
    assert [row.purpose for row in queries.live_consents(session, person.id, TODAY)] == [Purpose.directory]

    client.post("/mijn/toestemming/directory/stoppen")
    assert queries.live_consents(session, person.id, TODAY) == []


def test_withdrawing_on_the_page_frees_the_place(client, make, person, fresh):
    meeting = make.meeting(state=MeetingState.confirmed)
    place = make.assignment(meeting, person, need=make.need(meeting))

    client.post("/mijn/toestemming/directory/stoppen")

    assert fresh(place).state == AssignmentState.released


def test_consent_may_be_for_one_municipality_only(client, make, sign_in, session):
    person, place = make.person(), make.municipality()
    sign_in(client, person)

    client.post("/mijn/toestemming/directory", data={"municipality": str(place.public_id)})

    (consent,) = queries.live_consents(session, person.id, TODAY)
    assert consent.municipality_id == place.id
    assert place.name in client.get("/mijn/toestemming").text
    assert client.post("/mijn/toestemming/directory", data={"municipality": "nergens"}).status_code == 404
    client.post("/mijn/toestemming/directory/stoppen", data={"municipality": str(place.public_id)})
    assert queries.live_consents(session, person.id, TODAY) == []


def test_preview_shows_a_municipality_no_name(client, make, person):
    page = words(client.get("/mijn/zo-ziet-een-gemeente-jou"))

    assert "Wat Houten ziet" in page
    assert "Ervaringsdeskundige" in page
    main = page.split("Wat Houten ziet")[1]
    assert "Karin" not in main


@pytest.mark.parametrize("why", ["consent", "distance", "pause"])
def test_preview_says_why_a_municipality_finds_nobody(client, make, person, session, why):
    place = person.home_municipality_id
    if why == "consent":
        client.post("/mijn/toestemming/directory/stoppen")
    if why == "pause":
        client.post("/mijn/pauze", data={})
    far = make.municipality(lat=53.2, lon=6.5) if why == "distance" else None
    query = f"?gemeente={far.public_id}" if far else ""
    assert place

    assert "ziet jou niet" in words(client.get(f"/mijn/zo-ziet-een-gemeente-jou{query}"))


def test_preview_of_somebody_without_certificate_says_so(client, make, sign_in):
    sign_in(client, make.person(municipality=make.municipality()))

    assert "certificaat" in words(client.get("/mijn/zo-ziet-een-gemeente-jou"))


def test_week_is_replaced_and_junk_is_dropped(client, person, session):
    client.post("/mijn/beschikbaar", data={"parts": ["1-morning", "5-evening", "x", "1-night", "-"]})
    assert queries.parts_of(session, person.id) == {(1, DayPart.morning), (5, DayPart.evening)}
    assert client.get("/mijn/beschikbaar").text.count(" checked") == 2

    client.post("/mijn/beschikbaar")
    assert queries.parts_of(session, person.id) == set()


def test_preferences_are_saved_and_what_was_typed_stays(client, person, session):
    good = {
        "radius_km": "10",
        "max_per_month": "2",
        "rest_days": "3",
        "own_neighbourhood": "avoid",
        "languages": ["nl", "ar"],
    }
    assert client.post("/mijn/voorkeuren", data=good).status_code == 302
    kept = queries.preference_of(session, person.id)
    assert (kept.radius_km, kept.own_neighbourhood, kept.languages) == (10, OwnNeighbourhood.avoid, ["ar", "nl"])

    wrong = client.post("/mijn/voorkeuren", data={**good, "radius_km": "999"})
    assert wrong.status_code == 422
    assert 'value="999"' in wrong.text


def test_two_tabs_do_not_fight_over_preferences(client, person):
    good = {"radius_km": "10", "max_per_month": "2", "rest_days": "3", "own_neighbourhood": "any", "languages": ["nl"]}
    client.post("/mijn/voorkeuren", data=good)
    client.post("/mijn/voorkeuren", data={**good, "version": "1", "radius_km": "11"})

    assert client.post("/mijn/voorkeuren", data={**good, "version": "1", "radius_km": "12"}).status_code == 422


def test_absence_is_added_refused_and_taken_back(client, person, session):
    assert client.post("/mijn/vrij", data={"starts_on": "2026-12-01", "ends_on": "2026-12-05"}).status_code == 302
    (absence,) = queries.absences_from(session, person.id, TODAY)
    assert "5 december 2026" in client.get("/mijn/vrij").text

    wrong = client.post("/mijn/vrij", data={"starts_on": "2026-12-05", "ends_on": "2026-12-01"})
    assert wrong.status_code == 422
    assert "De laatste dag komt" in wrong.text

    client.post(f"/mijn/vrij/{absence.public_id}/weg")
    session.expire_all()
    assert queries.absences_from(session, person.id, TODAY) == []


def test_break_begins_and_ends_with_one_press(client, person, fresh):
    client.post("/mijn/pauze", data={"until": "2026-12-01"})
    assert fresh(person).status == PersonStatus.paused
    assert "Je hebt pauze tot en met dinsdag 1 december 2026" in words(client.get("/mijn"))

    client.post("/mijn/pauze/klaar")
    assert fresh(person).status == PersonStatus.active
    assert client.post("/mijn/pauze", data={"until": "2020-01-01"}).status_code == 422


def test_data_is_changed_and_the_neighbourhood_follows_the_municipality(client, make, person, fresh):
    other = make.neighbourhood()
    home = make.neighbourhood(municipality=make.session.get_one(type(other.municipality), person.home_municipality_id))
    data = {"call_name": "Karin van der Meer", "channel": "email", "locale": "nl", "home_pc4": "3991"}
    data |= {"home_municipality_id": str(person.home_municipality_id), "home_neighbourhood_id": str(home.id)}
    assert client.post("/mijn/gegevens", data=data).status_code == 302
    assert (fresh(person).call_name, fresh(person).home_neighbourhood_id) == ("Karin van der Meer", home.id)

    client.post("/mijn/gegevens", data={**data, "home_municipality_id": str(other.municipality_id)})
    assert (fresh(person).home_municipality_id, fresh(person).home_neighbourhood_id) == (other.municipality_id, None)


def test_data_refuses_a_whole_postal_code_beside_its_field(client, person):
    data = {"call_name": "Karin", "channel": "email", "locale": "nl", "home_pc4": "3991 AB"}
    data |= {"home_municipality_id": "", "home_neighbourhood_id": ""}

    page = client.post("/mijn/gegevens", data=data)

    assert page.status_code == 422
    assert 'id="home_pc4-error"' in page.text
    assert 'value="3991 AB"' in page.text


def test_email_address_is_not_changed_here(client, person, fresh):
    data = {"call_name": "Karin", "channel": "email", "locale": "nl", "home_pc4": "", "email": "kaper@example.org"}

    client.post("/mijn/gegevens", data={**data, "home_municipality_id": "", "home_neighbourhood_id": ""})

    assert fresh(person).email != "kaper@example.org"


def test_erasure_is_confirmed_and_ends_the_session(client, make, person, fresh):
    assert "voorgoed" in client.get("/mijn/wissen").text

    client.post("/mijn/wissen")

    assert fresh(person).status == PersonStatus.erased
    assert client.get("/mijn").status_code == 302


def test_a_strange_part_of_the_week_is_passed_over(client, person):
    assert client.post("/mijn/beschikbaar", data={"parts": "²-morning"}).status_code == 302


@pytest.mark.parametrize("number", [str(2**63), "9" * 5000, "²"])
def test_a_municipality_that_cannot_be_is_refused_beside_its_field(client, person, number):
    answer = client.post("/mijn/gegevens", data={"call_name": "Karin", "home_municipality_id": number})

    assert answer.status_code == 422
    assert 'href="#home_municipality_id"' in answer.text
