"""The coordinator's screens of certification."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.base import TODAY
from trainhub.certification.kinds import DecisionKind, Standing
from trainhub.certification.models import Certificate, Decision, Scheme, SchemeVersion
from trainhub.certification.queries import standing_on
from trainhub.competence.models import AssessorMandate, SignOff
from trainhub.core.access import Role
from trainhub.courses.models import CourseState, CourseVersion, Track
from trainhub.people.models import Person


@pytest.fixture
def coordinator(make: Any, client: Any, sign_in: Any) -> Any:
    person = make.session.get(Person, make.actor(Role.coordinator).person_id)
    person.locale = "en"
    make.session.flush()
    sign_in(client, person)
    return person


@pytest.fixture
def training(make: Any) -> Any:
    return make.training()


def test_editions_lead_to_the_matrix(client: Any, coordinator: Any, training: Any) -> None:
    page = client.get("/admin/voortgang/").text

    assert f"/admin/voortgang/{training.edition.public_id}" in page


@pytest.mark.parametrize("people", [1, 30])
def test_matrix_of_thirty_people_costs_ten_queries(
    make: Any, client: Any, coordinator: Any, training: Any, count_queries: Any, people: int
) -> None:
    for _person in range(people):
        make.finished(training)

    with count_queries(10):
        answer = client.get(f"/admin/voortgang/{training.edition.public_id}")

    assert answer.status_code == 200
    assert answer.text.count("Ready for a decision") == 2 * people


def test_matrix_says_what_comes_next_in_words(make: Any, client: Any, coordinator: Any, training: Any) -> None:
    make.learner(training, person=make.person(call_name="Samira"))

    page = client.get(f"/admin/voortgang/{training.edition.public_id}").text

    for words in ("Samira", "Not started", "The trainer fills in the attendance of 2 lessons."):
        assert words in page


def test_matrix_without_people_or_requirements_says_the_first_step(make: Any, client: Any, coordinator: Any) -> None:
    empty = make.training()
    nothing_asked = make.training(asks={})
    make.learner(nothing_asked)

    assert "Nobody takes part yet" in client.get(f"/admin/voortgang/{empty.edition.public_id}").text
    assert "no requirements yet" in client.get(f"/admin/voortgang/{nothing_asked.edition.public_id}").text
    assert client.get(f"/admin/voortgang/{uuid.uuid4()}").status_code == 404


def test_file_shows_everything_about_a_candidate(make: Any, client: Any, coordinator: Any, training: Any) -> None:
    enrolment = make.finished(training)
    elsewhere = make.learner(make.training(), person=enrolment.person)
    at = training.lessons[0].starts_at
    make.sign_off(elsewhere, make.training().competences[0], voided_at=at, void_reason="Verkeerde persoon.")

    page = client.get(f"/admin/voortgang/dossier/{enrolment.public_id}").text

    for words in ("Everything was shown: you decide", "Module 1", "ED2", "Verkeerde persoon.", "Practises: observes"):
        assert words in page


def test_granting_from_the_file_ends_at_the_certificate(
    make: Any, client: Any, coordinator: Any, training: Any
) -> None:
    enrolment = make.finished(training)

    answer = client.post(f"/admin/voortgang/dossier/{enrolment.public_id}/toekennen", follow_redirects=True)

    certificate = make.session.scalar(select(Certificate))
    assert certificate.person_id == enrolment.person_id
    assert certificate.number in answer.text
    assert "See the certificate" in client.get(f"/admin/voortgang/dossier/{enrolment.public_id}").text


def test_granting_too_early_gives_every_reason_and_changes_nothing(
    make: Any, client: Any, coordinator: Any, training: Any
) -> None:
    enrolment = make.learner(training)
    make.role(coordinator, Role.trainer, edition_id=training.edition.id)

    answer = client.post(f"/admin/voortgang/dossier/{enrolment.public_id}/toekennen")

    assert answer.status_code == 422
    for reason in ("You trained this person", "0 of 2 lessons followed", "Still open: ED1, ED2"):
        assert reason in answer.text
    assert make.session.scalar(select(Decision)) is None


def test_granting_without_a_published_certificate_says_so(
    make: Any, client: Any, coordinator: Any, training: Any
) -> None:
    training.scheme_version.state = CourseState.draft
    enrolment = make.finished(training)

    answer = client.post(f"/admin/voortgang/dossier/{enrolment.public_id}/toekennen")

    assert (answer.status_code, "Publish one first" in answer.text) == (422, True)
    assert client.post(f"/admin/voortgang/dossier/{uuid.uuid4()}/toekennen").status_code == 404


def test_refusing_asks_a_reason_and_shows_it_later(make: Any, client: Any, coordinator: Any, training: Any) -> None:
    address = f"/admin/voortgang/dossier/{make.learner(training).public_id}"

    assert client.get(f"{address}/afwijzen").status_code == 200
    assert client.post(f"{address}/afwijzen", data={"reason": ""}).status_code == 422
    assert client.post(f"{address}/afwijzen", data={"reason": "Nog niet geoefend."}).location == address
    assert "Nog niet geoefend." in client.get(address).text


def test_sign_off_is_withdrawn_after_a_confirmation(make: Any, client: Any, coordinator: Any, training: Any) -> None:
    signed = make.sign_off(make.learner(training), training.competences[0])
    address = f"/admin/voortgang/aftekening/{signed.public_id}/vervallen"

    assert training.competences[0].statement in client.get(address).text
    assert client.post(address, data={"reason": "Verkeerde persoon."}).status_code == 302
    assert make.session.get(SignOff, signed.id, populate_existing=True).void_reason == "Verkeerde persoon."
    assert client.get(f"/admin/voortgang/aftekening/{uuid.uuid4()}/vervallen").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_certificates_list_costs_the_same_for_one_and_for_three(
    make: Any, client: Any, coordinator: Any, count_queries: Any, rows: int
) -> None:
    for _row in range(rows):
        make.certificate()

    with count_queries(4):
        assert client.get("/admin/certificaten/").text.count("Valid</span>") == rows


def test_certificates_are_filtered_by_standing_and_words(make: Any, client: Any, coordinator: Any) -> None:
    make.certificate(person=make.person(call_name="Yara"))
    make.certificate(person=make.person(call_name="Omar"), ends_on=TODAY - timedelta(days=1))

    assert "Omar" not in client.get("/admin/certificaten/?q=yara").text
    assert "Yara" not in client.get("/admin/certificaten/?stand=expired").text
    assert "No certificates found" in client.get("/admin/certificaten/?q=niemand&stand=onzin&page=2").text


def test_certificate_tells_its_story(make: Any, client: Any, coordinator: Any) -> None:
    certificate = make.certificate()
    make.decision(certificate, DecisionKind.suspend, TODAY, reason="Er loopt een gesprek.")

    page = client.get(f"/admin/certificaten/{certificate.public_id}").text

    for words in ("Suspended", "Er loopt een gesprek.", certificate.public_token, "Let it count again", "Granted"):
        assert words in page
    assert "opschorten" not in page


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("opschorten", None, Standing.suspended),
        ("herstellen", DecisionKind.suspend, Standing.valid),
        ("inleveren", None, Standing.surrendered),
        ("intrekken", None, Standing.revoked),
    ],
)
def test_decision_is_confirmed_first(
    make: Any, client: Any, coordinator: Any, training: Any, name: str, before: DecisionKind | None, after: Standing
) -> None:
    certificate = make.certificate(scheme_version=training.scheme_version)
    if before:
        make.decision(certificate, before, TODAY - timedelta(days=3))
    address = f"/admin/certificaten/{certificate.public_id}"

    assert certificate.number in client.get(f"{address}/{name}").text
    assert client.post(f"{address}/{name}", data={"reason": "Daarom."}).location == address
    assert standing_on(make.session, certificate.id, TODAY) == after


def test_decision_without_a_reason_or_that_does_not_fit_is_refused(make: Any, client: Any, coordinator: Any) -> None:
    address = f"/admin/certificaten/{make.certificate().public_id}"

    assert client.post(f"{address}/intrekken", data={"reason": " "}).status_code == 422
    assert "This is not possible now" in client.post(f"{address}/herstellen", data={}).text
    assert client.get(f"{address}/weggooien").status_code == 404


def test_coordinator_of_another_programme_finds_nothing(make: Any, client: Any, sign_in: Any, training: Any) -> None:
    other = make.training().version.course.programme
    sign_in(client, make.session.get(Person, make.actor(Role.coordinator, programme=other).person_id))
    certificate = make.certificate(scheme_version=training.scheme_version)
    enrolment = make.finished(training)

    for address in (
        f"/admin/voortgang/{training.edition.public_id}",
        f"/admin/voortgang/dossier/{enrolment.public_id}",
        f"/admin/certificaten/{certificate.public_id}",
        f"/admin/certificaten/{certificate.public_id}/intrekken",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("role", [Role.trainer, Role.technical_administrator, None])
def test_others_do_not_come_in(make: Any, client: Any, sign_in: Any, training: Any, role: Role | None) -> None:
    person = make.person()
    if role:
        make.role(person, role, edition_id=training.edition.id if role == Role.trainer else None)
    sign_in(client, person)

    for address in ("/admin/voortgang/", "/admin/certificaten/", "/admin/mandaten/", "/admin/regelingen/"):
        assert client.get(address).status_code == 403


def test_mandate_is_given_and_ended(make: Any, client: Any, coordinator: Any, training: Any) -> None:
    person = make.person(call_name="Bea")
    make.role(person, Role.assessor, edition_id=training.edition.id)
    assert "No mandates yet" in client.get("/admin/mandaten/").text
    data = {
        "person_id": person.id,
        "course_version_id": training.version.id,
        "valid_from": "2026-11-24",
        "valid_until": "",
    }

    assert "Bea" in client.get("/admin/mandaten/nieuw").text
    assert client.post("/admin/mandaten/nieuw", data={**data, "valid_until": "2026-01-01"}).status_code == 422
    assert client.post("/admin/mandaten/nieuw", data=data).status_code == 302
    mandate = make.session.scalar(select(AssessorMandate))
    address = f"/admin/mandaten/{mandate.public_id}/beeindigen"
    assert "Bea" in client.get("/admin/mandaten/").text
    assert client.get(address).status_code == 200
    assert client.post(address, data={"last_day": "2026-12-31"}).status_code == 302
    assert str(make.session.get(AssessorMandate, mandate.id, populate_existing=True).valid_until) == "2026-12-31"
    assert client.get(f"/admin/mandaten/{uuid.uuid4()}/beeindigen").status_code == 404


def test_scheme_is_made_versioned_changed_and_published(make: Any, client: Any, coordinator: Any) -> None:
    version = make.row(
        CourseVersion, course=make.training(track=Track.discussion_leader).version.course, state=CourseState.published
    )
    make.session.flush()
    assert client.get("/admin/regelingen/nieuw").status_code == 200
    assert (
        client.post("/admin/regelingen/nieuw", data={"track": "discussion_leader", "title": "Nog een"}).status_code
        == 422
    )
    made = client.post("/admin/regelingen/nieuw", data={"track": "expert_by_experience", "title": "Certificaat"})
    assert made.status_code == 302
    scheme = make.session.scalar(select(Scheme).where(Scheme.track == Track.discussion_leader))
    data = {"course_version_id": version.id, "validity_months": "24", "expiring_days": "60"}

    assert client.get(f"/admin/regelingen/{scheme.public_id}/versie").status_code == 200
    assert client.post(f"/admin/regelingen/{scheme.public_id}/versie", data=data).status_code == 302
    draft = make.session.scalar(select(SchemeVersion).where(SchemeVersion.state == CourseState.draft))
    address = f"/admin/regelingen/versie/{draft.public_id}"
    assert "24" in client.get(address).text
    stale = client.post(address, data={"validity_months": "12", "expiring_days": "30", "version": "99"})
    assert (stale.status_code, "Compare the two versions" in stale.text) == (422, True)
    assert (
        client.post(address, data={"validity_months": "12", "expiring_days": "30", "version": "1"}).status_code == 302
    )
    assert client.get(f"{address}/publiceren").status_code == 200
    assert client.post(f"{address}/publiceren").status_code == 302
    assert client.get(address).status_code == 404
    assert "12 months" in client.get("/admin/regelingen/").text


def test_a_version_of_a_scheme_that_does_not_exist_is_not_there(client: Any, coordinator: Any) -> None:
    assert client.get(f"/admin/regelingen/{uuid.uuid4()}/versie").status_code == 404
