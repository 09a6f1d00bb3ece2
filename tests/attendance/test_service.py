"""The sheet of a lesson: what it writes, whom it refuses, what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.factories.base import NOW
from trainhub.attendance.models import Attendance, AttendanceStatus
from trainhub.attendance.queries import facts
from trainhub.attendance.service import record_sheet
from trainhub.core.access import Role
from trainhub.core.audit import AuditEntry
from trainhub.core.errors import NotAllowed, NotFound, RuleBroken
from trainhub.editions.models import EnrolmentState, SessionState


def statuses_of(session, lesson):
    rows = session.execute(select(Attendance.enrolment_id, Attendance.status).where(Attendance.session_id == lesson.id))
    return {key: status.value for key, status in rows}


def test_everyone_present_with_two_exceptions_is_one_sheet(work, make):
    edition = make.edition()
    lesson = make.training_session(edition)
    people = [make.enrolment(edition) for _ in range(12)]
    exceptions = {people[3].id: "absent", people[7].id: "excused"}

    record_sheet(work, session_id=lesson.public_id, statuses=exceptions, everyone_present=True)

    assert statuses_of(work.session, lesson) == {one.id: exceptions.get(one.id, "present") for one in people}
    assert lesson.state == SessionState.held


def test_a_sheet_sent_twice_changes_nothing_and_records_nothing_new(work, make):
    edition = make.edition()
    lesson = make.training_session(edition)
    one, other = make.enrolment(edition), make.enrolment(edition)
    sheet = {"statuses": {one.id: "present", other.id: "partly"}, "minutes": {other.id: 60}}

    first = record_sheet(work, session_id=lesson.id, **sheet)
    known = len(work.records)
    second = record_sheet(work, session_id=lesson.id, **sheet)

    assert (len(first), second, len(work.records)) == (2, [], known)


def test_a_correction_writes_one_row_and_records_the_old_and_new_status(work, make):
    edition = make.edition()
    lesson = make.training_session(edition)
    one, other = make.enrolment(edition), make.enrolment(edition)
    record_sheet(work, session_id=lesson.id, statuses={one.id: "present", other.id: "present"})
    work.records.clear()

    changed = record_sheet(work, session_id=lesson.id, statuses={one.id: "absent", other.id: "present"})

    assert [row.enrolment_id for row in changed] == [one.id]
    assert changed[0].row_version == 2
    assert [(r.action, r.facts["status"]) for r in work.records] == [("attendance.recorded", ["present", "absent"])]


def test_one_audit_record_per_changed_subject(begin, make, session):
    edition = make.edition()
    lesson = make.training_session(edition)
    people = [make.enrolment(edition) for _ in range(3)]
    coordinator = make.actor(Role.coordinator)

    with begin(coordinator) as work:
        record_sheet(work, session_id=lesson.id, statuses={}, everyone_present=True)

    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["attendance.recorded"] * len(people) + ["session.held"]


def test_attendance_of_another_edition_never_counts(work, make):
    here, there = make.edition(), make.edition()
    lesson, other_lesson = make.training_session(here), make.training_session(there)
    person = make.person()
    mine, elsewhere = make.enrolment(here, person=person), make.enrolment(there, person=person)

    with pytest.raises(RuleBroken) as refused:
        record_sheet(work, session_id=lesson.id, statuses={elsewhere.id: "present"})
    record_sheet(work, session_id=other_lesson.id, statuses={elsewhere.id: "present"})

    assert refused.value.code == "other_edition"
    counted = facts(work.session, [mine.id, elsewhere.id])
    assert [(fact.session_id, fact.status.value) for fact in counted[mine.id]] == [(lesson.id, "unknown")]
    assert [(fact.session_id, fact.status.value) for fact in counted[elsewhere.id]] == [(other_lesson.id, "present")]


def test_a_sheet_waits_for_the_day_of_its_lesson(work, make):
    edition = make.edition()
    lesson = make.training_session(edition, starts_at=NOW + timedelta(days=1))
    one = make.enrolment(edition)

    with pytest.raises(RuleBroken) as refused:
        record_sheet(work, session_id=lesson.id, statuses={one.id: "present"})

    assert refused.value.code == "too_early"


def test_a_cancelled_lesson_has_no_sheet(work, make):
    edition = make.edition()
    lesson = make.training_session(edition, state=SessionState.cancelled)
    one = make.enrolment(edition)

    with pytest.raises(RuleBroken) as refused:
        record_sheet(work, session_id=lesson.id, statuses={one.id: "present"})

    assert refused.value.code == "cancelled"


def test_partly_needs_minutes_within_the_lesson(work, make):
    edition = make.edition()
    lesson = make.training_session(edition)
    one = make.enrolment(edition)

    for minutes in (None, 0, 180):
        with pytest.raises(RuleBroken) as refused:
            record_sheet(work, session_id=lesson.id, statuses={one.id: "partly"}, minutes={one.id: minutes})
        assert refused.value.field == "minutes"
    record_sheet(work, session_id=lesson.id, statuses={one.id: "partly"}, minutes={one.id: 179})

    assert facts(work.session, [one.id])[one.id][0].minutes == 179


def test_who_came_later_is_not_present_by_everyone_but_can_make_up(work, make):
    edition = make.edition()
    lesson = make.training_session(edition, starts_at=NOW - timedelta(days=7))
    before = make.enrolment(edition)
    later = make.enrolment(edition, queued_at=NOW - timedelta(days=1))

    record_sheet(work, session_id=lesson.id, statuses={}, everyone_present=True)
    assert statuses_of(work.session, lesson) == {before.id: "present"}

    record_sheet(work, session_id=lesson.id, statuses={later.id: "made_up"})
    assert statuses_of(work.session, lesson) == {before.id: "present", later.id: "made_up"}


def test_who_waits_is_not_on_the_sheet(work, make):
    edition = make.edition()
    lesson = make.training_session(edition)
    waiting = make.enrolment(edition, state=EnrolmentState.waitlisted)

    with pytest.raises(RuleBroken) as refused:
        record_sheet(work, session_id=lesson.id, statuses={waiting.id: "present"})

    assert refused.value.code == "other_edition"


def test_only_the_trainer_of_the_edition_records(work, make):
    edition = make.edition()
    lesson = make.training_session(edition)
    one = make.enrolment(edition)
    sheet = {"session_id": lesson.id, "statuses": {one.id: "present"}}

    work.actor = make.actor(Role.trainer, edition=make.edition())
    with pytest.raises(NotFound):
        record_sheet(work, **sheet)
    work.actor = make.actor(Role.assessor, edition=edition)
    with pytest.raises(NotAllowed):
        record_sheet(work, **sheet)
    work.actor = make.actor(Role.trainer, edition=edition)
    assert len(record_sheet(work, **sheet)) == 1


def test_an_unknown_lesson_is_not_found(work, make):
    with pytest.raises(NotFound):
        record_sheet(work, session_id=999_999, statuses={})


@pytest.mark.parametrize("people", [1, 20])
def test_a_sheet_costs_the_same_for_one_and_for_twenty(begin, make, session, count_queries, people):
    edition = make.edition(capacity=40)
    lesson = make.training_session(edition)
    for _ in range(people):
        make.enrolment(edition)
    coordinator = make.actor(Role.coordinator)
    session.flush()

    with count_queries(6), begin(coordinator) as work:
        record_sheet(work, session_id=lesson.id, statuses={}, everyone_present=True)

    assert session.scalar(select(func.count()).select_from(Attendance)) == people
    assert session.scalar(select(Attendance.status).limit(1)) == AttendanceStatus.present
