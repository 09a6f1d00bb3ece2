"""A meeting is planned, moved, confirmed or cancelled: people, calendar and letters follow in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainhub.calendar.service import refresh_meeting
from trainhub.flows.recheck import recheck
from trainhub.flows.staff import answer_url, municipality_url, where
from trainhub.meetings import queries, service
from trainhub.meetings.models import Meeting
from trainhub.outbox.letters import meetings as letters
from trainhub.outbox.service import queue

if TYPE_CHECKING:
    from datetime import datetime

    from trainhub.core.work import Key, Work
    from trainhub.people.models import Person


def create_meeting(work: Work, **given: Any) -> Meeting:
    """Plan a meeting without a request (the words of `meetings.service.create`), with its calendar entry."""
    meeting = service.create(work, **given)
    refresh_meeting(work, meeting_id=meeting.id)
    return meeting


def move_meeting(work: Work, *, meeting_id: Key, version: int | None = None, **to: Any) -> Meeting:
    """Another time or place: everybody's place follows, certificates are judged on the new date, everybody gets a letter."""
    old = work.get(Meeting, meeting_id).starts_at
    meeting = service.move(work, meeting_id=meeting_id, version=version, **to)
    recheck(work, meeting_id=meeting.id)
    item = refresh_meeting(work, meeting_id=meeting.id)
    key = f"{meeting.id}:{item.sequence}:{meeting.row_version}"
    for person, url in _expected(work, meeting):
        letter = letters.meeting_moved(
            name=person.call_name, old=old, starts_at=meeting.starts_at, where=where(meeting), url=url
        )
        queue(work, letter, person=person, dedupe_key=f"meeting_moved:{key}:{person.id}")
    _ask_again(work, meeting, old, key)
    return meeting


def _ask_again(work: Work, meeting: Meeting, old: datetime, key: str) -> None:
    for invitation in queries.open_invitations(work.session, meeting.id):
        letter = letters.invitation_moved(
            name=invitation.person.call_name,
            old=old,
            starts_at=meeting.starts_at,
            where=where(meeting),
            until=invitation.answer_until,
            url=answer_url(work, invitation),
        )
        queue(work, letter, person=invitation.person, dedupe_key=f"invitation_moved:{key}:{invitation.person_id}")


def confirm_meeting(work: Work, *, meeting_id: Key, version: int | None = None) -> Meeting:
    """The coordinator's word that it goes ahead, with a letter to who asked for it."""
    meeting = service.confirm(work, meeting_id=meeting_id, version=version)
    if meeting.request is not None:
        contact = meeting.request.contact
        letter = letters.meeting_confirmed(
            name=contact.call_name,
            starts_at=meeting.starts_at,
            where=where(meeting),
            url=municipality_url(work, meeting),
        )
        queue(work, letter, person=contact, dedupe_key=f"meeting_confirmed:{meeting.id}:{meeting.row_version}")
    return meeting


def cancel_meeting(work: Work, *, meeting_id: Key, reason: str, version: int | None = None) -> Meeting:
    """It does not go ahead: everybody is let go, the calendar says so, everybody gets the reason."""
    meeting = work.get(Meeting, meeting_id)
    asked = [one.person for one in queries.open_invitations(work.session, meeting.id)]
    people = [*(person for person, _url in _expected(work, meeting)), *asked]
    meeting = service.cancel(work, meeting_id=meeting_id, reason=reason, version=version)
    refresh_meeting(work, meeting_id=meeting.id)
    for person in people:
        letter = letters.meeting_cancelled(
            name=person.call_name, starts_at=meeting.starts_at, reason=meeting.cancelled_because or ""
        )
        queue(work, letter, person=person, dedupe_key=f"meeting_cancelled:{meeting.id}:{person.id}")
    return meeting


def _expected(work: Work, meeting: Meeting) -> list[tuple[Person, str]]:
    """Who has to hear of a change, and where they read about it: who comes, and who asked for the meeting."""
    own_page = f"{work.settings.base_url}/mijn"
    people = [(place.person, own_page) for place in queries.active_assignments(work.session, meeting.id)]
    if meeting.request is not None:
        people.append((meeting.request.contact, municipality_url(work, meeting)))
    return people
