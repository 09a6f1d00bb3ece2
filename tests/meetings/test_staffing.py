"""People are asked, answer, practise, are let go and flagged."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.base import NOW
from tests.factories.meetings import STARTS_AT
from trainhub.core.access import SYSTEM, Actor, Role
from trainhub.core.errors import NotAllowed, NotFound, RuleBroken
from trainhub.courses.models import Track
from trainhub.meetings import staffing
from trainhub.meetings.models import AssignmentState, InvitationState, MeetingState, Part


def as_person(work, person):
    work.actor = Actor(person.id, person.call_name, kind="link")


@pytest.fixture
def asked(make):
    need = make.need()
    return make.invitation(need, make.facilitator())


def test_a_question_can_be_answered_for_a_week(work, make):
    need = make.need()

    question = staffing.invite(work, need_id=need.id, person_id=make.facilitator().id)

    assert question.answer_until == NOW + timedelta(days=7)
    assert work.records[-1].action == "invitation.sent"


def test_nobody_is_asked_for_a_full_place(work, make):
    need = make.need(count=1, reserve=1)
    for _ in range(2):
        make.assignment(need.meeting, make.facilitator(), need=need)

    with pytest.raises(RuleBroken) as refused:
        staffing.invite(work, need_id=need.id, person_id=make.facilitator().id)
    assert refused.value.code == "full"


def test_a_yes_is_a_confirmed_place_and_fills_the_meeting(work, make, asked):
    as_person(work, asked.person)

    place = staffing.accept(work, invitation_id=asked.public_id, certificate_id=make.proof_of(asked.person))

    assert (place.state, place.part, place.need_id) == (AssignmentState.confirmed, Part.lead, asked.need_id)
    assert (place.starts_at, asked.state, asked.answered_at) == (STARTS_AT, InvitationState.accepted, NOW)
    assert place.meeting.state == MeetingState.staffed


def test_the_same_yes_twice_is_one_place(work, make, asked):
    as_person(work, asked.person)
    proof = make.proof_of(asked.person)
    first = staffing.accept(work, invitation_id=asked.id, certificate_id=proof)
    number = len(work.records)

    assert staffing.accept(work, invitation_id=asked.id, certificate_id=proof) is first
    assert len(work.records) == number


def test_the_same_no_twice_changes_nothing(work, asked):
    as_person(work, asked.person)
    staffing.decline(work, invitation_id=asked.id)
    staffing.decline(work, invitation_id=asked.id)

    assert [record.action for record in work.records] == ["invitation.declined"]


def test_who_said_no_calls_to_say_yes(work, make, asked):
    as_person(work, asked.person)
    staffing.decline(work, invitation_id=asked.id)

    with pytest.raises(RuleBroken) as refused:
        staffing.accept(work, invitation_id=asked.id, certificate_id=make.proof_of(asked.person))
    assert refused.value.code == "answered"


def test_nobody_answers_for_another(work, make, asked):
    as_person(work, make.person())
    with pytest.raises(NotFound):
        staffing.decline(work, invitation_id=asked.id)
    with pytest.raises(NotFound):
        staffing.accept(work, invitation_id=asked.id, certificate_id=1)


def test_a_second_yes_for_the_last_place_is_refused(work, make):
    need = make.need()
    first, second = (make.invitation(need, make.facilitator()) for _ in range(2))
    as_person(work, first.person)
    staffing.accept(work, invitation_id=first.id, certificate_id=make.proof_of(first.person))

    as_person(work, second.person)
    with pytest.raises(RuleBroken) as refused:
        staffing.accept(work, invitation_id=second.id, certificate_id=make.proof_of(second.person))

    assert (refused.value.code, second.state) == ("full", InvitationState.sent)


def test_nobody_is_at_two_meetings_at_once(work, make, asked):
    make.assignment(make.meeting(title="Elders"), asked.person)
    as_person(work, asked.person)

    with pytest.raises(RuleBroken) as refused:
        staffing.accept(work, invitation_id=asked.id, certificate_id=make.proof_of(asked.person))
    assert refused.value.code == "busy"


def test_a_question_is_taken_back_once(work, asked):
    staffing.recall(work, invitation_id=asked.id)

    assert asked.state == InvitationState.recalled
    with pytest.raises(RuleBroken):
        staffing.recall(work, invitation_id=asked.id)


def test_late_questions_lapse(work, make, asked):
    late = make.invitation(asked.need, make.facilitator(), answer_until=NOW - timedelta(minutes=1))
    work.actor = SYSTEM

    assert staffing.expire(work) == 1
    assert (late.state, asked.state) == (InvitationState.expired, InvitationState.sent)


@pytest.mark.parametrize("part", [Part.observe, Part.co_lead])
def test_a_trainee_practises_without_a_certificate(work, make, part):
    trainee = make.learner(make.training()).person
    meeting = make.meeting()

    place = staffing.place_for_practice(
        work, meeting_id=meeting.id, person_id=trainee.id, role=Track.expert_by_experience, part=part
    )

    assert (place.part, place.certificate_id, place.need_id) == (part, None, None)


def test_practice_is_only_for_the_own_training(work, make):
    trainee = make.learner(make.training()).person

    with pytest.raises(RuleBroken) as refused:
        staffing.place_for_practice(
            work,
            meeting_id=make.meeting().id,
            person_id=trainee.id,
            role=Track.discussion_leader,
            part=Part.observe,
        )
    assert refused.value.code == "not_in_training"


def test_law_14_not_today_is_one_press_and_opens_the_place(work, make):
    meeting = make.meeting(state=MeetingState.confirmed)
    need = make.need(meeting)
    place = make.assignment(meeting, make.facilitator(), need=need)
    as_person(work, place.person)

    staffing.release(work, assignment_id=place.public_id)
    staffing.release(work, assignment_id=place.id)

    assert (place.state, meeting.state) == (AssignmentState.released, MeetingState.staffing)
    assert [record.action for record in work.records] == ["assignment.released", "meeting.resettled"]
    assert all("reason" not in record.facts for record in work.records)


def test_an_officer_lets_nobody_go(work, make):
    place = make.assignment(make.meeting(), make.facilitator())
    work.actor = make.actor(Role.municipality_officer, municipality=place.meeting.municipality)

    with pytest.raises((NotAllowed, NotFound)):
        staffing.release(work, assignment_id=place.id)


def test_law_3_a_place_is_flagged_and_repaired(work, make):
    meeting = make.meeting(state=MeetingState.confirmed)
    need = make.need(meeting)
    place = make.assignment(meeting, make.facilitator(), need=need)
    proof = place.certificate_id

    staffing.flag(work, assignment_id=place.id, certificate_id=None)
    assert (place.state, meeting.state) == (AssignmentState.at_risk, MeetingState.staffing)
    staffing.flag(work, assignment_id=place.id, certificate_id=proof)

    assert (place.state, meeting.state) == (AssignmentState.confirmed, MeetingState.staffed)


def test_a_flagged_place_that_somebody_else_took_stays_flagged(work, make):
    meeting = make.meeting(state=MeetingState.staffed)
    need = make.need(meeting)
    flagged = make.assignment(meeting, make.facilitator(), need=need, state=AssignmentState.at_risk)
    make.assignment(meeting, make.facilitator(), need=need)

    staffing.flag(work, assignment_id=flagged.id, certificate_id=flagged.certificate_id)

    assert flagged.state == AssignmentState.at_risk
