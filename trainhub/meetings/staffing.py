"""Verbs of staffing: ask, accept, decline, practise, release, flag. Whether a certificate stands is told to them.

The law of the place: a place is given only while one is open, judged with the meeting's row locked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from trainhub.core.access import Permission
from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import _
from trainhub.meetings import queries, rules
from trainhub.meetings.models import (
    Assignment,
    AssignmentState,
    Invitation,
    InvitationState,
    Meeting,
    MeetingState,
    Need,
    Part,
)
from trainhub.meetings.practice import is_in_training
from trainhub.meetings.service import settle
from trainhub.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from trainhub.core.work import Key, Work
    from trainhub.courses.models import Track


def invite(work: Work, *, need_id: Key, person_id: Key, until: datetime | None = None, wave: int = 1) -> Invitation:
    """Ask a person for a place; the flow judges whether the person fits. Raises `RuleBroken` when no place is open."""
    need = work.get(Need, need_id)
    meeting = work.lock(Meeting, need.meeting_id)
    person = work.get(Person, person_id)
    work.require(Permission.INVITATION_SEND, need)
    is_open = queries.coming(work.session, meeting.id).get(need.id, 0) < need.count + need.reserve
    rules.may_ask(state=meeting.state, starts_at=meeting.starts_at, now=work.now, is_open=is_open)
    invitation = work.add(
        Invitation(
            need_id=need.id,
            person_id=person.id,
            wave=wave,
            state=InvitationState.sent,
            sent_at=work.now,
            answer_until=rules.answer_until(until, starts_at=meeting.starts_at, now=work.now),
        )
    )
    work.record("invitation.sent", invitation)
    return invitation


def accept(work: Work, *, invitation_id: Key, certificate_id: int) -> Assignment:
    """Say yes: a confirmed place that rests on `certificate_id`. The same yes again returns the place that was given.

    Raises `RuleBroken` when the question is closed, the person is expected elsewhere, or somebody else took the last place.
    """
    invitation, meeting = _locked(work, invitation_id)
    work.require(Permission.INVITATION_ANSWER, invitation)
    if invitation.state == InvitationState.accepted:
        return _given(work, invitation)
    rules.may_answer(state=invitation.state, answer_until=invitation.answer_until, now=work.now, meeting=meeting.state)
    need = invitation.need
    coming = queries.coming(work.session, meeting.id)
    if coming.get(need.id, 0) >= need.count + need.reserve:
        raise RuleBroken(
            _("Somebody else was just before you. Every place is taken now. Thank you for your answer."), code="full"
        )
    _not_elsewhere(work, invitation.person_id, meeting)
    invitation.state, invitation.answered_at = InvitationState.accepted, work.now
    work.record("invitation.accepted", invitation)
    assignment = _place(
        work, meeting, invitation.person_id, need.role, Part.lead, need_id=need.id, certificate_id=certificate_id
    )
    settle(meeting, queries.coming(work.session, meeting.id))
    work.record("meeting.staffed" if meeting.state == MeetingState.staffed else "meeting.joined", meeting)
    return assignment


def decline(work: Work, *, invitation_id: Key) -> Invitation:
    """Say no, without a reason. The same no again changes nothing."""
    invitation, meeting = _locked(work, invitation_id)
    work.require(Permission.INVITATION_ANSWER, invitation)
    if invitation.state == InvitationState.declined:
        return invitation
    rules.may_answer(state=invitation.state, answer_until=invitation.answer_until, now=work.now, meeting=meeting.state)
    invitation.state, invitation.answered_at = InvitationState.declined, work.now
    work.record("invitation.declined", invitation)
    return invitation


def recall(work: Work, *, invitation_id: Key) -> Invitation:
    """Take a question back before it was answered."""
    invitation, _meeting = _locked(work, invitation_id)
    work.require(Permission.INVITATION_SEND, invitation.need)
    rules.step(invitation.state, InvitationState.recalled)
    invitation.state = InvitationState.recalled
    work.record("invitation.recalled", invitation)
    return invitation


def expire(work: Work) -> int:
    """Close every question whose time to answer is over; returns how many."""
    work.require(Permission.INVITATION_SEND)
    late = work.session.scalars(
        select(Invitation)
        .where(Invitation.state == InvitationState.sent, Invitation.answer_until < work.now)
        .with_for_update()
    ).all()
    for invitation in late:
        rules.step(invitation.state, InvitationState.expired)
        invitation.state = InvitationState.expired
        work.record("invitation.expired", invitation)
    return len(late)


def place_for_practice(work: Work, *, meeting_id: Key, person_id: Key, role: Track, part: Part) -> Assignment:
    """Let a trainee observe or co-lead a meeting; no certificate is asked, and no need is filled by it."""
    meeting = work.lock(Meeting, meeting_id)
    person = work.get(Person, person_id)
    work.require(Permission.MEETING_STAFF, meeting)
    rules.may_practise(
        part=part,
        state=meeting.state,
        starts_at=meeting.starts_at,
        now=work.now,
        in_training=is_in_training(work.session, person.id, role),
        role=role,
    )
    _not_elsewhere(work, person.id, meeting)
    return _place(work, meeting, person.id, role, part)


def release(work: Work, *, assignment_id: Key) -> Assignment:
    """Let somebody go, or "not today": one press, no reason, nothing is counted. Twice changes nothing."""
    assignment = work.get(Assignment, assignment_id)
    meeting = work.lock(Meeting, assignment.meeting_id)
    assignment = work.lock(Assignment, assignment_id)
    work.require(Permission.ASSIGNMENT_CHANGE, assignment)
    if assignment.state == AssignmentState.released:
        return assignment
    rules.step(assignment.state, AssignmentState.released)
    assignment.state = AssignmentState.released
    work.record("assignment.released", assignment)
    _settle(work, meeting)
    return assignment


def flag(work: Work, *, assignment_id: int, certificate_id: int | None) -> Assignment:
    """Bring a leading place in line with the standing on the meeting's date (law 3).

    Without a certificate that stands it becomes uncertain, and its meeting looks for people again. With one it is
    repaired, while its place is still open.
    """
    assignment = work.get(Assignment, assignment_id)
    meeting = work.lock(Meeting, assignment.meeting_id)
    assignment = work.lock(Assignment, assignment_id)
    work.require(Permission.ASSIGNMENT_CHANGE, assignment)
    new = AssignmentState.confirmed if certificate_id else AssignmentState.at_risk
    if new == assignment.state or (certificate_id and not _is_open(work, assignment)):
        return assignment
    rules.step(assignment.state, new)
    assignment.state = new
    assignment.certificate_id = certificate_id or assignment.certificate_id
    work.record("assignment.repaired" if certificate_id else "assignment.flagged", assignment)
    _settle(work, meeting)
    return assignment


def _locked(work: Work, invitation_id: Key) -> tuple[Invitation, Meeting]:
    """The invitation and its meeting; the meeting first, so that two answers never wait for each other."""
    invitation = work.get(Invitation, invitation_id)
    meeting = work.lock(Meeting, invitation.need.meeting_id)
    return work.lock(Invitation, invitation_id), meeting


def _given(work: Work, invitation: Invitation) -> Assignment:
    """The place that an earlier yes gave."""
    places = select(Assignment).where(
        Assignment.need_id == invitation.need_id, Assignment.person_id == invitation.person_id
    )
    return work.session.scalars(places.order_by(Assignment.id.desc()).limit(1)).one()


def _not_elsewhere(work: Work, person_id: int, meeting: Meeting) -> None:
    busy = queries.is_busy(work.session, person_id, meeting.starts_at, meeting.ends_at, other_than=meeting.id)
    if busy:
        raise RuleBroken(
            _("At that time this person is expected at another meeting: %(where)s.", where=busy[0].where), code="busy"
        )


def _place(
    work: Work,
    meeting: Meeting,
    person_id: int,
    role: Track,
    part: Part,
    *,
    need_id: int | None = None,
    certificate_id: int | None = None,
) -> Assignment:
    assignment = work.add(
        Assignment(
            meeting_id=meeting.id,
            need_id=need_id,
            person_id=person_id,
            role=role,
            part=part,
            certificate_id=certificate_id,
            state=AssignmentState.confirmed,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            confirmed_at=work.now,
        )
    )
    work.record("assignment.confirmed", assignment)
    return assignment


def _is_open(work: Work, assignment: Assignment) -> bool:
    need = work.session.get(Need, assignment.need_id) if assignment.need_id else None
    coming = queries.coming(work.session, assignment.meeting_id)
    return need is None or coming.get(need.id, 0) < need.count + need.reserve


def _settle(work: Work, meeting: Meeting) -> None:
    before = meeting.state
    work.session.flush()
    settle(meeting, queries.coming(work.session, meeting.id))
    if meeting.state != before:
        work.record("meeting.resettled", meeting)
