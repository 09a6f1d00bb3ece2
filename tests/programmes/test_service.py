"""A programme with its partners, targets and deliverables."""

from __future__ import annotations

from datetime import date

import pytest

from trainhub.core.access import Role
from trainhub.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from trainhub.organisations.models import OrganisationKind
from trainhub.programmes import queries, rules, service
from trainhub.programmes.models import Audience, PartnerRole

YEAR = {"starts_on": date(2021, 5, 1), "ends_on": date(2022, 2, 28)}


def created(work, **given):
    return service.create_programme(
        work, **{"slug": "zachte-landing", "name": "Zachte landing in de wijk", **YEAR, **given}
    )


def test_a_programme_has_a_runtime_a_region_and_an_earlier_one(work, make):
    earlier, region = make.programme(), make.region()

    programme = created(work, region_id=region.id, derived_from_id=earlier.id, aim=" Meer buren ")

    assert (programme.region, programme.derived_from, programme.aim) == (region, earlier, "Meer buren")


def test_an_end_before_the_start_is_refused(work):
    with pytest.raises(RuleBroken) as refused:
        created(work, starts_on=date(2022, 3, 1))

    assert (refused.value.code, refused.value.field) == ("end_before_start", "ends_on")


@pytest.mark.parametrize("slug", ["", "Zachte", "zachte landing", "-zacht", "zacht--landing"])
def test_a_short_name_fits_an_address(work, slug):
    with pytest.raises(RuleBroken) as refused:
        created(work, slug=slug)

    assert refused.value.field == "slug"


def test_a_name_is_needed(work):
    with pytest.raises(RuleBroken):
        created(work, name=" ")


def test_a_programme_is_changed_by_one_coordinator_at_a_time(work, make):
    programme = make.programme()
    service.change_programme(work, programme_id=programme.id, name="Eerst", version=1, **YEAR)

    with pytest.raises(Conflict):
        service.change_programme(work, programme_id=programme.id, name="Later", version=1, **YEAR)
    with pytest.raises(RuleBroken):
        service.change_programme(work, programme_id=programme.id, name="Zelf", derived_from_id=programme.id, **YEAR)

    assert (programme.name, programme.ends_on) == ("Eerst", YEAR["ends_on"])


def test_partners_have_a_role_and_a_period(work, make):
    programme, organisation = make.programme(), make.organisation(kind=OrganisationKind.funder)
    partner = service.add_partner(
        work,
        programme_id=programme.id,
        organisation_id=organisation.id,
        role=PartnerRole.funder,
        since=date(2021, 5, 1),
    )

    service.end_partner(work, partner_id=partner.id, until=date(2022, 2, 28))
    with pytest.raises(RuleBroken):
        service.end_partner(work, partner_id=partner.id, until=date(2021, 4, 30))

    assert (partner.role, partner.until) == (PartnerRole.funder, date(2022, 2, 28))


def test_a_partner_stands_in_the_list_once_per_role(begin, make, session):
    programme, organisation = make.programme(), make.organisation()
    make.partner(programme=programme, organisation=organisation)
    coordinator = make.actor(Role.coordinator)

    with pytest.raises(Conflict) as refused, begin(coordinator) as work:
        service.add_partner(work, programme_id=programme.id, organisation_id=organisation.id, role=PartnerRole.partner)

    assert str(refused.value.message) == "This partner is already in the list."


def test_a_target_is_set_changed_and_taken_away(work, make):
    programme, place = make.programme(), make.neighbourhood()

    def planned():
        work.session.flush()
        return queries.target_matrix(work.session, programme.id).planned

    cell = {"programme_id": programme.id, "neighbourhood_id": place.id, "audience": Audience.residents}
    service.set_target(work, planned=2, **cell)
    assert planned() == 2
    service.set_target(work, planned=3, **cell)
    service.set_target(work, planned=3, **cell)
    assert planned() == 3
    assert service.set_target(work, planned=0, **cell) is None
    assert planned() == 0
    assert [record.facts["planned"] for record in work.records] == [[0, 2], [2, 3], [3, 0]]


