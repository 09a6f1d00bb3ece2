"""An edition from draft to archive, and its lessons."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.base import NOW, TODAY
from trainhub.core.access import Role
from trainhub.core.clock import local
from trainhub.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from trainhub.courses import service as courses
from trainhub.courses.models import CourseState
from trainhub.editions import queries, service, sessions
from trainhub.editions.models import EditionState, EnrolmentState, SessionState

S = EnrolmentState


def created(work, version, **given):
    return service.create_edition(
        work, **{"course_version_id": version.id, "code": "WW-1", "title": "Najaar", "capacity": 12, **given}
    )


def test_an_edition_is_made_of_a_published_version(work, make):
    edition = created(work, make.course_version(), municipality_id=make.municipality().id)

    assert (edition.state, edition.owner_id) == (EditionState.draft, work.actor.person_id)


@pytest.mark.parametrize("state", [CourseState.draft, CourseState.retired])
def test_an_edition_is_not_made_of_another_version(work, make, state):
    with pytest.raises(RuleBroken) as refused:
        created(work, make.course_version(state=state))

    assert refused.value.field == "course_version_id"


def test_an_old_edition_keeps_its_version_after_a_new_one_is_published(work, make):
    version = make.course_version()
    edition = created(work, version)
    before = [(module.code, module.title) for module in edition.course_version.modules]

    draft = courses.copy(work, version_id=version.id)
    work.session.refresh(draft, ["modules"])
    courses.change_module(work, module_id=draft.modules[0].id, title="Heel anders", half_days=2, is_core=False)
    courses.publish(work, version_id=draft.id)
    work.session.expire_all()

    assert edition.course_version_id == version.id
    assert [(module.code, module.title) for module in edition.course_version.modules] == before
    assert created(work, draft, code="WW-2").course_version_id == draft.id


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"capacity": 0}, "capacity"),
        ({"capacity": 201}, "capacity"),
        ({"code": "  "}, "code"),
        ({"title": ""}, "title"),
        ({"enrol_from": TODAY, "enrol_until": TODAY - timedelta(days=1)}, "enrol_until"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(work, make, wrong, field):
    with pytest.raises(RuleBroken) as refused:
        created(work, make.course_version(), **wrong)

    assert refused.value.field == field


def test_an_edition_goes_from_draft_to_archive(work, make):
    edition = created(work, make.course_version())
    service.open_edition(work, edition_id=edition.id)
    confirmed = make.enrolment(edition, state=S.confirmed)
    service.start(work, edition_id=edition.id)
    followed = make.enrolment(edition)
    late = make.enrolment(edition, state=S.confirmed)
    rest = {state: make.enrolment(edition, state=state) for state in (S.applied, S.waitlisted, S.offered, S.paused)}

    service.complete(work, edition_id=edition.id, completed={followed.id, late.id})
    service.archive(work, edition_id=edition.id)

    assert edition.state == EditionState.archived
    assert [one.state for one in (confirmed, followed, late)] == [S.not_completed, S.completed, S.completed]
    assert [one.state for one in rest.values()] == [S.rejected, S.withdrawn, S.lapsed, S.deferred]


def test_cancelling_needs_a_reason_and_closes_lessons_and_enrolments(work, make):
    edition = make.edition()
    planned = make.training_session(edition)
    held = make.training_session(edition, starts_at=NOW - timedelta(days=7), state=SessionState.held)
    active = make.enrolment(edition)

    with pytest.raises(RuleBroken) as refused:
        service.cancel(work, edition_id=edition.id, reason=" ")
    make.session.refresh(edition)
    service.cancel(work, edition_id=edition.id, reason="De trainer is ziek.")

    assert refused.value.field == "reason"
    assert (edition.state, edition.cancelled_because) == (EditionState.cancelled, "De trainer is ziek.")
    assert (planned.state, held.state, active.state) == (SessionState.cancelled, SessionState.held, S.deferred)


def test_two_coordinators_on_one_edition_the_second_is_told(work, make):
    edition = make.edition()
    seen = edition.row_version
    service.change_edition(work, edition_id=edition.id, title="Eerst", capacity=12, version=seen)

    with pytest.raises(Conflict):
        service.change_edition(work, edition_id=edition.id, title="Later", capacity=12, version=seen)

    assert edition.title == "Eerst"


def test_only_a_coordinator_changes_editions(work, make):
    edition = make.edition()
    lesson = make.training_session(edition)
    work.actor = make.actor(Role.trainer, edition=edition)

    with pytest.raises(NotAllowed):
        service.start(work, edition_id=edition.id)
    with pytest.raises(NotAllowed):
        sessions.cancel_session(work, session_id=lesson.id)


def planned(work, edition, **given):
    values = {"module_id": edition.course_version.modules[0].id}
    values |= {"starts_at": local(2026, 12, 1, 13, 30), "ends_at": local(2026, 12, 1, 16, 30), "place": " De Brug "}
    return sessions.plan_session(work, edition_id=edition.id, **{**values, **given})


def test_a_lesson_is_planned_about_a_module_of_the_course(work, make):
    lesson = planned(work, make.edition())

    assert (lesson.state, lesson.revision, lesson.place, lesson.online_url, lesson.tz) == (
        SessionState.planned,
        0,
        "De Brug",
        None,
        "Europe/Amsterdam",
    )


def test_a_module_of_another_course_is_refused(work, make):
    other = make.course_version()

    with pytest.raises(RuleBroken) as refused:
        planned(work, make.edition(), module_id=other.modules[0].id)

    assert refused.value.field == "module_id"


def test_a_lesson_at_the_time_of_another_is_refused_unless_that_one_is_cancelled(work, make):
    edition = make.edition()
    first = planned(work, edition)

    with pytest.raises(RuleBroken) as refused:
        planned(work, edition, starts_at=local(2026, 12, 1, 15), ends_at=local(2026, 12, 1, 17))
    sessions.cancel_session(work, session_id=first.id)
    planned(work, edition)

    assert refused.value.code == "overlap"


def test_a_moved_lesson_raises_its_revision_once_per_real_move(work, make):
    lesson = planned(work, make.edition())
    to = {"starts_at": local(2026, 12, 2, 13, 30), "ends_at": local(2026, 12, 2, 16, 30), "place": "De Brug"}

    sessions.move_session(work, session_id=lesson.id, **to)
    sessions.move_session(work, session_id=lesson.id, **to)

    assert (lesson.starts_at, lesson.revision, lesson.state) == (to["starts_at"], 1, SessionState.planned)


def test_a_lesson_that_was_held_or_cancelled_stays_as_it_was(work, make):
    edition = make.edition()
    for state in (SessionState.held, SessionState.cancelled):
        lesson = make.training_session(edition, state=state)
        with pytest.raises(RuleBroken):
            sessions.move_session(work, session_id=lesson.id, starts_at=NOW, ends_at=NOW + timedelta(hours=1))
        with pytest.raises(RuleBroken):
            sessions.cancel_session(work, session_id=lesson.id)


def test_a_lesson_is_held_from_its_own_day(work, make):
    edition = make.edition()
    today = make.training_session(edition)
    tomorrow = make.training_session(edition, starts_at=NOW + timedelta(days=1))
    work.actor = make.actor(Role.trainer, edition=edition)

    sessions.hold_session(work, session_id=today.id)
    with pytest.raises(RuleBroken):
        sessions.hold_session(work, session_id=tomorrow.id)

    assert (today.state, tomorrow.state) == (SessionState.held, SessionState.planned)


def test_an_edition_that_is_over_gets_no_lessons(work, make):
    with pytest.raises(RuleBroken) as refused:
        planned(work, make.edition(state=EditionState.completed))

    assert refused.value.code == "edition_over"


def test_the_list_counts_places_waiting_and_days(work, make):
    edition = make.edition(municipality=make.municipality(name="Houten"))
    lesson = make.training_session(edition)
    make.training_session(edition, starts_at=NOW + timedelta(days=40), state=SessionState.cancelled)
    for state in (S.active, S.offered, S.waitlisted, S.withdrawn):
        make.enrolment(edition, state=state)
    done = make.edition(state=EditionState.archived)
    make.enrolment(done, state=S.completed)

    rows = queries.edition_list(work.session)

    assert [row.id for row in rows] == [edition.id, done.id]
    assert (rows[0].taken, rows[0].waiting, rows[0].municipality) == (2, 1, "Houten")
    assert [row.people for row in rows] == [1, 1]
    assert (rows[0].first_at, rows[0].last_at) == (lesson.starts_at, lesson.ends_at)
    assert queries.edition_list(work.session, states=[EditionState.archived])[0].id == done.id


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_one_query(read, make, count_queries, rows):
    for _ in range(rows):
        make.enrolment(make.edition())

    with count_queries(1):
        assert len(queries.edition_list(read)) == rows


def test_the_page_of_an_edition_loads_everything(read, make, count_queries):
    edition = make.edition()
    for hours in (1, 30):
        make.training_session(edition, starts_at=NOW + timedelta(hours=hours))
        make.enrolment(edition)

    with count_queries(4):
        page = queries.edition_page(read, edition.public_id)
        assert len([one.person.call_name for one in page.enrolments]) == 2
        assert len([one.module.title for one in page.sessions]) == 2
        assert page.course_version.course.programme.name


def test_unknown_pages_are_not_found(read, make):
    unknown = make.person().public_id

    with pytest.raises(NotFound):
        queries.edition_page(read, unknown)
    with pytest.raises(NotFound):
        queries.session_page(read, unknown)


def test_lessons_of_a_trainer_come_in_order_with_their_people(read, make):
    edition = make.edition()
    make.enrolment(edition)
    later = make.training_session(edition, starts_at=NOW + timedelta(days=7))
    today = make.training_session(edition)
    make.training_session(make.edition())

    rows = queries.lessons(read, [edition.id], since=NOW)
    first_day = queries.lessons(read, [edition.id], since=NOW, until=NOW + timedelta(days=1))

    assert [row.id for row in rows] == [today.id, later.id]
    assert [(row.id, row.people) for row in first_day] == [(today.id, 1)]
    assert queries.session_page(read, today.public_id).edition.code == edition.code


def test_staff_are_who_teach_or_assess_on_the_day(read, make):
    edition = make.edition()
    trainer = make.actor(Role.trainer, edition=edition)
    make.role(make.person(), Role.assessor, edition_id=edition.id, until=TODAY - timedelta(days=1))

    assert [role.person_id for role in queries.staff(read, edition.id, TODAY)] == [trainer.person_id]
