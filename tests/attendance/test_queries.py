"""Questions about attendance: facts in whole numbers, and who to call."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.base import NOW, TODAY
from trainhub.attendance.models import AttendanceStatus
from trainhub.attendance.queries import away_twice, facts, filled_in, sheet
from trainhub.editions.models import EditionState, EnrolmentState, SessionState

S = AttendanceStatus


def lessons_of(make, edition, count, **given):
    modules = edition.course_version.modules
    return [
        make.training_session(
            edition, module=modules[nth % len(modules)], starts_at=NOW - timedelta(days=7 * (count - nth)), **given
        )
        for nth in range(count)
    ]


def test_facts_are_the_lessons_of_the_own_edition_in_order_with_what_is_recorded(read, make):
    edition = make.edition()
    first, second = lessons_of(make, edition, 2)
    enrolment = make.enrolment(edition)
    make.attendance(second, enrolment, S.partly, minutes=90)

    found = facts(read, [enrolment.id])[enrolment.id]

    assert [(fact.session_id, fact.module_code, fact.length, fact.status, fact.minutes) for fact in found] == [
        (first.id, "M1", 180, S.unknown, None),
        (second.id, "M2", 180, S.partly, 90),
    ]
    assert found[1].on == TODAY - timedelta(days=7)


def test_a_cancelled_lesson_is_no_fact_for_anybody(read, make):
    edition = make.edition()
    enrolment = make.enrolment(edition)
    lesson = make.training_session(edition, state=SessionState.cancelled)
    make.attendance(lesson, enrolment)

    assert facts(read, [enrolment.id]) == {enrolment.id: ()}


@pytest.mark.parametrize("people", [1, 30])
def test_facts_cost_one_query(read, make, count_queries, people):
    edition = make.edition()
    lessons_of(make, edition, 3)
    keys = [make.enrolment(edition).id for _ in range(people)]

    with count_queries(1):
        assert all(len(found) == 3 for found in facts(read, keys).values())


@pytest.mark.parametrize(
    ("statuses", "is_called"),
    [
        ((S.absent, S.absent), True),
        ((S.present, S.absent, S.absent), True),
        ((S.absent, S.excused, S.absent), False),
        ((S.absent, S.absent, S.present), False),
        ((S.absent,), False),
        ((S.excused, S.excused), False),
        ((S.absent, S.absent, S.unknown), True),
    ],
)
def test_who_was_away_twice_in_a_row_without_a_word_is_somebody_to_call(read, make, statuses, is_called):
    edition = make.edition()
    enrolment = make.enrolment(edition)
    for lesson, status in zip(lessons_of(make, edition, len(statuses)), statuses, strict=True):
        make.attendance(lesson, enrolment, status)

    assert [one.person_id for one in away_twice(read)] == ([enrolment.person_id] if is_called else [])


@pytest.mark.parametrize(
    ("edition_state", "state"),
    [(EditionState.completed, EnrolmentState.active), (EditionState.running, EnrolmentState.withdrawn)],
)
def test_nobody_is_called_about_what_is_over(read, make, edition_state, state):
    edition = make.edition(state=edition_state)
    enrolment = make.enrolment(edition, state=state)
    for lesson in lessons_of(make, edition, 2):
        make.attendance(lesson, enrolment, S.absent)

    assert away_twice(read) == []


def test_a_cancelled_lesson_between_two_absences_changes_nothing(read, make):
    edition = make.edition()
    enrolment = make.enrolment(edition)
    first, between, last = lessons_of(make, edition, 3)
    for lesson, status in ((first, S.absent), (between, S.present), (last, S.absent)):
        make.attendance(lesson, enrolment, status)
    between.state = SessionState.cancelled
    make.session.flush()

    called = away_twice(read)

    assert [(one.name, one.edition_public_id) for one in called] == [(enrolment.person.call_name, edition.public_id)]


def test_the_sheet_keeps_who_left_with_what_was_recorded(read, make):
    edition = make.edition()
    lesson = make.training_session(edition)
    left, gone, here = (
        make.enrolment(edition, state=state)
        for state in (EnrolmentState.withdrawn, EnrolmentState.withdrawn, EnrolmentState.active)
    )
    make.attendance(lesson, left)

    lines = {line.enrolment_id: line.status for line in sheet(read, lesson)}

    assert lines == {left.id: S.present, here.id: S.unknown}
    assert gone.id not in lines
    assert filled_in(read, [lesson.id]) == {lesson.id: 1}
