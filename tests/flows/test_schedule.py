"""A lesson that moves: agenda item, revision and letters with the old and the new, once each."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from tests.factories.base import NOW
from trainhub.calendar.models import CalendarItem, ItemStatus
from trainhub.core.access import Role
from trainhub.core.clock import local
from trainhub.editions.models import EditionState, EnrolmentState
from trainhub.flows import schedule
from trainhub.outbox.models import Message
from trainhub.people.models import Person

S = EnrolmentState


def planned(work, edition, day=1, **given):
    values = {"module_id": edition.course_version.modules[0].id, "place": "De Brug"}
    values |= {"starts_at": local(2026, 12, day, 13, 30), "ends_at": local(2026, 12, day, 16, 30)}
    return schedule.plan_session(work, edition_id=edition.id, **{**values, **given})


def item_of(work, lesson):
    return work.session.scalar(select(CalendarItem).where(CalendarItem.session_id == lesson.id))


def letters(work):
    return list(work.session.scalars(select(Message.letter).order_by(Message.id)))


def test_a_moved_lesson_keeps_its_uid_raises_sequence_and_everybody_hears_old_and_new(work, make):
    edition = make.edition()
    trainer = make.actor(Role.trainer, edition=edition)
    taking = make.enrolment(edition)
    make.enrolment(edition, state=S.waitlisted)
    lesson = planned(work, edition)
    uid, sequence = item_of(work, lesson).uid, item_of(work, lesson).sequence
    to = {"starts_at": local(2026, 12, 3, 9), "ends_at": local(2026, 12, 3, 12), "place": "Het Huis"}

    schedule.move_session(work, session_id=lesson.public_id, **to)
    schedule.move_session(work, session_id=lesson.public_id, **to)

    item = item_of(work, lesson)
    assert (item.uid, item.sequence, lesson.revision) == (uid, sequence + 1, 1)
    people = set(work.session.scalars(select(Message.person_id)))
    assert people == {taking.person_id, trainer.person_id}
    body = work.session.scalar(select(Message.body).where(Message.person_id == taking.person_id))
    assert "dinsdag 1 december 2026, 13.30 uur" in body
    assert "donderdag 3 december 2026, 09.00 uur" in body
    assert "De Brug" in body
    assert "Het Huis" in body


def test_a_lesson_moved_twice_brings_two_letters(work, make):
    edition = make.edition()
    make.enrolment(edition)
    lesson = planned(work, edition)

    for day in (2, 3):
        schedule.move_session(
            work, session_id=lesson.id, starts_at=local(2026, 12, day, 9), ends_at=local(2026, 12, day, 12)
        )

    assert letters(work) == ["session_moved", "session_moved"]


def test_a_cancelled_lesson_stays_in_the_agenda_as_cancelled(work, make):
    edition = make.edition()
    make.enrolment(edition)
    lesson = planned(work, edition)

    schedule.cancel_session(work, session_id=lesson.id)

    assert item_of(work, lesson).status == ItemStatus.CANCELLED
    assert letters(work) == ["session_cancelled"]


def test_a_cancelled_edition_cancels_its_agenda_and_tells_everybody_why(work, make):
    edition = make.edition()
    people = [make.enrolment(edition, state=state) for state in (S.active, S.waitlisted, S.offered)]
    make.enrolment(edition, state=S.withdrawn)
    lessons = [planned(work, edition, day) for day in (1, 2)]

    schedule.cancel_edition(work, edition_id=edition.id, reason="Te weinig aanmeldingen")

    assert [item_of(work, lesson).status for lesson in lessons] == [ItemStatus.CANCELLED] * 2
    assert letters(work) == ["edition_cancelled"] * len(people)
    assert "Te weinig aanmeldingen" in work.session.scalar(select(Message.body).limit(1))


def test_more_places_are_offered_to_who_waits(work, make):
    edition = make.edition(state=EditionState.open, capacity=1)
    make.enrolment(edition, state=S.confirmed)
    waiting = make.enrolment(edition, state=S.waitlisted)

    schedule.change_edition(work, edition_id=edition.id, title=edition.title, capacity=2, version=1)

    assert (waiting.state, letters(work)) == (S.offered, ["place_offered"])


def test_no_subject_names_the_training(work, make):
    edition = make.edition(title="Ervaringsdeskundige in de wijk")
    make.enrolment(edition)
    lesson = planned(work, edition)
    schedule.move_session(
        work, session_id=lesson.id, starts_at=NOW + timedelta(days=9), ends_at=NOW + timedelta(days=9, hours=2)
    )
    schedule.cancel_edition(work, edition_id=edition.id, reason="Geen")

    subjects = work.session.scalars(select(func.lower(Message.subject))).all()

    assert subjects
    assert not [words for words in subjects if "ervaring" in words]


def test_an_erased_person_hears_nothing(work, make):
    edition = make.edition()
    enrolment = make.enrolment(edition)
    lesson = planned(work, edition)
    work.session.get(Person, enrolment.person_id).status = "erased"

    schedule.cancel_session(work, session_id=lesson.id)

    assert letters(work) == []


def test_the_letters_bring_the_lesson_as_a_calendar_file_and_each_its_own_page(work, make):
    edition = make.edition()
    trainer = make.actor(Role.trainer, edition=edition)
    taking = make.enrolment(edition)
    lesson = planned(work, edition)

    schedule.cancel_session(work, session_id=lesson.id)

    sent = {row.person_id: row for row in work.session.scalars(select(Message))}
    assert all(b"STATUS:CANCELLED" in row.attachment for row in sent.values())
    assert "http://localhost/training" in sent[trainer.person_id].body
    assert "http://localhost/mijn" in sent[taking.person_id].body
