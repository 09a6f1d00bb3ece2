"""The desk's screens of programmes: promised beside held, and the partners under every name."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.factories.base import NOW
from trainhub.core.access import Role
from trainhub.meetings.models import Meeting, MeetingState
from trainhub.programmes.models import Audience, Deliverable, Programme, ProgrammePartner, Target


@pytest.fixture
def desk(make, client, sign_in):
    """A coordinator at the desk."""
    coordinator = make.person()
    make.actor(Role.coordinator, person=coordinator)
    sign_in(client, coordinator)
    return client


SENT = {"slug": "zachte-landing", "name": "Zachte landing", "starts_on": "2021-05-01", "ends_on": "2022-02-28"}


def page_of(programme):
    return f"/admin/programmas/{programme.public_id}/"


def test_a_programme_is_made_with_its_region_and_the_one_it_continues(make, desk):
    assert 'class="empty"' in desk.get("/admin/programmas/").text
    earlier, region = make.programme(name="Welkome Wijk"), make.region(name="Meierij")

    desk.post(
        "/admin/programmas/nieuw",
        data={**SENT, "region_key": str(region.public_id), "earlier_key": str(earlier.public_id), "aim": "Meer buren"},
    )

    programme = make.session.scalar(select(Programme).where(Programme.slug == "zachte-landing"))
    page = desk.get(page_of(programme)).text
    assert all(words in page for words in ("Zachte landing", "Meierij", "Welkome Wijk", "Meer buren"))


def test_an_end_before_the_start_stands_beside_its_field(desk):
    page = desk.post("/admin/programmas/nieuw", data={**SENT, "ends_on": "2021-04-30"})

    assert page.status_code == 422
    assert 'id="ends_on-error"' in page.text
    assert 'value="zachte-landing"' in page.text


def test_search_by_a_former_name_finds_the_programme(make, desk):
    partner = make.partner(
        programme=make.programme(name="Welkome Wijk"),
        organisation=make.organisation(name="MIND", former_names=["Samen Sterk zonder Stigma"]),
    )

    assert "Welkome Wijk" in desk.get("/admin/programmas/?q=samen+sterk").text
    assert 'class="empty"' in desk.get("/admin/programmas/?q=nergens").text
    assert "Samen Sterk zonder Stigma" in desk.get(page_of(partner.programme)).text


def test_the_page_shows_held_beside_planned_and_says_when_there_is_no_result_yet(make, desk):
    programme, place = make.programme(), make.neighbourhood()
    make.target(programme=programme, neighbourhood=place, audience=Audience.residents, planned=2)

    assert "Nog geen resultaten" in desk.get(page_of(programme)).text
    meeting = {"programme_id": programme.id, "neighbourhood_id": place.id, "municipality_id": place.municipality_id}
    for state in (MeetingState.held, MeetingState.confirmed, MeetingState.cancelled):
        make.row(Meeting, audience=Audience.residents, state=state, starts_at=NOW, **meeting)

    page = desk.get(page_of(programme)).text
    assert "Nog geen resultaten" not in page
    assert "1 van 2" in page


def test_a_programme_changes_for_one_coordinator_at_a_time(make, desk):
    programme = make.programme(name="Oud", region=make.region())
    sent = {"name": "Nieuw", "starts_on": "2026-01-01", "ends_on": "2027-12-31", "version": "1"}

    assert f'selected value="{programme.region.public_id}"' in desk.get(page_of(programme) + "wijzigen").text
    desk.post(page_of(programme) + "wijzigen", data=sent)
    page = desk.post(page_of(programme) + "wijzigen", data={**sent, "name": "Anders"})

    assert page.status_code == 422
    assert "Nieuw" in page.text
    assert "Anders" in page.text
    make.session.refresh(programme)
    assert programme.name == "Nieuw"


def test_a_partner_is_added_once_and_gets_an_end(make, desk):
    programme, organisation = make.programme(), make.organisation()
    sent = {"organisation_key": str(organisation.public_id), "role": "funder", "since": "2026-01-01"}

    desk.post(page_of(programme) + "partner", data=sent)
    assert desk.post(page_of(programme) + "partner", data=sent).status_code == 422
    partner = make.session.scalar(select(ProgrammePartner))
    end = f"/admin/programmas/partner/{partner.public_id}/einde"
    assert organisation.name in desk.get(end).text
    assert desk.post(end, data={"until": "2025-01-01"}).status_code == 422
    desk.post(end, data={"until": "2026-12-31"})

    make.session.refresh(partner)
    assert partner.until == date(2026, 12, 31)


def test_targets_are_set_per_neighbourhood_of_the_region(make, desk):
    inside, outside = make.neighbourhood(), make.neighbourhood()
    programme = make.programme(region=make.region(municipalities=[inside.municipality]))
    address = page_of(programme) + "doelen"

    form = desk.get(address).text
    assert (inside.name in form, outside.name in form) == (True, False)
    desk.post(
        address, data={"neighbourhood_key": str(inside.id), "residents": "2", "professionals": "1", "volunteers": "0"}
    )

    planned = make.session.execute(select(Target.audience, Target.planned).order_by(Target.id)).all()
    assert planned == [(Audience.residents, 2), (Audience.professionals, 1)]
    again = desk.get(f"{address}?wijk={inside.id}").text
    assert 'name="residents" required type="number" value="2"' in again
    assert desk.get(f"{address}?wijk=onzin").status_code == 200


def test_something_to_hand_over_is_promised_and_handed_over(make, desk):
    programme = make.programme()

    desk.post(page_of(programme) + "op-te-leveren", data={"title": "Draaiboek", "due_on": "2026-01-01"})
    deliverable = make.session.scalar(select(Deliverable))
    assert "Draaiboek" in desk.get(page_of(programme)).text
    desk.post(f"{page_of(programme)}op-te-leveren/{deliverable.public_id}/klaar")

    make.session.refresh(deliverable)
    assert deliverable.done_on is not None
    assert desk.get(page_of(programme) + "op-te-leveren").status_code == 200


def test_another_programme_does_not_exist_for_who_coordinates_one(make, client, sign_in):
    coordinator = make.person()
    make.actor(Role.coordinator, person=coordinator, programme=make.programme())
    sign_in(client, coordinator)
    partner = make.partner()

    assert client.get(page_of(partner.programme)).status_code == 404
    assert client.get(page_of(partner.programme) + "doelen").status_code == 404
    assert client.get(f"/admin/programmas/partner/{partner.public_id}/einde").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_page_cost_the_same(make, desk, count_queries, rows):
    programme = make.programme()
    for _ in range(rows):
        make.target(programme=programme)
        make.partner(programme=programme)

    with count_queries(4):
        assert desk.get("/admin/programmas/").status_code == 200
    with count_queries(8):
        assert desk.get(page_of(programme)).status_code == 200
