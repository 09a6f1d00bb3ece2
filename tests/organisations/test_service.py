"""Organisations and the names they had."""

from __future__ import annotations

import pytest

from trainhub.core.access import Role
from trainhub.core.errors import Conflict, NotAllowed, RuleBroken
from trainhub.organisations import queries, rules, service
from trainhub.organisations.models import OrganisationKind

OWNER, PARTNER = OrganisationKind.owner, OrganisationKind.partner


def test_search_by_the_former_name_finds_the_new(work, make):
    mind = service.add_organisation(work, kind=OWNER, name="Samen Sterk zonder Stigma")
    make.organisation(name="ZonMw", kind=OrganisationKind.funder)

    service.change_organisation(work, organisation_id=mind.id, kind=OWNER, name="MIND", former_names=[])

    assert mind.former_names == ["Samen Sterk zonder Stigma"]
    assert queries.find(work.session, "samen sterk") == [mind]
    assert queries.find(work.session, kind=OWNER) == [mind]
    assert [row.name for row in queries.find(work.session)] == ["MIND", "ZonMw"]


def test_former_names_stand_there_once_and_never_hold_the_present_name():
    assert rules.former_names_after([" A ", "A", "", "B"], None, "B") == ["A"]
    assert rules.former_names_after(["A"], "C", "C") == ["A"]


def test_department_needs_its_municipality(work, make):
    municipality = make.municipality()
    with pytest.raises(RuleBroken) as refused:
        service.add_organisation(work, kind=OrganisationKind.municipality, name="Gemeente X")
    assert refused.value.field == "municipality_id"

    row = service.add_organisation(
        work, kind=OrganisationKind.municipality, name="Gemeente X", municipality_id=municipality.public_id
    )
    service.change_organisation(
        work,
        organisation_id=row.id,
        kind=OrganisationKind.municipality,
        name="Gemeente Y",
        municipality_id=municipality.id,
    )
    assert (row.municipality_id, row.former_names) == (municipality.id, ["Gemeente X"])


@pytest.mark.parametrize(("name", "code"), [(" ", "name_missing"), ("x" * 161, "name_long")])
def test_name_that_is_empty_or_endless_is_refused(work, name, code):
    with pytest.raises(RuleBroken) as refused:
        service.add_organisation(work, kind=PARTNER, name=name)
    assert refused.value.code == code


def test_second_coordinator_sees_that_the_first_changed_it(work, make):
    row = make.organisation()
    seen = row.row_version
    service.change_organisation(work, organisation_id=row.id, kind=PARTNER, name="Eerste", version=seen)

    with pytest.raises(Conflict):
        service.change_organisation(work, organisation_id=row.id, kind=PARTNER, name="Tweede", version=seen)


def test_same_name_twice_is_refused_in_words(work, make, begin):
    make.organisation(name="Dubbel")

    with pytest.raises(Conflict, match="already an organisation"), begin(work.actor) as other:
        service.add_organisation(other, kind=PARTNER, name="Dubbel")


def test_organisations_are_changed_by_coordinators_only(work, make):
    work.actor = make.actor(Role.technical_administrator)

    with pytest.raises(NotAllowed):
        service.add_organisation(work, kind=PARTNER, name="X")
