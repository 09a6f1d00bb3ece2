"""A municipality asks, a coordinator answers, everybody gets a letter."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.conftest import assembled
from tests.factories.base import NOW, TODAY
from trainhub.calendar.models import CalendarItem
from trainhub.core.access import Role
from trainhub.core.errors import Several
from trainhub.core.work import unit_of_work
from trainhub.courses.models import Track
from trainhub.flows import request as flow
from trainhub.meetings.models import MeetingState, RequestState
from trainhub.outbox.models import Message
from trainhub.people.models import DayPart
from trainhub.programmes.models import Audience

LATER = NOW + timedelta(days=20)


def letters(work):
    """The letters in the queue: which, to whom."""
    return [(one.letter, one.person_id) for one in work.session.scalars(select(Message).order_by(Message.id))]


def test_a_request_is_one_letter_to_the_officer_and_one_to_each_coordinator(work, make):
    place = make.neighbourhood()
    coordinator = work.actor
    work.actor = make.actor(Role.municipality_officer, municipality=place.municipality)
    wish = {"municipality_id": place.municipality_id, "neighbourhood_id": place.id, "submission_key": "once"}
    wish |= {"programme_id": make.programme().id, "audience": Audience.residents, "wished_part": DayPart.evening}

    first = flow.submit(work, wished_on=TODAY + timedelta(days=9), **wish)
    again = flow.submit(work, wished_on=TODAY + timedelta(days=9), **wish)

    assert first is again
    assert letters(work) == [
        ("request_received", work.actor.person_id),
        ("request_to_answer", coordinator.person_id),
    ]


def test_a_yes_makes_the_meeting_with_a_need_per_role_and_a_calendar_entry(work, make):
    request = make.request(discussion_leaders=1, experts=2)

    meeting = flow.accept(
        work, request_id=request.id, starts_at=LATER, ends_at=LATER + timedelta(hours=2), place="Zaal", reserve=1
    )

    assert (request.state, meeting.state) == (RequestState.accepted, MeetingState.staffing)
    assert [(need.role, need.count, need.reserve) for need in meeting.needs] == [
        (Track.discussion_leader, 1, 1),
        (Track.expert_by_experience, 2, 1),
    ]
    assert (meeting.municipality_id, meeting.audience) == (request.municipality_id, request.audience)
    assert work.session.scalar(select(CalendarItem.meeting_id)) == meeting.id
    assert letters(work) == [("request_accepted", request.contact_id)]


def test_a_yes_to_a_wrong_time_leaves_the_request_open(begin, make, work):
    request = make.request()
    with pytest.raises(Several), begin(work.actor) as unit:
        flow.accept(unit, request_id=request.id, starts_at=NOW, ends_at=LATER, place="Zaal")
    make.session.refresh(request)

    assert request.state == RequestState.submitted


def test_a_no_says_why(work, make):
    request = make.request()

    flow.reject(work, request_id=request.id, reason="Alle mensen zijn bezet.")

    (message,) = work.session.scalars(select(Message))
    assert (message.letter, message.person_id) == ("request_rejected", request.contact_id)
    assert "Alle mensen zijn bezet." in message.body


def test_a_real_double_click_is_one_request_with_one_letter(fresh_database, settings):
    with fresh_database.write_session() as session:
        make = assembled()(session)
        place = make.neighbourhood()
        actor = make.actor(Role.municipality_officer, municipality=place.municipality)
        wish = {"municipality_id": place.municipality_id, "neighbourhood_id": place.id, "submission_key": "once"}
        wish |= {"programme_id": make.programme().id, "audience": Audience.residents, "wished_part": DayPart.evening}
        session.commit()
    barrier, made = threading.Barrier(3), []

    def click():
        barrier.wait()
        with unit_of_work(fresh_database, settings, actor, now=NOW) as work:
            made.append(flow.submit(work, wished_on=TODAY + timedelta(days=9), **wish).id)

    threads = [threading.Thread(target=click) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with fresh_database.read_session() as session:
        assert session.scalars(select(Message.letter)).all() == ["request_received"]
    assert (len(made), len(set(made))) == (3, 1)
