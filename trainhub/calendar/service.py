"""Verbs of the calendar: write an item anew when its session or meeting changed; give and take private feeds.

The two `refresh` verbs ask no permission: they follow, in the same transaction, from a change that was allowed.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from trainhub.calendar import rules
from trainhub.calendar.models import CalendarItem, FeedToken, ItemStatus
from trainhub.calendar.text import CalendarEntry, vevent_bytes
from trainhub.core.access import Permission
from trainhub.courses.models import Track
from trainhub.editions.models import EditionState, SessionState, TrainingSession
from trainhub.meetings.models import Meeting, MeetingState
from trainhub.people.models import Person

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from trainhub.core.work import Key, Work


def refresh_session(work: Work, *, session_id: Key) -> CalendarItem:
    """The calendar item of a session, written anew when something of it changed.

    Its UID never changes; its SEQUENCE rises when time, status, place or link changed (law 6). Raises `NotFound` for an unknown
    session and `RuleBroken` for a link that is no web address.
    """
    session = work.get(TrainingSession, session_id)
    course = session.edition.course_version.course
    status = _status(
        is_cancelled=session.state == SessionState.cancelled or session.edition.state == EditionState.cancelled
    )
    item = _item(work, CalendarItem.session_id == session.id) or CalendarItem(session_id=session.id)
    title = rules.session_title(session.module.title, names_module=course.track == Track.discussion_leader)
    return _write(work, item, session, title, rules.session_words(work.settings.base_url), status)


def refresh_meeting(work: Work, *, meeting_id: Key) -> CalendarItem:
    """The calendar item of a meeting, written anew when something of it changed; as `refresh_session`."""
    meeting = work.get(Meeting, meeting_id)
    item = _item(work, CalendarItem.meeting_id == meeting.id) or CalendarItem(meeting_id=meeting.id)
    status = _status(is_cancelled=meeting.state == MeetingState.cancelled)
    return _write(work, item, meeting, rules.meeting_title(), rules.meeting_words(work.settings.base_url), status)


def renew_feed(work: Work, *, person_id: Key, label: str = "") -> str:
    """A new secret token for the person's own agenda; every earlier one stops working. Only its hash is kept.

    `queries.feed_token_of` can show it again to its owner: see ADR 6.
    """
    person = work.lock(Person, person_id)
    work.require(Permission.FEED_CHANGE, person)
    _revoke(work, person)
    public_id = uuid.uuid4()
    token = rules.feed_token(work.settings.secret_key, public_id)
    feed = FeedToken(
        public_id=public_id,
        person_id=person.id,
        label=label.strip(),
        token_sha256=rules.token_sha256(token),
        created_at=work.now,
    )
    work.add(feed)
    work.record("feed.renewed", feed)
    return token


def revoke_feeds(work: Work, *, person_id: Key) -> int:
    """End every feed of a person, as on leaving, erasure and a new password; returns how many worked until now."""
    person = work.lock(Person, person_id)
    work.require(Permission.PERSON_CHANGE, person)
    return _revoke(work, person)


def _revoke(work: Work, person: Person) -> int:
    feeds = work.session.scalars(
        select(FeedToken).where(FeedToken.person_id == person.id, FeedToken.revoked_at.is_(None))
    ).all()
    for feed in feeds:
        feed.revoked_at = work.now
        work.record("feed.revoked", feed)
    return len(feeds)


def _item(work: Work, condition: ColumnElement[bool]) -> CalendarItem | None:
    return work.session.scalar(select(CalendarItem).where(condition).with_for_update())


def _status(*, is_cancelled: bool) -> ItemStatus:
    return ItemStatus.CANCELLED if is_cancelled else ItemStatus.CONFIRMED


def _write(
    work: Work, item: CalendarItem, thing: TrainingSession | Meeting, title: str, words: str, status: ItemStatus
) -> CalendarItem:
    """Store the bytes of `thing`; an item that would read the same keeps its bytes, so its readers fetch nothing."""
    is_new = item.id is None
    mark = rules.fingerprint(
        starts_at=thing.starts_at,
        ends_at=thing.ends_at,
        status=status.value,
        place=thing.place,
        online_url=thing.online_url,
    )
    starts_at, ends_at = rules.shown_times(thing.starts_at, thing.ends_at)
    uid = uuid.uuid4() if is_new else item.uid
    entry = CalendarEntry(
        uid=uid,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        last_modified=work.now if is_new else item.last_modified,
        sequence=0 if is_new else item.sequence + (item.fingerprint != mark),
        status=status.value,
        location=thing.place,
        online_url=thing.online_url,
        description=words,
    )
    if not is_new and vevent_bytes(entry) == item.vevent:
        return item
    item.uid, item.sequence, item.status = uid, entry.sequence, status
    item.fingerprint, item.starts_at, item.last_modified = mark, thing.starts_at, work.now
    item.vevent = vevent_bytes(replace(entry, last_modified=work.now))
    work.add(item)
    work.record("calendar_item.written", item, sequence=item.sequence, status=status.value)
    return item
