"""Questions about programmes: the list, one page, the target matrix, and who takes part under which name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from trainhub.core.errors import NotFound
from trainhub.core.i18n import _
from trainhub.organisations.models import Organisation
from trainhub.places.models import Municipality, Neighbourhood, Region
from trainhub.places.rules import search_key
from trainhub.programmes.models import Audience, Programme, ProgrammePartner, Target

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

CellKey = tuple[int, str]


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A programme in the list, with how many meetings it promised."""

    id: int
    public_id: uuid.UUID
    name: str
    starts_on: date
    ends_on: date
    region: str | None
    planned: int


@dataclass(frozen=True, slots=True)
class Cell:
    """How many meetings were promised for a neighbourhood and an audience, and how many were held."""

    neighbourhood_id: int
    audience: Audience
    planned: int
    held: int = 0


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One neighbourhood of the matrix, its cells in the order of `Audience`."""

    neighbourhood_id: int
    neighbourhood: str
    municipality: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The target matrix: rows are neighbourhoods, columns audiences."""

    rows: tuple[MatrixRow, ...]

    @property
    def planned(self) -> int:
        """All promised meetings."""
        return sum(cell.planned for row in self.rows for cell in row.cells)

    @property
    def held(self) -> int:
        """All held meetings in the promised cells."""
        return sum(cell.held for row in self.rows for cell in row.cells)

    def with_held(self, counts: Mapping[CellKey, int]) -> Matrix:
        """The same matrix with the held meetings per `(neighbourhood_id, audience)` beside the plan."""
        return Matrix(
            tuple(
                replace(
                    row,
                    cells=tuple(
                        replace(cell, held=counts.get((cell.neighbourhood_id, cell.audience.value), 0))
                        for cell in row.cells
                    ),
                )
                for row in self.rows
            )
        )


def programme_list(session: Session, words: str = "") -> list[ProgrammeRow]:
    """The programmes, newest first; with `words` only those whose name, or whose partner's present or former name, holds them.

    Two queries with words, one without.
    """
    planned = select(func.sum(Target.planned)).where(Target.programme_id == Programme.id).scalar_subquery()
    statement = (
        select(
            Programme.id,
            Programme.public_id,
            Programme.name,
            Programme.starts_on,
            Programme.ends_on,
            Region.name,
            func.coalesce(planned, 0),
        )
        .outerjoin(Region, Region.id == Programme.region_id)
        .order_by(Programme.starts_on.desc(), Programme.name)
    )
    found = [ProgrammeRow(*row) for row in session.execute(statement)]
    if not words.strip():
        return found
    wanted = search_key(words)
    partner_of = _programmes_of_partners(session, wanted)
    return [row for row in found if wanted in search_key(row.name) or row.id in partner_of]


def _programmes_of_partners(session: Session, wanted: str) -> set[int]:
    statement = select(ProgrammePartner.programme_id, Organisation.name, Organisation.former_names).join(
        Organisation, Organisation.id == ProgrammePartner.organisation_id
    )
    return {
        programme_id
        for programme_id, name, former in session.execute(statement)
        if any(wanted in search_key(known) for known in (name, *former))
    }


def programme_page(session: Session, public_id: uuid.UUID) -> Programme:
    """A programme with its region, partners and deliverables loaded (four queries). Raises `NotFound`."""
    statement = (
        select(Programme)
        .where(Programme.public_id == public_id)
        .options(
            joinedload(Programme.region).selectinload(Region.municipalities),
            joinedload(Programme.derived_from),
            selectinload(Programme.partners).joinedload(ProgrammePartner.organisation),
            selectinload(Programme.deliverables),
        )
    )
    programme = session.scalar(statement)
    if programme is None:
        raise NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")
    return programme


def target_matrix(session: Session, programme_id: int) -> Matrix:
    """What a programme promised, per neighbourhood and audience (one query).

    Held meetings live in a higher room: the page adds them by `Matrix.with_held`.
    """
    statement = (
        select(Target)
        .where(Target.programme_id == programme_id)
        .options(joinedload(Target.neighbourhood).joinedload(Neighbourhood.municipality))
    )
    planned: dict[int, dict[str, int]] = {}
    places: dict[int, Neighbourhood] = {}
    for target in session.scalars(statement):
        planned.setdefault(target.neighbourhood_id, {})[target.audience.value] = target.planned
        places[target.neighbourhood_id] = target.neighbourhood
    ordered = sorted(places.values(), key=lambda place: (place.municipality.name.casefold(), place.name.casefold()))
    return Matrix(tuple(_matrix_row(place, planned[place.id]) for place in ordered))


def places_to_choose(session: Session, programme: Programme) -> list[Neighbourhood]:
    """Neighbourhoods that a target can be for: those of the programme's region, or all when it has none (one query)."""
    statement = (
        select(Neighbourhood)
        .join(Municipality, Municipality.id == Neighbourhood.municipality_id)
        .options(contains_eager(Neighbourhood.municipality))
        .order_by(Municipality.name, Neighbourhood.name)
    )
    if programme.region is not None and programme.region.municipalities:
        statement = statement.where(Municipality.id.in_([one.id for one in programme.region.municipalities]))
    return list(session.scalars(statement))


def _matrix_row(place: Neighbourhood, planned: Mapping[str, int]) -> MatrixRow:
    cells = tuple(Cell(place.id, audience, planned.get(audience.value, 0)) for audience in Audience)
    return MatrixRow(place.id, place.name, place.municipality.name, cells)
