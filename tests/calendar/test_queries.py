"""Questions of the calendar: whose agenda holds what, who may read a file, and what a feed costs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.base import NOW, TODAY
from trainhub.calendar import queries, service
from trainhub.calendar.rules import token_sha256
from trainhub.core.access import VISITOR, Actor, Role
from trainhub.courses.models import Course, CourseVersion
from trainhub.editions.models import Edition, Enrolment, EnrolmentEvent, EnrolmentState, SessionState
from trainhub.meetings.models import Assignment, AssignmentState, Meeting, MeetingState, Part
from trainhub.people.models import PersonStatus
from trainhub.programmes.models import Programme

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

LONG_AGO = NOW - timedelta(days=31)
LATELY = NOW - timedelta(days=29)


def uid_of(make: Any, thing: Any) -> str:
    """The UID under which a lesson or meeting stands in an agenda."""
    return str(make.item_of(thing).uid)


def uids(blocks: list[bytes]) -> list[str]:
    """The UIDs of blocks, in their order."""
    return [re.search(rb"UID:(\S+)", block)[1].decode() for block in blocks]


def agenda(session: Session, person: Any) -> list[str]:
    """The UIDs in a person's agenda."""
    return uids(queries.person_vevents(session, person.id, now=NOW))


def placed(make: Any, meeting: Meeting, person: Any, state: AssignmentState = AssignmentState.confirmed) -> Assignment:
    """A person's place in a meeting."""
    times = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at}
    return make.row(Assignment, meeting=meeting, person=person, state=state, part=Part.observe, **times)


@pytest.mark.parametrize("state", list(EnrolmentState))
def test_agenda_holds_the_lessons_of_who_takes_part(session: Session, make: Any, state: EnrolmentState) -> None:
    lesson, person = make.lesson(), make.person()
    make.lesson()
    make.row(Enrolment, edition=lesson.edition, person=person, state=state)

    expected = {EnrolmentState.confirmed, EnrolmentState.active, EnrolmentState.completed}
    assert agenda(session, person) == ([uid_of(make, lesson)] if state in expected else [])


@pytest.mark.parametrize("state", list(AssignmentState))
def test_agenda_holds_the_meetings_at_which_one_comes(session: Session, make: Any, state: AssignmentState) -> None:
    meeting, person = make.meeting_in_calendar(), make.person()
    placed(make, meeting, make.person())
    placed(make, meeting, person, state)

    assert agenda(session, person) == ([] if state == AssignmentState.released else [uid_of(make, meeting)])


def test_agenda_goes_by_the_clock(session: Session, make: Any) -> None:
    person = make.person()
    late = make.lesson(starts_at=NOW + timedelta(days=2), ends_at=NOW + timedelta(days=2, hours=1))
    early = make.meeting_in_calendar(starts_at=NOW + timedelta(days=1), ends_at=NOW + timedelta(days=1, hours=1))
    make.row(Enrolment, edition=late.edition, person=person, state=EnrolmentState.active)
    placed(make, early, person)

    assert agenda(session, person) == [uid_of(make, early), uid_of(make, late)]


def test_agenda_of_a_trainer_holds_the_lessons_of_the_own_edition_while_the_role_lasts(
    session: Session, make: Any
) -> None:
    lesson, trainer, former = make.lesson(), make.person(), make.person()
    make.lesson()
    make.role(trainer, Role.trainer, edition_id=lesson.edition_id)
    make.role(former, Role.trainer, edition_id=lesson.edition_id, until=TODAY - timedelta(days=1))

    assert agenda(session, trainer) == [uid_of(make, lesson)]
    assert agenda(session, former) == []


def test_law_8_agenda_of_an_officer_holds_the_own_municipality_only(session: Session, make: Any) -> None:
    meeting = make.meeting_in_calendar(state=MeetingState.staffing)
    make.meeting_in_calendar(state=MeetingState.staffing)
    officer = make.person()
    make.role(officer, Role.municipality_officer, municipality_id=meeting.municipality_id)

    assert agenda(session, officer) == [uid_of(make, meeting)]


