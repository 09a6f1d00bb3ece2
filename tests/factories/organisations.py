"""Factories of organisations."""

from __future__ import annotations

from typing import Any

from tests.factories.base import Factory
from trainhub.organisations.models import Organisation, OrganisationKind


class MakeOrganisations(Factory):
    """Organisations."""

    def organisation(self, **given: Any) -> Organisation:
        """A partner."""
        return self.row(
            Organisation, **{"kind": OrganisationKind.partner, "name": f"Organisatie {self.number()}", **given}
        )
