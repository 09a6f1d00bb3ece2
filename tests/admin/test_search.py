"""The search in the head finds everything that a coordinator may see, in a fixed number of queries."""

from __future__ import annotations

import pytest

from trainhub.core.access import Role


@pytest.fixture
def coordinator(client, make, sign_in):
    person = make.person(call_name="Marieke")
    make.actor(Role.coordinator, person=person)
    sign_in(client, person)
    return person


def test_field_stands_in_the_head_for_coordinators_only(client, make, sign_in, coordinator):
    assert 'action="/admin/zoeken/"' in client.get("/admin/").text
    sign_in(client, make.person())
    assert 'action="/admin/zoeken/"' not in client.get("/contact").text
    assert client.get("/admin/zoeken/?q=Anna").status_code == 403


def test_people_certificates_editions_and_places_are_found(client, make, coordinator):
    anna = make.person(call_name="Anna van der Linde")
    certificate = make.certificate(person=anna)
    edition = make.training().edition
    make.municipality(name="Lindehoven")

    by_name = client.get("/admin/zoeken/?q=linde").text
    by_number = client.get("/admin/zoeken/", query_string={"q": certificate.number}).text
    by_code = client.get("/admin/zoeken/", query_string={"q": edition.code}).text

    assert f"/admin/mensen/{anna.public_id}/" in by_name
    assert certificate.number in by_name
    assert "Lindehoven" in by_name
    assert "Anna van der Linde" in by_number
    assert edition.title in by_code


def test_a_meeting_is_found_by_its_place(client, make, coordinator):
    meeting = make.meeting(title="Samen verder")
    name = meeting.neighbourhood.name

    assert "Samen verder" in client.get("/admin/zoeken/", query_string={"q": name}).text


@pytest.mark.parametrize(("words", "said"), [("", "Wat zoek je?"), ("a", "Wat zoek je?"), ("%%%", "Niets gevonden")])
def test_too_little_and_nothing_are_said_in_words(client, coordinator, words, said):
    assert said in client.get("/admin/zoeken/", query_string={"q": words}).text


@pytest.mark.parametrize("rows", [1, 3])
def test_search_costs_the_same_for_one_row_and_for_three(client, make, count_queries, coordinator, rows):
    for _row in range(rows):
        make.certificate(person=make.person(call_name="Linde"))

    with count_queries(13):
        assert client.get("/admin/zoeken/?q=linde").status_code == 200
