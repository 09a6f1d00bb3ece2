"""Verbs of meetings: create, plan who is needed, move, confirm, cancel, hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.core.access import Permission
from trainhub.meetings import queries, rules
from trainhub.meetings.models import (
    AssignmentState,
    InvitationState,
    Meeting,
    MeetingState,
    Need,
)
from trainhub.places.models import Municipality, Neighbourhood
from trainhub.programmes.models import Programme

if TYPE_CHECKING:
    from datetime import datetime

    from trainhub.core.work import Key, Work
    from trainhub.courses.models import Track
    from trainhub.programmes.models import Audience


def create(
    work: Work,
    *,
    municipality_id: Key,
    neighbourhood_id: int,
    programme_id: int,
    audience: Audience,
    starts_at: datetime,
    ends_at: datetime,
    place: str | None = None,
    online_url: str | None = None,
    title: str = "",
    request_id: int | None = None,
) -> Meeting:
    """Plan a meeting as a draft; without a title it is named after its programme and neighbourhood.

    Raises `RuleBroken` or `Several` for times, a place or a neighbourhood that cannot be.
    """
    municipality = work.get(Municipality, municipality_id)
    programme = work.get(Programme, programme_id)
    neighbourhood = work.session.get(Neighbourhood, neighbourhood_id)
    work.require(Permission.MEETING_CHANGE, programme)
    rules.may_be_planned(
        own_neighbourhood=neighbourhood is not None and neighbourhood.municipality_id == municipality.id,
        starts_at=starts_at,
        ends_at=ends_at,
        now=work.now,
        place=place,
        online_url=online_url,
    )
    where = neighbourhood.name if neighbourhood else municipality.name
    meeting = work.add(
        Meeting(
            request_id=request_id,
            municipality_id=municipality.id,
            neighbourhood_id=neighbourhood_id,
            programme_id=programme.id,
            audience=audience,
            title=title.strip() or f"{programme.name}, {where}",
            starts_at=starts_at,
            ends_at=ends_at,
            place=place or None,
            online_url=online_url or None,
            state=MeetingState.draft,
        )
    )
    work.record("meeting.created", meeting)
    return meeting


def plan_need(work: Work, *, meeting_id: Key, role: Track, count: int, reserve: int = 0, language: str = "nl") -> Need:
    """Say how many people of a role are needed, or change it; the first need opens the search for people."""
    meeting = work.lock(Meeting, meeting_id)
    work.require(Permission.MEETING_CHANGE, meeting)
    rules.may_still_change(meeting.state)
    need = next((one for one in meeting.needs if one.role == role and one.language == language), None)
    coming = queries.coming(work.session, meeting.id)
    rules.may_need(count=count, reserve=reserve, taken=coming.get(need.id, 0) if need else 0, language=language)
    if need is None:
        need = Need(meeting_id=meeting.id, role=role, count=count, reserve=reserve, language=language)
        meeting.needs.append(need)
        work.add(need)
    need.count, need.reserve = count, reserve
    if meeting.state == MeetingState.draft:
        meeting.state = MeetingState.staffing
    settle(meeting, coming)
    work.record("need.planned", need)
    work.record("meeting.planned", meeting)
    return need


def settle(meeting: Meeting, coming: dict[int, int]) -> None:
    """Bring a meeting in line with who comes: staffed when every need is filled, staffing when one broke."""
    filled = rules.is_filled({need.id: need.count for need in meeting.needs}, coming)
    if filled and meeting.state == MeetingState.staffing:
        meeting.state = MeetingState.staffed
    if not filled and meeting.state in {MeetingState.staffed, MeetingState.confirmed}:
        meeting.state = MeetingState.staffing


def move(
    work: Work,
    *,
    meeting_id: Key,
    starts_at: datetime,
    ends_at: datetime,
    place: str | None = None,
    online_url: str | None = None,
    version: int | None = None,
) -> Meeting:
    """Give a meeting another time or place; the places of the people who come follow.

    Raises `RuleBroken` that names everybody who is expected elsewhere then. The flow judges certificates on the new date.
    """
    meeting = work.lock(Meeting, meeting_id)
    work.require(Permission.MEETING_CHANGE, meeting)
    work.expect(meeting, version)
    rules.may_still_change(meeting.state)
    rules.may_be_planned(
        own_neighbourhood=True, starts_at=starts_at, ends_at=ends_at, now=work.now, place=place, online_url=online_url
    )
    rules.nobody_is_elsewhere(queries.expected_elsewhere(work.session, meeting.id, starts_at, ends_at))
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    meeting.place, meeting.online_url = place or None, online_url or None
    work.record("meeting.moved", meeting)
    for assignment in queries.active_assignments(work.session, meeting.id):
        assignment.starts_at, assignment.ends_at = starts_at, ends_at
        work.record("assignment.moved", assignment)
    for invitation in queries.open_invitations(work.session, meeting.id):
        invitation.answer_until = min(invitation.answer_until, starts_at)
        work.record("invitation.moved", invitation)
    return meeting


def confirm(work: Work, *, meeting_id: Key, version: int | None = None) -> Meeting:
    """The coordinator's word that a staffed meeting goes ahead."""
    meeting = work.lock(Meeting, meeting_id)
    work.require(Permission.MEETING_CHANGE, meeting)
    work.expect(meeting, version)
    rules.step(meeting.state, MeetingState.confirmed)
    meeting.state = MeetingState.confirmed
    work.record("meeting.confirmed", meeting)
    return meeting


def cancel(work: Work, *, meeting_id: Key, reason: str, version: int | None = None) -> Meeting:
    """Cancel a meeting with a reason: everybody is let go, every open question is taken back."""
    meeting = work.lock(Meeting, meeting_id)
    work.require(Permission.MEETING_CHANGE, meeting)
    work.expect(meeting, version)
    rules.step(meeting.state, MeetingState.cancelled)
    meeting.cancelled_because = rules.needs_reason(reason)
    meeting.state = MeetingState.cancelled
    work.record("meeting.cancelled", meeting)
    for assignment in queries.active_assignments(work.session, meeting.id):
        assignment.state = AssignmentState.released
        work.record("assignment.released", assignment)
    for invitation in queries.open_invitations(work.session, meeting.id):
        invitation.state = InvitationState.recalled
        work.record("invitation.recalled", invitation)
    return meeting


def hold(work: Work, *, meeting_id: Key, version: int | None = None) -> Meeting:
    """Mark a meeting as held: who surely came is done, who was uncertain is let go, open questions lapse."""
    meeting = work.lock(Meeting, meeting_id)
    work.require(Permission.MEETING_CHANGE, meeting)
    work.expect(meeting, version)
    rules.step(meeting.state, MeetingState.held)
    rules.may_be_held(starts_at=meeting.starts_at, now=work.now)
    meeting.state = MeetingState.held
    work.record("meeting.held", meeting)
    for assignment in queries.active_assignments(work.session, meeting.id):
        came = assignment.state == AssignmentState.confirmed
        assignment.state = AssignmentState.done if came else AssignmentState.released
        work.record("assignment.done" if came else "assignment.released", assignment)
    for invitation in queries.open_invitations(work.session, meeting.id):
        invitation.state = InvitationState.expired
        work.record("invitation.expired", invitation)
    return meeting
