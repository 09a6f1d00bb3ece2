"""Certification as stories: the letters, and what happens to coming meetings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.base import NOW, TODAY
from trainhub.certification.kinds import DecisionKind
from trainhub.courses.models import Phase, Requirement, RequirementKind, Track
from trainhub.flows import certify
from trainhub.meetings.models import Assignment, AssignmentState, Meeting, MeetingState, Part
from trainhub.outbox.models import Message
from trainhub.people.models import Purpose


def letters_to(work: Any, person_id: int) -> list[Message]:
    return list(work.session.scalars(select(Message).where(Message.person_id == person_id).order_by(Message.id)))


def future_place(make: Any, certificate: Any, days: int = 14) -> Assignment:
    """A confirmed leading place of the holder in a meeting to come, with consent to be found."""
    at = NOW + timedelta(days=days)
    make.consent(certificate.person, Purpose.directory)
    meeting = make.row(Meeting, state=MeetingState.staffed, starts_at=at, ends_at=at + timedelta(hours=2))
    return make.row(
        Assignment,
        meeting=meeting,
        person_id=certificate.person_id,
        certificate_id=certificate.id,
        role=Track.expert_by_experience,
        part=Part.lead,
        state=AssignmentState.confirmed,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
    )


def test_sign_off_tells_the_person_what_was_seen(make: Any, work: Any) -> None:
    training = make.training()
    enrolment = make.learner(training)
    work.actor = make.assessor(training.edition, person=make.person(call_name="Bea"))

    certify.sign_off(
        work,
        enrolment_id=enrolment.id,
        competence_id=training.competences[0].id,
        evidence="Gaf rustig het woord.",
        feedback="Mooi!",
    )

    (message,) = letters_to(work, enrolment.person_id)
    assert message.letter == "competence_signed"
    assert "Bea" in message.body
    assert "Mooi!" in message.body
    assert "Gaf rustig" not in message.body


def test_grant_sends_the_number_and_the_address_to_show(make: Any, work: Any) -> None:
    enrolment = make.finished(make.training())

    certificate = certify.grant(work, enrolment_id=enrolment.id).certificate

    (message,) = letters_to(work, enrolment.person_id)
    assert certificate.number in message.body
    assert f"http://localhost/c/{certificate.public_token}" in message.body


def test_refuse_sends_the_reason(make: Any, work: Any) -> None:
    enrolment = make.learner(make.training())

    certify.refuse(work, enrolment_id=enrolment.id, reason="Nog niet geoefend.")

    (message,) = letters_to(work, enrolment.person_id)
    assert (message.letter, "Nog niet geoefend." in message.body) == ("certificate_refused", True)


@pytest.mark.parametrize("verb", ["suspend", "revoke", "surrender"])
def test_law_3_every_future_place_is_flagged_when_the_certificate_falls_away(make: Any, work: Any, verb: str) -> None:
    """Law 3 of the domain: on suspension, revocation or surrender every future assignment is re-checked and flagged."""
    certificate = make.certificate(scheme_version=make.training().scheme_version)
    place = future_place(make, certificate)
    past = make.practised(
        certificate.person_id, Part.lead, Track.expert_by_experience, days_ago=30, certificate_id=certificate.id
    )

    getattr(certify, verb)(work, certificate_id=certificate.id, reason="Because.")

    assert (place.state, past.state) == (AssignmentState.at_risk, AssignmentState.done)
    assert letters_to(work, certificate.person_id)[0].letter.startswith("certificate_")


def test_law_3_reinstating_repairs_the_place(make: Any, work: Any) -> None:
    certificate = make.certificate(scheme_version=make.training().scheme_version)
    place = future_place(make, certificate)
    certify.suspend(work, certificate_id=certificate.id, reason="We look at a complaint.")

    certify.reinstate(work, certificate_id=certificate.id)

    assert place.state == AssignmentState.confirmed
    assert [one.letter for one in letters_to(work, certificate.person_id)] == [
        "certificate_suspended",
        "certificate_reinstated",
    ]


def test_renew_tells_the_new_last_day(make: Any, work: Any) -> None:
    training = make.training()
    make.row(
        Requirement,
        course_version=training.version,
        kind=RequirementKind.led_meetings,
        params={"count": 1},
        phase=Phase.renewal,
    )
    certificate = make.certificate(scheme_version=training.scheme_version, ends_on=TODAY + timedelta(days=30))
    make.practised(
        certificate.person_id, Part.lead, Track.expert_by_experience, days_ago=9, certificate_id=certificate.id
    )

    decision = certify.renew(work, certificate_id=certificate.id)

    (message,) = letters_to(work, certificate.person_id)
    assert decision.kind == DecisionKind.renew
    assert "2029" in message.body


def test_a_refused_command_sends_nothing(make: Any, work: Any) -> None:
    enrolment = make.learner(make.training())

    with pytest.raises(Exception, match="cannot be granted"):
        certify.grant(work, enrolment_id=enrolment.id)

    assert letters_to(work, enrolment.person_id) == []
