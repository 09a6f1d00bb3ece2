"""Questions about people: who agreed to what on a day, who can come, who is found by a few words."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, not_, or_, select
from sqlalchemy.orm import joinedload

from trainhub.core.db import alias
from trainhub.people.models import Absence, Availability, Consent, DayPart, Person, PersonStatus, Preference, Purpose
from trainhub.places.models import Municipality, Neighbourhood

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, SQLColumnExpression
    from sqlalchemy.orm import Session

PER_PAGE = 50


def consent_exists(
    person_id_column: SQLColumnExpression[int], purpose: Purpose, municipality_id: int | None, on: date
) -> ColumnElement[bool]:
    """SQL: the person has a live consent on `on`, for all municipalities or for this one (`rules.is_live` in SQL).

    With `municipality_id` None only a consent for all municipalities counts.
    """
    everywhere = Consent.municipality_id.is_(None)
    here = everywhere if municipality_id is None else or_(everywhere, Consent.municipality_id == municipality_id)
    return exists().where(Consent.person_id == person_id_column, Consent.purpose == purpose, here, *_live(on))


def available_exists(person_id_column: SQLColumnExpression[int], on: date, part: DayPart) -> ColumnElement[bool]:
    """SQL: the person takes part on `on` (not paused, not gone), has no absence that day, and can usually come in that part.

    Who named no part of the week at all can come always.
    """
    usual, named = alias(Availability, "usual"), alias(Availability, "named")
    return and_(
        takes_part_exists(person_id_column, on),
        not_(exists().where(Absence.person_id == person_id_column, Absence.starts_on <= on, Absence.ends_on >= on)),
        or_(
            not_(exists().where(named.person_id == person_id_column)),
            exists().where(usual.person_id == person_id_column, usual.weekday == on.isoweekday(), usual.part == part),
        ),
    )


def takes_part_exists(person_id_column: SQLColumnExpression[int], on: date) -> ColumnElement[bool]:
    """SQL: the person takes part on `on` (`rules.takes_part_on` in SQL)."""
    someone = alias(Person, "someone")
    return exists().where(someone.id == person_id_column, _takes_part(someone, on))


def has_consent(
    session: Session, *, person_id: int, purpose: Purpose, municipality_id: int | None = None, on: date
) -> bool:
    """Whether a person has a live consent on a day, for all municipalities or for this one."""
    clause = consent_exists(Person.id, purpose, municipality_id, on)
    return bool(session.scalar(select(clause).where(Person.id == person_id)))


def live_consents(session: Session, person_id: int, on: date) -> Sequence[Consent]:
    """The consents of a person that hold on a day, oldest first."""
    return session.scalars(select(Consent).where(Consent.person_id == person_id, *_live(on)).order_by(Consent.id)).all()


def open_consents(session: Session, person_id: int, purpose: Purpose | None = None) -> Sequence[Consent]:
    """The consents of a person that were not withdrawn, expired ones included, oldest first."""
    statement = (
        select(Consent).where(Consent.person_id == person_id, Consent.withdrawn_at.is_(None)).order_by(Consent.id)
    )
    return session.scalars(statement if purpose is None else statement.where(Consent.purpose == purpose)).all()


def all_consents(session: Session, person_id: int) -> Sequence[Consent]:
    """Every consent a person ever gave, the newest first."""
    return session.scalars(select(Consent).where(Consent.person_id == person_id).order_by(Consent.id.desc())).all()


def preference_of(session: Session, person_id: int) -> Preference | None:
    """What a person asked for, or None when nothing was asked for yet."""
    return session.scalar(select(Preference).where(Preference.person_id == person_id))


def parts_of(session: Session, person_id: int) -> set[tuple[int, DayPart]]:
    """The parts of the week in which a person can usually come: `{(weekday, part)}`, Monday is 1; empty means always."""
    rows = session.execute(select(Availability.weekday, Availability.part).where(Availability.person_id == person_id))
    return {(weekday, part) for weekday, part in rows}


def absences_from(session: Session, person_id: int, on: date) -> Sequence[Absence]:
    """The absences of a person that have not ended before a day, the first one first."""
    return session.scalars(
        select(Absence)
        .where(Absence.person_id == person_id, Absence.ends_on >= on)
        .order_by(Absence.starts_on, Absence.id)
    ).all()


def person_by_email(session: Session, email: str) -> Person | None:
    """The person with this address (in any case), or None."""
    return session.scalar(select(Person).where(Person.email == email.strip().lower()))


@dataclass(frozen=True, slots=True)
class Found:
    """One person in a list: names, how to reach them, where they live, whether they take part."""

    id: int
    public_id: uuid.UUID
    call_name: str
    formal_name: str | None
    email: str | None
    phone: str | None
    status: PersonStatus
    paused_until: date | None
    municipality: str | None

    @property
    def full_name(self) -> str:
        """The formal name where one is known, else the call name."""
        return self.formal_name or self.call_name


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its rows, which page it is (from 1), how many pages and rows there are."""

    rows: tuple[Found, ...]
    page: int
    pages: int
    total: int


