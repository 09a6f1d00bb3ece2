"""The desk's screens of places and organisations."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from trainhub.core.access import Role
from trainhub.organisations.models import Organisation, OrganisationKind
from trainhub.people.models import Person
from trainhub.places.models import Municipality, Neighbourhood, Region

LISTS = ("/admin/gemeenten/", "/admin/wijken/", "/admin/regios/", "/admin/organisaties/")


@pytest.fixture
def coordinator(client, make, sign_in):
    """A coordinator, signed in."""
    person = make.session.get_one(Person, make.actor(Role.coordinator).person_id)
    sign_in(client, person)
    return person


def version_on(page):
    """The version that a form carries."""
    return re.search(r'name="version"[^>]*value="(\d+)"', page.text)[1]


@pytest.mark.parametrize("path", LISTS)
def test_lists_open_for_coordinators_and_for_nobody_else(client, make, sign_in, path):
    assert client.get(path).status_code == 302
    officer = make.actor(Role.municipality_officer, municipality=make.municipality())
    sign_in(client, make.session.get_one(Person, officer.person_id))
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("path", LISTS)
def test_list_costs_the_same_for_one_row_and_for_three(client, make, coordinator, count_queries, path, rows):
    for _ in range(rows):
        make.region(municipalities=[make.neighbourhood().municipality])
        make.organisation()

    with count_queries(8):
        assert client.get(path).status_code == 200


def test_municipality_is_renamed_and_found_by_its_former_name(client, make, coordinator, session):
    row = make.municipality(name="Haaren")
    path = f"/admin/gemeenten/edit/?id={row.id}"
    seen = version_on(client.get(path))

    client.post(path, data={"name": "Oisterwijk", "version": seen})

    session.expire_all()
    assert (row.name, row.former_names) == ("Oisterwijk", ["Haaren"])
    assert "Oisterwijk" in client.get("/admin/gemeenten/?search=haaren").text
    client.post(path, data={"name": "Anders", "version": seen})
    session.expire_all()
    assert row.name == "Oisterwijk"


def test_municipality_is_neither_made_nor_removed_here(client, make, coordinator, session):
    row = make.municipality()

    assert client.get("/admin/gemeenten/new/").status_code == 404
    assert client.post("/admin/gemeenten/delete/", data={"id": row.id}).status_code == 404
    assert session.get(Municipality, row.id)


def test_neighbourhood_is_added_and_changed_with_its_refusals_in_words(client, make, coordinator, session):
    place = make.municipality(gm_code="GM0796")
    data = {"municipality_id": str(place.id), "name": "De Kruiskamp", "code": "WK086501", "lat": "51.7", "lon": "5.26"}
    wrong = client.post("/admin/wijken/new/", data=data)
    assert "hoort bij een andere gemeente" in wrong.text

    client.post("/admin/wijken/new/", data={**data, "code": "WK079604"})
    row = session.scalars(select(Neighbourhood).where(Neighbourhood.name == "De Kruiskamp")).one()
    assert (row.municipality_id, row.code, row.lat) == (place.id, "WK079604", 51.7)

    path = f"/admin/wijken/edit/?id={row.id}"
    emptied = {"code": "", "lat": "", "lon": ""}
    client.post(path, data={"name": "Kruiskamp", "version": version_on(client.get(path)), **emptied})
    session.expire_all()
    assert (row.name, row.code, row.lat) == ("Kruiskamp", None, None)


def test_region_holds_what_was_chosen(client, make, coordinator, session):
    vught, boxtel = make.municipality(name="Vught"), make.municipality(name="Boxtel")
    client.post("/admin/regios/new/", data={"name": "Meierij", "municipality_ids": [str(vught.id)]})
    region = session.scalars(select(Region)).one()
    path = f"/admin/regios/edit/?id={region.id}"
    page = client.get(path)
    assert re.search(rf'<option selected value="{vught.id}">', page.text)

    data = {"name": "Meierij", "municipality_ids": [str(vught.id), str(boxtel.id)], "version": version_on(page)}
    client.post(path, data=data)

    session.expire_all()
    assert [row.name for row in region.municipalities] == ["Boxtel", "Vught"]


def test_organisation_keeps_its_former_names(client, coordinator, session):
    data = {"kind": "owner", "name": "Samen Sterk zonder Stigma", "former_names": "", "municipality_id": ""}
    client.post("/admin/organisaties/new/", data=data)
    row = session.scalars(select(Organisation)).one()
    path = f"/admin/organisaties/edit/?id={row.id}"

    client.post(path, data={**data, "name": "MIND", "former_names": "Oud", "version": version_on(client.get(path))})

    session.expire_all()
    assert (row.name, row.former_names, row.kind) == (
        "MIND",
        ["Oud", "Samen Sterk zonder Stigma"],
        OrganisationKind.owner,
    )
    assert "MIND" in client.get("/admin/organisaties/?search=samen").text
    assert "Samen Sterk zonder Stigma" in client.get(path).text


def test_department_without_municipality_is_refused_beside_its_field(client, coordinator):
    data = {"kind": "municipality", "name": "Gemeente X", "former_names": "", "municipality_id": ""}

    page = client.post("/admin/organisaties/new/", data=data)

    assert 'id="municipality_id-error"' in page.text
