"""Staffing a meeting: ask, answer, take back, let go; each time with its letters and the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from trainhub.calendar import rules as calendar_rules
from trainhub.calendar.queries import meeting_vevents
from trainhub.calendar.service import refresh_meeting
from trainhub.calendar.text import calendar_file
from trainhub.core import links
from trainhub.core.access import Permission
from trainhub.core.errors import DomainError, RuleBroken, Several
from trainhub.core.i18n import _, plain
from trainhub.flows.recheck import tell_place_open
from trainhub.matching.eligibility import BINDING, RULES
from trainhub.matching.facts import asked_for
from trainhub.matching.shortlist import explain
from trainhub.meetings import staffing
from trainhub.meetings.models import Assignment, Invitation, InvitationState, Meeting, Need, Part
from trainhub.outbox.letters import meetings as letters
from trainhub.outbox.service import queue
from trainhub.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from trainhub.core.work import Key, Work
    from trainhub.courses.models import Track
    from trainhub.matching.rule import Rule

PURPOSE = "invitation"


def invite(work: Work, *, need_id: Key, person_id: Key, until: datetime | None = None) -> Invitation:
    """Ask somebody who keeps every rule, judged inside this transaction; a letter with a signed link.

    Raises `RuleBroken` or `Several` with the reasons, for coordinators.
    """
    need, person = work.get(Need, need_id), work.get(Person, person_id)
    work.require(Permission.INVITATION_SEND, need)
    _judge(work, need, person, RULES)
    invitation = staffing.invite(work, need_id=need.id, person_id=person.id, until=until)
    meeting = need.meeting
    letter = letters.invitation(
        name=person.call_name,
        neighbourhood=meeting.neighbourhood.name,
        municipality=meeting.municipality.name,
        starts_at=meeting.starts_at,
        where=where(meeting),
        until=invitation.answer_until,
        url=answer_url(work, invitation),
    )
    queue(work, letter, person=person, dedupe_key=f"invitation:{invitation.id}")
    return invitation


def answer(work: Work, *, invitation_id: Key, accepts: bool) -> Invitation:
    """Say yes or no, by a signed link or on the own page; the same answer twice changes nothing.

    A yes gives a place when one is open and the certificate stands on the meeting's date, judged inside this transaction; the
    calendar and the letters follow. Raises `RuleBroken` when the question is closed, the place is taken or a rule is broken.
    """
    invitation = work.get(Invitation, invitation_id)
    work.require(Permission.INVITATION_ANSWER, invitation)
    if not accepts:
        return staffing.decline(work, invitation_id=invitation.id)
    person = work.lock(Person, invitation.person_id)
    was_sent = invitation.state == InvitationState.sent
    proof = _judge(work, invitation.need, person, BINDING) if was_sent else 0
    place = staffing.accept(work, invitation_id=invitation.id, certificate_id=proof)
    if was_sent:
        _tell_who_comes(work, place, person)
    return invitation


def _judge(work: Work, need: Need, person: Person, rules: tuple[Rule, ...]) -> int:
    """The certificate that stands on the day of the meeting. Raises every broken rule with its datum."""
    asked = asked_for(work.session, need.id, work.today)
    facts, broken = explain(work.session, asked, person.id, rules)
    problems: list[DomainError] = [RuleBroken(rule.text(facts, asked), code=rule.code) for rule in broken]
    if problems:
        raise Several(_("%(name)s cannot get this place.", name=plain(person.call_name)), problems)
    return cast("int", facts.certificate_id)  # a rule of both lists has seen that it is there


def _tell_who_comes(work: Work, place: Assignment, person: Person) -> None:
    meeting = place.meeting
    refresh_meeting(work, meeting_id=meeting.id)
    letter = letters.place_confirmed(
        name=person.call_name,
        starts_at=meeting.starts_at,
        where=where(meeting),
        url=f"{work.settings.base_url}/mijn",
    )
    queue(work, letter, person=person, dedupe_key=f"place_confirmed:{place.id}", attachment=_file(work, meeting))
    if meeting.request is not None:
        contact = meeting.request.contact
        letter = letters.somebody_comes(
            name=contact.call_name,
            who=person.call_name,
            neighbourhood=meeting.neighbourhood.name,
            starts_at=meeting.starts_at,
            url=municipality_url(work, meeting),
        )
        queue(work, letter, person=contact, dedupe_key=f"somebody_comes:{place.id}")


def _file(work: Work, meeting: Meeting) -> bytes:
    """The meeting as a calendar file for a letter."""
    return calendar_file(meeting_vevents(work.session, meeting.id, now=work.now), name=calendar_rules.CALENDAR_NAME)


def place_for_practice(work: Work, *, meeting_id: Key, person_id: Key, role: Track, part: Part) -> Assignment:
    """Let a trainee observe or co-lead, with a letter and the calendar."""
    place = staffing.place_for_practice(work, meeting_id=meeting_id, person_id=person_id, role=role, part=part)
    meeting = place.meeting
    refresh_meeting(work, meeting_id=meeting.id)
    letter = letters.practice_planned(
        name=place.person.call_name,
        starts_at=meeting.starts_at,
        where=where(meeting),
        url=f"{work.settings.base_url}/mijn",
    )
    queue(work, letter, person=place.person, dedupe_key=f"practice_planned:{place.id}", attachment=_file(work, meeting))
    return place


def release(work: Work, *, assignment_id: Key) -> Assignment:
    """Not today: one press, no reason. A letter to the person, and to the coordinators when a place opened."""
    meeting = work.get(Assignment, assignment_id).meeting
    before = meeting.state
    place = staffing.release(work, assignment_id=assignment_id)
    refresh_meeting(work, meeting_id=meeting.id)
    letter = letters.released(name=place.person.call_name, starts_at=meeting.starts_at)
    queue(work, letter, person=place.person, dedupe_key=f"released:{place.id}")
    if meeting.state != before:
        tell_place_open(work, meeting)
    return place


def recall(work: Work, *, invitation_id: Key) -> Invitation:
    """Take a question back, with a letter that nothing has to be done."""
    invitation = staffing.recall(work, invitation_id=invitation_id)
    letter = letters.invitation_recalled(name=invitation.person.call_name, starts_at=invitation.need.meeting.starts_at)
    queue(work, letter, person=invitation.person, dedupe_key=f"invitation_recalled:{invitation.id}")
    return invitation


def answer_url(work: Work, invitation: Invitation) -> str:
    """The signed address of a question: it works until the last moment to answer."""
    token = links.sign(
        work.settings.secret_key,
        purpose=PURPOSE,
        subject=str(invitation.public_id),
        until=invitation.answer_until,
    )
    return f"{work.settings.base_url}/uitnodiging/{token}"


def municipality_url(work: Work, meeting: Meeting) -> str:
    """The address of a meeting for its municipality."""
    return f"{work.settings.base_url}/gemeente/bijeenkomst/{meeting.public_id}"


def where(meeting: Meeting) -> str:
    """The address of a meeting, or its link."""
    return meeting.place or meeting.online_url or ""