def test_law_6_cancelled_lesson_stays_30_days_and_then_goes(session: Session, make: Any) -> None:
    person = make.person()
    kept, gone = make.lesson(), make.lesson()
    for lesson, at in ((kept, LATELY), (gone, LONG_AGO)):
        make.row(Enrolment, edition=lesson.edition, person=person, state=EnrolmentState.active)
        lesson.state = SessionState.cancelled
        make.item_of(lesson, now=at)

    assert agenda(session, person) == [uid_of(make, kept)]
    assert queries.session_vevents(session, gone.id, now=NOW) == []
    assert uids(queries.edition_vevents(session, kept.edition_id, now=NOW)) == [uid_of(make, kept)]
    assert queries.edition_vevents(session, gone.edition_id, now=NOW) == []


def test_law_6_cancelled_edition_is_still_told_to_who_took_part_until_then(session: Session, make: Any) -> None:
    lesson, active, earlier, waiting = make.lesson(), make.person(), make.person(), make.person()
    steps = {
        active: [(EnrolmentState.active, LONG_AGO), (EnrolmentState.withdrawn, LATELY)],
        earlier: [(EnrolmentState.active, LONG_AGO), (EnrolmentState.withdrawn, LONG_AGO)],
        waiting: [(EnrolmentState.waitlisted, LONG_AGO), (EnrolmentState.withdrawn, LATELY)],
    }
    for person, events in steps.items():
        enrolment = make.row(Enrolment, edition=lesson.edition, person=person, state=EnrolmentState.withdrawn)
        for state, at in events:
            make.row(EnrolmentEvent, enrolment_id=enrolment.id, state=state, at=at)
    lesson.state = SessionState.cancelled
    make.item_of(lesson, now=LATELY)

    assert agenda(session, active) == [uid_of(make, lesson)]
    assert agenda(session, earlier) == agenda(session, waiting) == []


def test_law_6_cancelled_meeting_is_still_told_to_who_was_let_go(session: Session, make: Any) -> None:
    meeting, person = make.meeting_in_calendar(), make.person()
    placed(make, meeting, person, AssignmentState.released)
    meeting.state = MeetingState.cancelled

    uid = uid_of(make, meeting)

    assert agenda(session, person) == [uid]
    assert b"GEANNULEERD" in queries.person_vevents(session, person.id, now=NOW)[0]
    assert uids(queries.meeting_vevents(session, meeting.id, now=NOW)) == [uid]


def test_feed_of_unknown_revoked_and_erased_is_none(session: Session, make: Any) -> None:
    make.feed(make.person(), "revoked", revoked_at=NOW)
    make.feed(make.person(status=PersonStatus.erased), "erased")
    make.feed(make.person(), "good")

    given = {
        token: queries.feed_of(session, token_sha256(token), now=NOW)
        for token in ("unknown", "revoked", "erased", "good")
    }

    assert [given[token] is None for token in given] == [True, True, True, False]


def test_empty_feed_still_holds_its_zone(session: Session, make: Any) -> None:
    make.feed(make.person(), "good")

    body = queries.feed_of(session, token_sha256("good"), now=NOW)

    assert body.count(b"BEGIN:VTIMEZONE") == 1
    assert b"X-WR-CALNAME:TrainHub\r\n" in body


@pytest.mark.parametrize("lessons", [1, 3])
def test_feed_costs_two_queries(
    session: Session, make: Any, count_queries: Callable[[int], AbstractContextManager], lessons: int
) -> None:
    person = make.person()
    make.feed(person, "good")
    for day in range(lessons):
        make.row(Enrolment, edition=make.lesson().edition, person=person, state=EnrolmentState.active)
        times = {"starts_at": NOW + timedelta(days=day), "ends_at": NOW + timedelta(days=day, hours=2)}
        placed(make, make.meeting_in_calendar(**times), person)
    session.flush()

    with count_queries(2):
        body = queries.feed_of(session, token_sha256("good"), now=NOW)

    assert body.count(b"BEGIN:VEVENT") == 2 * lessons


