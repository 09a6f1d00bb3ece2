"""Leaving: take back a yes, pause, be erased; every place that rested on it is free in the same transaction.

The law of the place: leaving never needs a reason, and nobody stays expected who does not come (law 13).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.accounts.service import close_account
from trainhub.calendar.service import revoke_feeds
from trainhub.competence import service as competence
from trainhub.core.access import Permission
from trainhub.editions.queries import enrolments_of_person
from trainhub.editions.rules import WHEN_LEAVING
from trainhub.flows import enrol, staff
from trainhub.meetings import queries, staffing
from trainhub.meetings.rules import ACTIVE, ASKING
from trainhub.outbox import service as outbox
from trainhub.people import service as people
from trainhub.people.models import Person, Purpose
from trainhub.people.queries import has_consent

if TYPE_CHECKING:
    from datetime import date

    from trainhub.core.work import Key, Work
    from trainhub.meetings.models import Invitation, Meeting
    from trainhub.people.models import Consent

MOST_PLACES = 10_000


def withdraw_consent(
    work: Work, *, person_id: Key, purpose: Purpose, municipality_id: Key | None = None
) -> list[Consent]:
    """Take back a yes; what was withdrawn. Where nobody may find the person any more, places ahead and open questions end."""
    gone = people.withdraw_consent(work, person_id=person_id, purpose=purpose, municipality_id=municipality_id)
    if not gone or purpose != Purpose.directory:
        return gone
    person = gone[0].person_id
    for place in queries.future_leads(work.session, now=work.now, person_id=person):
        if not _may_be_found(work, person, place.meeting):
            staff.release(work, assignment_id=place.id)
    for invitation in queries.open_invitations_of(work.session, person):
        if not _may_be_found(work, person, invitation.need.meeting):
            _end(work, invitation)
    return gone


def pause(work: Work, *, person_id: Key, until: date | None = None) -> Person:
    """Be asked nothing for a while: open questions end; what was agreed stays until the person lets it go."""
    person = people.pause(work, person_id=person_id, until=until)
    for invitation in queries.open_invitations_of(work.session, person.id):
        _end(work, invitation)
    return person


def erase(work: Work, *, person_id: Key) -> Person:
    """Erase a person (AVG art. 17): places, questions and enrolments end, account and feed close, letters are emptied.

    What stays is a tombstone without a name; certificates, sign-offs without their words and attendance refer to it.
    """
    person = work.lock(Person, person_id)
    work.require(Permission.PERSON_CHANGE, person)
    for place in queries.meetings_of_person(work.session, person.id, since=work.now):
        if place.state in ACTIVE:
            staff.release(work, assignment_id=place.id)
    for invitation in queries.open_invitations_of(work.session, person.id):
        _end(work, invitation)
    for enrolment in enrolments_of_person(work.session, person.id):
        if enrolment.state in WHEN_LEAVING:
            enrol.withdraw(work, enrolment_id=enrolment.id)
    revoke_feeds(work, person_id=person.id)
    close_account(work, person_id=person.id)
    about = [f"somebody_comes:{place.id}" for place in queries.places_of(work.session, person.id, limit=MOST_PLACES)]
    outbox.forget(work, person_id=person.id, about=about)
    competence.forget(work, person_id=person.id)
    return people.erase(work, person_id=person.id)


def _may_be_found(work: Work, person_id: int, meeting: Meeting) -> bool:
    return has_consent(
        work.session,
        person_id=person_id,
        purpose=Purpose.directory,
        municipality_id=meeting.municipality_id,
        on=work.today,
    )


def _end(work: Work, invitation: Invitation) -> None:
    """Close an open question: by the person as a no without a reason, by a coordinator as a question taken back."""
    if work.actor.person_id != invitation.person_id:
        staffing.recall(work, invitation_id=invitation.id)
    elif invitation.answer_until >= work.now and invitation.need.meeting.state in ASKING:
        staffing.decline(work, invitation_id=invitation.id)
