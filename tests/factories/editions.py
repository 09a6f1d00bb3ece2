"""Factories of editions, lessons and enrolments."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.factories.base import NOW
from tests.factories.courses import MakeCourses
from tests.factories.people import MakePeople
from trainhub.editions.models import Edition, EditionState, Enrolment, EnrolmentState, TrainingSession


class MakeEditions(MakeCourses, MakePeople):
    """Editions of a published version, with lessons and people."""

    def edition(self, **given: Any) -> Edition:
        """A running edition of twelve places."""
        number = self.number()
        version = given.pop("course_version", None) or self.course_version()
        values = {"code": f"E{number}", "title": f"Training {number}", "capacity": 12, "state": EditionState.running}
        return self.row(Edition, **{**values, "course_version": version, **given})

    def training_session(self, edition: Edition, **given: Any) -> TrainingSession:
        """A lesson of the edition's first module, this afternoon from 13.30 to 16.30 unless told otherwise."""
        starts_at = given.pop("starts_at", NOW + timedelta(hours=1, minutes=30))
        module = given.pop("module", None) or edition.course_version.modules[0]
        values = {"ends_at": starts_at + timedelta(hours=3), "place": "Wijkcentrum De Brug"}
        return self.row(
            TrainingSession, **{"edition": edition, "module": module, "starts_at": starts_at, **values, **given}
        )

    def enrolment(self, edition: Edition | None = None, **given: Any) -> Enrolment:
        """Somebody who takes part since two months."""
        edition = edition or self.edition()
        person = given.pop("person", None) or self.person()
        values = {"state": EnrolmentState.active, "queued_at": NOW - timedelta(days=60)}
        return self.row(Enrolment, **{"edition": edition, "person": person, **values, **given})
