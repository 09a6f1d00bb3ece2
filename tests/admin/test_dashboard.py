"""What needs me today: each kind shows with its act, and nothing shows when nothing waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from admin.dashboard import _short_of, needs_me, way
from tests.factories.base import NOW, TODAY
from trainhub.accounts.models import RoleAssignment
from trainhub.core.access import Role
from trainhub.editions.models import EditionState, SessionState, TrainingSession
from trainhub.meetings.models import Meeting, MeetingRequest, MeetingState
from trainhub.outbox.models import Message, MessageState


@pytest.fixture
def coordinator(client: Any, make: Any, sign_in: Any) -> Any:
    person = make.person(call_name="Marieke")
    make.actor(Role.coordinator, person=person)
    sign_in(client, person)
    return person


def test_a_new_house_says_where_to_begin(client, coordinator):
    page = client.get("/admin/").text

    assert "Begin met een programma" in page
    assert "/admin/programmas/nieuw" in page


def test_nothing_waits(client, coordinator, make):
    make.programme()

    page = client.get("/admin/")

    assert page.status_code == 200
    assert "Vandaag hoeft er niets" in page.text


def test_administrator_is_not_shown_what_is_not_theirs(client, make, sign_in):
    person = make.person()
    make.actor(Role.technical_administrator, person=person)
    make.finished(make.training())
    sign_in(client, person)

    page = client.get("/admin/").text

    assert "Certificaten om over te beslissen" not in page
    assert "/admin/gezondheid/" in page.split('<div class="acts">')[1]


def test_person_who_has_shown_everything_waits_for_a_decision(client, coordinator, make):
    enrolment = make.finished(make.training(), person=make.person(call_name="Bas"))

    page = client.get("/admin/").text

    assert "Certificaten om over te beslissen" in page
    assert f"/admin/voortgang/dossier/{enrolment.public_id}" in page


def test_lesson_without_a_trainer_shows_until_somebody_teaches(client, coordinator, make):
    edition = make.training().edition
    edition.state = EditionState.running
    lesson = make.row(
        TrainingSession,
        edition_id=edition.id,
        starts_at=NOW + timedelta(days=3),
        ends_at=NOW + timedelta(days=3, hours=3),
        state=SessionState.planned,
    )
    make.session.flush()

    assert "Lessen zonder trainer" in client.get("/admin/").text
    make.row(
        RoleAssignment, person_id=make.person().id, role=Role.trainer, edition_id=edition.id, since=TODAY, until=None
    )
    assert "Lessen zonder trainer" not in client.get("/admin/").text
    assert lesson.id


def test_certificate_that_ends_within_90_days_and_mail_that_failed_show(client, coordinator, make):
    make.certificate(
        person=make.person(call_name="Riet"), starts_on=TODAY - timedelta(days=1000), ends_on=TODAY + timedelta(days=89)
    )
    make.row(Message, person_id=coordinator.id, channel="email", state=MessageState.failed)

    page = client.get("/admin/").text

    assert "Certificaten die bijna aflopen" in page
    assert "Riet" in page
    assert "1 bericht kon niet worden verstuurd" in page


def test_request_and_meeting_without_people_show(client, coordinator, make):
    make.row(MeetingRequest)
    make.row(
        Meeting,
        title="Gesprek in Hatert",
        state=MeetingState.staffing,
        starts_at=NOW + timedelta(weeks=5),
        ends_at=NOW + timedelta(weeks=5, hours=2),
    )
    make.row(
        Meeting,
        title="Nog ver weg",
        state=MeetingState.staffing,
        starts_at=NOW + timedelta(weeks=7),
        ends_at=NOW + timedelta(weeks=7, hours=2),
    )

    page = client.get("/admin/").text

    assert "Aanvragen om te beantwoorden" in page
    assert "Gesprek in Hatert" in page
    assert "Nog ver weg" not in page


@pytest.mark.parametrize("people", [1, 3])
def test_dashboard_costs_the_same_queries_for_one_person_and_for_three(
    client, coordinator, make, count_queries, people
):
    for _person in range(people):
        make.finished(make.training())
        make.certificate(person=make.person(), ends_on=TODAY + timedelta(days=30))

    with count_queries(17):
        assert client.get("/admin/").status_code == 200


def test_the_most_pressing_comes_first(app):
    with app.test_request_context("/admin/"):
        titles = [group.title for group in needs_me()]

    assert titles[0] == "Aanvragen om te beantwoorden"
    assert titles[-1] == "Post die niet aankwam"


def test_way_falls_back_to_the_list_and_to_the_desk(app):
    with app.test_request_context("/admin/"):
        assert way("nowhere.page", "outbox") == "/admin/post/"
        assert way("nowhere.page", "nowhere") == "/admin/"
        assert _short_of(0) == "iedereen is gevonden"
        assert _short_of(2) == "nog 2 mensen nodig"
