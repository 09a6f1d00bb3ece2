"""Verbs of programmes: who promised what, where and with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from trainhub.core.access import Permission
from trainhub.organisations.models import Organisation
from trainhub.places.models import Neighbourhood, Region
from trainhub.programmes import rules
from trainhub.programmes.models import Audience, Deliverable, PartnerRole, Programme, ProgrammePartner, Target

if TYPE_CHECKING:
    from datetime import date

    from trainhub.core.work import Key, Work


def create_programme(
    work: Work,
    *,
    slug: str,
    name: str,
    starts_on: date,
    ends_on: date,
    background: str = "",
    aim: str = "",
    region_id: Key | None = None,
    derived_from_id: Key | None = None,
) -> Programme:
    """Start a programme. Raises `RuleBroken` for an end before the start, an unfit short name or an empty name."""
    region = None if region_id is None else work.get(Region, region_id)
    earlier = None if derived_from_id is None else work.get(Programme, derived_from_id)
    work.require(Permission.PROGRAMME_CHANGE)
    rules.runs(starts_on, ends_on)
    programme = work.add(
        Programme(
            slug=rules.has_short_name(slug),
            name=rules.has_name(name),
            background=background.strip(),
            aim=aim.strip(),
            starts_on=starts_on,
            ends_on=ends_on,
            region_id=_id(region),
            derived_from_id=_id(earlier),
        )
    )
    work.record("programme.created", programme)
    return programme


def change_programme(
    work: Work,
    *,
    programme_id: Key,
    name: str,
    starts_on: date,
    ends_on: date,
    background: str = "",
    aim: str = "",
    region_id: Key | None = None,
    derived_from_id: Key | None = None,
    version: int | None = None,
) -> Programme:
    """Change what a programme says of itself. Raises `Conflict` when `version` is no longer the present one."""
    programme = work.get(Programme, programme_id)
    region = None if region_id is None else work.get(Region, region_id)
    earlier = None if derived_from_id is None else work.get(Programme, derived_from_id)
    work.require(Permission.PROGRAMME_CHANGE, programme)
    work.expect(programme, version)
    rules.runs(starts_on, ends_on)
    rules.is_not_derived_from_itself(programme.id, _id(earlier))
    programme.name, programme.background, programme.aim = rules.has_name(name), background.strip(), aim.strip()
    programme.starts_on, programme.ends_on = starts_on, ends_on
    programme.region_id, programme.derived_from_id = _id(region), _id(earlier)
    work.record("programme.changed", programme)
    return programme


def add_partner(
    work: Work,
    *,
    programme_id: Key,
    organisation_id: Key,
    role: PartnerRole,
    since: date | None = None,
    until: date | None = None,
) -> ProgrammePartner:
    """Add an organisation in a role for a period. Raises `Conflict` when it already has that role."""
    programme = work.get(Programme, programme_id)
    organisation = work.get(Organisation, organisation_id)
    work.require(Permission.PROGRAMME_CHANGE, programme)
    rules.runs(since, until, "until")
    partner = work.add(
        ProgrammePartner(
            programme_id=programme.id, organisation_id=organisation.id, role=PartnerRole(role), since=since, until=until
        )
    )
    work.record("programme.partner_added", programme, organisation_id=organisation.id, role=partner.role.value)
    return partner


def end_partner(work: Work, *, partner_id: Key, until: date) -> ProgrammePartner:
    """Say until when an organisation took part; it stays in the list with its period."""
    partner = work.get(ProgrammePartner, partner_id)
    work.require(Permission.PROGRAMME_CHANGE, partner.programme)
    rules.runs(partner.since, until, "until")
    partner.until = until
    work.record("programme.partner_ended", partner.programme, organisation_id=partner.organisation_id, until=until)
    return partner


def set_target(
    work: Work, *, programme_id: Key, neighbourhood_id: Key, audience: Audience, planned: int
) -> Target | None:
    """Promise `planned` meetings for an audience in a neighbourhood; 0 takes the cell out of the matrix and returns None."""
    programme = work.get(Programme, programme_id)
    neighbourhood = work.get(Neighbourhood, neighbourhood_id)
    work.require(Permission.PROGRAMME_CHANGE, programme)
    rules.is_a_target(planned)
    target = _target(work, programme.id, neighbourhood.id, Audience(audience))
    before = target.planned if target else 0
    if planned == before:
        return target
    if target is None:
        target = work.add(
            Target(
                programme_id=programme.id,
                neighbourhood_id=neighbourhood.id,
                audience=Audience(audience),
                planned=planned,
            )
        )
    elif planned:
        target.planned = planned
    else:
        work.session.delete(target)
    work.record(
        "programme.target_set",
        programme,
        neighbourhood_id=neighbourhood.id,
        audience=str(audience),
        planned=[before, planned],
    )
    return target if planned else None


def add_deliverable(work: Work, *, programme_id: Key, title: str, due_on: date | None = None) -> Deliverable:
    """Promise something to hand over."""
    programme = work.get(Programme, programme_id)
    work.require(Permission.PROGRAMME_CHANGE, programme)
    deliverable = work.add(Deliverable(programme_id=programme.id, title=rules.has_name(title, "title"), due_on=due_on))
    work.record("programme.deliverable_added", programme, deliverable_id=deliverable.id)
    return deliverable


def finish_deliverable(work: Work, *, deliverable_id: Key, done_on: date | None = None) -> Deliverable:
    """Note that a deliverable was handed over, today unless another day is given."""
    deliverable = work.get(Deliverable, deliverable_id)
    work.require(Permission.PROGRAMME_CHANGE, deliverable.programme)
    deliverable.done_on = done_on or work.today
    work.record("programme.deliverable_finished", deliverable.programme, deliverable_id=deliverable.id)
    return deliverable


def _target(work: Work, programme_id: int, neighbourhood_id: int, audience: Audience) -> Target | None:
    return work.session.scalar(
        select(Target).where(
            Target.programme_id == programme_id,
            Target.neighbourhood_id == neighbourhood_id,
            Target.audience == audience,
        )
    )


def _id(row: Region | Programme | None) -> int | None:
    return None if row is None else row.id
