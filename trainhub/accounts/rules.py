"""Decisions about roles: where a role holds, who may give it, on which days it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.core.access import Role
from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import _

if TYPE_CHECKING:
    from datetime import date

    from trainhub.core.access import Actor

OFFICE_ROLES = frozenset({Role.technical_administrator, Role.privacy_officer})


def holds_on(since: date, until: date | None, on: date) -> bool:
    """Whether a role holds on a day: the first and the last day included."""
    return since <= on and (until is None or on <= until)


def check_period(since: date, until: date | None) -> None:
    """Refuse a role that ends before it begins."""
    if until is not None and until < since:
        raise RuleBroken(_("The last day comes before the first day."), code="period", field="until")


def check_place(role: Role, *, programme_id: int | None, edition_id: int | None, municipality_id: int | None) -> None:
    """Refuse an officer without a municipality, a trainer without an edition, and a role with a place it cannot have."""
    if role == Role.municipality_officer and municipality_id is None:
        raise RuleBroken(
            _("Choose the municipality this person works for."), code="municipality", field="municipality_id"
        )
    if role == Role.trainer and edition_id is None:
        raise RuleBroken(_("Choose the edition this person teaches."), code="edition", field="edition_id")
    if municipality_id is not None and role != Role.municipality_officer:
        raise RuleBroken(_("Only an officer belongs to a municipality."), code="municipality", field="municipality_id")
    if edition_id is not None and role not in {Role.trainer, Role.assessor}:
        raise RuleBroken(_("Only trainers and assessors belong to an edition."), code="edition", field="edition_id")
    if programme_id is not None and role != Role.coordinator:
        raise RuleBroken(_("Only coordinators belong to a programme."), code="programme", field="programme_id")


def check_giver(actor: Actor, role: Role, *, person_id: int, programme_id: int | None) -> None:
    """Refuse to give a role to oneself, an office role by a coordinator, and more than the giver has.

    A coordinator of one programme makes coordinators of that programme only.
    """
    if actor.kind == "system":
        return
    if actor.person_id == person_id:
        raise RuleBroken(_("Nobody gives a role to themselves. Ask a colleague."), code="own_role", field="role")
    check_office(actor, role)
    if actor.has(Role.technical_administrator):
        return
    mine = {held.programme_id for held in actor.roles if held.role == Role.coordinator}
    if role == Role.coordinator and None not in mine and programme_id not in mine:
        raise RuleBroken(
            _("You can make coordinators of your own programme only."), code="other_programme", field="programme_id"
        )


def check_office(actor: Actor, role: Role) -> None:
    """Refuse to let anybody but a technical administrator give or end an office role."""
    if role in OFFICE_ROLES and actor.kind != "system" and not actor.has(Role.technical_administrator):
        raise RuleBroken(_("Only a technical administrator gives or ends this role."), code="office_role", field="role")


def check_end(since: date, until: date) -> None:
    """Refuse to end a role before its first day."""
    if until < since:
        raise RuleBroken(_("The last day comes before the first day."), code="period", field="until")