@pytest.mark.parametrize("planned", [-1, 100])
def test_a_target_stays_within_reason(planned):
    with pytest.raises(RuleBroken):
        rules.is_a_target(planned)


def test_the_matrix_of_the_programme_is_neighbourhoods_by_audiences_with_what_was_held_beside(read, make):
    programme = make.programme()
    towns = [make.municipality(name=name) for name in ("Nijmegen", "Arnhem", "Houten", "Hoorn")]
    for town in towns:
        for _ in range(2):
            place = make.neighbourhood(municipality=town)
            for audience in Audience:
                make.target(programme=programme, neighbourhood=place, audience=audience)
    make.target(neighbourhood=place, audience=Audience.residents)

    matrix = queries.target_matrix(read, programme.id)
    with_held = matrix.with_held({(place.id, "residents"): 2})

    assert len([cell for row in matrix.rows for cell in row.cells]) == 24
    assert [row.municipality for row in matrix.rows[::2]] == ["Arnhem", "Hoorn", "Houten", "Nijmegen"]
    assert (with_held.planned, with_held.held) == (24, 2)
    assert [cell.audience for cell in matrix.rows[0].cells] == list(Audience)


def test_a_deliverable_is_promised_and_handed_over(work, make):
    programme = make.programme()
    deliverable = service.add_deliverable(work, programme_id=programme.id, title="Draaiboek", due_on=date(2026, 12, 1))

    service.finish_deliverable(work, deliverable_id=deliverable.id)

    assert (deliverable.title, deliverable.done_on) == ("Draaiboek", work.today)


def test_search_by_the_former_name_of_a_partner_finds_the_new(read, make):
    programme, other = make.programme(name="Welkome Wijk"), make.programme(name="Anders")
    mind = make.organisation(name="MIND", former_names=["Samen Sterk zonder Stigma"])
    make.partner(programme=programme, organisation=mind)

    def found(words):
        return [row.name for row in queries.programme_list(read, words)]

    assert found("samen sterk") == ["Welkome Wijk"]
    assert found(" mind ") == ["Welkome Wijk"]
    assert found("anders") == [other.name]
    assert found("nergens") == []
    assert sorted(found("")) == ["Anders", "Welkome Wijk"]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_page_cost_the_same(read, make, count_queries, rows):
    programme = make.programme(region=make.region(municipalities=[make.municipality()]))
    for _ in range(rows):
        make.partner(programme=programme)
        make.target(programme=programme)
        make.programme()

    with count_queries(1):
        assert len(queries.programme_list(read)) >= rows
    with count_queries(4):
        page = queries.programme_page(read, programme.public_id)
        assert len([partner.organisation.name for partner in page.partners]) == rows
        assert page.region.municipalities
        assert page.deliverables == []
    with count_queries(1):
        assert len(queries.target_matrix(read, programme.id).rows) == rows


def test_an_unknown_programme_is_not_found(read, make):
    with pytest.raises(NotFound):
        queries.programme_page(read, make.person().public_id)


def test_only_a_coordinator_changes_programmes(work, make):
    programme = make.programme()
    work.actor = make.actor(Role.trainer, edition=make.edition())

    with pytest.raises(NotAllowed):
        service.add_deliverable(work, programme_id=programme.id, title="Draaiboek")


def test_places_to_choose_are_those_of_the_region_or_all_without_one(read, make):
    inside, outside = make.neighbourhood(), make.neighbourhood()
    with_region = make.programme(region=make.region(municipalities=[inside.municipality]))

    assert [one.id for one in queries.places_to_choose(read, with_region)] == [inside.id]
    assert {one.id for one in queries.places_to_choose(read, make.programme())} == {inside.id, outside.id}
