"""What a municipality finds: people who can be asked, without names; SQL does the filtering and the paging.

The law of the place: a card holds no name, no id, no reason; a distance only as a band (law 8).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Select, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from trainhub.certification.models import Certificate, Scheme
from trainhub.certification.queries import is_certified
from trainhub.core.db import alias
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
LAST_PAGE = 1000
SMALLEST = 5
WIDEST_KM = 50
ROUNDS = (100, 1500, None)
COUNTED = 600
EVERYBODY = 10_000_000


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


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The numbers per municipality, and whether everybody within the distance was weighed."""

    numbers: tuple[Nearby, ...]
    is_complete: bool


def find(session: Session, asked: Asked, *, within_km: int = WIDEST_KM, page: int = 1) -> Found:
    """Who is certified on the day, agreed to be found by this municipality and is available; the nearest first.

    One query when enough of the nearest are available, at most three: the rules are weighed for the nearest `ROUNDS` first.
    """
    page = min(max(1, page), LAST_PAGE)
    first = (page - 1) * PER_PAGE
    rows: list[Any] = []
    for most in ROUNDS:
        question = statement(asked, within_km, most).limit(PER_PAGE + 1).offset(first)
        rows = list(session.execute(question))
        if len(rows) > PER_PAGE:
            break
    cards = tuple(
        Card(asked.role, band(sqrt(square)), tuple(words or ("nl",))) for _id, square, words in rows[:PER_PAGE]
    )
    return Found(cards, page, len(rows) > PER_PAGE)


def nearby(session: Session, asked: Asked, *, within_km: int = WIDEST_KM) -> Surroundings:
    """How many of them live in which municipality, small numbers hidden; two queries.

    Where very many people live, only the nearest `COUNTED` holders of the role are weighed, and the answer says so.
    """
    people = statement(asked, within_km, COUNTED).order_by(None).subquery()
    rows = session.execute(
        select(Municipality.gm_code, Municipality.name, func.count())
        .select_from(people)
        .join(Person, Person.id == people.c.id)
        .join(Municipality, Municipality.id == Person.home_municipality_id)
        .group_by(Municipality.gm_code, Municipality.name)
        .order_by(func.count().desc(), Municipality.name)
    )
    numbers = tuple(Nearby(code, name, number if number >= SMALLEST else None) for code, name, number in rows)
    holders = _holders(asked, within_km).order_by(None).limit(COUNTED + 1).subquery()
    return Surroundings(numbers, (session.scalar(select(func.count()).select_from(holders)) or 0) <= COUNTED)


@lru_cache(maxsize=64)
def statement(asked: Asked, within_km: int, most: int | None) -> Select[int, float, list[str]]:
    """Rows of id, squared distance and languages, the nearest first, out of the nearest `most` holders of the role.

    The holders come from the index of (lat, lon) and are a subquery with a limit, which neither database mixes with the rest:
    so the rules, one look in an index each, are weighed for a few people and not for everybody. Kept for the next page.
    """
    near = _holders(asked, within_km).limit(EVERYBODY if most is None else most).subquery("near")
    rules = [rule for rule in RULES if not isinstance(rule, HoldsRole | CertificateStands)]
    return (
        select(Person.id, near.c.square, Preference.languages)
        .select_from(near)
        .join(Person, Person.id == near.c.id)
        .join(Certificate, Certificate.id == near.c.certificate_id)
        .outerjoin(Preference, Preference.person_id == Person.id)
        .where(is_certified(asked.on), *(rule.clause(asked) for rule in rules))
        .order_by(near.c.square, Person.id)
    )


class unindexed(GenericFunction[int]):  # noqa: N801 - the name of a function in SQL
    """A column as it is, by which SQLite must not begin: else it begins with every certificate of a role, not with the box."""

    type = Integer()
    inherit_cache = True


@compiles(unindexed)
def _unindexed(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:
    [column] = element.clauses
    said = compiler.process(column, **options)
    return f"+{said}" if compiler.dialect.name == "sqlite" else said


def _holders(asked: Asked, within_km: int) -> Select[int, int, float]:
    """Who was ever certified for the role and lives near: id, certificate, squared distance, the nearest first."""
    square = distance_squared(asked)
    edge = box(asked.lat, asked.lon, within_km)
    held = alias(Certificate, "held")
    scheme = select(Scheme.id).where(Scheme.track == asked.role).scalar_subquery()
    return (
        select(Person.id, held.id.label("certificate_id"), square.label("square"))
        .join(held, (held.person_id == Person.id) & (unindexed(held.scheme_id) == scheme))
        .where(
            Person.lat.between(edge.south, edge.north),
            Person.lon.between(edge.west, edge.east),
            square <= within_km * within_km,
        )
        .order_by(square, Person.id)
    )
