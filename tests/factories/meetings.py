"""Factories of meetings: requests, meetings with needs, people who fit, questions and places."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.factories.base import NOW, TODAY
from tests.factories.certification import MakeCertification
from tests.factories.people import MakePeople
from tests.factories.places import MakePlaces
from trainhub.courses.models import Track
from trainhub.meetings.models import (
    Assignment,
    AssignmentState,
    Invitation,
    Meeting,
    MeetingRequest,
    MeetingState,
    Need,
    Part,
)
from trainhub.people.models import DayPart, Person
from trainhub.places.models import Municipality
from trainhub.programmes.models import Audience

STARTS_AT = NOW + timedelta(days=14, hours=2)  # Tuesday 8 December 2026, 14.00 to 16.00


class MakeMeetings(MakeCertification, MakePeople, MakePlaces):
    """Requests, meetings, needs, and everybody around them."""

    def request(self, *, municipality: Municipality | None = None, **given: Any) -> MeetingRequest:
        """A request for a fortnight from now, from somebody of the municipality."""
        place = given.pop("neighbourhood", None) or self.neighbourhood(
            **({"municipality": municipality} if municipality else {})
        )
        contact = given.pop("contact", None) or self.person()
        values: dict[str, Any] = {"neighbourhood_id": place.id, "municipality_id": place.municipality_id}
        values |= {"contact": contact, "audience": Audience.residents, "wished_on": TODAY + timedelta(days=14)}
        values |= {"wished_part": DayPart.afternoon, "submission_key": f"key-{self.number()}", "submitted_at": NOW}
        return self.row(MeetingRequest, **{**values, **given})

    def meeting(self, *, municipality: Municipality | None = None, **given: Any) -> Meeting:
        """A meeting that looks for people, a fortnight from now; `request` gives it a contact."""
        request = given.pop("request", None)
        if request is not None:
            given |= {"request_id": request.id, "municipality_id": request.municipality_id}
            given |= {"neighbourhood_id": request.neighbourhood_id, "programme_id": request.programme_id}
        if "neighbourhood_id" not in given:
            place = given.pop("neighbourhood", None) or self.neighbourhood(
                **({"municipality": municipality} if municipality else {})
            )
            given |= {"neighbourhood_id": place.id, "municipality_id": place.municipality_id}
        starts_at = given.pop("starts_at", STARTS_AT)
        values: dict[str, Any] = {"audience": Audience.residents, "title": "Welkome Wijk", "place": "Buurthuis"}
        values |= {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2), "state": MeetingState.staffing}
        return self.row(Meeting, **{**values, **given})

    def need(self, meeting: Meeting | None = None, role: Track = Track.expert_by_experience, **given: Any) -> Need:
        """A need of one person of a role."""
        meeting = meeting or self.meeting()
        need = self.row(Need, meeting_id=meeting.id, role=role, **given)
        self.session.expire(meeting, ["needs"])
        return need

    def facilitator(self, role: Track = Track.expert_by_experience, **given: Any) -> Person:
        """Somebody who is certified for a role, agreed to be found, and lives at the point of the factory's municipalities.

        `certificate` holds words for the certificate, `preference` for the preference; `consents=False` leaves consent out.
        """
        certificate, preference = given.pop("certificate", {}), given.pop("preference", None)
        consents = given.pop("consents", True)
        person = self.person(**{"lat": 51.69917, "lon": 5.30417, **given})
        version = self._versions.setdefault(role, None) or self.scheme_version(track=role)
        self._versions[role] = version
        self.certificate(person=person, scheme_version=version, **certificate)
        if preference is not None:
            self.preference(person, **preference)
        if consents:
            self.consent(person)
        return person

    @property
    def _versions(self) -> dict[Track, Any]:
        return self.__dict__.setdefault("_scheme_versions", {})

    def invitation(self, need: Need, person: Person, **given: Any) -> Invitation:
        """An open question that can be answered for a week."""
        values = {"need_id": need.id, "person": person, "sent_at": NOW, "answer_until": NOW + timedelta(days=7)}
        return self.row(Invitation, **{**values, **given})

    def assignment(self, meeting: Meeting, person: Person, **given: Any) -> Assignment:
        """A confirmed place; a leading one rests on the person's certificate."""
        need = given.pop("need", None)
        values: dict[str, Any] = {"meeting_id": meeting.id, "person": person, "role": Track.expert_by_experience}
        values |= {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at, "confirmed_at": NOW}
        values |= {"part": Part.lead, "state": AssignmentState.confirmed}
        if need is not None:
            values |= {"need_id": need.id, "role": need.role}
        values |= given
        if values["part"] == Part.lead and "certificate_id" not in values:
            values["certificate_id"] = self.proof_of(person, values["role"])
        assignment = self.row(Assignment, **values)
        self.session.expire(meeting, ["assignments"])
        return assignment

    def proof_of(self, person: Person, role: Track = Track.expert_by_experience) -> int:
        """The id of a person's certificate for a role, made when there is none."""
        from sqlalchemy import select  # noqa: PLC0415 - used here only

        from trainhub.certification.models import Certificate  # noqa: PLC0415 - the same

        known = self.session.scalar(
            select(Certificate.id).where(
                Certificate.person_id == person.id, Certificate.scheme_id == self.scheme(role).id
            )
        )
        return known or self.certificate(person=person, track=role).id
