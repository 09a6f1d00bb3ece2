"""Where a role holds and who may give it."""

from __future__ import annotations

from datetime import date

import pytest

from trainhub.accounts import rules
from trainhub.core.access import SYSTEM, Actor, Role, RoleHeld
from trainhub.core.errors import RuleBroken

SINCE, UNTIL = date(2026, 1, 1), date(2026, 12, 31)
NOWHERE = {"programme_id": None, "edition_id": None, "municipality_id": None}


def holder(role, person_id=1, **where):
    return Actor(person_id, "X", frozenset({RoleHeld(role, **where)}))


@pytest.mark.parametrize(
    ("on", "holds"),
    [(date(2025, 12, 31), False), (SINCE, True), (date(2026, 6, 1), True), (UNTIL, True), (date(2027, 1, 1), False)],
)
def test_role_holds_on_its_first_and_last_day(on, holds):
    assert rules.holds_on(SINCE, UNTIL, on) is holds
    assert rules.holds_on(SINCE, None, on) is (on >= SINCE)


@pytest.mark.parametrize(
    ("role", "where", "field"),
    [
        (Role.municipality_officer, {}, "municipality_id"),
        (Role.trainer, {}, "edition_id"),
        (Role.coordinator, {"municipality_id": 1}, "municipality_id"),
        (Role.coordinator, {"edition_id": 1}, "edition_id"),
        (Role.trainer, {"edition_id": 1, "programme_id": 1}, "programme_id"),
    ],
)
def test_role_in_a_place_that_does_not_fit_is_refused(role, where, field):
    with pytest.raises(RuleBroken) as refused:
        rules.check_place(role, **{**NOWHERE, **where})
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("role", "where"),
    [
        (Role.municipality_officer, {"municipality_id": 1}),
        (Role.trainer, {"edition_id": 1}),
        (Role.assessor, {"edition_id": 1}),
        (Role.assessor, {}),
        (Role.coordinator, {"programme_id": 1}),
        (Role.privacy_officer, {}),
    ],
)
def test_role_in_its_own_place_is_accepted(role, where):
    rules.check_place(role, **{**NOWHERE, **where})


@pytest.mark.parametrize("role", [Role.coordinator, Role.technical_administrator])
def test_nobody_gives_a_role_to_themselves(role):
    with pytest.raises(RuleBroken) as refused:
        rules.check_giver(holder(role), Role.assessor, person_id=1, programme_id=None)
    assert refused.value.code == "own_role"


@pytest.mark.parametrize("role", [Role.technical_administrator, Role.privacy_officer])
def test_coordinator_does_not_give_an_office_role(role):
    with pytest.raises(RuleBroken) as refused:
        rules.check_giver(holder(Role.coordinator), role, person_id=2, programme_id=None)
    assert refused.value.code == "office_role"
    rules.check_giver(holder(Role.technical_administrator), role, person_id=2, programme_id=None)
    rules.check_giver(SYSTEM, role, person_id=2, programme_id=None)


def test_coordinator_of_one_programme_makes_coordinators_of_that_programme_only():
    limited = holder(Role.coordinator, programme_id=7)
    rules.check_giver(limited, Role.coordinator, person_id=2, programme_id=7)
    rules.check_giver(holder(Role.coordinator), Role.coordinator, person_id=2, programme_id=None)
    for programme_id in (None, 8):
        with pytest.raises(RuleBroken):
            rules.check_giver(limited, Role.coordinator, person_id=2, programme_id=programme_id)


def test_role_that_ends_before_it_begins_is_refused():
    rules.check_period(SINCE, SINCE)
    for check in (rules.check_period, rules.check_end):
        with pytest.raises(RuleBroken):
            check(SINCE, date(2025, 12, 31))
