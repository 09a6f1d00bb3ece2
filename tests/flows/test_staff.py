"""People are asked by a letter, answer by a link, and their place follows what holds on the day."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.conftest import assembled
from tests.factories.base import NOW, TODAY
from tests.factories.meetings import STARTS_AT
from trainhub.calendar.models import CalendarItem
from trainhub.certification.models import DecisionKind
from trainhub.core import links
from trainhub.core.access import Actor, Role
from trainhub.core.clock import local_day
from trainhub.core.errors import DomainError, NotAllowed, NotFound, RuleBroken, Several
from trainhub.core.work import unit_of_work
from trainhub.courses.models import Track
from trainhub.flows import meeting as meeting_flow
from trainhub.flows import staff
from trainhub.flows.recheck import recheck
from trainhub.meetings import service
from trainhub.meetings.models import Assignment, AssignmentState, Invitation, InvitationState, MeetingState, Part
from trainhub.outbox.models import Message

DAY = local_day(STARTS_AT)


def by_link(person):
    return Actor(person.id, person.call_name, kind="link")


def letters(work):
    """The letters in the queue: which, to whom."""
    return [(one.letter, one.person_id) for one in work.session.scalars(select(Message).order_by(Message.id))]


def token_of(work):
    """The token of the last letter with a signed link."""
    bodies = work.session.scalars(select(Message.body).where(Message.letter == "invitation").order_by(Message.id))
    return list(bodies)[-1].split("/uitnodiging/")[1].split()[0]


def test_an_invitation_is_a_letter_with_a_link_for_one_purpose_until_a_moment(work, make):
    need = make.need()
    person = make.facilitator()

    invitation = staff.invite(work, need_id=need.id, person_id=person.id)

    read = {"secret_key": work.settings.secret_key, "purpose": staff.PURPOSE, "token": token_of(work)}
    assert links.subject_of(**read, now=invitation.answer_until) == str(invitation.public_id)
    with pytest.raises(NotFound):
        links.subject_of(**read, now=invitation.answer_until + timedelta(seconds=1))
    with pytest.raises(NotFound):
        links.subject_of(**{**read, "purpose": "sign_in"}, now=NOW)


def test_law_12_no_subject_names_the_role(work, make):
    need = make.need()
    for _ in range(2):
        person = make.facilitator()
        staff.invite(work, need_id=need.id, person_id=person.id)
    work.actor = by_link(person)
    staff.answer(work, invitation_id=work.session.scalar(select(func.max(Invitation.id))), accepts=True)

    for message in work.session.scalars(select(Message)):
        assert "ervaring" not in message.subject.lower()
        assert "experience" not in message.subject.lower()
        assert "gespreksleider" not in message.subject.lower()


def test_somebody_who_breaks_a_rule_is_not_invited_and_every_reason_is_given(work, make):
    need = make.need()
    person = make.facilitator(consents=False, lat=53.0)

    with pytest.raises(Several) as refused:
        staff.invite(work, need_id=need.id, person_id=person.id)

    assert [problem.code for problem in refused.value.problems] == ["consent", "distance"]
    assert letters(work) == []


def test_a_yes_is_a_place_in_the_calendar_with_two_letters(work, make):
    request = make.request()
    meeting = make.meeting(request=request)
    need = make.need(meeting)
    invitation = make.invitation(need, make.facilitator())
    work.actor = by_link(invitation.person)

    staff.answer(work, invitation_id=invitation.public_id, accepts=True)
    staff.answer(work, invitation_id=invitation.public_id, accepts=True)

    (place,) = work.session.scalars(select(Assignment))
    assert (place.state, place.certificate_id) == (AssignmentState.confirmed, make.proof_of(invitation.person))
    assert work.session.scalar(select(CalendarItem.meeting_id)) == meeting.id
    assert letters(work) == [
        ("place_confirmed", invitation.person_id),
        ("somebody_comes", request.contact_id),
    ]
    assert work.session.scalars(select(Message)).first().attachment.startswith(b"BEGIN:VCALENDAR")


def test_a_no_asks_no_reason_and_queues_nothing(work, make):
    invitation = make.invitation(make.need(), make.facilitator())
    work.actor = by_link(invitation.person)

    staff.answer(work, invitation_id=invitation.id, accepts=False)
    staff.answer(work, invitation_id=invitation.id, accepts=False)

    assert (invitation.state, letters(work)) == (InvitationState.declined, [])
    assert [record.action for record in work.records] == ["invitation.declined"]


def test_law_3_a_certificate_that_was_revoked_since_the_question_gives_no_place(work, make):
    need = make.need()
    person = make.person(lat=51.7, lon=5.3)
    make.consent(person)
    certificate = make.certificate(person=person)
    invitation = staff.invite(work, need_id=need.id, person_id=person.id)
    make.decision(certificate, DecisionKind.revoke, TODAY)
    work.actor = by_link(person)

    with pytest.raises(Several) as refused:
        staff.answer(work, invitation_id=invitation.id, accepts=True)

    assert [problem.code for problem in refused.value.problems] == ["certificate"]
    assert work.session.scalar(select(func.count()).select_from(Assignment)) == 0


def test_the_own_wishes_do_not_stop_a_yes(work, make):
    invitation = make.invitation(make.need(), make.facilitator(lat=53.0, preference={"max_per_month": 0}))
    work.actor = by_link(invitation.person)

    staff.answer(work, invitation_id=invitation.id, accepts=True)

    assert invitation.state == InvitationState.accepted


def test_law_7_two_parallel_yeses_for_the_last_place_exactly_one_wins(fresh_database, settings):
    with fresh_database.write_session() as session:
        make = assembled()(session)
        need = make.need()
        asked = [make.invitation(need, make.facilitator()) for _ in range(4)]
        people = [(one.id, by_link(one.person)) for one in asked]
        need_id = need.id
        session.commit()
    barrier, outcomes = threading.Barrier(len(people)), []

    def say_yes(invitation_id, actor):
        barrier.wait()
        try:
            with unit_of_work(fresh_database, settings, actor, now=NOW) as work:
                staff.answer(work, invitation_id=invitation_id, accepts=True)
            outcomes.append("yes")
        except DomainError as problem:
            outcomes.append(problem.code)

    threads = [threading.Thread(target=say_yes, args=one) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with fresh_database.read_session() as session:
        places = session.scalar(select(func.count()).select_from(Assignment).where(Assignment.need_id == need_id))
    assert (sorted(outcomes), places) == (["full", "full", "full", "yes"], 1)


def test_not_today_tells_the_coordinator_that_a_place_is_open(work, make):
    coordinator = work.actor.person_id
    meeting = make.meeting(state=MeetingState.confirmed)
    place = make.assignment(meeting, make.facilitator(), need=make.need(meeting))
    work.actor = by_link(place.person)

    staff.release(work, assignment_id=place.id)

    assert letters(work) == [("released", place.person_id), ("place_open", coordinator)]


def test_a_question_is_taken_back_with_a_letter(work, make):
    invitation = make.invitation(make.need(), make.facilitator())
    staff.recall(work, invitation_id=invitation.id)
    assert letters(work) == [("invitation_recalled", invitation.person_id)]


def test_practice_is_in_the_calendar_and_in_a_letter(work, make):
    trainee = make.learner(make.training()).person
    place = staff.place_for_practice(
        work, meeting_id=make.meeting().id, person_id=trainee.id, role=Track.expert_by_experience, part=Part.co_lead
    )
    assert letters(work) == [("practice_planned", place.person_id)]


def test_law_3_a_moved_date_flags_who_is_no_longer_certified(work, make):
    request = make.request()
    meeting = make.meeting(request=request, state=MeetingState.confirmed)
    need = make.need(meeting, count=2)
    ends_soon = make.assignment(meeting, make.facilitator(certificate={"ends_on": DAY}), need=need)
    stays = make.assignment(meeting, make.facilitator(), need=need)
    asked = make.invitation(need, make.facilitator())
    to = {"starts_at": STARTS_AT + timedelta(days=1), "ends_at": STARTS_AT + timedelta(days=1, hours=2)}

    meeting_flow.move_meeting(work, meeting_id=meeting.id, place="Buurthuis", **to)

    assert (ends_soon.state, stays.state) == (AssignmentState.at_risk, AssignmentState.confirmed)
    assert meeting.state == MeetingState.staffing
    moved = [who for letter, who in letters(work) if letter == "meeting_moved"]
    assert sorted(moved) == sorted([ends_soon.person_id, stays.person_id, request.contact_id])
    assert ("invitation_moved", asked.person_id) in letters(work)

    meeting_flow.move_meeting(
        work, meeting_id=meeting.id, place="Buurthuis", starts_at=STARTS_AT, ends_at=STARTS_AT + timedelta(hours=2)
    )
    assert (ends_soon.state, meeting.state) == (AssignmentState.confirmed, MeetingState.staffed)


def test_law_3_a_suspension_flags_every_place_ahead_and_lifting_it_repairs_them(work, make):
    person = make.facilitator()
    certificate_id = make.proof_of(person)
    places = [make.assignment(make.meeting(starts_at=STARTS_AT + timedelta(days=days)), person) for days in (0, 7)]
    past = make.assignment(make.meeting(starts_at=NOW - timedelta(days=3)), person)
    from trainhub.certification.models import Certificate  # noqa: PLC0415

    certificate = work.session.get(Certificate, certificate_id)
    make.decision(certificate, DecisionKind.suspend, TODAY)
    changed = recheck(work, person_id=person.id)
    assert changed == places
    assert [place.state for place in (*places, past)] == ["at_risk", "at_risk", "confirmed"]

    make.decision(certificate, DecisionKind.reinstate, TODAY)
    recheck(work, person_id=person.id)
    assert [place.state for place in places] == ["confirmed", "confirmed"]


def test_law_3_a_consent_that_is_gone_flags_the_place(work, make):
    person = make.facilitator(consents=False)
    place = make.assignment(make.meeting(), person)

    recheck(work, meeting_id=place.meeting_id)

    assert place.state == AssignmentState.at_risk


def test_cancelling_tells_everybody_why_once(work, make):
    meeting = make.meeting(request=make.request())
    need = make.need(meeting, count=2)
    comes = make.assignment(meeting, make.facilitator(), need=need)
    asked = make.invitation(need, make.facilitator())

    meeting_flow.cancel_meeting(work, meeting_id=meeting.id, reason="De zaal is dicht.")

    assert sorted(who for letter, who in letters(work)) == sorted(
        [comes.person_id, asked.person_id, meeting.request.contact_id]
    )
    assert all("De zaal is dicht." in body for body in work.session.scalars(select(Message.body)))


def test_a_meeting_that_nobody_asked_for_is_cancelled_too(work, make):
    meeting = make.meeting()
    meeting_flow.cancel_meeting(work, meeting_id=meeting.id, reason="De zaal is dicht.")
    assert letters(work) == []


def test_who_practised_and_cannot_come_opens_no_place(work, make):
    trainee = make.learner(make.training()).person
    place = make.assignment(make.meeting(state=MeetingState.confirmed), trainee, part=Part.observe)

    staff.release(work, assignment_id=place.id)

    assert letters(work)[0] == ("released", trainee.id)


def test_nobody_answers_for_another_nor_learns_why(work, make):
    invitation = make.invitation(make.need(), make.facilitator(consents=False))
    work.actor = by_link(make.person())
    for accepts in (True, False):
        with pytest.raises(NotFound):
            staff.answer(work, invitation_id=invitation.id, accepts=accepts)


def test_an_officer_invites_nobody_and_learns_nothing(work, make):
    need = make.need()
    person = make.facilitator(consents=False)
    work.actor = make.actor(Role.municipality_officer, municipality=need.meeting.municipality)
    with pytest.raises(NotAllowed):
        staff.invite(work, need_id=need.id, person_id=person.id)


def test_the_officer_reads_that_it_goes_ahead(work, make):
    meeting = make.meeting(request=make.request(), state=MeetingState.staffed)
    meeting_flow.confirm_meeting(work, meeting_id=meeting.id)
    assert letters(work) == [("meeting_confirmed", meeting.request.contact_id)]


def test_a_meeting_without_a_request_is_planned_with_its_calendar_entry(work, make):
    place = make.neighbourhood()
    meeting = meeting_flow.create_meeting(
        work,
        municipality_id=place.municipality_id,
        neighbourhood_id=place.id,
        programme_id=make.programme().id,
        audience="residents",
        starts_at=STARTS_AT,
        ends_at=STARTS_AT + timedelta(hours=2),
        place="Zaal",
    )
    assert work.session.scalar(select(CalendarItem.meeting_id)) == meeting.id
    meeting_flow.confirm_meeting(work, meeting_id=_staffed(work, meeting).id)
    assert letters(work) == []


def _staffed(work, meeting):
    service.plan_need(work, meeting_id=meeting.id, role=Track.discussion_leader, count=1)
    meeting.state = MeetingState.staffed
    return meeting


def test_an_answer_after_the_question_was_closed_is_refused(work, make):
    invitation = make.invitation(make.need(), make.facilitator(), state=InvitationState.recalled)
    work.actor = by_link(invitation.person)
    with pytest.raises(RuleBroken) as refused:
        staff.answer(work, invitation_id=invitation.id, accepts=True)
    assert refused.value.code == "closed"