def test_link_of_a_person_can_be_shown_again_to_its_owner(work: Any, make: Any) -> None:
    person = make.person()
    work.actor = Actor(person_id=person.id)
    first = service.renew_feed(work, person_id=person.id)
    second = service.renew_feed(work, person_id=person.id)

    shown = queries.feed_token_of(work.session, person.id, secret_key=work.settings.secret_key)

    assert shown == second != first
    assert len(second) == 43
    assert queries.feed_token_of(work.session, person.id, secret_key="another key of at least 32 letters") is None
    assert queries.feed_token_of(work.session, make.person().id, secret_key=work.settings.secret_key) is None


@pytest.mark.parametrize("state", list(EnrolmentState))
def test_lesson_and_edition_can_be_read_by_who_has_a_place(session: Session, make: Any, state: EnrolmentState) -> None:
    lesson, person = make.lesson(), make.person()
    make.row(Enrolment, edition=lesson.edition, person=person, state=state)
    make.row(Enrolment, edition=lesson.edition, person=make.person(), state=EnrolmentState.active)
    actor = Actor(person.id)

    may_read = state in {
        EnrolmentState.confirmed,
        EnrolmentState.active,
        EnrolmentState.paused,
        EnrolmentState.completed,
    }
    assert (queries.session_file(session, actor, lesson.public_id, now=NOW) is not None) == may_read
    assert (queries.edition_file(session, actor, lesson.edition.public_id, now=NOW) is not None) == may_read


def test_lesson_can_be_read_by_its_trainer_assessor_and_coordinator(session: Session, make: Any) -> None:
    programme = make.row(Programme)
    course = make.row(CourseVersion, course=make.row(Course, programme=programme))
    lesson = make.lesson(edition=make.row(Edition, course_version=course))
    other = make.lesson()
    reads = {
        "trainer": make.actor(Role.trainer, edition=lesson.edition),
        "assessor": make.actor(Role.assessor, edition=lesson.edition),
        "coordinator": make.actor(Role.coordinator),
        "coordinator of the programme": make.actor(Role.coordinator, programme=programme),
    }
    not_for = {
        "other trainer": make.actor(Role.trainer, edition=other.edition),
        "other coordinator": make.actor(Role.coordinator, programme=make.row(Programme)),
        "officer": make.actor(Role.municipality_officer, municipality=make.municipality()),
        "administrator": make.actor(Role.technical_administrator),
        "visitor": VISITOR,
    }

    files = {
        name: queries.session_file(session, actor, lesson.public_id, now=NOW)
        for name, actor in (reads | not_for).items()
    }

    assert {name for name, file in files.items() if file} == set(reads)
    assert files["trainer"].filename == "les-2026-11-24.ics"


@pytest.mark.parametrize("state", list(AssignmentState))
def test_meeting_can_be_read_by_who_comes(session: Session, make: Any, state: AssignmentState) -> None:
    meeting, person = make.meeting_in_calendar(), make.person()
    placed(make, meeting, person, state)

    file = queries.meeting_file(session, Actor(person.id), meeting.public_id, now=NOW)

    assert (file is None) == (state == AssignmentState.released)


def test_law_8_meeting_can_be_read_by_its_own_municipality_only(session: Session, make: Any) -> None:
    meeting, other = make.meeting_in_calendar(), make.meeting_in_calendar()
    officer = make.actor(Role.municipality_officer, municipality=meeting.municipality)

    assert queries.meeting_file(session, officer, meeting.public_id, now=NOW).filename == "bijeenkomst-2026-11-24.ics"
    assert queries.meeting_file(session, officer, other.public_id, now=NOW) is None
    assert queries.meeting_file(session, make.actor(Role.coordinator), other.public_id, now=NOW) is not None


def test_file_of_what_does_not_exist_is_none(session: Session, make: Any) -> None:
    coordinator, unknown = make.actor(Role.coordinator), make.person().public_id

    for file in (queries.session_file, queries.edition_file, queries.meeting_file):
        assert file(session, coordinator, unknown, now=NOW) is None
