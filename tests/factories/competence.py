"""Factories of competence: mandates and sign-offs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.factories.base import NOW, TODAY, Factory
from trainhub.competence.models import AssessorMandate, SignOff
from trainhub.core.access import Actor, Role
from trainhub.editions.models import Edition, Enrolment


class MakeCompetence(Factory):
    """Mandates, sign-offs, and an assessor who has both a role in an edition and a mandate for its course."""

    def mandate(self, **given: Any) -> AssessorMandate:
        """A mandate for a whole course version since a year ago."""
        return self.row(AssessorMandate, **{"valid_from": TODAY - timedelta(days=365), **given})

    def assessor(self, edition: Edition, *, person: Any = None) -> Actor:
        """An assessor of the edition with a live mandate for its course version."""
        actor = self.actor(Role.assessor, edition=edition, person=person)
        self.mandate(person_id=actor.person_id, course_version_id=edition.course_version_id)
        return actor

    def sign_off(self, enrolment: Enrolment, competence: Any, **given: Any) -> SignOff:
        """A standing sign-off of a competence, three days ago."""
        return self.row(
            SignOff,
            **{
                "enrolment": enrolment,
                "person_id": enrolment.person_id,
                "competence": competence,
                "evidence": "Seen in the lesson about practice.",
                "signed_at": NOW - timedelta(days=3),
                **given,
            },
        )
