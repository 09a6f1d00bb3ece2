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


def test_role_word_stands_in_no_address_and_no_title_of_the_page(client, make, person):
    meeting = make.meeting(state=MeetingState.confirmed)
    make.assignment(meeting, person, role=Track.expert_by_experience, part=Part.observe)

    for path in PAGES:
        page = client.get(path).text
        title = re.search(r"<title>(.*?)</title>", page)
        assert title is None or "ervaringsdeskundig" not in title[1].lower()
        assert not re.search(r'href="[^"]*ervaringsdeskundig', page)


def test_a_form_without_an_answer_is_no_answer(client, make, person, fresh):
    invitation = make.invitation(make.need(), person)
    enrolment = make.enrolment(make.edition(), person=person, state=EnrolmentState.offered)

    for given in ({}, {"answer": "maybe"}):
        assert client.post(f"/mijn/vraag/{invitation.public_id}", data=given).status_code == 400
        assert client.post(f"/mijn/training/{enrolment.public_id}/antwoord", data=given).status_code == 400

    assert fresh(invitation).state == InvitationState.sent
    assert fresh(enrolment).state == EnrolmentState.offered
