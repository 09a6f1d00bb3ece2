"""Who may do what, as one table that reads like section 7 of the domain description.

Each permission lists the roles that hold it, and each role says on which objects. Services call `work.require`;
pages call `allows` only to hide what would be refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """The roles that can be given to a person, always with dates and where needed with a scope."""

    coordinator = "coordinator"
    trainer = "trainer"
    assessor = "assessor"
    municipality_officer = "municipality_officer"
    technical_administrator = "technical_administrator"
    privacy_officer = "privacy_officer"


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role that an actor holds today, and where: everywhere, or in one programme, edition or municipality."""

    role: Role
    programme_id: int | None = None
    edition_id: int | None = None
    municipality_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with today's roles, a person by a signed link, a visitor, or the system itself."""

    person_id: int | None = None
    name: str = ""
    roles: frozenset[RoleHeld] = field(default_factory=frozenset)
    kind: str = "person"

    def has(self, role: Role) -> bool:
        """Whether the actor holds `role` somewhere."""
        return any(held.role == role for held in self.roles)

    @property
    def municipality_ids(self) -> frozenset[int]:
        """The municipalities this actor works for as an officer."""
        return frozenset(
            held.municipality_id
            for held in self.roles
            if held.role == Role.municipality_officer and held.municipality_id is not None
        )

    @property
    def edition_ids(self) -> frozenset[int]:
        """The editions this actor teaches or assesses in."""
        return frozenset(held.edition_id for held in self.roles if held.edition_id is not None)


SYSTEM = Actor(name="TrainHub", kind="system")
VISITOR = Actor(kind="visitor")


@dataclass(frozen=True, slots=True)
class Scope:
    """To whom an object belongs: the person, edition, programme and municipality that decide who may touch it."""

    person_id: int | None = None
    edition_id: int | None = None
    municipality_id: int | None = None
    programme_id: int | None = None


class Scoped(Protocol):
    """An object that says to whom it belongs."""

    @property
    def scope(self) -> Scope:
        """Its owner and places."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One cell of the table: `name` for people, `holds` without an object, `reaches` with one."""

    name: str
    holds: Callable[[Actor], bool]
    reaches: Callable[[Actor, Scope], bool]


def _role(role: Role, reaches: Callable[[RoleHeld, Scope], bool]) -> Grant:
    return Grant(
        role.value,
        lambda actor: actor.has(role),
        lambda actor, scope: any(held.role == role and reaches(held, scope) for held in actor.roles),
    )


def _within_programme(held: RoleHeld, scope: Scope) -> bool:
    return held.programme_id is None or scope.programme_id is None or held.programme_id == scope.programme_id


def _within_edition(held: RoleHeld, scope: Scope) -> bool:
    return held.edition_id is not None and held.edition_id == scope.edition_id


def _within_municipality(held: RoleHeld, scope: Scope) -> bool:
    return held.municipality_id is not None and held.municipality_id == scope.municipality_id


coordinator = _role(Role.coordinator, _within_programme)
trainer = _role(Role.trainer, _within_edition)
assessor = _role(Role.assessor, _within_edition)
officer = _role(Role.municipality_officer, _within_municipality)
administrator = _role(Role.technical_administrator, lambda _held, _scope: True)
privacy_officer = _role(Role.privacy_officer, lambda _held, _scope: True)
own = Grant(
    "own",
    lambda actor: actor.person_id is not None,
    lambda actor, scope: actor.person_id is not None and actor.person_id == scope.person_id,
)
system = Grant("system", lambda actor: actor.kind == "system", lambda actor, _scope: actor.kind == "system")


