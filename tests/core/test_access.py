"""Who may do what: without an object, with an own one, with another's, and inside a scope."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from trainhub.core.access import (
    GRANTS,
    SYSTEM,
    VISITOR,
    Actor,
    Permission,
    Role,
    RoleHeld,
    Scope,
    allows,
    roles_with,
)

MINE = 1
OTHER = 2


def actor(*roles, person_id=MINE):
    return Actor(person_id, "Sam", frozenset(roles))


def thing(**scope):
    return SimpleNamespace(scope=Scope(**scope))


COORDINATOR = actor(RoleHeld(Role.coordinator))
TRAINER = actor(RoleHeld(Role.trainer, edition_id=10))
OFFICER = actor(RoleHeld(Role.municipality_officer, municipality_id=20))


@pytest.mark.parametrize(
    ("who", "permission", "what", "answer"),
    [
        (COORDINATOR, Permission.PERSON_READ, thing(person_id=OTHER), True),
        (actor(), Permission.PERSON_READ, thing(person_id=MINE), True),
        (actor(), Permission.PERSON_READ, thing(person_id=OTHER), False),
        (VISITOR, Permission.PERSON_READ, thing(), False),
        (TRAINER, Permission.ATTENDANCE_RECORD, thing(edition_id=10), True),
        (TRAINER, Permission.ATTENDANCE_RECORD, thing(edition_id=11), False),
        (TRAINER, Permission.ATTENDANCE_RECORD, thing(), False),
        (actor(RoleHeld(Role.trainer)), Permission.ATTENDANCE_RECORD, thing(), False),
        (OFFICER, Permission.MEETING_READ, thing(municipality_id=20), True),
        (OFFICER, Permission.MEETING_READ, thing(municipality_id=21), False),
        (actor(RoleHeld(Role.municipality_officer)), Permission.MEETING_READ, thing(), False),
        (actor(RoleHeld(Role.coordinator, programme_id=5)), Permission.MEETING_READ, thing(programme_id=5), True),
        (actor(RoleHeld(Role.coordinator, programme_id=5)), Permission.MEETING_READ, thing(programme_id=6), False),
        (actor(RoleHeld(Role.coordinator, programme_id=5)), Permission.PERSON_READ, thing(person_id=OTHER), True),
        (actor(RoleHeld(Role.technical_administrator)), Permission.AUDIT_READ, thing(), True),
        (actor(RoleHeld(Role.privacy_officer)), Permission.AUDIT_READ, thing(), True),
        (SYSTEM, Permission.MESSAGE_SEND, thing(), True),
        (COORDINATOR, Permission.MESSAGE_SEND, thing(), False),
    ],
)
def test_an_object_is_reached_or_not(who, permission, what, answer):
    assert allows(who, permission, what) is answer


@pytest.mark.parametrize(
    ("who", "permission", "answer"),
    [
        (COORDINATOR, Permission.PERSON_CREATE, True),
        (TRAINER, Permission.PERSON_CREATE, False),
        (actor(), Permission.CONSENT_CHANGE, True),
        (VISITOR, Permission.CONSENT_CHANGE, False),
        (SYSTEM, Permission.WORKER_RUN, True),
    ],
)
def test_an_act_is_possible_at_all_or_not(who, permission, answer):
    assert allows(who, permission) is answer


def test_an_actor_knows_the_own_places():
    both = actor(*TRAINER.roles, *OFFICER.roles)

    assert (both.edition_ids, both.municipality_ids) == ({10}, {20})
    assert both.has(Role.trainer)
    assert not both.has(Role.assessor)


def test_the_table_can_be_printed():
    assert roles_with(Permission.PERSON_READ)[0] == "coordinator"
    assert all(roles_with(permission) for permission in GRANTS)
