"""The desk's screens of requests and meetings: answer, staff, move, cancel, hold; a look before every act that people notice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.base import NOW
from tests.factories.meetings import STARTS_AT
from trainhub.core.access import Role
from trainhub.core.clock import AMSTERDAM
from trainhub.courses.models import Track
from trainhub.meetings.models import (
    Assignment,
    AssignmentState,
    Invitation,
    InvitationState,
    Meeting,
    MeetingState,
    Need,
    Part,
    RequestState,
)
from trainhub.people.models import Person

DESK = "/admin/bijeenkomsten"
WHEN = {"day": "2026-12-15", "starts_at": "19:30", "ends_at": "21:30", "place": "Buurthuis", "online_url": ""}


@pytest.fixture
def coordinator(make: Any, client: Any, sign_in: Any) -> Any:
    person = make.session.get(Person, make.actor(Role.coordinator).person_id)
    sign_in(client, person)
    return person


def fresh(make: Any, row: Any) -> Any:
    make.session.refresh(row)
    return row


def address(meeting: Any, act: str = "") -> str:
    return f"{DESK}/{meeting.public_id}{act}"


@pytest.mark.parametrize("path", ["/admin/aanvragen/", f"{DESK}/", f"{DESK}/nieuw"])
def test_the_desk_is_for_coordinators(make: Any, client: Any, sign_in: Any, path: str) -> None:
    assert client.get(path).status_code == 302
    officer = make.person()
    make.actor(Role.municipality_officer, person=officer, municipality=make.municipality())
    sign_in(client, officer)
    assert client.get(path).status_code == 403


def test_a_request_becomes_a_meeting(make: Any, client: Any, coordinator: Any) -> None:
    wish = make.request(experts=2)
    assert str(wish.public_id) in client.get("/admin/aanvragen/").text

    answer = client.post(f"/admin/aanvragen/{wish.public_id}", data={**WHEN, "reserve": "0", "version": "1"})

    meeting = make.session.scalar(select(Meeting))
    assert answer.location == address(meeting)
    assert (fresh(make, wish).state, meeting.state) == (RequestState.accepted, MeetingState.staffing)
    assert meeting.starts_at.astimezone(AMSTERDAM).strftime("%d-%m %H:%M") == "15-12 19:30"
    assert [need.count for need in meeting.needs] == [1, 2]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"place": ""}, "Vul in waar het is"),
        ({"ends_at": "18:00"}, "Het einde moet na het begin liggen"),
        ({"day": "2026-11-01"}, "Dit tijdstip is voorbij"),
        ({"day": ""}, "Buurthuis"),
    ],
)
def test_a_yes_that_cannot_be_keeps_what_was_typed(
    make: Any, client: Any, coordinator: Any, given: Any, words: str
) -> None:
    wish = make.request()

    answer = client.post(f"/admin/aanvragen/{wish.public_id}", data={**WHEN, "reserve": "3", "version": "1", **given})

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="3"' in answer.text
    assert fresh(make, wish).state == RequestState.submitted


def test_the_second_coordinator_hears_of_the_first(make: Any, client: Any, coordinator: Any) -> None:
    wish = make.request(state=RequestState.rejected, answer="Vol.")

    answer = client.post(f"/admin/aanvragen/{wish.public_id}", data={**WHEN, "reserve": "0", "version": "1"})

    assert answer.status_code == 422
    assert "Niet mogelijk" in answer.text


def test_a_no_is_confirmed_with_a_reason(make: Any, client: Any, coordinator: Any) -> None:
    wish = make.request()
    path = f"/admin/aanvragen/{wish.public_id}/afwijzen"

    assert client.get(path).status_code == 200
    assert client.post(path, data={"reason": ""}).status_code == 422
    assert client.post(path, data={"reason": "Geen mensen vrij.", "version": "1"}).location == "/admin/aanvragen/"

    assert (fresh(make, wish).state, wish.answer) == (RequestState.rejected, "Geen mensen vrij.")
    assert client.get(path).location == f"/admin/aanvragen/{wish.public_id}"


def test_a_meeting_without_a_request(make: Any, client: Any, coordinator: Any) -> None:
    place, programme = make.neighbourhood(), make.programme()
    given = {**WHEN, "programme_id": programme.id, "neighbourhood_id": place.id, "audience": "volunteers"}

    client.post(f"{DESK}/nieuw", data={**given, "discussion_leaders": "1", "experts": "1"})

    meeting = make.session.scalar(select(Meeting))
    assert (meeting.neighbourhood_id, meeting.state) == (place.id, MeetingState.staffing)
    assert client.post(f"{DESK}/nieuw", data=given).status_code == 422


def test_the_page_shows_who_fits_with_reasons_and_invites(make: Any, client: Any, coordinator: Any) -> None:
    need = make.need()
    fits = make.facilitator(call_name="Sanne")
    make.facilitator(call_name="Verweg", lat=53.0)

    page = client.get(address(need.meeting)).text
    assert "Sanne" in page
    assert "minder dan 1 km" in page
    assert "Verweg" not in page

    answer = client.post(
        address(need.meeting, "/uitnodigen"), data={"need": str(need.public_id), "person": str(fits.public_id)}
    )
    assert answer.location == f"{address(need.meeting)}?plek={need.public_id}"
    assert make.session.scalar(select(Invitation)).person_id == fits.id


def test_somebody_who_does_not_fit_is_refused_with_every_reason(make: Any, client: Any, coordinator: Any) -> None:
    need = make.need()
    person = make.facilitator(call_name="Verweg", lat=53.0)
    data = {"need": str(need.public_id), "person": str(person.public_id)}

    page = client.post(address(need.meeting, "/uitnodigen"), data=data, follow_redirects=True).text

    assert "ongeveer 145 km" in page
    assert make.session.scalars(select(Invitation)).all() == []


@pytest.mark.parametrize("data", [{}, {"need": "x", "person": "y"}])
def test_an_invitation_without_sense_is_refused(make: Any, client: Any, coordinator: Any, data: Any) -> None:
    assert client.post(address(make.need().meeting, "/uitnodigen"), data=data).status_code == 400


def test_a_need_of_another_meeting_is_not_found(make: Any, client: Any, coordinator: Any) -> None:
    data = {"need": str(make.need().public_id), "person": str(make.facilitator().public_id)}
    assert client.post(address(make.meeting(), "/uitnodigen"), data=data).status_code == 404


def test_those_left_out_are_explained(make: Any, client: Any, coordinator: Any) -> None:
    need = make.need()
    make.facilitator(call_name="Verweg", lat=53.0)
    page = client.get(address(need.meeting, f"/wie-niet/{need.public_id}")).text
    assert "Verweg" in page
    assert "wil hooguit 25 km reizen" in page


def test_a_question_is_taken_back_only_of_this_meeting(make: Any, client: Any, coordinator: Any) -> None:
    invitation = make.invitation(make.need(), make.facilitator())
    own, other = invitation.need.meeting, make.meeting()

    assert client.post(address(other, f"/terugnemen/{invitation.public_id}")).status_code == 404
    client.post(address(own, f"/terugnemen/{invitation.public_id}"))

    assert fresh(make, invitation).state == InvitationState.recalled


def test_letting_go_is_confirmed(make: Any, client: Any, coordinator: Any) -> None:
    meeting = make.meeting()
    place = make.assignment(meeting, make.facilitator(call_name="Sanne"), need=make.need(meeting))
    path = address(meeting, f"/laten-gaan/{place.public_id}")

    assert "Sanne" in client.get(path).text
    assert fresh(make, place).state == AssignmentState.confirmed
    client.post(path)

    assert fresh(make, place).state == AssignmentState.released


def test_a_trainee_is_found_and_observes(make: Any, client: Any, coordinator: Any) -> None:
    meeting = make.meeting()
    trainee = make.learner(make.training(), person=make.person(call_name="Dennis")).person
    path = address(meeting, "/meelopen")

    assert "Dennis" in client.get(path).text
    assert "Dennis" not in client.get(f"{path}?q=niemand").text
    data = {"person_id": trainee.id, "role": Track.expert_by_experience.value, "part": "observe"}
    assert client.post(path, data=data).location == address(meeting)

    assert make.session.scalar(select(Assignment)).part == Part.observe
    assert "Dennis" not in client.get(path).text
    assert client.post(path, data={**data, "part": "boss"}).status_code == 400
    assert client.post(path, data={**data, "person_id": str(2**63)}).status_code == 400
    assert client.post(path, data={**data, "part": "lead"}).status_code == 200


def test_who_is_needed_is_changed(make: Any, client: Any, coordinator: Any) -> None:
    meeting = make.meeting(state=MeetingState.draft)
    path = address(meeting, "/wie-nodig")
    given = {"role": "discussion_leader", "count": "2", "reserve": "1", "language": "ar"}

    assert client.get(path).status_code == 200
    client.post(path, data=given)

    need = make.session.scalar(select(Need))
    assert (need.count, need.reserve, need.language) == (2, 1, "ar")
    assert client.post(path, data={**given, "count": "0"}).status_code == 422


def test_a_move_names_who_cannot(make: Any, client: Any, coordinator: Any) -> None:
    meeting = make.meeting()
    other = make.meeting(starts_at=STARTS_AT + timedelta(days=1), title="Elders")
    person = make.facilitator(call_name="Sanne")
    make.assignment(meeting, person)
    make.assignment(other, person)
    at = other.starts_at.astimezone(AMSTERDAM)
    data = {"day": at.strftime("%Y-%m-%d"), "starts_at": at.strftime("%H:%M"), "ends_at": "17:00", "place": "Zaal"}

    answer = client.post(address(meeting, "/verplaatsen"), data={**data, "version": "1"})

    assert answer.status_code == 422
    assert "Sanne (Elders)" in answer.text
    assert 'value="Zaal"' in answer.text


def test_two_coordinators_see_both_versions(make: Any, client: Any, coordinator: Any) -> None:
    meeting = make.meeting()
    path = address(meeting, "/verplaatsen")

    assert client.post(path, data={**WHEN, "version": "1"}).location == address(meeting)
    second = client.post(path, data={**WHEN, "place": "Anders", "version": "1"})

    assert second.status_code == 422
    assert "Anders" in second.text
    assert "Buurthuis" in second.text


def test_cancelling_shows_who_hears_it_and_asks_why(make: Any, client: Any, coordinator: Any) -> None:
    meeting = make.meeting(request=make.request(contact=make.person(call_name="Ellen")))
    need = make.need(meeting)
    make.assignment(meeting, make.facilitator(call_name="Sanne"), need=need)
    path = address(meeting, "/afzeggen")

    page = client.get(path).text
    assert ("Sanne" in page, "Ellen" in page) == (True, True)
    assert client.post(path, data={"reason": ""}).status_code == 422
    client.post(path, data={"reason": "Zaal dicht.", "version": "1"})

    assert fresh(make, meeting).state == MeetingState.cancelled
    assert "Zaal dicht." in client.get(address(meeting)).text


def test_a_staffed_meeting_goes_ahead_and_is_held(make: Any, client: Any, coordinator: Any) -> None:
    meeting = make.meeting(state=MeetingState.staffed, starts_at=NOW - timedelta(hours=1))
    place = make.assignment(meeting, make.facilitator(), need=make.need(meeting))

    client.post(address(meeting, "/bevestigen"))
    assert fresh(make, meeting).state == MeetingState.confirmed
    assert "gehouden" in client.get(address(meeting)).text
    assert client.get(address(meeting, "/gehouden")).status_code == 200
    client.post(address(meeting, "/gehouden"))

    assert (fresh(make, meeting).state, fresh(make, place).state) == (MeetingState.held, AssignmentState.done)


def test_a_place_that_is_uncertain_says_so(make: Any, client: Any, coordinator: Any) -> None:
    meeting = make.meeting()
    make.assignment(meeting, make.facilitator(), state=AssignmentState.at_risk)
    assert "Onzeker" in client.get(address(meeting)).text


def test_an_unknown_meeting_is_not_found(client: Any, coordinator: Any) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    assert client.get(f"{DESK}/{unknown}").status_code == 404
    assert client.get(f"/admin/aanvragen/{unknown}").status_code == 404


def test_a_coordinator_of_another_programme_sees_nothing(make: Any, client: Any, sign_in: Any) -> None:
    person = make.person()
    make.actor(Role.coordinator, person=person, programme=make.programme())
    sign_in(client, person)
    meeting, wish = make.meeting(), make.request()

    assert client.get(address(meeting)).status_code == 404
    assert client.get(f"/admin/aanvragen/{wish.public_id}").status_code == 404
    assert str(meeting.public_id) not in client.get(f"{DESK}/").text


@pytest.mark.parametrize("path", [f"{DESK}/?page=x", f"{DESK}/?toon=eerder&page=99"])
def test_a_wrong_page_number_does_no_harm(client: Any, coordinator: Any, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("which", ["list", "page", "left_out", "requests", "practise"])
def test_a_screen_costs_at_most_ten_queries(
    make: Any, client: Any, coordinator: Any, count_queries: Any, which: str, rows: int
) -> None:
    training = make.training()
    for number in range(rows):
        make.request()
        make.learner(training)
        meeting = make.meeting(starts_at=STARTS_AT + timedelta(days=number), request=make.request())
        need = make.need(meeting, count=3)
        make.facilitator()
        make.facilitator(consents=False)
        make.assignment(meeting, make.facilitator(), need=need)
        make.invitation(need, make.facilitator())
    path = {
        "list": f"{DESK}/",
        "page": address(meeting),
        "left_out": address(meeting, f"/wie-niet/{need.public_id}"),
        "requests": "/admin/aanvragen/",
        "practise": address(meeting, "/meelopen"),
    }[which]
    make.session.expire_all()

    with count_queries(10):
        assert client.get(path).status_code == 200
