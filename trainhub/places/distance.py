"""How far two points are apart, straight as a bird flies (hemelsbreed), in Python and in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, SQLColumnExpression

EARTH_KM = 6371.0088
KM_PER_DEGREE = radians(1) * EARTH_KM


@dataclass(frozen=True, slots=True)
class Box:
    """The smallest box of degrees around a circle: an index can use it before distances are counted."""

    south: float
    north: float
    west: float
    east: float


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The distance in kilometres between two points in degrees (WGS84), by the haversine formula."""
    half_lat, half_lon = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(half_lon) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def squared_km(
    lat_col: SQLColumnExpression[Any],
    lon_col: SQLColumnExpression[Any],
    lat: float,
    lon: float,
) -> ColumnElement[float]:
    """The square of the distance in kilometres as SQL, null for a row without a point.

    On a plane that is true at `lat` (equirectangular): in the Netherlands within 0.5 % up to 50 km. The cosine is counted in
    Python, so that the database only adds and multiplies and both databases give the same answer.
    """
    north = (lat_col - lat) * KM_PER_DEGREE
    east = (lon_col - lon) * (KM_PER_DEGREE * cos(radians(lat)))
    squared: ColumnElement[float] = north * north + east * east
    return squared


def box(lat: float, lon: float, km: float) -> Box:
    """The box of degrees that holds every point within `km` kilometres."""
    high = km / KM_PER_DEGREE
    wide = high / cos(radians(abs(lat) + high))
    return Box(lat - high, lat + high, lon - wide, lon + wide)
