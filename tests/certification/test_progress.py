"""Progress of an edition: people against requirements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.factories.base import NOW, TODAY
from trainhub.attendance.models import AttendanceStatus
from trainhub.certification.kinds import Standing
from trainhub.certification.progress import missing_for, progress, renewal_of
from trainhub.core.errors import NotFound
from trainhub.courses.models import Phase, Requirement, RequirementKind, Track
from trainhub.editions.models import EnrolmentState, SessionState
from trainhub.meetings.models import Part


def met(row: Any) -> dict[str, bool]:
    return {one.kind: one.is_met for one in row.judgement.findings}


def test_progress_shows_everybody_against_every_requirement(make: Any, read: Any) -> None:
    training = make.training()
    finished = make.finished(training, person=make.person(call_name="Anna"))
    make.learner(training, person=make.person(call_name="Bert"))
    make.learner(training, state=EnrolmentState.withdrawn)

    matrix = progress(read, training.edition.public_id, TODAY)

    assert [one.person.call_name for one in matrix.rows] == ["Anna", "Bert"]
    assert [all(met(one).values()) for one in matrix.rows] == [True, False]
    assert [one.is_ready for one in matrix.rows] == [True, False]
    assert missing_for(read, finished.public_id, TODAY).is_ready


@pytest.mark.parametrize("people", [1, 3, 30])
def test_progress_costs_eight_queries_for_one_and_for_thirty(
    make: Any, read: Any, count_queries: Any, people: int
) -> None:
    training = make.training()
    for _person in range(people):
        make.finished(training)
    edition_id = training.edition.id

    with count_queries(8):
        matrix = progress(read, edition_id, TODAY)
        assert len([one.person.call_name for one in matrix.rows if one.is_ready]) == people


def test_law_1_attendance_of_another_edition_never_counts(make: Any, read: Any) -> None:
    """Law 1 of the domain."""
    training, other = make.training(), make.training()
    enrolment = make.learner(training)
    elsewhere = make.learner(other, person=enrolment.person)
    for lesson in other.lessons:
        make.attended(elsewhere, lesson)

    row = missing_for(read, enrolment.id, TODAY)

    assert next(one.have for one in row.judgement.findings if one.kind == "attendance_share") == 0


def test_cancelled_lessons_leave_the_denominator(make: Any, read: Any) -> None:
    training = make.training(asks={"attendance_share": {"percent": 80}})
    enrolment = make.learner(training)
    make.attended(enrolment, training.lessons[0])
    training.lessons[1].state = SessionState.cancelled
    make.session.flush()

    assert missing_for(read, enrolment.id, TODAY).is_ready


def test_withdrawn_sign_off_is_open_again(make: Any, read: Any) -> None:
    training = make.training(asks={"competences_signed": {"which": "core"}})
    enrolment = make.learner(training)
    make.sign_off(enrolment, training.competences[0])
    make.sign_off(enrolment, training.competences[1], voided_at=NOW, void_reason="Mistake")

    (finding,) = missing_for(read, enrolment.id, TODAY).judgement.findings

    assert str(finding.words) == "1 of 2 competences signed off. Still open: ED2."


def test_practice_of_the_other_role_never_counts(make: Any, read: Any) -> None:
    training = make.training(asks={"practice_meetings": {"observe": 1, "co_lead": 0}})
    enrolment = make.learner(training)
    make.practised(enrolment.person_id, Part.observe, Track.discussion_leader, days_ago=3)

    assert not missing_for(read, enrolment.id, TODAY).is_ready


def test_a_partly_followed_lesson_is_judged_by_its_own_length(make: Any, read: Any) -> None:
    training = make.training(asks={"attendance_share": {"percent": 100}})
    enrolment = make.learner(training)
    make.attended(enrolment, training.lessons[0])
    make.attended(enrolment, training.lessons[1], AttendanceStatus.partly, minutes=113)

    assert missing_for(read, enrolment.id, TODAY).is_ready


def test_who_has_the_certificate_is_shown_with_its_standing(make: Any, read: Any) -> None:
    training = make.training()
    granted = make.finished(training)
    make.certificate(person=granted.person, scheme_version=training.scheme_version)

    row = missing_for(read, granted.id, TODAY)

    assert (row.is_ready, row.standing) == (False, Standing.valid)


def test_progress_of_an_unknown_edition_or_enrolment_is_not_found(read: Any) -> None:
    for question in (lambda: progress(read, 0, TODAY), lambda: missing_for(read, 0, TODAY)):
        with pytest.raises(NotFound):
            question()


def test_renewal_counts_meetings_and_lessons_since_the_period_began(make: Any) -> None:
    training = make.training()
    for kind, params in (("led_meetings", {"count": 1}), ("refresher", {"half_days": 1})):
        make.row(
            Requirement, course_version=training.version, kind=RequirementKind(kind), params=params, phase=Phase.renewal
        )
    enrolment = make.finished(training)
    certificate = make.certificate(
        person=enrolment.person, scheme_version=training.scheme_version, starts_on=TODAY - timedelta(days=5)
    )
    make.practised(
        enrolment.person_id, Part.lead, Track.expert_by_experience, days_ago=6, certificate_id=certificate.id
    )
    assert [one.have for one in renewal_of(make.session, certificate, TODAY).findings] == [0, 0]

    make.practised(
        enrolment.person_id, Part.lead, Track.expert_by_experience, days_ago=1, certificate_id=certificate.id
    )
    again = make.training()
    lesson = again.lessons[1]
    lesson.starts_at, lesson.ends_at = NOW - timedelta(days=2), NOW - timedelta(days=2) + timedelta(hours=2)
    make.attended(make.learner(again, person=enrolment.person), lesson)
    assert renewal_of(make.session, certificate, TODAY).is_met
