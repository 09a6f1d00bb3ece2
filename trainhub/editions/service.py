"""Verbs of editions: make one from a published version, open it, start it, complete it, cancel it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.core.access import Permission
from trainhub.courses.models import CourseVersion
from trainhub.editions import enrolments, queries, rules
from trainhub.editions.models import Edition, EditionState, EnrolmentState, SessionState
from trainhub.people.models import Person
from trainhub.places.models import Municipality

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from trainhub.core.work import Key, Work

GOING = tuple(EnrolmentState(state) for state in sorted(rules.WHEN_CANCELLED))


def create_edition(
    work: Work,
    *,
    course_version_id: Key,
    code: str,
    title: str,
    capacity: int,
    municipality_id: Key | None = None,
    enrol_from: date | None = None,
    enrol_until: date | None = None,
    owner_id: Key | None = None,
) -> Edition:
    """A draft edition of a published version; it keeps that version. Raises `RuleBroken` for a draft or retired version."""
    version = work.get(CourseVersion, course_version_id)
    municipality = None if municipality_id is None else work.get(Municipality, municipality_id)
    owner = None if owner_id is None else work.get(Person, owner_id)
    work.require(Permission.EDITION_CHANGE, version)
    rules.is_published(version.state)
    rules.has_capacity(capacity)
    rules.enrols(enrol_from, enrol_until)
    edition = work.add(
        Edition(
            course_version_id=version.id,
            code=rules.has_words(code, "code"),
            title=rules.has_words(title, "title"),
            capacity=capacity,
            municipality_id=None if municipality is None else municipality.id,
            enrol_from=enrol_from,
            enrol_until=enrol_until,
            owner_id=work.actor.person_id if owner is None else owner.id,
        )
    )
    work.record("edition.created", edition)
    return edition


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
    """Change the title, place, places or enrolment period. Raises `Conflict` when `version` is no longer the present one."""
    municipality = None if municipality_id is None else work.get(Municipality, municipality_id)
    edition = work.lock(Edition, edition_id)
    work.require(Permission.EDITION_CHANGE, edition)
    work.expect(edition, version)
    rules.has_capacity(capacity, queries.places_taken(work.session, edition.id))
    rules.enrols(enrol_from, enrol_until)
    edition.title, edition.capacity = rules.has_words(title, "title"), capacity
    edition.municipality_id = None if municipality is None else municipality.id
    edition.enrol_from, edition.enrol_until = enrol_from, enrol_until
    work.record("edition.changed", edition)
    return edition


def open_edition(work: Work, *, edition_id: Key) -> Edition:
    """Let people apply."""
    edition = _becomes(work, edition_id, EditionState.open)
    work.record("edition.opened", edition)
    return edition


def start(work: Work, *, edition_id: Key) -> Edition:
    """Begin the training: everybody with a confirmed place now takes part."""
    edition = _becomes(work, edition_id, EditionState.running)
    work.record("edition.started", edition)
    for enrolment in queries.enrolments_in(work.session, edition.id, (EnrolmentState.confirmed,)):
        enrolments.step(work, enrolment, EnrolmentState.active)
    return edition


def complete(work: Work, *, edition_id: Key, completed: Collection[int]) -> Edition:
    """End the training. `completed` are the enrolments that followed it; who still waits, or takes a break, is closed too."""
    edition = _becomes(work, edition_id, EditionState.completed)
    work.record("edition.completed", edition)
    for enrolment in queries.enrolments_in(work.session, edition.id, GOING):
        if enrolment.state in rules.TAKES_PART:
            if enrolment.state == EnrolmentState.confirmed:
                enrolments.step(work, enrolment, EnrolmentState.active)
            followed = enrolment.id in completed
            enrolments.step(work, enrolment, EnrolmentState.completed if followed else EnrolmentState.not_completed)
        else:
            enrolments.step(work, enrolment, EnrolmentState(rules.WHEN_CANCELLED[enrolment.state]))
    return edition


def archive(work: Work, *, edition_id: Key) -> Edition:
    """Put a completed edition away; it stays readable."""
    edition = _becomes(work, edition_id, EditionState.archived)
    work.record("edition.archived", edition)
    return edition


def cancel(work: Work, *, edition_id: Key, reason: str) -> Edition:
    """Cancel an edition with its planned lessons and close every enrolment, without a judgement on anybody."""
    edition = _becomes(work, edition_id, EditionState.cancelled)
    edition.cancelled_because = rules.has_reason(reason)
    work.record("edition.cancelled", edition)
    for session in edition.sessions:
        if session.state == SessionState.planned:
            session.state = SessionState.cancelled
            work.record("session.cancelled", session)
    for enrolment in queries.enrolments_in(work.session, edition.id, GOING):
        enrolments.step(work, enrolment, EnrolmentState(rules.WHEN_CANCELLED[enrolment.state]))
    return edition


def _becomes(work: Work, edition_id: Key, wanted: EditionState) -> Edition:
    edition = work.lock(Edition, edition_id)
    work.require(Permission.EDITION_CHANGE, edition)
    rules.edition_may_become(edition.state, wanted)
    edition.state = wanted
    return edition
