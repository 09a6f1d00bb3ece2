"""The pages of a trainer: today first, one tap for everybody, and nothing of another's edition."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.base import NOW
from trainhub.attendance.models import Attendance, AttendanceStatus
from trainhub.core.access import Role
from trainhub.editions.models import EnrolmentState, SessionState

S = AttendanceStatus


@pytest.fixture
def taught(make, client, sign_in):
    """An edition with today's lesson and three people, and its trainer signed in."""
    edition = make.edition()
    lesson = make.training_session(edition)
    people = [make.enrolment(edition, person=make.person(call_name=name)) for name in ("Anna", "Bram", "Coba")]
    trainer = make.person()
    make.actor(Role.trainer, person=trainer, edition=edition)
    sign_in(client, trainer)
    return edition, lesson, people


def recorded(make, lesson):
    make.session.expire_all()
    rows = make.session.scalars(select(Attendance).where(Attendance.session_id == lesson.id)).all()
    return {row.enrolment_id: row.status for row in rows}


def sheet_of(lesson):
    return f"/training/les/{lesson.public_id}"


def test_today_comes_first_then_what_is_open_then_what_comes(make, client, taught):
    edition, lesson, _people = taught
    make.training_session(edition, starts_at=NOW + timedelta(days=7), place="Later Huis")
    make.training_session(edition, starts_at=NOW - timedelta(days=7), place="Vroeger Huis")
    make.training_session(edition, starts_at=NOW + timedelta(days=8), state=SessionState.cancelled, place="Nergens")
    make.training_session(make.edition(), place="Elders")

    page = client.get("/training").text

    order = [page.index(words) for words in (str(lesson.public_id), "Vroeger Huis", "Later Huis")]
    assert order == sorted(order)
    assert "Elders" not in page
    assert "Nergens" not in page


def test_without_lessons_the_page_says_so(make, client, sign_in):
    trainer = make.person()
    make.actor(Role.trainer, person=trainer, edition=make.edition())
    sign_in(client, trainer)

    page = client.get("/training")

    assert page.status_code == 200
    assert 'class="empty"' in page.text


def test_everyone_present_then_one_exception_is_a_few_taps(make, client, taught):
    _edition, lesson, people = taught

    first = client.post(sheet_of(lesson), data={"everyone": "1"})
    assert (first.status_code, first.location) == (302, sheet_of(lesson))
    assert recorded(make, lesson) == dict.fromkeys([one.id for one in people], S.present)
    assert client.get(sheet_of(lesson)).text.count("checked") == 3

    client.post(
        sheet_of(lesson),
        data={
            **{f"status-{one.id}": "present" for one in people},
            **{f"seen-{one.id}": "present" for one in people},
            f"status-{people[1].id}": "excused",
        },
    )
    assert recorded(make, lesson)[people[1].id] == S.excused


def test_exceptions_chosen_first_stay_when_everyone_is_present(make, client, taught):
    _edition, lesson, people = taught

    client.post(sheet_of(lesson), data={"everyone": "1", f"status-{people[0].id}": "absent"})

    assert [recorded(make, lesson)[one.id] for one in people] == [S.absent, S.present, S.present]


def test_an_old_tab_does_not_undo_what_another_saved(make, client, taught):
    _edition, lesson, people = taught
    make.attendance(lesson, people[0], S.excused)

    client.post(
        sheet_of(lesson),
        data={
            f"status-{people[0].id}": "present",
            f"seen-{people[0].id}": "present",
            f"status-{people[1].id}": "absent",
        },
    )

    assert recorded(make, lesson) == {people[0].id: S.excused, people[1].id: S.absent}


@pytest.mark.parametrize("minutes", ["", "veel", "999", "9" * 5000])
def test_wrong_minutes_stand_beside_their_person_and_everything_typed_stays(make, client, taught, minutes):
    _edition, lesson, people = taught

    page = client.post(
        sheet_of(lesson),
        data={
            f"status-{people[0].id}": "partly",
            f"minutes-{people[0].id}": minutes,
            f"status-{people[1].id}": "absent",
        },
    )

    assert page.status_code == 422
    assert f'href="#minutes-{people[0].id}"' in page.text
    assert f'value="{minutes}" aria-invalid="true"' in page.text
    assert f'id="status-{people[1].id}-absent" name="status-{people[1].id}" value="absent" checked' in page.text
    assert recorded(make, lesson) == {}


def test_minutes_are_saved_with_partly(make, client, taught):
    _edition, lesson, people = taught

    client.post(sheet_of(lesson), data={f"status-{people[0].id}": "partly", f"minutes-{people[0].id}": "90"})

    assert recorded(make, lesson) == {people[0].id: S.partly}


def test_an_answer_that_is_not_on_the_sheet_is_refused(make, client, taught):
    _edition, lesson, people = taught

    assert client.post(sheet_of(lesson), data={f"status-{people[0].id}": "vandaag niet"}).status_code == 422
    assert recorded(make, lesson) == {}


def test_a_lesson_of_another_trainer_does_not_exist(make, client, taught):
    other = make.training_session(make.edition())

    for address in (sheet_of(other), sheet_of(other) + "/lijst"):
        assert client.get(address).status_code == 404
    assert client.post(sheet_of(other), data={"everyone": "1"}).status_code == 404
    assert recorded(make, other) == {}


def test_an_assessor_reads_the_list_but_not_the_sheet(make, client, sign_in, taught):
    edition, lesson, _people = taught
    assessor = make.person()
    make.actor(Role.assessor, person=assessor, edition=edition)
    sign_in(client, assessor)

    assert client.get("/training").status_code == 200
    assert client.get(sheet_of(lesson)).status_code == 403
    assert "Anna" in client.get(sheet_of(lesson) + "/lijst").text


def test_a_trainee_has_no_training_page(make, client, sign_in, taught):
    _edition, lesson, people = taught
    sign_in(client, people[0].person)

    assert client.get("/training").status_code == 403
    assert client.get(sheet_of(lesson)).status_code == 403


def test_a_lesson_of_another_day_or_a_cancelled_one_has_no_sheet_yet(make, client, taught):
    edition, _lesson, _people = taught
    tomorrow = make.training_session(edition, starts_at=NOW + timedelta(days=1))
    cancelled = make.training_session(edition, state=SessionState.cancelled, starts_at=NOW - timedelta(days=1))

    for lesson in (tomorrow, cancelled):
        page = client.get(sheet_of(lesson))
        assert page.status_code == 200
        assert 'name="everyone"' not in page.text
        assert client.post(sheet_of(lesson), data={"everyone": "1"}).status_code == 422


def test_who_came_later_is_marked_and_who_waits_is_not_on_the_sheet(make, client, taught):
    edition, lesson, _people = taught
    make.enrolment(edition, person=make.person(call_name="Later"), queued_at=NOW + timedelta(days=1))
    make.enrolment(edition, person=make.person(call_name="Wachtend"), state=EnrolmentState.waitlisted)

    page = client.get(sheet_of(lesson)).text

    assert "Later <span" in page
    assert "Wachtend" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_cost_the_same(make, client, taught, count_queries, rows):
    edition, lesson, _people = taught
    for _ in range(rows):
        make.enrolment(edition)
        make.training_session(edition, starts_at=NOW + timedelta(days=rows))

    with count_queries(6):
        assert client.get("/training").status_code == 200
    with count_queries(6):
        assert client.get(sheet_of(lesson)).status_code == 200
    with count_queries(6):
        assert client.get(sheet_of(lesson) + "/lijst").status_code == 200
