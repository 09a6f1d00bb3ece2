"""The desk's screens of people."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.factories.base import TODAY
from trainhub.accounts.queries import account_of, actor_of
from trainhub.core.access import Role
from trainhub.editions.models import EnrolmentState
from trainhub.outbox.models import Message
from trainhub.people.models import DayPart, Person, PersonStatus

HEAD = "call_name,formal_name,email,phone,locale,channel,pc4,municipality\n"
DATA = {
    "call_name": "Noor",
    "formal_name": "N. van der Berg",
    "email": "noor@example.org",
    "locale": "nl",
    "channel": "",
}
EVERYWHERE = {"since": "2026-11-24", "until": "", "municipality_id": "", "edition_id": "", "programme_id": ""}
NOWHERE = {"home_municipality_id": "", "home_neighbourhood_id": ""}


@pytest.fixture
def coordinator(client, make, sign_in):
    """A coordinator, signed in."""
    person = make.session.get_one(Person, make.actor(Role.coordinator).person_id)
    sign_in(client, person)
    return person


@pytest.fixture
def fresh(session):
    """Read the row as the page left it."""

    def again(row):
        session.expire_all()
        return session.get_one(type(row), row.id)

    return again


def full(make):
    """Somebody with everything a page can show."""
    person = make.facilitator(call_name="Karin", preference={"radius_km": 40})
    make.role(person, Role.assessor)
    make.enrolment(make.edition(), person=person, state=EnrolmentState.active)
    meeting = make.meeting()
    make.assignment(meeting, person, need=make.need(meeting))
    make.invitation(make.need(), person)
    make.available(person, 1, DayPart.morning)
    make.absence(person, TODAY, TODAY + timedelta(days=3))
    make.row(Message, person_id=person.id, subject="Een bericht")
    return person


@pytest.mark.parametrize("path", ["/admin/mensen/", "/admin/mensen/nieuw", "/admin/mensen/inlezen"])
def test_screens_of_people_are_for_coordinators(client, make, sign_in, path):
    assert client.get(path).status_code == 302

    person = make.session.get_one(Person, make.actor(Role.technical_administrator).person_id)
    sign_in(client, person)
    assert client.get("/admin/mensen/").status_code == 403


@pytest.mark.parametrize("people", [1, 3])
def test_list_finds_people_in_a_constant_number_of_queries(client, make, coordinator, count_queries, people):
    place = make.municipality(name="Houten")
    for number in range(people):
        make.person(call_name=f"Zoek{number}", municipality=place)

    with count_queries(6):
        page = client.get(f"/admin/mensen/?q=zoek&gemeente={place.id}&status=active").text

    assert page.count("Zoek") >= people
    assert "Niemand gevonden" in client.get("/admin/mensen/?q=bestaat-niet&page=x&status=y&gemeente=z").text


@pytest.mark.parametrize("view", ["", "afspraken"])
def test_page_of_a_person_shows_all_within_ten_queries(client, make, coordinator, count_queries, view):
    person = full(make)

    with count_queries(10):
        page = client.get(f"/admin/mensen/{person.public_id}/{view}")

    assert page.status_code == 200
    words = ("Een bericht", "hooguit 40 km") if view else ("Beoordelaar", "Training", "Geldig")
    assert all(word in page.text for word in words)


def test_person_that_does_not_exist_is_404(client, coordinator):
    assert client.get("/admin/mensen/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_coordinator_registers_and_changes_somebody(client, make, coordinator, session, fresh):
    wijk = make.neighbourhood()
    assert client.post("/admin/mensen/nieuw", data={**DATA, **NOWHERE}).status_code == 302
    person = session.scalars(select(Person).where(Person.email == "noor@example.org")).one()
    path = f"/admin/mensen/{person.public_id}/wijzigen"
    version = re.search(r'name="version"[^>]*value="(\d+)"', client.get(path).text)[1]

    home = {"home_municipality_id": str(wijk.municipality_id), "home_neighbourhood_id": str(wijk.id)}
    client.post(path, data={**DATA, **home, "version": version, "phone": "06-00000000"})

    person = fresh(person)
    assert (person.phone, person.home_neighbourhood_id, person.lat) == ("06-00000000", wijk.id, wijk.lat)
    second = client.post(path, data={**DATA, **home, "version": version, "phone": "06-11111111"})
    assert second.status_code == 422
    assert "06-00000000" in second.text
    assert "06-11111111" in second.text


def test_refusal_stands_beside_its_field_and_what_was_typed_stays(client, make, coordinator):
    make.person(email="noor@example.org")

    page = client.post("/admin/mensen/nieuw", data={**DATA, **NOWHERE, "phone": "bellen"})
    assert page.status_code == 422
    assert 'id="phone-error"' in page.text
    assert 'value="bellen"' in page.text
    assert 'id="email-error"' in client.post("/admin/mensen/nieuw", data={**DATA, **NOWHERE}).text


def test_break_begins_and_ends(client, make, coordinator, fresh):
    person = make.person()

    client.post(f"/admin/mensen/{person.public_id}/pauze", data={"until": "2026-12-31"})
    assert fresh(person).status == PersonStatus.paused
    assert client.get(f"/admin/mensen/{person.public_id}/").status_code == 200
    client.post(f"/admin/mensen/{person.public_id}/hervatten")
    assert fresh(person).status == PersonStatus.active
    assert client.post(f"/admin/mensen/{person.public_id}/pauze", data={"until": "2020-01-01"}).status_code == 422


def test_account_is_opened_with_a_letter(client, make, coordinator, session):
    person = make.person()

    client.post(f"/admin/mensen/{person.public_id}/account")

    assert account_of(session, person.id).is_active
    assert session.scalar(select(func.count()).select_from(Message).where(Message.person_id == person.id)) == 1
    assert "Kan inloggen" in client.get(f"/admin/mensen/{person.public_id}/").text


def test_role_is_given_with_its_place_and_ended(client, make, coordinator, session):
    person, place = make.person(), make.municipality()
    path = f"/admin/mensen/{person.public_id}/rol"
    wrong = client.post(path, data={**EVERYWHERE, "role": "municipality_officer"})
    assert wrong.status_code == 422
    assert 'id="municipality_id-error"' in wrong.text

    data = {**EVERYWHERE, "role": "municipality_officer", "municipality_id": str(place.public_id)}
    assert client.post(path, data=data).status_code == 302
    assert actor_of(session, person.id, on=TODAY).municipality_ids == {place.id}

    end = re.search(r'href="(/admin/mensen/[^"]+/beeindigen)"', client.get(f"/admin/mensen/{person.public_id}/").text)[
        1
    ]
    assert client.get(end).status_code == 200
    client.post(end)
    session.expire_all()
    assert not actor_of(session, person.id, on=TODAY + timedelta(days=1)).municipality_ids


def test_nobody_gives_themselves_a_role(client, coordinator):
    path = f"/admin/mensen/{coordinator.public_id}/rol"

    page = client.post(path, data={**EVERYWHERE, "role": "assessor"})

    assert page.status_code == 422
    assert "Niemand geeft zichzelf een rol" in page.text


def test_erasure_is_confirmed_and_leaves_a_tombstone(client, make, coordinator, fresh):
    person = full(make)
    path = f"/admin/mensen/{person.public_id}/wissen"
    assert "voorgoed" in client.get(path).text

    client.post(path)

    assert fresh(person).status == PersonStatus.erased
    page = client.get(f"/admin/mensen/{person.public_id}/").text
    assert "Karin" not in page
    assert "Gewiste persoon" in page


def test_file_is_previewed_then_brought_in(client, coordinator, session):
    content = (HEAD + "Noor,,noor@example.org,,,,,\nNoor,,noor@example.org,,,,,\n").encode()

    preview = client.post("/admin/mensen/inlezen", data={"file": (io.BytesIO(content), "people.csv")})
    assert "Overgeslagen" in preview.text
    assert session.scalar(select(func.count()).select_from(Person).where(Person.email == "noor@example.org")) == 0

    client.post("/admin/mensen/inlezen", data={"file": (io.BytesIO(content), "people.csv"), "now": "y"})
    assert session.scalar(select(func.count()).select_from(Person).where(Person.email == "noor@example.org")) == 1


@pytest.mark.parametrize("now", [{}, {"now": "y"}])
def test_file_with_a_bad_row_is_told_by_its_line_and_brings_in_nobody(client, coordinator, session, now):
    content = (HEAD + "Noor,,noor@example.org,,,,,\n=1+1,,,,,,,\n").encode()

    page = client.post("/admin/mensen/inlezen", data={"file": (io.BytesIO(content), "people.csv"), **now})

    assert "Regel 3: het vak “call_name” begint als een formule" in page.text
    assert session.scalar(select(func.count()).select_from(Person).where(Person.email == "noor@example.org")) == 0


def test_junk_and_no_file_are_refused_in_words(client, coordinator):
    junk = client.post("/admin/mensen/inlezen", data={"file": (io.BytesIO(b"\x00\xff" * 100), "people.csv")})

    assert junk.status_code == 422
    assert "geen CSV-bestand" in junk.text
    assert client.post("/admin/mensen/inlezen", data={}).status_code == 422


@pytest.mark.parametrize("number", [str(2**63), "9" * 5000])
def test_a_municipality_that_cannot_be_is_refused_beside_its_field(client, coordinator, number):
    answer = client.post("/admin/mensen/nieuw", data=DATA | NOWHERE | {"home_municipality_id": number})

    assert answer.status_code == 422
    assert 'href="#home_municipality_id"' in answer.text


def test_a_number_can_be_called_from_a_phone(client, coordinator, make):
    person = make.person(phone="06-00 000 000")

    page = client.get(f"/admin/mensen/{person.public_id}/").text

    assert '<a href="tel:0600000000">06-00 000 000</a>' in page


def test_a_form_that_lost_its_version_is_saved_like_any_other(client, make, coordinator, fresh):
    person = make.person(call_name="Noor")

    answer = client.post(f"/admin/mensen/{person.public_id}/wijzigen", data=DATA | NOWHERE | {"call_name": "Nora"})

    assert answer.status_code == 302
    assert fresh(person).call_name == "Nora"
