"""A meeting is planned, moved, confirmed, cancelled and held."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.base import NOW
from tests.factories.meetings import STARTS_AT
from trainhub.core.access import Role
from trainhub.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from trainhub.courses.models import Track
from trainhub.meetings import service
from trainhub.meetings.models import AssignmentState, InvitationState, MeetingState, Part
from trainhub.programmes.models import Audience

HOURS = timedelta(hours=2)


def planned(make, **given):
    place = make.neighbourhood()
    return {
        "municipality_id": place.municipality_id,
        "neighbourhood_id": place.id,
        "programme_id": make.programme(name="Welkome Wijk").id,
        "audience": Audience.residents,
        "starts_at": STARTS_AT,
        "ends_at": STARTS_AT + HOURS,
        "place": "Buurthuis",
        **given,
    }


def test_a_meeting_begins_as_a_draft_named_after_its_place(work, make):
    meeting = service.create(work, **planned(make))

    assert meeting.state == MeetingState.draft
    assert meeting.title == f"Welkome Wijk, {meeting.neighbourhood.name}"


def test_a_meeting_lies_in_its_municipality(work, make):
    with pytest.raises(RuleBroken):
        service.create(work, **planned(make, neighbourhood_id=make.neighbourhood().id))


def test_an_officer_plans_nothing(work, make):
    given = planned(make)
    work.actor = make.actor(Role.municipality_officer, municipality=make.municipality())
    with pytest.raises(NotAllowed):
        service.create(work, **given)


def test_the_first_need_opens_the_search_and_a_second_word_changes_it(work, make):
    meeting = make.meeting(state=MeetingState.draft)

    first = service.plan_need(work, meeting_id=meeting.id, role=Track.discussion_leader, count=1)
    again = service.plan_need(work, meeting_id=meeting.id, role=Track.discussion_leader, count=2, reserve=1)
    other = service.plan_need(work, meeting_id=meeting.id, role=Track.discussion_leader, count=1, language="ar")

    assert meeting.state == MeetingState.staffing
    assert first is again
    assert (again.count, again.reserve) == (2, 1)
    assert [need.id for need in meeting.needs] == [first.id, other.id]


def test_a_need_never_falls_below_who_comes(work, make):
    meeting = make.meeting()
    need = make.need(meeting, count=2)
    for _ in range(2):
        make.assignment(meeting, make.facilitator(), need=need)

    with pytest.raises(RuleBroken) as refused:
        service.plan_need(work, meeting_id=meeting.id, role=need.role, count=1)
    assert refused.value.code == "taken"


def test_a_smaller_need_may_fill_the_meeting_and_a_bigger_one_opens_it(work, make):
    meeting = make.meeting()
    need = make.need(meeting, count=2)
    make.assignment(meeting, make.facilitator(), need=need)

    service.plan_need(work, meeting_id=meeting.id, role=need.role, count=1)
    assert meeting.state == MeetingState.staffed
    service.plan_need(work, meeting_id=meeting.id, role=need.role, count=2)
    assert meeting.state == MeetingState.staffing


def test_everybody_moves_along(work, make):
    meeting = make.meeting()
    need = make.need(meeting)
    place = make.assignment(meeting, make.facilitator(), need=need)
    question = make.invitation(need, make.facilitator(), answer_until=NOW + timedelta(days=7))
    sooner = NOW + timedelta(days=2)

    service.move(
        work, meeting_id=meeting.id, starts_at=sooner, ends_at=sooner + HOURS, online_url="https://example.org/m"
    )

    assert (place.starts_at, place.ends_at) == (sooner, sooner + HOURS)
    assert question.answer_until == sooner
    assert (meeting.place, meeting.online_url) == (None, "https://example.org/m")


def test_a_move_names_who_is_expected_elsewhere(work, make):
    meeting, other = make.meeting(), make.meeting(starts_at=STARTS_AT + timedelta(days=1), title="Elders")
    person = make.facilitator(call_name="Sanne")
    make.assignment(meeting, person)
    make.assignment(other, person)

    with pytest.raises(RuleBroken) as refused:
        service.move(work, meeting_id=meeting.id, starts_at=other.starts_at, ends_at=other.ends_at, place="Buurthuis")
    assert (refused.value.code, "Sanne (Elders)" in str(refused.value)) == ("busy", True)


def test_two_coordinators_on_one_meeting(work, make):
    meeting = make.meeting()
    moved = {"starts_at": STARTS_AT + HOURS, "ends_at": STARTS_AT + 2 * HOURS, "place": "Elders"}
    service.move(work, meeting_id=meeting.id, version=1, **moved)

    with pytest.raises(Conflict):
        service.move(work, meeting_id=meeting.id, version=1, **moved)


def test_only_a_staffed_meeting_is_confirmed(work, make):
    with pytest.raises(RuleBroken):
        service.confirm(work, meeting_id=make.meeting().id)
    meeting = service.confirm(work, meeting_id=make.meeting(state=MeetingState.staffed).id)

    assert meeting.state == MeetingState.confirmed


def test_law_4_cancelling_lets_everybody_go_and_keeps_the_rows(work, make):
    meeting = make.meeting()
    need = make.need(meeting)
    place = make.assignment(meeting, make.facilitator(), need=need)
    question = make.invitation(need, make.facilitator())

    service.cancel(work, meeting_id=meeting.id, reason="Zaal dicht.")

    assert (meeting.state, meeting.cancelled_because) == (MeetingState.cancelled, "Zaal dicht.")
    assert (place.state, question.state) == (AssignmentState.released, InvitationState.recalled)
    assert {record.action for record in work.records} == {
        "meeting.cancelled",
        "assignment.released",
        "invitation.recalled",
    }


def test_cancelling_asks_a_reason(work, make):
    with pytest.raises(RuleBroken):
        service.cancel(work, meeting_id=make.meeting().id, reason="")


def test_holding_counts_who_surely_came(work, make):
    work.now = STARTS_AT + HOURS
    meeting = make.meeting(state=MeetingState.confirmed)
    need = make.need(meeting)
    came = make.assignment(meeting, make.facilitator(), need=need)
    practised = make.assignment(meeting, make.person(), part=Part.observe)
    unsure = make.assignment(meeting, make.facilitator(), state=AssignmentState.at_risk)
    question = make.invitation(need, make.facilitator())

    service.hold(work, meeting_id=meeting.id)

    assert meeting.state == MeetingState.held
    assert [came.state, practised.state, unsure.state] == ["done", "done", "released"]
    assert question.state == InvitationState.expired


def test_a_meeting_is_not_held_before_it_began(work, make):
    with pytest.raises(RuleBroken) as refused:
        service.hold(work, meeting_id=make.meeting(state=MeetingState.confirmed).id)
    assert refused.value.code == "not_begun"


@pytest.mark.parametrize("verb", ["move", "cancel", "confirm", "hold", "plan_need"])
def test_law_8_an_officer_changes_no_meeting(work, make, verb):
    meeting = make.meeting(state=MeetingState.staffed)
    work.actor = make.actor(Role.municipality_officer, municipality=meeting.municipality)
    given = {
        "move": {"starts_at": STARTS_AT, "ends_at": STARTS_AT + HOURS},
        "cancel": {"reason": "Ja"},
        "plan_need": {"role": Track.discussion_leader, "count": 1},
    }
    with pytest.raises((NotAllowed, NotFound)):
        getattr(service, verb)(work, meeting_id=meeting.id, **given.get(verb, {}))
