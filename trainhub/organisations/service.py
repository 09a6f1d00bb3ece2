"""Verbs of organisations: add one, and change it without losing the names it had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.core.access import Permission
from trainhub.organisations import rules
from trainhub.organisations.models import Organisation, OrganisationKind
from trainhub.places.models import Municipality

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainhub.core.work import Key, Work


def add_organisation(
    work: Work,
    *,
    kind: OrganisationKind,
    name: str,
    former_names: Iterable[str] = (),
    municipality_id: Key | None = None,
) -> Organisation:
    """Add an organisation; a municipality's department names its municipality. Raises `Conflict` for a known name."""
    work.require(Permission.ORGANISATION_CHANGE)
    municipality = None if municipality_id is None else work.get(Municipality, municipality_id)
    rules.check_municipality(kind, municipality.id if municipality else None)
    tidy = rules.tidy_name(name)
    organisation = work.add(
        Organisation(
            kind=kind,
            name=tidy,
            former_names=rules.former_names_after(former_names, None, tidy),
            municipality_id=municipality.id if municipality else None,
        )
    )
    work.record("organisation.added", organisation)
    return organisation


def change_organisation(
    work: Work,
    *,
    organisation_id: Key,
    kind: OrganisationKind,
    name: str,
    former_names: Iterable[str] = (),
    municipality_id: Key | None = None,
    version: int | None = None,
) -> Organisation:
    """Change an organisation; its old name joins the former names."""
    organisation = work.lock(Organisation, organisation_id)
    work.require(Permission.ORGANISATION_CHANGE)
    work.expect(organisation, version)
    municipality = None if municipality_id is None else work.get(Municipality, municipality_id)
    rules.check_municipality(kind, municipality.id if municipality else None)
    tidy = rules.tidy_name(name)
    organisation.former_names = rules.former_names_after(former_names, organisation.name, tidy)
    organisation.kind, organisation.name = kind, tidy
    organisation.municipality_id = municipality.id if municipality else None
    work.record("organisation.changed", organisation)
    return organisation
