"""A municipality asks for a meeting, a coordinator answers: with a letter each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainhub.accounts.queries import people_with_role
from trainhub.calendar.service import refresh_meeting
from trainhub.core.access import Role
from trainhub.courses.models import Track
from trainhub.meetings import requests, service
from trainhub.outbox.letters import meetings as letters
from trainhub.outbox.service import queue

if TYPE_CHECKING:
    from datetime import datetime

    from trainhub.core.work import Key, Work
    from trainhub.meetings.models import Meeting, MeetingRequest


def submit(work: Work, **wish: Any) -> MeetingRequest:
    """Ask for a meeting (the words of `meetings.requests.submit`); a letter to who asked and to every coordinator, once."""
    request = requests.submit(work, **wish)
    place = request.neighbourhood.name
    letter = letters.request_received(
        name=request.contact.call_name,
        neighbourhood=place,
        wished_on=request.wished_on,
        url=request_url(work, request),
    )
    queue(work, letter, person=request.contact, dedupe_key=f"request_received:{request.id}")
    for coordinator in people_with_role(work.session, Role.coordinator, on=work.today):
        letter = letters.request_to_answer(
            name=coordinator.call_name,
            municipality=request.municipality.name,
            neighbourhood=place,
            wished_on=request.wished_on,
            url=f"{work.settings.base_url}/admin/aanvragen/{request.public_id}",
        )
        queue(work, letter, person=coordinator, dedupe_key=f"request_to_answer:{request.id}:{coordinator.id}")
    return request


def accept(
    work: Work,
    *,
    request_id: Key,
    starts_at: datetime,
    ends_at: datetime,
    place: str | None = None,
    online_url: str | None = None,
    reserve: int = 0,
    title: str = "",
    version: int | None = None,
) -> Meeting:
    """Say yes: the meeting with its needs per role, its calendar entry, and a letter to who asked."""
    request = requests.accept(work, request_id=request_id, version=version)
    meeting = service.create(
        work,
        municipality_id=request.municipality_id,
        neighbourhood_id=request.neighbourhood_id,
        programme_id=request.programme_id,
        audience=request.audience,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        online_url=online_url,
        title=title,
        request_id=request.id,
    )
    for role, count in (
        (Track.discussion_leader, request.discussion_leaders),
        (Track.expert_by_experience, request.experts),
    ):
        service.plan_need(work, meeting_id=meeting.id, role=role, count=count, reserve=reserve)
    refresh_meeting(work, meeting_id=meeting.id)
    letter = letters.request_accepted(
        name=request.contact.call_name,
        neighbourhood=request.neighbourhood.name,
        starts_at=starts_at,
        where=meeting.place or meeting.online_url or "",
        url=f"{work.settings.base_url}/gemeente/bijeenkomst/{meeting.public_id}",
    )
    queue(work, letter, person=request.contact, dedupe_key=f"request_accepted:{request.id}")
    return meeting


def reject(work: Work, *, request_id: Key, reason: str, version: int | None = None) -> MeetingRequest:
    """Say no, with the reason in a letter to who asked."""
    request = requests.reject(work, request_id=request_id, reason=reason, version=version)
    letter = letters.request_rejected(
        name=request.contact.call_name,
        neighbourhood=request.neighbourhood.name,
        reason=request.answer,
        url=request_url(work, request),
    )
    queue(work, letter, person=request.contact, dedupe_key=f"request_rejected:{request.id}")
    return request


def request_url(work: Work, request: MeetingRequest) -> str:
    """The address of a request for the municipality."""
    return f"{work.settings.base_url}/gemeente/aanvraag/{request.public_id}"