class Permission(StrEnum):
    """What can be done, as `resource:action`."""

    ACCOUNT_CHANGE = "account:change"
    ASSIGNMENT_CHANGE = "assignment:change"
    ATTENDANCE_RECORD = "attendance:record"
    AUDIT_READ = "audit:read"
    CALENDAR_READ = "calendar:read"
    CERTIFICATE_DECIDE = "certificate:decide"
    COMPETENCE_SIGN_OFF = "competence:sign_off"
    COMPETENCE_VOID = "competence:void"
    CONSENT_CHANGE = "consent:change"
    COURSE_CHANGE = "course:change"
    DASHBOARD_READ = "dashboard:read"
    DEPLOYMENT_MARK = "deployment:mark"
    EDITION_CHANGE = "edition:change"
    EDITION_READ = "edition:read"
    ENROLMENT_CHANGE = "enrolment:change"
    ENROLMENT_READ = "enrolment:read"
    FACILITATOR_FIND = "facilitator:find"
    FEED_CHANGE = "feed:change"
    HEALTH_READ = "health:read"
    INVITATION_ANSWER = "invitation:answer"
    INVITATION_SEND = "invitation:send"
    MANDATE_GRANT = "mandate:grant"
    MEETING_CHANGE = "meeting:change"
    MEETING_READ = "meeting:read"
    MEETING_STAFF = "meeting:staff"
    MESSAGE_CHANGE = "message:change"
    MESSAGE_READ = "message:read"
    MESSAGE_SEND = "message:send"
    ORGANISATION_CHANGE = "organisation:change"
    PERSON_CHANGE = "person:change"
    PERSON_CREATE = "person:create"
    PERSON_IMPORT = "person:import"
    PERSON_LIST = "person:list"
    PERSON_READ = "person:read"
    PLACE_CHANGE = "place:change"
    PREFERENCE_CHANGE = "preference:change"
    PROGRAMME_CHANGE = "programme:change"
    REQUEST_CREATE = "request:create"
    REQUEST_DECIDE = "request:decide"
    REQUEST_READ = "request:read"
    ROLE_GRANT = "role:grant"
    SCHEME_CHANGE = "scheme:change"
    TRAINING_READ = "training:read"
    WORKER_RUN = "worker:run"


P = Permission
GRANTS: dict[Permission, tuple[Grant, ...]] = {
    P.ACCOUNT_CHANGE: (own, system),
    P.ASSIGNMENT_CHANGE: (coordinator, own, system),
    P.ATTENDANCE_RECORD: (coordinator, trainer),
    P.AUDIT_READ: (coordinator, administrator, privacy_officer, system),
    P.CALENDAR_READ: (coordinator, trainer, assessor, officer, own),
    P.CERTIFICATE_DECIDE: (coordinator,),
    P.COMPETENCE_SIGN_OFF: (assessor,),
    P.COMPETENCE_VOID: (coordinator,),
    P.CONSENT_CHANGE: (own,),
    P.COURSE_CHANGE: (coordinator, system),
    P.DASHBOARD_READ: (coordinator, administrator, privacy_officer),
    P.DEPLOYMENT_MARK: (system,),
    P.EDITION_CHANGE: (coordinator,),
    P.EDITION_READ: (coordinator, trainer, assessor),
    P.ENROLMENT_CHANGE: (coordinator, own, system),
    P.ENROLMENT_READ: (coordinator, trainer, assessor, own),
    P.FACILITATOR_FIND: (coordinator, officer),
    P.FEED_CHANGE: (own,),
    P.HEALTH_READ: (coordinator, administrator),
    P.INVITATION_ANSWER: (own,),
    P.INVITATION_SEND: (coordinator, system),
    P.MANDATE_GRANT: (coordinator,),
    P.MEETING_CHANGE: (coordinator,),
    P.MEETING_READ: (coordinator, officer),
    P.MEETING_STAFF: (coordinator,),
    P.MESSAGE_CHANGE: (coordinator, system),
    P.MESSAGE_READ: (coordinator,),
    P.MESSAGE_SEND: (system,),
    P.ORGANISATION_CHANGE: (coordinator, system),
    P.PERSON_CHANGE: (coordinator, own),
    P.PERSON_CREATE: (coordinator, administrator, system),
    P.PERSON_IMPORT: (coordinator, system),
    P.PERSON_LIST: (coordinator,),
    P.PERSON_READ: (coordinator, own),
    P.PLACE_CHANGE: (coordinator, system),
    P.PREFERENCE_CHANGE: (coordinator, own),
    P.PROGRAMME_CHANGE: (coordinator, system),
    P.REQUEST_CREATE: (coordinator, officer),
    P.REQUEST_DECIDE: (coordinator,),
    P.REQUEST_READ: (coordinator, officer),
    P.ROLE_GRANT: (administrator, coordinator, system),
    P.SCHEME_CHANGE: (coordinator, system),
    P.TRAINING_READ: (trainer, assessor),
    P.WORKER_RUN: (system,),
}


def allows(actor: Actor, permission: Permission, thing: Scoped | None = None) -> bool:
    """Whether `actor` may do this at all (no `thing`), or to this thing."""
    if thing is None:
        return any(grant.holds(actor) for grant in GRANTS[permission])
    scope = thing.scope
    return any(grant.reaches(actor, scope) for grant in GRANTS[permission])


def roles_with(permission: Permission) -> list[str]:
    """The names of the roles that hold a permission, for the list of routes and the docs."""
    return [grant.name for grant in GRANTS[permission]]
