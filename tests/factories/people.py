"""Factories of people and what they agreed to."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.factories.base import NOW, TODAY, Factory
from trainhub.people import consents, rules
from trainhub.people.models import Absence, Availability, Channel, Consent, DayPart, Person, Preference, Purpose


class MakePeople(Factory):
    """People, their consents, preferences, parts of the week and absences."""

    def person(self, **given: Any) -> Person:
        """An active person with an e-mail address; `municipality` puts them at its point."""
        number = self.number()
        municipality = given.pop("municipality", None)
        values: dict[str, Any] = {"call_name": f"Persoon {number}", "email": f"persoon{number}@example.org"}
        values |= {"channel": Channel.email, "created_at": NOW}
        if municipality is not None:
            values |= {"home_municipality_id": municipality.id, "lat": municipality.lat, "lon": municipality.lon}
        return self.row(Person, **{**values, **given})

    def consent(
        self, person: Person, purpose: Purpose = Purpose.directory, *, given_on: date = TODAY, **given: Any
    ) -> Consent:
        """A consent to today's text, for all municipalities unless told otherwise, for two years."""
        text = consents.current(purpose)
        values: dict[str, Any] = {"person_id": person.id, "purpose": purpose, "channel": "web", "given_at": NOW}
        values |= {"text_version": text.version_in("nl"), "text_sha256": text.sha256("nl")}
        values |= {"given_on": given_on, "expires_on": rules.expires_on(given_on)}
        return self.row(Consent, **{**values, **given})

    def preference(self, person: Person, **given: Any) -> Preference:
        """What a person asked for."""
        return self.row(Preference, **{"person_id": person.id, **given})

    def available(self, person: Person, weekday: int, part: DayPart) -> Availability:
        """A part of the week in which a person can come; Monday is 1."""
        return self.row(Availability, person_id=person.id, weekday=weekday, part=part)

    def absence(self, person: Person, starts_on: date, ends_on: date | None = None) -> Absence:
        """Days on which a person cannot come."""
        return self.row(Absence, person_id=person.id, starts_on=starts_on, ends_on=ends_on or starts_on)
