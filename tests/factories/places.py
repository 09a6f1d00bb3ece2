"""Factories of places."""

from __future__ import annotations

from typing import Any

from tests.factories.base import Factory
from trainhub.places.models import Municipality, Neighbourhood, Region


class MakePlaces(Factory):
    """Municipalities, neighbourhoods and regions."""

    def municipality(self, **given: Any) -> Municipality:
        """A municipality with its own code, at 's-Hertogenbosch unless told otherwise."""
        number = self.number()
        values = {"gm_code": f"GM{8000 + number}", "name": f"Voorbeeldgemeente {number}", "province": "Noord-Brabant"}
        return self.row(Municipality, **{**values, "lat": 51.69917, "lon": 5.30417, **given})

    def neighbourhood(self, **given: Any) -> Neighbourhood:
        """A neighbourhood of a new municipality, or of the `municipality` given, at its point."""
        municipality = given.pop("municipality", None) or self.municipality()
        values = {"name": f"Voorbeeldwijk {self.number()}", "lat": municipality.lat, "lon": municipality.lon}
        return self.row(Neighbourhood, **{**values, "municipality": municipality, **given})

    def region(self, **given: Any) -> Region:
        """A region without municipalities, unless they are given."""
        return self.row(Region, **{"name": f"Voorbeeldregio {self.number()}", **given})
