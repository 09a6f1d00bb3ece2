"""Verbs of requests: a municipality asks for a meeting, a coordinator answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from trainhub.core.access import Permission
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _
from trainhub.meetings import rules
from trainhub.meetings.models import MeetingRequest, RequestState
from trainhub.places.models import Municipality, Neighbourhood
from trainhub.programmes.models import Programme

if TYPE_CHECKING:
    from datetime import date

    from trainhub.core.work import Key, Work
    from trainhub.people.models import DayPart
    from trainhub.programmes.models import Audience


def submit(
    work: Work,
    *,
    municipality_id: Key,
    neighbourhood_id: int,
    programme_id: int,
    audience: Audience,
    wished_on: date,
    wished_part: DayPart,
    submission_key: str,
    discussion_leaders: int = 1,
    experts: int = 1,
    note: str = "",
    contact_id: int | None = None,
) -> MeetingRequest:
    """Ask for a meeting. The same `submission_key` again returns the request that was already made.

    Raises `NotFound` for another municipality, `RuleBroken` or `Several` for a wish that cannot be.
    """
    municipality = work.lock(Municipality, municipality_id)
    work.require(Permission.REQUEST_CREATE, municipality)
    known = work.session.scalar(select(MeetingRequest).where(MeetingRequest.submission_key == submission_key))
    if known is not None:
        return _own(known, municipality)
    place = work.session.get(Neighbourhood, neighbourhood_id)
    programme = work.get(Programme, programme_id)
    rules.may_be_requested(
        own_neighbourhood=place is not None and place.municipality_id == municipality.id,
        programme_ends=programme.ends_on,
        wished_on=wished_on,
        today=work.today,
        discussion_leaders=discussion_leaders,
        experts=experts,
    )
    request = work.add(
        MeetingRequest(
            municipality_id=municipality.id,
            neighbourhood_id=neighbourhood_id,
            programme_id=programme_id,
            audience=audience,
            wished_on=wished_on,
            wished_part=wished_part,
            discussion_leaders=discussion_leaders,
            experts=experts,
            note=note.strip(),
            contact_id=contact_id or work.actor.person_id,
            submission_key=submission_key,
            submitted_at=work.now,
        )
    )
    work.record("request.submitted", request)
    return request


def _own(known: MeetingRequest, municipality: Municipality) -> MeetingRequest:
    if known.municipality_id != municipality.id:
        raise NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")
    return known


def accept(work: Work, *, request_id: Key, version: int | None = None) -> MeetingRequest:
    """Say yes to a request; the meeting itself is made by `service.create`. Raises `RuleBroken` when answered."""
    request = work.lock(MeetingRequest, request_id)
    work.require(Permission.REQUEST_DECIDE, request)
    work.expect(request, version)
    rules.step(request.state, RequestState.accepted)
    request.state = RequestState.accepted
    work.record("request.accepted", request)
    return request


def reject(work: Work, *, request_id: Key, reason: str, version: int | None = None) -> MeetingRequest:
    """Say no, with a reason that the municipality reads."""
    request = work.lock(MeetingRequest, request_id)
    work.require(Permission.REQUEST_DECIDE, request)
    work.expect(request, version)
    rules.step(request.state, RequestState.rejected)
    request.answer = rules.needs_reason(reason)
    request.state = RequestState.rejected
    work.record("request.rejected", request)
    return request


def withdraw(work: Work, *, request_id: Key) -> MeetingRequest:
    """Take a request back while nobody has answered it."""
    request = work.lock(MeetingRequest, request_id)
    work.require(Permission.REQUEST_CREATE, request)
    rules.step(request.state, RequestState.withdrawn)
    request.state = RequestState.withdrawn
    work.record("request.withdrawn", request)
    return request
