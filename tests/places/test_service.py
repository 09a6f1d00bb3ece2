"""Verbs of places."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from trainhub.core.access import Role
from trainhub.core.audit import AuditEntry
from trainhub.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from trainhub.places import queries, service
from trainhub.places.models import Municipality


def test_load_municipalities_adds_342_rows_once_and_records_each(work, begin):
    with begin(work.actor) as first:
        assert service.load_municipalities(first) == 342
    with begin(work.actor) as second:
        assert service.load_municipalities(second) == 0

    assert work.session.scalar(select(func.count()).select_from(Municipality)) == 342
    recorded = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "municipality.loaded")
    assert work.session.scalar(recorded) == 342


def test_every_loaded_code_is_unique_and_every_point_lies_in_the_country():
    rows = queries.listed_municipalities()

    assert len({row.gm_code for row in rows}) == 342
    assert all(50.7 <= row.lat <= 53.6 and 3.3 <= row.lon <= 7.3 for row in rows)
    assert set(queries.map_paths()) == {row.gm_code for row in rows}


def test_loading_again_keeps_a_name_that_a_coordinator_changed(work):
    service.load_municipalities(work)
    municipality = queries.municipality_by_code(work.session, "GM0796")
    service.rename_municipality(work, municipality_id=municipality.id, name="Den Bosch")

    service.load_municipalities(work)

    assert municipality.name == "Den Bosch"


def test_search_by_the_former_name_finds_the_new(work, make):
    municipality = make.municipality(name="Haaren")
    make.municipality(name="Vught")
    service.rename_municipality(work, municipality_id=municipality.public_id, name="Nieuw Haaren aan Zee")
    service.rename_municipality(work, municipality_id=municipality.id, name="Oisterwijk")

    assert municipality.former_names == ["Haaren", "Nieuw Haaren aan Zee"]
    assert queries.find_municipalities(work.session, "HAAREN") == [municipality]
    assert queries.municipality_named(work.session, "haaren") == municipality
    assert queries.find_municipalities(work.session, "nergens") == []


def test_a_present_name_wins_from_a_former_one(work, make):
    make.municipality(name="Nieuw", former_names=["Bergen"])
    bergen = make.municipality(name="Bergen")
    make.municipality(name="Twee", former_names=["Dubbel"])
    make.municipality(name="Drie", former_names=["Dubbel"])

    assert queries.municipality_named(work.session, "bergen") == bergen
    assert queries.municipality_named(work.session, bergen.gm_code.lower()) == bergen
    assert queries.municipality_named(work.session, "Dubbel") is None


def test_merged_municipality_ends_and_its_successor_is_found_by_its_name(work, make):
    haaren, vught = make.municipality(name="Haaren"), make.municipality(name="Vught")

    service.merge_municipality(work, municipality_id=haaren.id, successor_id=vught.id, on=date(2021, 1, 1))

    assert (haaren.valid_until, haaren.successor_id) == (date(2021, 1, 1), vught.id)
    assert vught.former_names == ["Haaren"]
    assert haaren not in queries.municipalities(work.session)
    with pytest.raises(RuleBroken):
        service.merge_municipality(work, municipality_id=haaren.id, successor_id=vught.id, on=date(2021, 1, 1))
    with pytest.raises(RuleBroken):
        service.merge_municipality(work, municipality_id=vught.id, successor_id=vught.id, on=date(2021, 1, 1))


def test_nearest_leaves_out_the_place_itself_and_counts_kilometres(work):
    service.load_municipalities(work)
    here = queries.municipality_by_code(work.session, "GM0796")

    found = queries.nearest(work.session, here, limit=2)

    assert [(row.name, round(km, 1)) for row, km in found] == [("Vught", 5.2), ("Sint-Michielsgestel", 7.2)]


def test_neighbourhood_is_added_changed_and_listed(work, make):
    municipality = make.municipality(gm_code="GM0796")
    second = service.add_neighbourhood(work, municipality_id=municipality.id, name="Maaspoort", code="WK079607")
    first = service.add_neighbourhood(
        work, municipality_id=municipality.id, name=" De  Kruiskamp ", lat=51.69978, lon=5.26032
    )

    service.change_neighbourhood(
        work, neighbourhood_id=second.id, name="Maaspoort", code=None, lat=51.72611, lon=5.30194
    )

    assert (first.name, second.code, second.lat) == ("De Kruiskamp", None, 51.72611)
    assert queries.neighbourhoods_of(work.session, municipality.id) == [first, second]
    assert queries.neighbourhood_counts(work.session) == {municipality.id: 2}


def test_second_neighbourhood_with_the_same_name_is_refused_in_words(work, make, begin):
    neighbourhood = make.neighbourhood(name="Hatert")

    with pytest.raises(Conflict, match="already has a neighbourhood"), begin(work.actor) as other:
        service.add_neighbourhood(other, municipality_id=neighbourhood.municipality_id, name="Hatert")


def test_neighbourhood_of_an_unknown_municipality_is_not_found(work):
    with pytest.raises(NotFound):
        service.add_neighbourhood(work, municipality_id=999_999, name="Nergens")


def test_region_holds_municipalities_and_keeps_two_coordinators_apart(work, make):
    vught, boxtel = make.municipality(name="Vught"), make.municipality(name="Boxtel")
    region = service.add_region(work, name="Meierij", municipality_ids=[vught.id])
    seen = region.row_version

    service.change_region(
        work, region_id=region.id, name="Meierij", municipality_ids=[vught.id, boxtel.id], version=seen
    )

    assert {row.name for row in region.municipalities} == {"Boxtel", "Vught"}
    assert queries.regions(work.session) == [region]
    with pytest.raises(Conflict):
        service.change_region(work, region_id=region.id, name="Anders", municipality_ids=[], version=seen)


def test_places_are_changed_by_coordinators_only(work, make):
    neighbourhood = make.neighbourhood()
    work.actor = make.actor(Role.municipality_officer, municipality=neighbourhood.municipality)

    for act in (
        lambda: service.load_municipalities(work),
        lambda: service.rename_municipality(work, municipality_id=neighbourhood.municipality_id, name="X"),
        lambda: service.add_neighbourhood(work, municipality_id=neighbourhood.municipality_id, name="X"),
        lambda: service.change_neighbourhood(work, neighbourhood_id=neighbourhood.id, name="X"),
        lambda: service.add_region(work, name="X"),
    ):
        with pytest.raises(NotAllowed):
            act()
