"""Law 3: whenever a certificate, a consent or a date changes, every place that rests on it is judged again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.accounts.queries import people_with_role
from trainhub.certification.models import Certificate
from trainhub.certification.queries import certified
from trainhub.core.access import Role
from trainhub.core.clock import local_day
from trainhub.meetings import queries, staffing
from trainhub.meetings.models import Assignment, AssignmentState, Meeting
from trainhub.outbox.letters import meetings as letters
from trainhub.outbox.service import queue
from trainhub.people.models import Person, Purpose
from trainhub.people.queries import consent_exists

if TYPE_CHECKING:
    from trainhub.core.work import Work


def recheck(work: Work, *, person_id: int | None = None, meeting_id: int | None = None) -> list[Assignment]:
    """Judge every leading place ahead of a person or of a meeting; returns the places that changed.

    Flagged when the certificate does not stand on the Dutch day of the meeting or the consent is gone, repaired when both
    are there again.
    """
    if person_id is not None:
        work.lock(Person, person_id)
    work.session.flush()
    changed = []
    for place in queries.future_leads(work.session, now=work.now, person_id=person_id, meeting_id=meeting_id):
        before, meeting_before = place.state, place.meeting.state
        place = staffing.flag(work, assignment_id=place.id, certificate_id=standing_proof(work, place))  # noqa: PLW2901 - the same row, locked
        if place.state == before:
            continue
        changed.append(place)
        if place.state == AssignmentState.at_risk and meeting_before != place.meeting.state:
            tell_place_open(work, place.meeting)
    return changed


def standing_proof(work: Work, place: Assignment) -> int | None:
    """The certificate on which a place can rest: it stands on the day of the meeting, and its holder agrees to be found there."""
    proof = certified(local_day(place.starts_at), place.role).where(
        Certificate.person_id == place.person_id,
        consent_exists(Certificate.person_id, Purpose.directory, place.meeting.municipality_id, work.today),
    )
    return work.session.scalar(proof.with_only_columns(Certificate.id))


def tell_place_open(work: Work, meeting: Meeting) -> None:
    """Tell the coordinators that a meeting needs somebody again; once a day for each meeting."""
    for coordinator in people_with_role(work.session, Role.coordinator, on=work.today):
        letter = letters.place_open(
            name=coordinator.call_name,
            neighbourhood=meeting.neighbourhood.name,
            starts_at=meeting.starts_at,
            url=f"{work.settings.base_url}/admin/bijeenkomsten/{meeting.public_id}",
        )
        queue(work, letter, person=coordinator, dedupe_key=f"place_open:{meeting.id}:{work.today}:{coordinator.id}")
