"""What a municipality finds: people who can be asked, without names; SQL does the filtering and the paging.

The law of the place: a card holds no name, no id, no reason; a distance only as a band (law 8).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select

from trainhub.certification.models import Certificate, Scheme
from trainhub.certification.queries import is_certified
from trainhub.matching.eligibility import RULES
from trainhub.matching.facts import Asked, distance_squared
from trainhub.matching.person_rules import CertificateStands, HoldsRole
from trainhub.matching.shortlist import band
from trainhub.people.models import Person, Preference
from trainhub.places.distance import box
from trainhub.places.models import Municipality

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from trainhub.core.i18n import Text
    from trainhub.courses.models import Track

PER_PAGE = 12
SMALLEST = 5
WIDEST_KM = 50


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody who is available, as a municipality may see it: a role, a band of kilometres, languages."""

    role: Track
    distance: Text
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search: its cards, which page it is (from 1), and whether more follow."""

    cards: tuple[Card, ...]
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Nearby:
    """How many available people live in a municipality; None stands for a number from 1 to 4."""

    gm_code: str
    name: str
    number: int | None


def find(session: Session, asked: Asked, *, within_km: int = WIDEST_KM, page: int = 1) -> Found:
    """Who is certified on the day, agreed to be found by this municipality and is available; the nearest first; one query."""
    page = max(1, page)
    rows = session.execute(statement(asked, within_km).limit(PER_PAGE + 1).offset((page - 1) * PER_PAGE)).all()
    cards = tuple(
        Card(asked.role, band(sqrt(square)), tuple(languages or ("nl",))) for _id, square, languages in rows[:PER_PAGE]
    )
    return Found(cards, page, len(rows) > PER_PAGE)


def nearby(session: Session, asked: Asked, *, within_km: int = WIDEST_KM) -> list[Nearby]:
    """How many of them live in which municipality, small numbers hidden; one query."""
    people = statement(asked, within_km).order_by(None).subquery()
    rows = session.execute(
        select(Municipality.gm_code, Municipality.name, func.count())
        .select_from(people)
        .join(Person, Person.id == people.c.id)
        .join(Municipality, Municipality.id == Person.home_municipality_id)
        .group_by(Municipality.gm_code, Municipality.name)
        .order_by(func.count().desc(), Municipality.name)
    )
    return [Nearby(code, name, number if number >= SMALLEST else None) for code, name, number in rows]


def statement(asked: Asked, within_km: int) -> Select[int, float, list[str]]:
    """Rows of id, squared distance and languages, the nearest first.

    The box comes first and lies on the index of (lat, lon); the certificate follows by its unique (person, scheme).
    """
    square = distance_squared(asked)
    edge = box(asked.lat, asked.lon, within_km)
    scheme = select(Scheme.id).where(Scheme.track == asked.role).scalar_subquery()
    rules = [rule for rule in RULES if not isinstance(rule, HoldsRole | CertificateStands)]
    return (
        select(Person.id, square.label("square"), Preference.languages)
        .select_from(Person)
        .join(Certificate, (Certificate.person_id == Person.id) & (Certificate.scheme_id == scheme))
        .outerjoin(Preference, Preference.person_id == Person.id)
        .where(
            Person.lat.between(edge.south, edge.north),
            Person.lon.between(edge.west, edge.east),
            square <= within_km * within_km,
            is_certified(asked.on),
            *(rule.clause(asked) for rule in rules),
        )
        .order_by(square, Person.id)
    )
