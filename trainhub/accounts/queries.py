"""Questions about accounts: who acts with which roles on a day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Date, Select, String, and_, bindparam, exists, or_, select
from sqlalchemy.orm import contains_eager

from trainhub.accounts.models import Account, RoleAssignment
from trainhub.core.access import Actor, Role, RoleHeld
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _
from trainhub.core.marks import DEMO, DeploymentMark
from trainhub.people.models import Person, PersonStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session


def actor_of(session: Session, person_id: int, *, on: date) -> Actor:
    """The person as an actor with the roles that hold on a day (`rules.holds_on` in SQL), in one query.

    An erased or archived person holds no role. Raises `NotFound` for an unknown person.
    """
    rows = session.execute(
        select(
            Person.call_name,
            Person.status,
            RoleAssignment.role,
            RoleAssignment.programme_id,
            RoleAssignment.edition_id,
            RoleAssignment.municipality_id,
        )
        .outerjoin(RoleAssignment, and_(RoleAssignment.person_id == Person.id, holds_on(on)))
        .where(Person.id == person_id)
    ).all()
    if not rows:
        raise NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")
    gone = rows[0].status in {PersonStatus.erased, PersonStatus.archived}
    held = frozenset(
        RoleHeld(row.role, row.programme_id, row.edition_id, row.municipality_id)
        for row in rows
        if row.role is not None and not gone
    )
    return Actor(person_id=person_id, name=rows[0].call_name, roles=held)


@dataclass(frozen=True, slots=True)
class Known:
    """An account with what its person may do today, and whether the database is a demonstration."""

    account: Account
    actor: Actor
    is_demo: bool


def known_by_session(session: Session, name: str, *, on: date) -> Known | None:
    """Whose session has this name, with the roles that hold on a day, in one query; None for an unknown or erased one."""
    rows = session.execute(_known(), {"name": name, "on": on}).all()
    if not rows:
        return None
    account, person = rows[0][0], rows[0][0].person
    held = frozenset(
        RoleHeld(row.role, row.programme_id, row.edition_id, row.municipality_id)
        for row in rows
        if row.role is not None and person.status != PersonStatus.archived
    )
    return Known(account, Actor(person.id, person.call_name, held), is_demo=bool(rows[0][1]))


@cache
def _known() -> Select[Account, bool, Role, int | None, int | None, int | None]:
    """The statement of `known_by_session`, made once: every page of somebody signed in begins with it."""
    on = bindparam("on", type_=Date)
    return (
        select(
            Account,
            exists().where(DeploymentMark.key == DEMO),
            RoleAssignment.role,
            RoleAssignment.programme_id,
            RoleAssignment.edition_id,
            RoleAssignment.municipality_id,
        )
        .join(Account.person)
        .outerjoin(
            RoleAssignment,
            and_(
                RoleAssignment.person_id == Person.id,
                RoleAssignment.since <= on,
                or_(RoleAssignment.until.is_(None), RoleAssignment.until >= on),
            ),
        )
        .where(Account.fs_uniquifier == bindparam("name", type_=String), Person.status != PersonStatus.erased)
        .options(contains_eager(Account.person))
    )


def holds_on(on: date) -> ColumnElement[bool]:
    """SQL: a role assignment holds on a day, the first and the last day included."""
    return and_(RoleAssignment.since <= on, or_(RoleAssignment.until.is_(None), RoleAssignment.until >= on))


def account_of(session: Session, person_id: int) -> Account | None:
    """The account of a person, or None."""
    return session.scalar(select(Account).where(Account.person_id == person_id))


def roles_of(session: Session, person_id: int) -> Sequence[RoleAssignment]:
    """Every role a person holds or held, the newest first."""
    return session.scalars(
        select(RoleAssignment).where(RoleAssignment.person_id == person_id).order_by(RoleAssignment.id.desc())
    ).all()


def people_with_role(session: Session, role: Role, *, on: date, edition_id: int | None = None) -> Sequence[Person]:
    """The people who hold a role on a day, in one edition when given, by call name."""
    statement = (
        select(Person)
        .where(
            Person.id.in_(
                select(RoleAssignment.person_id).where(RoleAssignment.role == role, holds_on(on), *_in(edition_id))
            )
        )
        .order_by(Person.call_name, Person.id)
    )
    return session.scalars(statement).all()


def _in(edition_id: int | None) -> tuple[ColumnElement[bool], ...]:
    return () if edition_id is None else (RoleAssignment.edition_id == edition_id,)
