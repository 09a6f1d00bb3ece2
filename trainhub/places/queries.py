"""Questions about places."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from trainhub.places.distance import kilometres
from trainhub.places.models import Municipality, Neighbourhood, Region
from trainhub.places.rules import search_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

MAP_SIZE = (600, 715)


@dataclass(frozen=True, slots=True)
class Listed:
    """A municipality of the package data: code, name, province and the point of its main place."""

    gm_code: str
    name: str
    province: str
    lat: float
    lon: float


@cache
def listed_municipalities() -> tuple[Listed, ...]:
    """The municipalities of the Netherlands in 2026 from the package data (GeoNames), by code."""
    words = files("trainhub.places").joinpath("data/gemeenten.csv").read_text(encoding="utf-8")
    return tuple(
        Listed(row["code"], row["name"], row["province"], float(row["lat"]), float(row["lon"]))
        for row in csv.DictReader(words.splitlines())
    )


@cache
def map_paths() -> dict[str, str]:
    """The SVG path of each municipality by code, in a view box of `MAP_SIZE`; the borders are schematic."""
    paths: dict[str, str] = json.loads(
        files("trainhub.places").joinpath("data/gemeente_paths.json").read_text(encoding="utf-8")
    )
    return paths


def municipalities(session: Session) -> Sequence[Municipality]:
    """Every municipality that exists now, by name."""
    return session.scalars(
        select(Municipality).where(Municipality.valid_until.is_(None)).order_by(Municipality.name)
    ).all()


def municipality_by_code(session: Session, gm_code: str) -> Municipality | None:
    """The municipality with this CBS code, or None."""
    return session.scalar(select(Municipality).where(Municipality.gm_code == gm_code))


def find_municipalities(session: Session, words: str, *, limit: int = 20) -> list[Municipality]:
    """Municipalities whose code, name or former name holds the words; names that start with them come first."""
    key = search_key(words)
    found = []
    for row in session.scalars(select(Municipality).order_by(Municipality.name)):
        names = [search_key(name) for name in (row.gm_code, row.name, *row.former_names)]
        if any(key in name for name in names):
            found.append((not any(name.startswith(key) for name in names), row))
    return [row for _, row in sorted(found, key=lambda pair: pair[0])][:limit]


def municipality_named(session: Session, words: str) -> Municipality | None:
    """The one municipality with this code, name or former name; None when there is none, or more than one."""
    return municipalities_by_word(session).get(search_key(words))


def municipalities_by_word(session: Session) -> dict[str, Municipality]:
    """Municipalities by the `search_key` of their code, name and former names; a key that means more than one is left out.

    A present name wins from a former one.
    """
    present: dict[str, list[Municipality]] = {}
    former: dict[str, list[Municipality]] = {}
    for row in session.scalars(select(Municipality)):
        for key in {search_key(row.gm_code), search_key(row.name)}:
            present.setdefault(key, []).append(row)
        for key in {search_key(name) for name in row.former_names}:
            former.setdefault(key, []).append(row)
    return {key: rows[0] for key, rows in {**former, **present}.items() if len(rows) == 1}


def nearest(session: Session, municipality: Municipality, *, limit: int = 5) -> list[tuple[Municipality, float]]:
    """The nearest other municipalities with their distance in kilometres between the main places."""
    rows = session.scalars(
        select(Municipality).where(Municipality.id != municipality.id, Municipality.valid_until.is_(None))
    )
    distances = [(row, kilometres(municipality.lat, municipality.lon, row.lat, row.lon)) for row in rows]
    return sorted(distances, key=lambda pair: (pair[1], pair[0].name))[:limit]


def neighbourhoods_of(session: Session, municipality_id: int) -> Sequence[Neighbourhood]:
    """The neighbourhoods of a municipality, by name."""
    return session.scalars(
        select(Neighbourhood).where(Neighbourhood.municipality_id == municipality_id).order_by(Neighbourhood.name)
    ).all()


def neighbourhood_counts(session: Session) -> dict[int, int]:
    """How many neighbourhoods each municipality has: `{municipality_id: count}`; a municipality without any is left out."""
    rows = session.execute(
        select(Neighbourhood.municipality_id, func.count().label("neighbourhoods")).group_by(
            Neighbourhood.municipality_id
        )
    )
    return {row.municipality_id: row.neighbourhoods for row in rows}


def regions(session: Session) -> Sequence[Region]:
    """Every region with its municipalities loaded, by name."""
    return session.scalars(select(Region).options(selectinload(Region.municipalities)).order_by(Region.name)).all()
