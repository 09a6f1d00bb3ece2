"""Factories of programmes."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.factories.base import Factory
from trainhub.programmes.models import PartnerRole, Programme, ProgrammePartner, Target


class MakeProgrammes(Factory):
    """Programmes with partners and targets."""

    def programme(self, **given: Any) -> Programme:
        """A programme of 2026."""
        number = self.number()
        values = {"slug": f"programma-{number}", "name": f"Programma {number}"}
        return self.row(Programme, **{**values, "starts_on": date(2026, 1, 1), "ends_on": date(2027, 12, 31), **given})

    def partner(self, **given: Any) -> ProgrammePartner:
        """An organisation that takes part in a programme."""
        return self.row(ProgrammePartner, **{"role": PartnerRole.partner, **given})

    def target(self, **given: Any) -> Target:
        """One promised meeting."""
        return self.row(Target, **{"planned": 1, **given})
