"""The own pages of trainees and facilitators: what they show, what they do, whose they are."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.base import NOW, TODAY
from trainhub.calendar.models import FeedToken
from trainhub.courses.models import Track
from trainhub.editions.models import EnrolmentState
from trainhub.meetings.models import AssignmentState, InvitationState, MeetingState, Part
from trainhub.people import queries
from trainhub.people.models import DayPart, OwnNeighbourhood, PersonStatus, Purpose

DAY = timedelta(days=1)
PAGES = (
    "/mijn",
    "/mijn/trainingen",
    "/mijn/agenda",
    "/mijn/keuzes",
    "/mijn/toestemming",
    "/mijn/toestemming?meer=1",
    "/mijn/toestemming/directory",
    "/mijn/zo-ziet-een-gemeente-jou",
    "/mijn/beschikbaar",
    "/mijn/voorkeuren",
    "/mijn/vrij",
    "/mijn/pauze",
    "/mijn/gegevens",
    "/mijn/wissen",
)


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


@pytest.mark.parametrize("path", PAGES)
def test_page_is_for_who_is_signed_in(client, path):
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("path", PAGES)
def test_page_opens_for_somebody_with_nothing_and_for_somebody_with_much(client, make, sign_in, person, path):
    meeting = make.meeting(state=MeetingState.confirmed)
    make.assignment(meeting, person, need=make.need(meeting))
    make.invitation(make.need(), person)
    make.enrolment(make.edition(), person=person, state=EnrolmentState.offered)
    assert client.get(path).status_code in {200, 302}

    sign_in(client, make.person())
    assert client.get(path).status_code == 200


def test_home_tells_what_happens_now_with_place_time_and_calendar_file(client, make, person):
    edition = make.edition(title="Najaar")
    lesson = make.training_session(edition, starts_at=NOW + timedelta(hours=1, minutes=30))
    enrolment = make.enrolment(edition, person=person, state=EnrolmentState.active)

    page = client.get("/mijn")

    assert "dinsdag 24 november 2026, 13.30 tot 16.30 uur" in words(page)
    assert "Wijkcentrum De Brug" in page.text
    assert f'href="/les/{lesson.public_id}.ics"' in page.text
    assert f'href="/editie/{edition.public_id}.ics"' in page.text
    assert f'href="/mijn/training/{enrolment.public_id}"' in page.text
    assert client.get(f"/les/{lesson.public_id}.ics").status_code == 200
    assert "%" not in words(page)


def test_home_shows_the_certificate_with_its_check(client, person, session):
    from trainhub.certification.models import Certificate  # noqa: PLC0415 - only here

    token = session.scalars(select(Certificate.public_token)).one()

    assert f'href="/c/{token}"' in client.get("/mijn").text


@pytest.mark.parametrize("rows", [1, 3])
def test_home_costs_at_most_ten_queries_however_much_there_is(client, make, person, count_queries, rows):
    for number in range(rows):
        edition = make.edition()
        make.training_session(edition)
        make.enrolment(edition, person=person, state=EnrolmentState.active)
        meeting = make.meeting(starts_at=NOW + (20 + number) * DAY)
        make.assignment(meeting, person, need=make.need(meeting))
        make.invitation(make.need(make.meeting(starts_at=NOW + (40 + number) * DAY)), person)

    with count_queries(10):
        assert client.get("/mijn").status_code == 200


def test_training_tells_what_is_still_to_come_without_codes_or_percentages(client, make, person):
    edition = make.edition()
    make.training_session(edition, starts_at=NOW + DAY)
    enrolment = make.enrolment(edition, person=person, state=EnrolmentState.active)

    page = words(client.get(f"/mijn/training/{enrolment.public_id}"))

    assert "Naar de lessen komen" in page
    assert "%" not in page
    assert client.get("/mijn/trainingen").headers["Location"].endswith(str(enrolment.public_id))


@pytest.mark.parametrize("path", ["/mijn/training/{0}", "/mijn/training/{0}/stoppen"])
def test_training_of_another_person_is_not_there(client, make, person, path):
    other = make.enrolment(make.edition(), person=make.person(), state=EnrolmentState.active)

    assert client.get(path.format(other.public_id)).status_code == 404


def test_acts_of_another_person_are_not_there_and_change_nothing(client, make, person, fresh):
    other = make.facilitator()
    meeting = make.meeting()
    need = make.need(meeting)
    place, invitation = make.assignment(meeting, other, need=need), make.invitation(make.need(), other)
    enrolment = make.enrolment(make.edition(), person=other, state=EnrolmentState.offered)
    absence = make.absence(other, TODAY)

    for path in (
        f"/mijn/vraag/{invitation.public_id}",
        f"/mijn/bijeenkomst/{place.public_id}/afmelden",
        f"/mijn/training/{enrolment.public_id}/antwoord",
        f"/mijn/training/{enrolment.public_id}/stoppen",
        f"/mijn/vrij/{absence.public_id}/weg",
    ):
        assert client.post(path, data={"answer": "yes"}).status_code == 404

    assert fresh(place).state == AssignmentState.confirmed
    assert fresh(invitation).state == InvitationState.sent
    assert fresh(enrolment).state == EnrolmentState.offered


@pytest.mark.parametrize(("answer", "state"), [("yes", InvitationState.accepted), ("no", InvitationState.declined)])
def test_question_is_answered_with_one_press(client, make, person, fresh, answer, state):
    meeting = make.meeting(state=MeetingState.staffing)
    invitation = make.invitation(make.need(meeting), person)
    assert "Kun jij komen?" in client.get("/mijn").text

    response = client.post(f"/mijn/vraag/{invitation.public_id}", data={"answer": answer})

    assert response.status_code == 302
    assert fresh(invitation).state == state


def test_question_that_is_closed_is_told_in_words(client, make, person):
    invitation = make.invitation(make.need(), person, answer_until=NOW - DAY)

    page = client.post(f"/mijn/vraag/{invitation.public_id}", data={"answer": "yes"}, follow_redirects=True)

    assert page.status_code == 200
    assert "notice tone-stop" in page.text


def test_not_coming_is_one_press_without_a_reason(client, make, person, fresh):
    meeting = make.meeting(state=MeetingState.confirmed)
    place = make.assignment(meeting, person, need=make.need(meeting))
    path = f"/mijn/bijeenkomst/{place.public_id}/afmelden"
    assert f'href="/bijeenkomst/{meeting.public_id}.ics"' in client.get("/mijn").text
    asked = client.get(path).text
    assert "<textarea" not in asked
    assert 'type="text"' not in asked

    client.post(path)

    assert fresh(place).state == AssignmentState.released


@pytest.mark.parametrize(("answer", "state"), [("yes", EnrolmentState.active), ("no", EnrolmentState.declined)])
def test_offered_place_is_taken_or_left(client, make, person, fresh, answer, state):
    enrolment = make.enrolment(make.edition(), person=person, state=EnrolmentState.offered, offered_until=NOW + DAY)

    client.post(f"/mijn/training/{enrolment.public_id}/antwoord", data={"answer": answer})

    assert fresh(enrolment).state == state


def test_stopping_with_a_training_asks_no_reason(client, make, person, fresh):
    enrolment = make.enrolment(make.edition(), person=person, state=EnrolmentState.active)
    assert "<textarea" not in client.get(f"/mijn/training/{enrolment.public_id}/stoppen").text

    client.post(f"/mijn/training/{enrolment.public_id}/stoppen")

    assert fresh(enrolment).state == EnrolmentState.withdrawn


def test_agenda_link_is_made_shown_and_renewed(client, person, session):
    client.post("/mijn/agenda")
    first = re.search(r'value="(http://localhost/agenda/[^"]+\.ics)"', client.get("/mijn/agenda").text)[1]
    assert first.replace("http://", "webcal://") in client.get("/mijn").text
    assert client.get(first.removeprefix("http://localhost")).status_code == 200

    client.post("/mijn/agenda")

    assert client.get(first.removeprefix("http://localhost")).status_code == 404
    assert session.scalars(select(FeedToken.revoked_at).order_by(FeedToken.id)).all() == [NOW, None]


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


def test_role_word_stands_in_no_address_and_no_title_of_the_page(client, make, person):
    meeting = make.meeting(state=MeetingState.confirmed)
    make.assignment(meeting, person, role=Track.expert_by_experience, part=Part.observe)

    for path in PAGES:
        page = client.get(path).text
        title = re.search(r"<title>(.*?)</title>", page)
        assert title is None or "ervaringsdeskundig" not in title[1].lower()
        assert not re.search(r'href="[^"]*ervaringsdeskundig', page)


def test_a_strange_part_of_the_week_is_passed_over(client, person):
    assert client.post("/mijn/beschikbaar", data={"parts": "²-morning"}).status_code == 302


def test_a_form_without_an_answer_is_no_answer(client, make, person, fresh):
    invitation = make.invitation(make.need(), person)
    enrolment = make.enrolment(make.edition(), person=person, state=EnrolmentState.offered)

    for given in ({}, {"answer": "maybe"}):
        assert client.post(f"/mijn/vraag/{invitation.public_id}", data=given).status_code == 400
        assert client.post(f"/mijn/training/{enrolment.public_id}/antwoord", data=given).status_code == 400

    assert fresh(invitation).state == InvitationState.sent
    assert fresh(enrolment).state == EnrolmentState.offered


@pytest.mark.parametrize("number", [str(2**63), "9" * 5000, "²"])
def test_a_municipality_that_cannot_be_is_refused_beside_its_field(client, person, number):
    answer = client.post("/mijn/gegevens", data={"call_name": "Karin", "home_municipality_id": number})

    assert answer.status_code == 422
    assert 'href="#home_municipality_id"' in answer.text
