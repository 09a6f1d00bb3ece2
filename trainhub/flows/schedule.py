"""The stories of the timetable: a lesson is planned, moved or cancelled, a training is cancelled; agenda and letters follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.calendar import service as calendar
from trainhub.calendar.queries import session_vevents
from trainhub.calendar.rules import CALENDAR_NAME
from trainhub.calendar.text import calendar_file
from trainhub.editions import queries, service, sessions
from trainhub.editions.models import Edition, EnrolmentState, TrainingSession
from trainhub.flows import enrol
from trainhub.outbox import service as outbox
from trainhub.outbox.letters import training as letters

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from trainhub.core.work import Key, Work
    from trainhub.people.models import Person

HEAR_OF_LESSONS = queries.TAKES_A_PLACE


def plan_session(
    work: Work,
    *,
    edition_id: Key,
    module_id: Key,
    starts_at: datetime,
    ends_at: datetime,
    place: str | None = None,
    online_url: str | None = None,
) -> TrainingSession:
    """A lesson is planned and stands in every agenda link of its people."""
    session = sessions.plan_session(
        work,
        edition_id=edition_id,
        module_id=module_id,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        online_url=online_url,
    )
    calendar.refresh_session(work, session_id=session.id)
    return session


def move_session(
    work: Work,
    *,
    session_id: Key,
    starts_at: datetime,
    ends_at: datetime,
    place: str | None = None,
    online_url: str | None = None,
    version: int | None = None,
) -> TrainingSession:
    """A lesson gets another time or place: agendas move, and everybody hears the old and the new."""
    before = work.get(TrainingSession, session_id)
    old, old_place, revision = before.starts_at, before.place, before.revision
    session = sessions.move_session(
        work,
        session_id=session_id,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        online_url=online_url,
        version=version,
    )
    if session.revision == revision:
        return session
    calendar.refresh_session(work, session_id=session.id)
    for person, url in _people(work, session.edition):
        letter = letters.session_moved(
            name=person.call_name,
            training=session.edition.title,
            old=old,
            new=session.starts_at,
            old_place=old_place,
            new_place=session.place,
            url=url,
        )
        key = f"session_moved:{session.public_id}:{session.revision}:{person.public_id}"
        outbox.queue(work, letter, person=person, dedupe_key=key, attachment=_file(work, session))
    return session


def cancel_session(work: Work, *, session_id: Key, version: int | None = None) -> TrainingSession:
    """A lesson is off: it stays in agendas as cancelled, and everybody hears it."""
    session = sessions.cancel_session(work, session_id=session_id, version=version)
    calendar.refresh_session(work, session_id=session.id)
    for person, url in _people(work, session.edition):
        letter = letters.session_cancelled(
            name=person.call_name, training=session.edition.title, old=session.starts_at, url=url
        )
        key = f"session_cancelled:{session.public_id}:{person.public_id}"
        outbox.queue(work, letter, person=person, dedupe_key=key, attachment=_file(work, session))
    return session


def change_edition(
    work: Work,
    *,
    edition_id: Key,
    title: str,
    capacity: int,
    municipality_id: Key | None = None,
    enrol_from: date | None = None,
    enrol_until: date | None = None,
    version: int | None = None,
) -> Edition:
    """An edition changes; extra places are offered to those who wait longest."""
    edition = service.change_edition(
        work,
        edition_id=edition_id,
        title=title,
        capacity=capacity,
        municipality_id=municipality_id,
        enrol_from=enrol_from,
        enrol_until=enrol_until,
        version=version,
    )
    enrol.offer_freed_places(work, edition_id=edition.id)
    return edition


def cancel_edition(work: Work, *, edition_id: Key, reason: str) -> Edition:
    """A whole training is off: lessons, places and waiting list end, agendas show it, everybody hears why."""
    edition = work.get(Edition, edition_id)
    people = _people(work, edition, states=service.GOING)
    service.cancel(work, edition_id=edition_id, reason=reason)
    for session in edition.sessions:
        calendar.refresh_session(work, session_id=session.id)
    for person, url in people:
        letter = letters.edition_cancelled(
            name=person.call_name, training=edition.title, reason=edition.cancelled_because or "", url=url
        )
        outbox.queue(
            work, letter, person=person, dedupe_key=f"edition_cancelled:{edition.public_id}:{person.public_id}"
        )
    return edition


def _people(
    work: Work, edition: Edition, *, states: Collection[EnrolmentState] = HEAR_OF_LESSONS
) -> list[tuple[Person, str]]:
    """Everybody who takes part (in `states`), teaches or assesses, each once, with the address of their page."""
    base = work.settings.base_url
    teaching = {
        role.person.id: (role.person, f"{base}/training")
        for role in queries.staff(work.session, edition.id, work.today)
    }
    taking = {
        one.person.id: (one.person, f"{base}/mijn") for one in queries.enrolments_in(work.session, edition.id, states)
    }
    return list((teaching | taking).values())


def _file(work: Work, session: TrainingSession) -> bytes:
    """The lesson as a calendar file: opened on a phone, it moves or cancels the entry that is there already."""
    return calendar_file(session_vevents(work.session, session.id, now=work.now), name=CALENDAR_NAME)
