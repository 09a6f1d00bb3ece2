"""Questions about people and lessons that other rooms ask of editions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.base import NOW, TODAY
from trainhub.core.access import Role
from trainhub.core.errors import NotFound
from trainhub.editions import enrolments, queries, service, sessions
from trainhub.editions.models import EditionState, EnrolmentState, SessionState


def test_a_lesson_without_a_trainer_on_its_day_is_found(read, make):
    edition, taught = make.edition(), make.edition()
    make.actor(Role.trainer, edition=taught)
    make.role(make.person(), Role.trainer, edition_id=edition.id, until=TODAY)
    soon = {"since": NOW, "until": NOW + timedelta(days=14)}
    today, later = make.training_session(edition), make.training_session(edition, starts_at=NOW + timedelta(days=7))
    make.training_session(edition, starts_at=NOW + timedelta(days=8), state=SessionState.cancelled)
    make.training_session(taught, starts_at=NOW + timedelta(days=7))

    found = [row.id for row in queries.lessons_without_trainer(read, **soon)]

    assert found == [later.id]
    assert today.id not in found


@pytest.mark.parametrize("rows", [1, 3])
def test_the_enrolments_of_a_person_come_latest_first_with_their_lessons(read, make, count_queries, rows):
    person = make.person()
    made = [
        make.enrolment(make.edition(), person=person, queued_at=NOW - timedelta(days=rows - nth)) for nth in range(rows)
    ]
    for enrolment in made:
        make.training_session(enrolment.edition)

    with count_queries(2):
        found = queries.enrolments_of_person(read, person.id)
        assert [len(one.edition.sessions) for one in found] == [1] * rows
    assert [one.id for one in found] == [one.id for one in reversed(made)]


def test_the_roles_of_a_person_name_their_place(read, make):
    person = make.person()
    make.role(person, Role.coordinator)
    make.role(person, Role.trainer, edition_id=make.edition(title="Najaar").id)
    make.role(person, Role.municipality_officer, municipality_id=make.municipality(name="Houten").id)

    found = [(role.assignment.role, role.where) for role in queries.roles_of_person(read, person.id)]

    assert found == [(Role.municipality_officer, "Houten"), (Role.trainer, "Najaar"), (Role.coordinator, None)]


def test_a_coordinator_of_another_programme_finds_neither_edition_nor_lesson_nor_person(work, make):
    edition = make.edition(state=EditionState.open)
    lesson, enrolment = make.training_session(edition), make.enrolment(edition, state=EnrolmentState.confirmed)
    other = make.person()
    work.actor = make.actor(Role.coordinator, programme=make.programme())

    for refused in (
        lambda: service.start(work, edition_id=edition.id),
        lambda: sessions.hold_session(work, session_id=lesson.id),
        lambda: enrolments.withdraw(work, enrolment_id=enrolment.id),
        lambda: enrolments.apply(work, edition_id=edition.id, person_id=other.id),
    ):
        with pytest.raises(NotFound):
            refused()


def test_a_freed_place_of_an_edition_that_is_over_goes_to_nobody(work, make):
    edition = make.edition(state=EditionState.completed)
    make.enrolment(edition, state=EnrolmentState.waitlisted)

    assert enrolments.offer_freed_places(work, edition_id=edition.id) == []


def test_nobody_waits_then_nobody_is_offered(work, make):
    assert enrolments.offer_freed_places(work, edition_id=make.edition().id) == []
