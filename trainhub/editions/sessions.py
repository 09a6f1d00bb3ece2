"""Verbs of lessons: plan, move, cancel, hold. Times come in as aware moments; `rules.dutch_moment` makes one of a wall time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from trainhub.core.access import Permission
from trainhub.courses.models import Module
from trainhub.editions import rules
from trainhub.editions.models import Edition, SessionState, TrainingSession

if TYPE_CHECKING:
    from datetime import datetime

    from trainhub.core.work import Key, Work


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
    """Plan a lesson about a module of the edition's own course version.

    Raises `RuleBroken` for a module of another course, times that do not fit, or another lesson at that time.
    """
    edition = work.lock(Edition, edition_id)
    module = work.get(Module, module_id)
    work.require(Permission.EDITION_CHANGE, edition)
    rules.may_be_planned(edition.state)
    rules.is_of_course(module.course_version_id, edition.course_version_id)
    _fits(work, edition.id, starts_at, ends_at)
    session = work.add(
        TrainingSession(
            edition_id=edition.id,
            module_id=module.id,
            starts_at=starts_at,
            ends_at=ends_at,
            place=_words(place),
            online_url=_words(online_url),
        )
    )
    work.record("session.planned", session)
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
    """Give a planned lesson another time or place; its revision rises by one when something changed."""
    session = _planned(work, session_id, SessionState.planned, version)
    _fits(work, session.edition_id, starts_at, ends_at, besides=session.id)
    wanted = (starts_at, ends_at, _words(place), _words(online_url))
    if wanted == (session.starts_at, session.ends_at, session.place, session.online_url):
        return session
    session.starts_at, session.ends_at, session.place, session.online_url = wanted
    session.revision += 1
    work.record("session.moved", session)
    return session


def cancel_session(work: Work, *, session_id: Key, version: int | None = None) -> TrainingSession:
    """Cancel a planned lesson; it never counts for or against anybody."""
    session = _planned(work, session_id, SessionState.cancelled, version)
    session.state = SessionState.cancelled
    work.record("session.cancelled", session)
    return session


def hold_session(work: Work, *, session_id: Key) -> TrainingSession:
    """Note that a lesson was given. Raises `RuleBroken` before its day."""
    session = work.lock(TrainingSession, session_id)
    work.require(Permission.ATTENDANCE_RECORD, session)
    return hold(work, session)


def hold(work: Work, session: TrainingSession) -> TrainingSession:
    """The same for a lesson that is locked already, of which the actor may record the attendance."""
    rules.session_may_become(session.state, SessionState.held)
    rules.may_be_held(session.starts_at, work.now)
    session.state = SessionState.held
    work.record("session.held", session)
    return session


def _planned(work: Work, session_id: Key, wanted: SessionState, version: int | None) -> TrainingSession:
    session = work.lock(TrainingSession, session_id)
    work.require(Permission.EDITION_CHANGE, session.edition)
    work.expect(session, version)
    rules.session_may_become(session.state, wanted)
    return session


def _fits(work: Work, edition_id: int, starts_at: datetime, ends_at: datetime, besides: int | None = None) -> None:
    rules.lasts(starts_at, ends_at)
    others = work.session.execute(
        select(TrainingSession.starts_at, TrainingSession.ends_at).where(
            TrainingSession.edition_id == edition_id,
            TrainingSession.state != SessionState.cancelled,
            TrainingSession.id != (besides or 0),
        )
    )
    rules.overlaps_none(starts_at, ends_at, [(start, end) for start, end in others])


def _words(words: str | None) -> str | None:
    return (words or "").strip() or None
