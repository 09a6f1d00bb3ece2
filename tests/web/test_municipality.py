"""The pages of a municipality: looking, asking, seeing who comes; nothing and nobody of another municipality."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.factories.base import NOW, TODAY
from tests.factories.meetings import STARTS_AT
from trainhub.core.access import Role
from trainhub.core.clock import local_day
from trainhub.meetings.models import AssignmentState, MeetingRequest, MeetingState, Part, RequestState

DAY = local_day(STARTS_AT)


@pytest.fixture
def place(make):
    return make.neighbourhood(municipality=make.municipality(name="Nijmegen", gm_code="GM0268"), name="Hatert")


@pytest.fixture
def officer(make, client, sign_in, place):
    person = make.person(call_name="Ellen")
    make.actor(Role.municipality_officer, person=person, municipality=place.municipality)
    sign_in(client, person)
    return person


def looked_for(place, **given):
    return {"wijk": f"w{place.id}", "datum": DAY.isoformat(), "dagdeel": "afternoon", "rol": "ed"} | {
        "taal": "nl",
        "afstand": "25",
        **given,
    }


def asked_for(place, programme, **given):
    return {
        "neighbourhood_id": place.id,
        "programme_id": programme.id,
        "audience": "residents",
        "wished_on": DAY.isoformat(),
        "wished_part": "evening",
        "discussion_leaders": "1",
        "experts": "2",
        "note": "Graag beneden.",
        "submission_key": "once",
        **given,
    }


@pytest.mark.parametrize("path", ["", "/zoeken", "/aanvraag"])
def test_the_pages_are_for_officers(make, client, sign_in, path):
    assert client.get(f"/gemeente{path}").status_code == 302
    sign_in(client, make.person())
    assert client.get(f"/gemeente{path}").status_code == 403


def test_law_8_home_shows_the_own_municipality_only(make, client, officer, place):
    mine, other = make.meeting(neighbourhood=place), make.meeting(place="Kanarie-zaal")
    make.request(neighbourhood=place)
    make.request(neighbourhood=make.neighbourhood(name="Kanarie-wijk"))
    comes = make.facilitator(call_name="Sanne-ja")
    make.assignment(mine, comes, need=make.need(mine))
    make.assignment(mine, make.facilitator(call_name="Kanarie-onzeker"), state=AssignmentState.at_risk)
    make.invitation(mine.needs[0], make.facilitator(call_name="Kanarie-gevraagd"))
    make.assignment(mine, make.person(call_name="Kanarie-oefent"), part=Part.observe)
    make.assignment(other, make.facilitator(call_name="Kanarie-elders"))

    home = client.get("/gemeente").text
    page = client.get(f"/gemeente/bijeenkomst/{mine.public_id}").text

    assert "Sanne-ja" in home
    assert "Sanne-ja" in page
    assert "Kanarie" not in home + page


@pytest.mark.parametrize("kind_of_page", ["bijeenkomst", "aanvraag", "aanvraag/{}/intrekken", "ics"])
def test_law_8_an_object_of_another_municipality_does_not_exist(make, client, officer, kind_of_page):
    thing = make.meeting() if kind_of_page in {"bijeenkomst", "ics"} else make.request()
    address = {
        "bijeenkomst": f"/gemeente/bijeenkomst/{thing.public_id}",
        "ics": f"/bijeenkomst/{thing.public_id}.ics",
        "aanvraag": f"/gemeente/aanvraag/{thing.public_id}",
    }.get(kind_of_page, f"/gemeente/aanvraag/{thing.public_id}/intrekken")

    assert client.get(address).status_code == 404
    if kind_of_page.endswith("intrekken"):
        assert client.post(address).status_code == 404
        assert thing.state == RequestState.submitted


def test_law_8_a_search_shows_no_name_and_nobody_without_consent(make, client, officer, place):
    make.facilitator(call_name="Kanarie-een")
    make.facilitator(call_name="Kanarie-twee", consents=False)
    absent = make.facilitator(call_name="Kanarie-weg")
    make.absence(absent, DAY)

    answer = client.get("/gemeente/zoeken", query_string=looked_for(place))

    assert answer.status_code == 200
    assert "Kanarie" not in answer.text
    assert ("Persoon 1" in answer.text, "Persoon 2" in answer.text) == (True, False)
    assert "0 tot 2 km" in answer.text
    assert str(absent.public_id) not in answer.text


def test_law_12_the_address_of_a_search_holds_no_role(make, client, officer, place):
    page = client.get("/gemeente/zoeken", query_string=looked_for(place)).text
    assert 'value="ed"' in page
    assert "expert_by_experience" not in page


def test_a_search_that_cannot_be_keeps_what_was_typed(client, officer, place):
    answer = client.get("/gemeente/zoeken", query_string=looked_for(place, datum="morgen", afstand="25"))

    assert answer.status_code == 422
    assert 'value="morgen"' in answer.text


@pytest.mark.parametrize("given", [{"wijk": "w999"}, {"wijk": "g1 or 1=1"}, {"rol": "x"}, {"afstand": "-1"}])
def test_a_search_outside_the_own_municipality_is_refused(client, officer, place, given):
    assert client.get("/gemeente/zoeken", query_string=looked_for(place, **given)).status_code == 422


def test_a_wrong_page_number_does_no_harm(make, client, officer, place):
    make.facilitator()
    assert client.get("/gemeente/zoeken", query_string=looked_for(place, page="9" * 30)).status_code == 200
    assert "Persoon 1" in client.get("/gemeente/zoeken", query_string=looked_for(place, page="-3")).text


def test_the_map_says_it_is_schematic_and_has_a_table(make, client, officer, place):
    make.facilitator(home_municipality_id=place.municipality_id)
    page = client.get("/gemeente/zoeken", query_string=looked_for(place)).text
    assert "schematisch" in page
    assert "minder dan 5" in page


def test_a_search_fills_in_the_request(client, officer, place):
    page = client.get("/gemeente/zoeken", query_string=looked_for(place)).text
    assert f"/gemeente/aanvraag?wijk=w{place.id}&amp;datum={DAY}&amp;dagdeel=afternoon" in page

    form = client.get(f"/gemeente/aanvraag?wijk=w{place.id}&datum={DAY}&dagdeel=afternoon").text
    assert f'value="{DAY}"' in form
    assert 'value="afternoon" checked' in form.replace("checked class", "checked class") or "afternoon" in form


def test_a_request_is_sent_once_by_a_double_click(make, client, officer, place):
    programme = make.programme()

    first = client.post("/gemeente/aanvraag", data=asked_for(place, programme))
    second = client.post("/gemeente/aanvraag", data=asked_for(place, programme))

    (wish,) = make.session.scalars(select(MeetingRequest))
    assert first.location == second.location == f"/gemeente/aanvraag/{wish.public_id}"
    assert (wish.experts, wish.contact_id, wish.note) == (2, officer.id, "Graag beneden.")
    assert "Wacht op antwoord" in client.get(first.location).text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"wished_on": (TODAY - timedelta(days=1)).isoformat()}, "Deze dag is voorbij"),
        ({"audience": ["residents", "volunteers"]}, "Kies precies één doelgroep"),
        ({"experts": "0"}, "Graag beneden."),
        ({"wished_on": ""}, "Graag beneden."),
    ],
)
def test_a_request_that_cannot_be_says_why_beside_the_field_and_keeps_what_was_typed(
    make, client, officer, place, given, words
):
    answer = client.post("/gemeente/aanvraag", data=asked_for(place, make.programme(), **given))

    assert answer.status_code == 422
    assert words in answer.text
    assert "Graag beneden." in answer.text
    assert make.session.scalars(select(MeetingRequest)).all() == []


def test_nobody_asks_for_a_neighbourhood_of_elsewhere(make, client, officer, place):
    other = make.neighbourhood()
    answer = client.post("/gemeente/aanvraag", data=asked_for(other, make.programme()))
    assert answer.status_code == 422


def test_a_programme_that_has_ended_is_not_offered(make, client, officer, place):
    make.programme(name="Lang voorbij", starts_on=date(2021, 5, 1), ends_on=date(2022, 2, 28))
    make.programme(name="Loopt nog")

    page = client.get("/gemeente/aanvraag").text

    assert "Loopt nog" in page
    assert "Lang voorbij" not in page


def test_a_request_is_withdrawn_after_one_question(make, client, officer, place):
    wish = make.request(neighbourhood=place)
    address = f"/gemeente/aanvraag/{wish.public_id}"

    assert "intrekken" in client.get(f"{address}/intrekken").text
    assert client.post(f"{address}/intrekken").location == address

    make.session.refresh(wish)
    assert wish.state == RequestState.withdrawn
    assert client.get(f"{address}/intrekken").location == address


def test_the_answer_stands_on_the_request(make, client, officer, place):
    rejected = make.request(neighbourhood=place, state=RequestState.rejected, answer="Alles is bezet.")
    accepted = make.request(neighbourhood=place, state=RequestState.accepted)
    meeting = make.meeting(request=accepted)

    assert "Alles is bezet." in client.get(f"/gemeente/aanvraag/{rejected.public_id}").text
    assert str(meeting.public_id) in client.get(f"/gemeente/aanvraag/{accepted.public_id}").text


def test_a_meeting_says_who_is_still_to_be_found_and_why_it_was_cancelled(make, client, officer, place):
    meeting = make.meeting(neighbourhood=place)
    make.need(meeting, count=2)
    gone = make.meeting(neighbourhood=place, state=MeetingState.cancelled, cancelled_because="De zaal is dicht.")

    assert "Ervaringsdeskundige: 2" in client.get(f"/gemeente/bijeenkomst/{meeting.public_id}").text
    assert "De zaal is dicht." in client.get(f"/gemeente/bijeenkomst/{gone.public_id}").text


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("path", ["", "/zoeken", "/bijeenkomst"])
def test_a_page_costs_at_most_ten_queries(make, client, officer, place, count_queries, path, rows):
    for number in range(rows):
        meeting = make.meeting(neighbourhood=place, starts_at=STARTS_AT + timedelta(days=number))
        make.assignment(meeting, make.facilitator(), need=make.need(meeting))
        make.request(neighbourhood=place)
    client.get("/gemeente")
    make.session.expire_all()
    query = looked_for(place) if path == "/zoeken" else {}
    address = f"/gemeente/bijeenkomst/{meeting.public_id}" if path == "/bijeenkomst" else f"/gemeente{path}"

    with count_queries(10):
        assert client.get(address, query_string=query).status_code == 200


def test_past_and_coming_meetings_are_apart(make, client, officer, place):
    make.meeting(neighbourhood=place, starts_at=NOW - timedelta(days=9), state=MeetingState.held)
    make.meeting(neighbourhood=place)
    page = client.get("/gemeente").text
    assert page.index("Komende bijeenkomsten") < page.index("Eerdere bijeenkomsten")


def test_a_coordinator_is_told_whose_page_this_is(make, client, sign_in):
    coordinator = make.person()
    make.actor(Role.coordinator, person=coordinator)
    sign_in(client, coordinator)
    answer = client.get("/gemeente")
    assert answer.status_code == 403
    assert "voor mensen die voor een gemeente werken" in answer.text


def test_a_whole_municipality_can_be_searched_and_an_address_fills_in_a_part(make, client, officer, place):
    make.facilitator()
    whole = f"g{place.municipality_id}"
    assert "Persoon 1" in client.get("/gemeente/zoeken", query_string=looked_for(place, wijk=whole, dagdeel="")).text
    assert f'value="{whole}"' in client.get(f"/gemeente/zoeken?wijk={whole}").text
    assert "selected" in client.get(f"/gemeente/zoeken?wijk=w{place.id}").text


@pytest.mark.parametrize(("number", "words"), [(1, "minder dan 5"), (6, "5 tot 9"), (11, "10 of meer")])
def test_numbers_on_the_map_have_bands(make, client, officer, place, number, words):
    for _ in range(number):
        make.facilitator(home_municipality_id=place.municipality_id)
    page = client.get("/gemeente/zoeken", query_string=looked_for(place)).text
    assert words in page


def test_a_municipality_without_an_outline_has_no_map(make, client, sign_in):
    place, person = make.neighbourhood(), make.person()
    make.actor(Role.municipality_officer, person=person, municipality=place.municipality)
    sign_in(client, person)
    answer = client.get("/gemeente/zoeken", query_string=looked_for(place))
    assert (answer.status_code, "schematisch" in answer.text) == (200, False)


@pytest.mark.parametrize("page", ["9" * 5000, str(2**63), "²", "-1"])
def test_a_page_number_that_is_none_shows_a_page(client, officer, place, page):
    assert client.get("/gemeente/zoeken", query_string=looked_for(place, page=page)).status_code == 200


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_the_calendar_is_refused_beside_its_field(client, officer, place, day):
    answer = client.get("/gemeente/zoeken", query_string=looked_for(place, datum=day))

    assert answer.status_code == 422
    assert "1900" in answer.text
    assert f'value="{day}"' in answer.text


@pytest.mark.parametrize("wijk", ["w²", "w" + "9" * 5000, "w"])
def test_an_address_with_a_strange_neighbourhood_opens_an_empty_request(client, officer, wijk):
    assert client.get("/gemeente/aanvraag", query_string={"wijk": wijk}).status_code == 200
