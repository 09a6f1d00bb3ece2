"""Verbs of places: load the municipalities, keep their names, add neighbourhoods and regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from trainhub.core.access import Permission
from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import _
from trainhub.places import queries, rules
from trainhub.places.models import Municipality, Neighbourhood, Region

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from trainhub.core.work import Key, Work


def load_municipalities(work: Work) -> int:
    """Add the municipalities of the package data that are not there yet; how many were added (342 the first time, then 0).

    A row that exists is left as it is: a coordinator may have renamed it.
    """
    work.require(Permission.PLACE_CHANGE)
    known = set(work.session.scalars(select(Municipality.gm_code)))
    rows = [
        Municipality(
            gm_code=row.gm_code, name=row.name, former_names=[], province=row.province, lat=row.lat, lon=row.lon
        )
        for row in queries.listed_municipalities()
        if row.gm_code not in known
    ]
    work.session.add_all(rows)
    work.session.flush()
    for row in rows:
        work.record("municipality.loaded", row, gm_code=row.gm_code)
    return len(rows)


def rename_municipality(work: Work, *, municipality_id: Key, name: str, version: int | None = None) -> Municipality:
    """Give a municipality a new name and keep the old one among its former names."""
    municipality = work.lock(Municipality, municipality_id)
    work.require(Permission.PLACE_CHANGE)
    work.expect(municipality, version)
    new = rules.tidy_name(name)
    municipality.former_names = rules.former_names_after(municipality.former_names, municipality.name, new)
    municipality.name = new
    work.record("municipality.renamed", municipality)
    return municipality


def merge_municipality(work: Work, *, municipality_id: Key, successor_id: Key, on: date) -> Municipality:
    """End a municipality on `on` (its first day without) in favour of its successor, which takes its names as former names."""
    municipality = work.lock(Municipality, municipality_id)
    successor = work.lock(Municipality, successor_id)
    work.require(Permission.PLACE_CHANGE)
    if successor.id == municipality.id:
        raise RuleBroken(_("A municipality cannot take over itself."), code="own_successor", field="successor_id")
    rules.check_valid_on(on, municipality.valid_from, municipality.valid_until)
    municipality.valid_until, municipality.successor_id = on, successor.id
    for name in (*municipality.former_names, municipality.name):
        successor.former_names = rules.former_names_after(successor.former_names, name, successor.name)
    work.record("municipality.merged", municipality)
    work.record("municipality.extended", successor)
    return municipality


def add_neighbourhood(
    work: Work,
    *,
    municipality_id: Key,
    name: str,
    code: str | None = None,
    lat: float | None = None,
    lon: float | None = None,
) -> Neighbourhood:
    """Add a neighbourhood (wijk or buurt) to a municipality. Raises `Conflict` when it already has one with that name."""
    municipality = work.get(Municipality, municipality_id)
    work.require(Permission.PLACE_CHANGE)
    rules.check_neighbourhood_code(code or None, municipality.gm_code)
    rules.check_point(lat, lon)
    neighbourhood = work.add(
        Neighbourhood(municipality_id=municipality.id, name=rules.tidy_name(name), code=code or None, lat=lat, lon=lon)
    )
    work.record("neighbourhood.added", neighbourhood)
    return neighbourhood


def change_neighbourhood(
    work: Work,
    *,
    neighbourhood_id: Key,
    name: str,
    code: str | None = None,
    lat: float | None = None,
    lon: float | None = None,
    version: int | None = None,
) -> Neighbourhood:
    """Change a neighbourhood's name, code and point; it stays in its municipality."""
    neighbourhood = work.lock(Neighbourhood, neighbourhood_id)
    work.require(Permission.PLACE_CHANGE)
    work.expect(neighbourhood, version)
    rules.check_neighbourhood_code(code or None, neighbourhood.municipality.gm_code)
    rules.check_point(lat, lon)
    neighbourhood.name, neighbourhood.code = rules.tidy_name(name), code or None
    neighbourhood.lat, neighbourhood.lon = lat, lon
    work.record("neighbourhood.changed", neighbourhood)
    return neighbourhood


def add_region(work: Work, *, name: str, municipality_ids: Iterable[Key] = ()) -> Region:
    """Add a region of municipalities. Raises `Conflict` when there is one with that name."""
    work.require(Permission.PLACE_CHANGE)
    members = [work.get(Municipality, key) for key in municipality_ids]
    region = work.add(Region(name=rules.tidy_name(name), municipalities=members))
    work.record("region.added", region, municipalities=sorted(row.gm_code for row in members))
    return region


def change_region(
    work: Work, *, region_id: Key, name: str, municipality_ids: Iterable[Key], version: int | None = None
) -> Region:
    """Change a region's name and the municipalities it holds."""
    region = work.lock(Region, region_id)
    work.require(Permission.PLACE_CHANGE)
    work.expect(region, version)
    region.name = rules.tidy_name(name)
    flag_modified(region, "name")  # the list of members is another table: this raises the version for them too
    region.municipalities = [work.get(Municipality, key) for key in municipality_ids]
    work.record("region.changed", region, municipalities=sorted(row.gm_code for row in region.municipalities))
    return region
