"""A signed link: looking shows, only a press answers; a link that does not work gives one quiet page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.base import NOW
from trainhub.core import links
from trainhub.flows.staff import PURPOSE
from trainhub.meetings.models import Assignment, AssignmentState, InvitationState, MeetingState


@pytest.fixture
def asked(make):
    return make.invitation(make.need(), make.facilitator(call_name="Karin"))


@pytest.fixture
def address(settings):
    def of(invitation, **given):
        words = {"purpose": PURPOSE, "subject": str(invitation.public_id), "until": invitation.answer_until, **given}
        return f"/uitnodiging/{links.sign(settings.secret_key, **words)}"

    return of


def state_of(make, invitation):
    make.session.refresh(invitation)
    return invitation.state


def test_looking_answers_nothing(make, client, asked, address):
    for _ in range(3):
        page = client.get(address(asked))
    client.head(address(asked))

    assert page.status_code == 200
    assert "Karin" in page.text
    assert 'value="yes"' in page.text
    assert state_of(make, asked) == InvitationState.sent


def test_yes_gives_the_place_and_twice_is_once(make, client, asked, address):
    for _ in range(2):
        answer = client.post(address(asked), data={"answer": "yes"})
        assert answer.status_code == 302

    assert state_of(make, asked) == InvitationState.accepted
    assert len(make.session.scalars(select(Assignment)).all()) == 1
    assert "Dank je wel" in client.get(address(asked)).text


def test_law_13_no_needs_no_reason(make, client, asked, address):
    client.post(address(asked), data={"answer": "no"})

    assert state_of(make, asked) == InvitationState.declined
    page = client.get(address(asked)).text
    assert "<textarea" not in page
    assert 'value="yes"' not in page


@pytest.mark.parametrize("data", [{}, {"answer": "maybe"}])
def test_anything_else_asks_again(make, client, asked, address, data):
    answer = client.post(address(asked), data=data)
    assert (answer.status_code, state_of(make, asked)) == (422, InvitationState.sent)


def test_every_link_that_does_not_work_is_one_quiet_page(make, client, asked, address, settings):
    late = make.invitation(asked.need, make.facilitator(), answer_until=NOW - timedelta(minutes=1))
    forged = f"/uitnodiging/{links.sign('x' * 40, purpose=PURPOSE, subject=str(asked.public_id), until=NOW)}"
    addresses = [
        "/uitnodiging/niets",
        forged,
        address(late),
        address(asked, purpose="sign_in"),
        address(asked, subject="not-an-id"),
        address(asked, subject="00000000-0000-4000-8000-000000000000"),
    ]
    pages = {client.get(one).text.split("<main", 1)[1].split("</main>")[0] for one in addresses}
    assert len(pages) == 1
    assert {client.get(one).status_code for one in addresses} == {404}
    assert {client.post(one, data={"answer": "yes"}).status_code for one in addresses} == {404}
    assert "Karin" not in pages.pop()


@pytest.mark.parametrize("state", ["recalled", "expired"])
def test_a_question_that_was_closed_is_quiet(make, client, asked, address, state):
    asked.state = InvitationState(state)
    make.session.flush()
    page = client.get(address(asked))
    assert "Karin" not in page.text
    assert "Je hoeft niets te doen" in page.text


def test_a_cancelled_meeting_asks_nothing(make, client, asked, address):
    asked.need.meeting.state = MeetingState.cancelled
    make.session.flush()
    assert 'value="yes"' not in client.get(address(asked)).text


def test_law_7_who_comes_second_reads_so_kindly(make, client, asked, address):
    make.assignment(asked.need.meeting, make.facilitator(), need=asked.need)

    answer = client.post(address(asked), data={"answer": "yes"})

    assert answer.status_code == 422
    assert "net voor" in answer.text
    assert state_of(make, asked) == InvitationState.sent


def test_law_12_the_page_names_no_role(client, asked, address):
    page = client.get(address(asked)).text.lower()
    assert "ervaringsdeskundige" not in page
    assert "expert" not in page


def test_a_yes_whose_place_was_let_go_is_quiet(make, client, asked, address):
    client.post(address(asked), data={"answer": "yes"})
    place = make.session.scalar(select(Assignment))
    place.state = AssignmentState.released
    make.session.flush()

    page = client.get(address(asked)).text

    assert "Dank je wel" not in page
    assert "Je hoeft niets te doen" in page


def test_law_3_who_is_not_certified_any_more_reads_so_kindly(make, client, asked, address):
    person = make.facilitator(consents=False)
    invitation = make.invitation(asked.need, person)

    answer = client.post(address(invitation), data={"answer": "yes"})

    assert answer.status_code == 422
    assert "Je kunt deze plek nu niet krijgen" in answer.text
    assert state_of(make, invitation) == InvitationState.sent
