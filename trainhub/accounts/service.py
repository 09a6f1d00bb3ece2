"""Verbs of accounts: open and close one, give and end a role. A password comes in as a hash made by the caller."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from trainhub.accounts import queries, rules
from trainhub.accounts.models import Account, RoleAssignment
from trainhub.core.access import Permission, Role
from trainhub.core.db import Base
from trainhub.core.errors import NotFound, RuleBroken
from trainhub.core.i18n import _
from trainhub.people.models import Person
from trainhub.people.rules import check_not_erased
from trainhub.places.models import Municipality

if TYPE_CHECKING:
    from datetime import date

    from trainhub.core.work import Key, Work


def open_account(work: Work, *, person_id: Key, password: str | None = None) -> Account:
    """Let a person sign in, by a mailed link or with `password` (a hash that the caller made). Once: a second time gives the first.

    Only the system (a command, the demo) may give a password for somebody else.
    """
    person = work.lock(Person, person_id)
    work.require(Permission.PERSON_CREATE)
    check_not_erased(person.status)
    known = queries.account_of(work.session, person.id)
    if known is not None and known.is_active:
        return known
    if person.email is None:
        raise RuleBroken(
            _("Fill in an e-mail address first: the link to sign in goes there."), code="no_email", field="email"
        )
    account = known or Account(person_id=person.id, created_at=work.now)
    account.is_active, account.fs_uniquifier = True, secrets.token_hex(32)
    if password is not None:
        work.require(Permission.ACCOUNT_CHANGE, account)
        account.password = password
    work.add(account)
    work.record("account.opened", account)
    return account


def set_password(work: Work, *, person_id: Key, password: str, session_name: str | None = None) -> Account:
    """Set a password (a hash that the caller made) and end every session that is open.

    `session_name` is the new random name that the session of the person who sets it carries on under.
    """
    account = _account(work, person_id)
    work.require(Permission.ACCOUNT_CHANGE, account)
    account.password, account.fs_uniquifier = password, session_name or secrets.token_hex(32)
    work.record("account.password_set", account)
    return account


def touch_sign_in(work: Work, *, person_id: Key) -> Account:
    """Keep when somebody signed in last."""
    account = _account(work, person_id)
    work.require(Permission.ACCOUNT_CHANGE, account)
    account.last_sign_in_at = work.now
    work.record("account.signed_in", account)
    return account


def end_sessions(work: Work, *, person_id: Key) -> None:
    """End every session of a person who signs out, on each device: a copy of the cookie opens nothing any more."""
    account = queries.account_of(work.session, work.get(Person, person_id).id)
    if account is None or not account.is_active:
        return
    work.require(Permission.ACCOUNT_CHANGE, account)
    account.fs_uniquifier = secrets.token_hex(32)
    work.record("account.signed_out", account)


def close_account(work: Work, *, person_id: Key) -> None:
    """Let a person no longer sign in: no password, every session ended, every role ended today."""
    person = work.get(Person, person_id)
    work.require(Permission.PERSON_CHANGE, person)
    account = queries.account_of(work.session, person.id)
    if account is not None:
        account.is_active, account.fs_uniquifier = False, secrets.token_hex(32)
        account.password = account.us_totp_secrets = account.us_phone_number = None
        work.record("account.closed", account)
    yesterday = work.today - timedelta(days=1)
    for role in queries.roles_of(work.session, person.id):
        if role.until is None or role.until >= work.today:
            role.until = max(role.since, yesterday)
            work.record("role.ended", role)


def grant_role(
    work: Work,
    *,
    person_id: Key,
    role: Role,
    since: date | None = None,
    until: date | None = None,
    programme_id: Key | None = None,
    edition_id: Key | None = None,
    municipality_id: Key | None = None,
) -> RoleAssignment:
    """Give a person a role from `since` (today) up to and including `until`, where needed in a programme, edition or municipality.

    The same role, place and days again is the one that was given. Raises `RuleBroken` with its field for a place that does not
    fit the role, and when somebody gives themselves a role.
    """
    person = work.lock(Person, person_id)
    work.require(Permission.ROLE_GRANT)
    check_not_erased(person.status)
    programme, edition = _id(work, "programme", programme_id), _id(work, "edition", edition_id)
    municipality = None if municipality_id is None else work.get(Municipality, municipality_id).id
    first = since or work.today
    rules.check_giver(work.actor, role, person_id=person.id, programme_id=programme)
    rules.check_place(role, programme_id=programme, edition_id=edition, municipality_id=municipality)
    rules.check_period(first, until)
    known = work.session.scalar(
        select(RoleAssignment).where(
            RoleAssignment.person_id == person.id,
            RoleAssignment.role == role,
            RoleAssignment.programme_id.is_not_distinct_from(programme),
            RoleAssignment.edition_id.is_not_distinct_from(edition),
            RoleAssignment.municipality_id.is_not_distinct_from(municipality),
            RoleAssignment.since == first,
            RoleAssignment.until.is_not_distinct_from(until),
        )
    )
    if known is not None:
        return known
    assignment = RoleAssignment(
        person_id=person.id,
        role=role,
        programme_id=programme,
        edition_id=edition,
        municipality_id=municipality,
        since=first,
        until=until,
    )
    work.add(assignment)
    work.record("role.granted", assignment, role=role.value)
    return assignment


def end_role(work: Work, *, role_id: Key, until: date | None = None) -> RoleAssignment:
    """End a role after `until` (today): it still holds on that day, never earlier than its own first day."""
    assignment = work.lock(RoleAssignment, role_id)
    work.require(Permission.ROLE_GRANT)
    rules.check_office(work.actor, assignment.role)
    last = until or max(work.today, assignment.since)
    rules.check_end(assignment.since, last)
    assignment.until = last
    work.record("role.ended", assignment)
    return assignment


def _account(work: Work, person_id: Key) -> Account:
    account = queries.account_of(work.session, work.get(Person, person_id).id)
    if account is None or not account.is_active:
        raise NotFound(_("This person has no account."), code="no_account")
    return account


def _id(work: Work, table: str, key: Key | None) -> int | None:
    """The integer key of a row in a room above this one, known here by its table only."""
    if not isinstance(key, uuid.UUID):
        return key
    columns = Base.metadata.tables[table].c
    found: int | None = work.session.scalar(select(columns.id).where(columns.public_id == key))
    if found is None:
        raise NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")
    return found
