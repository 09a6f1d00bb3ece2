"""Decisions about certificates: what is needed, who may take them, what stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories.base import NOW, TODAY
from trainhub.certification import queries, service
from trainhub.certification.kinds import DecisionKind, Standing
from trainhub.certification.models import Decision
from trainhub.certification.numbering import is_number
from trainhub.core.access import Actor, Role, RoleHeld, Scope
from trainhub.core.errors import NotAllowed, NotFound, RuleBroken, Several
from trainhub.courses.models import Phase, Requirement, RequirementKind, Track
from trainhub.editions.models import EnrolmentState
from trainhub.meetings.models import Part


def codes(refused: Any) -> list[str]:
    return [one.code for one in refused.value.problems]


def test_grant_gives_a_certificate_with_number_token_and_period(make: Any, work: Any) -> None:
    training = make.training()
    enrolment = make.finished(training)

    decision = service.grant(work, enrolment_id=enrolment.public_id)

    certificate = decision.certificate
    assert (decision.kind, decision.decided_by_id, decision.effective_on) == (
        DecisionKind.grant,
        work.actor.person_id,
        TODAY,
    )
    assert decision.findings["met"] is True
    assert len(decision.findings["requirements"]) == 4
    assert is_number(certificate.number)
    assert len(certificate.public_token) >= 32
    assert [(one.starts_on, one.ends_on) for one in certificate.periods] == [(TODAY, date(2029, 11, 23))]
    assert queries.standing_on(work.session, certificate.id, TODAY) == Standing.valid
    assert [one.action for one in work.records] == ["certificate.granted"]


def test_grant_is_refused_with_all_reasons(make: Any, work: Any) -> None:
    training = make.training()
    enrolment = make.learner(training)
    make.role(
        make.session.get(type(enrolment.person), work.actor.person_id), Role.trainer, edition_id=training.edition.id
    )

    with pytest.raises(Several) as refused:
        service.grant(work, enrolment_id=enrolment.id)

    kinds = ["attendance_share", "modules_present", "competences_signed", "practice_meetings"]
    assert codes(refused) == ["trained", *[f"open_{kind}" for kind in kinds]]
    assert work.records == []


def test_grant_a_second_time_is_refused(make: Any, work: Any) -> None:
    enrolment = make.finished(make.training())
    service.grant(work, enrolment_id=enrolment.id)

    with pytest.raises(Several) as refused:
        service.grant(work, enrolment_id=enrolment.id)
    assert codes(refused) == ["has_certificate"]


@pytest.mark.parametrize("tie", ["own", "trained", "assessed"])
@pytest.mark.parametrize("verb", ["grant", "refuse", "suspend", "reinstate", "revoke", "renew"])
def test_law_10_the_decider_is_not_the_person_nor_their_trainer_or_assessor(
    make: Any, work: Any, tie: str, verb: str
) -> None:
    """Law 10 of the domain: decider ≠ trainer or assessor, for every decision."""
    training = make.training()
    decider = make.session.get(type(make.person()), work.actor.person_id)
    enrolment = make.learner(training, person=decider) if tie == "own" else make.learner(training)
    if tie == "trained":
        make.role(decider, Role.trainer, edition_id=training.edition.id)
    if tie == "assessed":
        make.sign_off(enrolment, training.competences[0], assessor=decider, voided_at=NOW, void_reason="A mistake")
    keys: dict[str, Any] = {"enrolment_id": enrolment.id}
    if verb not in ("grant", "refuse"):
        ends_on = TODAY + timedelta(days=10 if verb == "renew" else 400)
        certificate = make.certificate(person=enrolment.person, scheme_version=training.scheme_version, ends_on=ends_on)
        if verb == "reinstate":
            make.decision(certificate, DecisionKind.suspend, TODAY)
        keys = {"certificate_id": certificate.id}

    with pytest.raises(Several) as refused:
        getattr(service, verb)(work, **keys, reason="Because.")
    assert codes(refused)[0] == tie


def test_grant_needs_a_published_certificate_for_the_course(make: Any, work: Any) -> None:
    enrolment = make.row(type(make.learner(make.training())), state=EnrolmentState.active)

    with pytest.raises(RuleBroken) as refused:
        service.grant(work, enrolment_id=enrolment.id)
    assert refused.value.code == "no_scheme"


def test_grant_is_refused_for_who_left_the_edition(make: Any, work: Any) -> None:
    enrolment = make.finished(make.training(), state=EnrolmentState.withdrawn)

    with pytest.raises(RuleBroken) as refused:
        service.grant(work, enrolment_id=enrolment.id)
    assert refused.value.code == "not_taking_part"


@pytest.mark.parametrize("role", [Role.trainer, Role.assessor, Role.municipality_officer, Role.technical_administrator])
def test_only_a_coordinator_decides(make: Any, work: Any, role: Role) -> None:
    training = make.training()
    enrolment = make.finished(training)
    municipality = make.municipality() if role == Role.municipality_officer else None
    edition = training.edition if role in (Role.trainer, Role.assessor) else None
    work.actor = make.actor(role, edition=edition, municipality=municipality)

    with pytest.raises(NotAllowed):
        service.grant(work, enrolment_id=enrolment.id)


def test_coordinator_of_another_programme_does_not_find_it(make: Any, work: Any) -> None:
    training = make.training()
    enrolment = make.finished(training)
    certificate = make.certificate(scheme_version=training.scheme_version)
    work.actor = make.actor(Role.coordinator, programme=make.training().version.course.programme)

    with pytest.raises(NotFound):
        service.grant(work, enrolment_id=enrolment.id)
    with pytest.raises(NotFound):
        service.revoke(work, certificate_id=certificate.id, reason="No.")


def test_system_decides_nothing(make: Any, work: Any) -> None:
    enrolment = make.finished(make.training())
    work.actor = Actor(name="TrainHub", kind="system")

    with pytest.raises(NotAllowed):
        service.refuse(work, enrolment_id=enrolment.id, reason="No.")


def test_a_role_without_a_person_decides_nothing(make: Any, work: Any) -> None:
    enrolment = make.finished(make.training())
    work.actor = Actor(roles=frozenset({RoleHeld(Role.coordinator)}))

    with pytest.raises(NotAllowed):
        service.grant(work, enrolment_id=enrolment.id)


def test_everything_here_says_to_whom_it_belongs(make: Any, work: Any) -> None:
    decision = service.grant(work, enrolment_id=make.finished(make.training()).id)
    certificate = decision.certificate

    assert decision.scope.person_id == certificate.scope.person_id == decision.person_id
    assert certificate.scheme.scope == certificate.scheme_version.scope == Scope()


def test_refuse_keeps_the_reason_and_what_was_met(make: Any, work: Any) -> None:
    enrolment = make.learner(make.training())

    decision = service.refuse(work, enrolment_id=enrolment.id, reason=" Nog niet geoefend. ")

    assert (decision.kind, decision.reason, decision.certificate_id) == (
        DecisionKind.refuse,
        "Nog niet geoefend.",
        None,
    )
    assert decision.findings["met"] is False
    assert [one.id for one in queries.refusals(work.session, person_id=enrolment.person_id)] == [decision.id]


def test_refuse_after_a_grant_or_without_a_reason_is_refused(make: Any, work: Any) -> None:
    enrolment = make.finished(make.training())
    with pytest.raises(RuleBroken) as refused:
        service.refuse(work, enrolment_id=enrolment.id, reason=" ")
    assert refused.value.code == "reason_missing"
    service.grant(work, enrolment_id=enrolment.id)

    with pytest.raises(RuleBroken) as refused:
        service.refuse(work, enrolment_id=enrolment.id, reason="No.")
    assert refused.value.code == "has_certificate"


def test_suspend_and_reinstate_change_the_standing_from_the_day_itself(make: Any, work: Any) -> None:
    certificate = make.certificate()

    service.suspend(work, certificate_id=certificate.public_id, reason="A complaint is looked at.")
    assert queries.standing_on(work.session, certificate.id, TODAY) == Standing.suspended
    assert queries.standing_on(work.session, certificate.id, TODAY - timedelta(days=1)) == Standing.valid

    service.reinstate(work, certificate_id=certificate.public_id)
    assert queries.standing_on(work.session, certificate.id, TODAY) == Standing.valid


def test_law_4_revoking_keeps_the_row_the_reason_and_the_actor(make: Any, work: Any) -> None:
    """Law 4 of the domain: nothing with history is deleted."""
    certificate = make.certificate()

    service.revoke(work, certificate_id=certificate.id, reason="Broke the agreements.")

    decisions = work.session.query(Decision).filter_by(certificate_id=certificate.id).order_by(Decision.id).all()
    assert [(one.kind, one.reason) for one in decisions][-1] == (DecisionKind.revoke, "Broke the agreements.")
    assert decisions[-1].decided_by_id == work.actor.person_id
    assert queries.standing_on(work.session, certificate.id, TODAY) == Standing.revoked
    assert queries.standing_on(work.session, certificate.id, TODAY - timedelta(days=1)) == Standing.valid


def test_surrender_needs_no_reason_and_no_independent_decider(make: Any, work: Any) -> None:
    """Law 13 of the domain: leaving never needs a form field."""
    training = make.training()
    enrolment = make.learner(training)
    make.role(
        make.session.get(type(enrolment.person), work.actor.person_id), Role.trainer, edition_id=training.edition.id
    )
    certificate = make.certificate(person=enrolment.person, scheme_version=training.scheme_version)

    service.surrender(work, certificate_id=certificate.id)

    assert queries.standing_on(work.session, certificate.id, TODAY) == Standing.surrendered


@pytest.mark.parametrize("verb", ["suspend", "reinstate", "revoke", "surrender", "renew"])
def test_nothing_follows_a_revocation(make: Any, work: Any, verb: str) -> None:
    certificate = make.certificate()
    make.decision(certificate, DecisionKind.revoke, TODAY)

    with pytest.raises(RuleBroken) as refused:
        getattr(service, verb)(work, certificate_id=certificate.id, reason="Again.")
    assert refused.value.code == "not_now"


def _renewable(make: Any, ends_on: date) -> Any:
    training = make.training()
    make.row(
        Requirement,
        course_version=training.version,
        kind=RequirementKind.led_meetings,
        params={"count": 1},
        phase=Phase.renewal,
    )
    return make.certificate(
        person=make.learner(training).person,
        scheme_version=training.scheme_version,
        starts_on=date(2024, 1, 1),
        ends_on=ends_on,
    )


def test_renew_begins_the_day_after_the_old_period(make: Any, work: Any) -> None:
    certificate = _renewable(make, TODAY + timedelta(days=30))
    make.practised(
        certificate.person_id, Part.lead, Track.expert_by_experience, days_ago=9, certificate_id=certificate.id
    )

    service.renew(work, certificate_id=certificate.id)

    work.session.refresh(certificate, ["periods"])
    assert certificate.periods[-1].starts_on == TODAY + timedelta(days=31)
    assert queries.standing_on(work.session, certificate.id, TODAY) == Standing.valid


def test_renew_after_a_lapse_begins_today(make: Any, work: Any) -> None:
    certificate = _renewable(make, TODAY - timedelta(days=30))
    make.practised(
        certificate.person_id, Part.lead, Track.expert_by_experience, days_ago=40, certificate_id=certificate.id
    )

    service.renew(work, certificate_id=certificate.id)

    work.session.refresh(certificate, ["periods"])
    assert certificate.periods[-1].starts_on == TODAY
    assert queries.standing_on(work.session, certificate.id, TODAY - timedelta(days=1)) == Standing.expired


def test_renew_names_what_is_missing(make: Any, work: Any) -> None:
    certificate = _renewable(make, TODAY + timedelta(days=30))

    with pytest.raises(Several) as refused:
        service.renew(work, certificate_id=certificate.id)
    assert codes(refused) == ["open_led_meetings"]


def test_renew_far_from_the_end_is_refused(make: Any, work: Any) -> None:
    certificate = _renewable(make, TODAY + timedelta(days=400))

    with pytest.raises(RuleBroken) as refused:
        service.renew(work, certificate_id=certificate.id)
    assert refused.value.code == "not_now"


def test_a_number_that_was_given_before_is_drawn_again(make: Any, work: Any, monkeypatch: Any) -> None:
    drawn = iter([7, 7, 8])
    monkeypatch.setattr(service.secrets, "randbelow", lambda _most: next(drawn))
    first = service.grant(work, enrolment_id=make.finished(make.training()).id)
    second = service.grant(work, enrolment_id=make.finished(make.training()).id)

    assert first.certificate.number != second.certificate.number
