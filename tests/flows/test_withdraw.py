"""Leaving frees every place that rested on it, in the same transaction."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.factories.base import NOW, TODAY
from trainhub.accounts.queries import account_of
from trainhub.calendar.models import FeedToken
from trainhub.competence.models import SignOff
from trainhub.core.access import Actor
from trainhub.core.db import Base
from trainhub.core.errors import NotFound
from trainhub.editions.models import EnrolmentState
from trainhub.flows import withdraw
from trainhub.meetings.models import AssignmentState, InvitationState, MeetingState, Part
from trainhub.outbox.models import Message, MessageState
from trainhub.people.models import PersonStatus, Purpose

DIRECTORY = Purpose.directory


@pytest.fixture
def person(work, make):
    """A certified person who may be found everywhere, and acts."""
    someone = make.facilitator()
    work.actor = Actor(someone.id, someone.call_name)
    return someone


@pytest.fixture
def place(make, person):
    """A leading place of the person in a confirmed meeting."""
    meeting = make.meeting(state=MeetingState.confirmed)
    return make.assignment(meeting, person, need=make.need(meeting))


def test_withdrawn_consent_frees_the_place_and_closes_the_question_at_once(work, make, person, place):
    invitation = make.invitation(make.need(), person)

    withdraw.withdraw_consent(work, person_id=person.public_id, purpose=DIRECTORY)

    assert place.state == AssignmentState.released
    assert place.meeting.state == MeetingState.staffing
    assert invitation.state == InvitationState.declined


def test_place_stays_where_another_consent_lets_the_person_be_found(work, make, person, place):
    make.consent(person, municipality_id=place.meeting.municipality_id)
    elsewhere = make.meeting(starts_at=NOW + timedelta(days=20))
    make.consent(person, municipality_id=elsewhere.municipality_id)
    there = make.assignment(elsewhere, person, need=make.need(elsewhere))
    question = make.invitation(make.need(make.meeting(municipality=elsewhere.municipality)), person)

    withdraw.withdraw_consent(
        work, person_id=person.id, purpose=DIRECTORY, municipality_id=place.meeting.municipality_id
    )
    assert (place.state, there.state) == (AssignmentState.confirmed, AssignmentState.confirmed)
    assert question.state == InvitationState.sent

    withdraw.withdraw_consent(work, person_id=person.id, purpose=DIRECTORY)
    assert (place.state, there.state) == (AssignmentState.released, AssignmentState.released)


def test_other_consents_free_no_place(work, make, person, place):
    make.consent(person, Purpose.photo)

    withdraw.withdraw_consent(work, person_id=person.id, purpose=Purpose.photo)
    withdraw.withdraw_consent(work, person_id=person.id, purpose=Purpose.research)

    assert place.state == AssignmentState.confirmed


def test_practice_needs_no_consent_and_stays(work, make, person):
    practice = make.assignment(make.meeting(), person, part=Part.observe)

    withdraw.withdraw_consent(work, person_id=person.id, purpose=DIRECTORY)

    assert practice.state == AssignmentState.confirmed


def test_pause_closes_questions_and_keeps_what_was_agreed(work, make, person, place):
    invitation = make.invitation(make.need(), person)
    late = make.invitation(make.need(), person, answer_until=NOW - timedelta(hours=1))

    withdraw.pause(work, person_id=person.id, until=TODAY)

    assert (person.status, place.state) == (PersonStatus.paused, AssignmentState.confirmed)
    assert (invitation.state, late.state) == (InvitationState.declined, InvitationState.sent)


def test_erased_person_is_expected_nowhere_and_named_nowhere(work, make):
    coordinator = work.actor
    person = make.facilitator(call_name="Geheimnaam", formal_name="Geheimnaam-Voluit", email="geheimnaam@example.org")
    meeting = make.meeting(state=MeetingState.confirmed)
    place = make.assignment(meeting, person, need=make.need(meeting))
    contact = make.person()
    told = make.row(
        Message, person_id=contact.id, dedupe_key=f"somebody_comes:{place.id}", body="Geheimnaam komt.", subject="x"
    )
    make.row(
        SignOff,
        person_id=person.id,
        assessor_id=contact.id,
        evidence="Geheimnaam deed het.",
        feedback="Goed, Geheimnaam",
    )
    practice = make.assignment(make.meeting(starts_at=NOW + timedelta(days=30)), person, part=Part.observe)
    invitation = make.invitation(make.need(), person)
    enrolment = make.enrolment(make.edition(), person=person, state=EnrolmentState.active)
    finished = make.enrolment(make.edition(), person=person, state=EnrolmentState.completed)
    held = make.assignment(make.meeting(starts_at=NOW - timedelta(hours=1)), person, state=AssignmentState.done)
    make.account(person)
    make.row(FeedToken, person_id=person.id)
    work.actor = coordinator

    withdraw.erase(work, person_id=person.public_id)
    work.session.flush()

    assert person.status == PersonStatus.erased
    assert {place.state, practice.state} == {AssignmentState.released}
    assert held.state == AssignmentState.done
    assert invitation.state == InvitationState.recalled
    assert (enrolment.state, finished.state) == (EnrolmentState.withdrawn, EnrolmentState.completed)
    assert account_of(work.session, person.id).is_active is False
    assert work.session.scalar(select(func.count()).select_from(FeedToken).where(FeedToken.revoked_at.is_(None))) == 0
    assert (told.body, told.person_id) == ("", contact.id)
    mine = work.session.scalars(select(Message).where(Message.person_id == person.id)).all()
    assert {(message.state, message.address, message.body) for message in mine} == {(MessageState.cancelled, None, "")}
    assert found_anywhere(work.session, "geheimnaam") == []


def test_person_may_erase_themselves_and_nobody_else(work, make, person, place):
    with pytest.raises(NotFound):
        withdraw.erase(work, person_id=make.person().id)

    withdraw.erase(work, person_id=person.id)

    assert (person.status, place.state) == (PersonStatus.erased, AssignmentState.released)


def found_anywhere(session, words):
    """The columns of the whole database in which these words stand (law 9)."""
    found = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            values = {name: value.decode() if isinstance(value, bytes) else str(value) for name, value in row.items()}
            found += [f"{table.name}.{name}" for name, value in values.items() if words in value.lower()]
    return found