def search(
    session: Session,
    words: str = "",
    page: int = 1,
    *,
    status: PersonStatus | None = None,
    municipality_id: int | None = None,
) -> Page:
    """People in whose call name, formal name or e-mail all the words stand, by call name; `PER_PAGE` on a page, two queries.

    Erased people are found only by their status.
    """
    wanted: list[ColumnElement[bool]] = [_holds(word) for word in words.split()[:8]]
    wanted.append(Person.status == status if status else Person.status != PersonStatus.erased)
    if municipality_id is not None:
        wanted.append(Person.home_municipality_id == municipality_id)
    total = session.scalar(select(func.count()).select_from(Person).where(*wanted)) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, page), pages)
    rows = session.execute(
        _found().where(*wanted).order_by(Person.call_name, Person.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    )
    return Page(tuple(Found(*row) for row in rows), page, pages, total)


def person_at_home(
    session: Session, person_id: int | uuid.UUID
) -> tuple[Person, Municipality | None, Neighbourhood | None] | None:
    """One person with place and preference, by id or public id, in one query; None if unknown."""
    key: Any = Person.public_id if isinstance(person_id, uuid.UUID) else Person.id
    row = session.execute(
        select(Person, Municipality, Neighbourhood)
        .outerjoin(Municipality, Municipality.id == Person.home_municipality_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Person.home_neighbourhood_id)
        .options(joinedload(Person.preference))
        .where(key == person_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


@dataclass(frozen=True, slots=True)
class PersonPage:
    """All that this room knows of one person on a day."""

    person: Person
    municipality: Municipality | None
    neighbourhood: Neighbourhood | None
    preference: Preference | None
    parts: frozenset[tuple[int, DayPart]]
    absences: tuple[Absence, ...]
    consents: tuple[Consent, ...]


def page_of(session: Session, person_id: int | uuid.UUID, on: date) -> PersonPage | None:
    """One person with place, preference, parts of the week, coming absences and every consent, in four queries; None if unknown."""
    row = person_at_home(session, person_id)
    if row is None:
        return None
    person, municipality, neighbourhood = row
    return PersonPage(
        person,
        municipality,
        neighbourhood,
        person.preference,
        frozenset(parts_of(session, person.id)),
        tuple(absences_from(session, person.id, on)),
        tuple(all_consents(session, person.id)),
    )


def _live(on: date) -> tuple[ColumnElement[bool], ...]:
    return Consent.withdrawn_at.is_(None), Consent.given_on <= on, Consent.expires_on > on


def _takes_part(someone: Any, on: date) -> ColumnElement[bool]:
    back: ColumnElement[bool] = and_(someone.status == PersonStatus.paused, someone.paused_until < on)
    return or_(someone.status == PersonStatus.active, back)


def _holds(word: str) -> ColumnElement[bool]:
    return or_(
        Person.call_name.icontains(word, autoescape=True),
        Person.formal_name.icontains(word, autoescape=True),
        Person.email.icontains(word, autoescape=True),
    )


def _found() -> Any:
    return select(
        Person.id,
        Person.public_id,
        Person.call_name,
        Person.formal_name,
        Person.email,
        Person.phone,
        Person.status,
        Person.paused_until,
        Municipality.name,
    ).outerjoin(Municipality, Municipality.id == Person.home_municipality_id)
