"""The desk's screens of editions: every act from the page, told beforehand, and nothing of another programme."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.factories.base import NOW, TODAY
from trainhub.accounts.models import RoleAssignment
from trainhub.core.access import Role
from trainhub.core.clock import local
from trainhub.editions.models import Edition, EditionState, Enrolment, EnrolmentState, SessionState, TrainingSession
from trainhub.outbox.models import Message

S = EnrolmentState


@pytest.fixture
def desk(make, client, sign_in):
    """A coordinator at the desk."""
    coordinator = make.person()
    make.actor(Role.coordinator, person=coordinator)
    sign_in(client, coordinator)
    return client


def page_of(edition):
    return f"/admin/edities/{edition.public_id}/"


def fresh(make, row):
    make.session.expire_all()
    make.session.refresh(row)
    return row


def test_the_list_shows_what_still_goes_on_and_all_when_asked(make, desk):
    make.edition(title="Loopt nog")
    make.edition(title="Voorbij", state=EditionState.archived)

    going, everything = desk.get("/admin/edities/").text, desk.get("/admin/edities/?toon=alles").text

    assert ("Loopt nog" in going, "Voorbij" in going) == (True, False)
    assert "Voorbij" in everything


def test_an_empty_list_tells_the_first_step(desk):
    assert 'class="empty"' in desk.get("/admin/edities/").text


def test_an_edition_is_made_and_its_page_opens(make, desk):
    version = make.course_version()
    sent = {"course_version_id": str(version.public_id), "code": "WW-9", "title": "Nieuw", "capacity": "10"}

    answer = desk.post("/admin/edities/nieuw", data=sent)

    edition = make.session.scalar(select(Edition).where(Edition.code == "WW-9"))
    assert answer.location.endswith(page_of(edition))
    assert desk.get(page_of(edition)).status_code == 200


def test_what_was_typed_stays_when_it_does_not_fit(make, desk):
    version = make.course_version()
    sent = {"course_version_id": str(version.public_id), "code": "WW-9", "title": "Nieuw", "capacity": "10"}

    page = desk.post("/admin/edities/nieuw", data={**sent, "enrol_from": "2026-12-01", "enrol_until": "2026-11-01"})

    assert page.status_code == 422
    assert 'value="WW-9"' in page.text
    assert 'id="enrol_until-error"' in page.text


def test_two_coordinators_on_one_edition_the_second_sees_what_the_first_changed(make, desk):
    edition = make.edition(title="Oud")
    sent = {"title": "Mijn titel", "capacity": "12", "version": "1"}
    desk.post(page_of(edition) + "wijzigen", data={**sent, "title": "Hun titel"})

    page = desk.post(page_of(edition) + "wijzigen", data=sent)

    assert page.status_code == 422
    assert "Hun titel" in page.text
    assert "Mijn titel" in page.text
    assert fresh(make, edition).title == "Hun titel"


def test_the_change_form_begins_with_what_is_saved(make, desk):
    municipality = make.municipality(name="Houten")
    edition = make.edition(municipality=municipality)

    page = desk.get(page_of(edition) + "wijzigen").text

    assert f'selected value="{municipality.public_id}"' in page


def test_an_edition_is_opened_started_completed_and_archived(make, desk):
    edition = make.edition(state=EditionState.draft)
    desk.post(page_of(edition) + "openen")
    stays, stops = (make.enrolment(edition, state=S.confirmed) for _ in range(2))

    assert "Doorgaan" not in desk.get(page_of(edition) + "starten").text
    desk.post(page_of(edition) + "starten")
    assert fresh(make, stays).state == S.active
    assert stays.person.call_name in desk.get(page_of(edition) + "afronden").text
    desk.post(page_of(edition) + "afronden", data={"completed": [str(stays.id), "x"]})
    desk.post(page_of(edition) + "archiveren")

    assert fresh(make, edition).state == EditionState.archived
    assert (fresh(make, stays).state, fresh(make, stops).state) == (S.completed, S.not_completed)


def test_an_act_that_is_refused_says_why(make, desk):
    edition = make.edition(state=EditionState.completed)

    page = desk.post(page_of(edition) + "openen", follow_redirects=True)

    assert 'class="notice tone-stop"' in page.text
    assert fresh(make, edition).state == EditionState.completed


def test_cancelling_shows_to_whom_and_needs_a_reason(make, desk):
    edition = make.edition()
    enrolment = make.enrolment(edition)
    lesson = make.training_session(edition)

    assert enrolment.person.call_name in desk.get(page_of(edition) + "annuleren").text
    assert desk.post(page_of(edition) + "annuleren", data={"reason": ""}).status_code == 422
    assert fresh(make, edition).state == EditionState.running
    desk.post(page_of(edition) + "annuleren", data={"reason": "Ziek"})

    assert fresh(make, edition).state == EditionState.cancelled
    assert fresh(make, lesson).state == SessionState.cancelled
    assert make.session.scalar(select(func.count()).select_from(Message)) == 1
    assert "Ziek" in desk.get(page_of(edition)).text


def test_a_lesson_is_planned_in_dutch_time_and_the_next_begins_a_week_later(make, desk):
    edition = make.edition()
    module = edition.course_version.modules[0]
    sent = {
        "module_id": str(module.id),
        "day": "2026-12-01",
        "starts_at": "13:30",
        "ends_at": "16:30",
        "place": "De Brug",
    }

    desk.post(page_of(edition) + "les", data=sent)

    lesson = make.session.scalar(select(TrainingSession))
    assert lesson.starts_at == local(2026, 12, 1, 13, 30)
    page = desk.get(page_of(edition) + "les").text
    assert 'value="2026-12-08"' in page
    assert 'value="13:30"' in page
    assert f'selected value="{edition.course_version.modules[1].id}"' in page


@pytest.mark.parametrize(
    ("wrong", "field"), [({"ends_at": "12:00"}, "ends_at"), ({"day": "2027-03-28", "starts_at": "02:30"}, "starts_at")]
)
def test_times_that_do_not_fit_stand_beside_their_field(make, desk, wrong, field):
    edition = make.edition()
    sent = {"module_id": str(edition.course_version.modules[0].id), "day": "2026-12-01", "starts_at": "13:30"}

    page = desk.post(page_of(edition) + "les", data={**sent, "ends_at": "16:30", **wrong})

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text


def test_a_lesson_moves_and_everybody_hears_it(make, desk):
    edition = make.edition()
    make.enrolment(edition)
    lesson = make.training_session(edition)
    address = f"/admin/edities/les/{lesson.public_id}/verplaatsen"
    sent = {"day": "2026-12-02", "starts_at": "09:00", "ends_at": "12:00", "place": "Het Huis", "version": "1"}

    assert 'value="13:30"' in desk.get(address).text
    desk.post(address, data=sent)

    assert fresh(make, lesson).starts_at == local(2026, 12, 2, 9)
    assert make.session.scalars(select(Message.letter)).all() == ["session_moved"]
    assert desk.post(address, data=sent).status_code == 422


def test_a_lesson_is_cancelled_after_a_look(make, desk):
    edition = make.edition()
    enrolment = make.enrolment(edition)
    lesson = make.training_session(edition)
    address = f"/admin/edities/les/{lesson.public_id}/annuleren"

    assert enrolment.person.call_name in desk.get(address).text
    desk.post(address)

    assert fresh(make, lesson).state == SessionState.cancelled


def test_somebody_is_found_and_added(make, desk):
    edition = make.edition(state=EditionState.open)
    inside, person = make.person(call_name="Sam Binnen"), make.person(call_name="Sam Buiten")
    make.enrolment(edition, person=inside)

    page = desk.get(page_of(edition) + "deelnemer?q=sam").text
    assert ("Sam Buiten" in page, "Sam Binnen" in page) == (True, False)
    assert 'class="empty"' in desk.get(page_of(edition) + "deelnemer?q=niemand").text
    desk.post(page_of(edition) + "deelnemer", data={"person_id": str(person.id)})

    added = make.session.scalar(select(Enrolment).where(Enrolment.person_id == person.id))
    assert added.state == S.confirmed
    assert desk.post(page_of(edition) + "deelnemer", data={"person_id": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        (S.applied, "plaatsen", S.confirmed),
        (S.waitlisted, "bevestigen", S.confirmed),
        (S.waitlisted, "aanbieden", S.offered),
        (S.confirmed, "pauze", S.paused),
        (S.paused, "hervatten", S.active),
        (S.confirmed, "stoppen", S.withdrawn),
        (S.offered, "stoppen", S.declined),
        (S.applied, "afwijzen", S.rejected),
        (S.confirmed, "doorschuiven", S.deferred),
    ],
)
def test_every_step_of_somebody_is_one_press_and_an_end_is_confirmed_first(make, desk, before, step, after):
    enrolment = make.enrolment(make.edition(state=EditionState.open), state=before)
    address = f"/admin/edities/deelname/{enrolment.public_id}/{step}"

    looked = desk.get(address)
    assert fresh(make, enrolment).state == before
    assert looked.status_code == (200 if step in {"stoppen", "afwijzen", "doorschuiven"} else 302)
    desk.post(address)

    assert fresh(make, enrolment).state == after


def test_the_waiting_list_stands_in_its_order(make, desk):
    edition = make.edition(state=EditionState.open, capacity=1)
    for name, days in (("Later", 1), ("Eerder", 5)):
        person = make.person(call_name=name)
        make.enrolment(edition, person=person, state=S.waitlisted, queued_at=NOW - timedelta(days=days))

    page = desk.get(page_of(edition)).text

    assert page.index("Eerder") < page.index("Later")


def test_a_trainer_comes_and_goes(make, desk):
    edition, person = make.edition(), make.person(call_name="Tom")
    address = page_of(edition) + "begeleiding/trainer"

    assert "Tom" in desk.get(address + "?q=tom").text
    desk.post(address, data={"person_id": str(person.id)})
    role = make.session.scalar(select(RoleAssignment).where(RoleAssignment.person_id == person.id))
    assert (role.role, role.edition_id, role.since) == (Role.trainer, edition.id, TODAY)
    desk.post(f"/admin/edities/begeleiding/{role.public_id}/einde")

    assert fresh(make, role).until == TODAY
    assert desk.get(page_of(edition) + "begeleiding/beoordelaar").status_code == 200
    assert desk.get(page_of(edition) + "begeleiding/directeur").status_code == 404


def test_half_days_that_do_not_add_up_are_a_warning(make, desk):
    edition = make.edition()
    make.training_session(edition)

    assert "M2" in desk.get(page_of(edition)).text.split("notice tone-wait")[1].split("</div>")[0]


def test_an_edition_of_another_programme_does_not_exist(make, client, sign_in):
    coordinator = make.person()
    make.actor(Role.coordinator, person=coordinator, programme=make.programme())
    sign_in(client, coordinator)
    edition = make.edition()
    enrolment, lesson = make.enrolment(edition), make.training_session(edition)

    for address in (
        page_of(edition),
        page_of(edition) + "wijzigen",
        page_of(edition) + "annuleren",
        f"/admin/edities/deelname/{enrolment.public_id}/stoppen",
        f"/admin/edities/les/{lesson.public_id}/verplaatsen",
    ):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code in {404, 405}
    unknown = edition.public_id.__class__(int=1)
    for address in ("deelname/{}/stoppen", "les/{}/annuleren", "begeleiding/{}/einde"):
        assert client.post("/admin/edities/" + address.format(unknown)).status_code == 404


def test_a_trainer_has_no_desk(make, client, sign_in):
    trainer = make.person()
    edition = make.edition()
    make.actor(Role.trainer, person=trainer, edition=edition)
    sign_in(client, trainer)

    assert client.get("/admin/edities/").status_code == 403
    assert client.post(page_of(edition) + "starten").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_page_cost_the_same(make, desk, count_queries, rows):
    edition = make.edition()
    make.actor(Role.trainer, edition=edition)
    for place in range(rows):
        make.enrolment(edition)
        make.training_session(edition, starts_at=NOW + timedelta(days=place))

    with count_queries(4):
        assert desk.get("/admin/edities/").status_code == 200
    with count_queries(9):
        assert desk.get(page_of(edition)).status_code == 200
    with count_queries(10):
        assert desk.get(page_of(edition) + "afronden").status_code == 200
