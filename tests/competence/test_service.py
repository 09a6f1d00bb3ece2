"""Sign-offs and mandates, with everything that must be refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.factories.base import NOW, TODAY
from trainhub.competence import queries, service
from trainhub.core.access import Actor, Role, RoleHeld
from trainhub.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from trainhub.editions.models import EnrolmentState

SEEN = "Gaf op 10 november iedereen rustig het woord."


def test_assessor_signs_with_evidence_and_feedback(make: Any, work: Any) -> None:
    training = make.training()
    enrolment, competence = make.learner(training), training.competences[0]
    work.actor = make.assessor(training.edition)

    signed = service.sign_off(
        work,
        enrolment_id=enrolment.public_id,
        competence_id=competence.public_id,
        evidence=f" {SEEN} ",
        feedback=" Mooi! ",
    )

    assert (signed.person_id, signed.assessor_id, signed.evidence, signed.feedback, signed.signed_at) == (
        enrolment.person_id, work.actor.person_id, SEEN, "Mooi!", NOW,
    )  # fmt: skip
    assert queries.is_signed(work.session, person_id=enrolment.person_id, competence_id=competence.id)
    assert queries.has_assessed(work.session, assessor_id=work.actor.person_id, person_id=enrolment.person_id)
    assert [one.action for one in work.records] == ["competence.signed_off"]


def test_law_10_assessor_never_signs_for_the_own_person(make: Any, work: Any) -> None:
    """Law 10 of the domain: assessor ≠ trainee."""
    training = make.training()
    enrolment = make.learner(training)
    work.actor = make.assessor(training.edition, person=enrolment.person)

    with pytest.raises(RuleBroken) as refused:
        service.sign_off(work, enrolment_id=enrolment.id, competence_id=training.competences[0].id, evidence=SEEN)
    assert refused.value.code == "own"


@pytest.mark.parametrize("shift", [-1, 1])
def test_assessor_whose_mandate_lapsed_or_has_not_begun_is_refused(make: Any, work: Any, shift: int) -> None:
    training = make.training()
    enrolment = make.learner(training)
    work.actor = make.actor(Role.assessor, edition=training.edition)
    period = {"valid_until": TODAY - timedelta(days=1)} if shift < 0 else {"valid_from": TODAY + timedelta(days=1)}
    make.mandate(person_id=work.actor.person_id, course_version_id=training.version.id, **period)

    with pytest.raises(RuleBroken) as refused:
        service.sign_off(work, enrolment_id=enrolment.id, competence_id=training.competences[0].id, evidence=SEEN)
    assert refused.value.code == "no_mandate"


def test_mandate_for_another_version_of_the_course_is_not_enough(make: Any, work: Any) -> None:
    training, other = make.training(), make.training()
    enrolment = make.learner(training)
    work.actor = make.actor(Role.assessor, edition=training.edition)
    make.mandate(person_id=work.actor.person_id, course_version_id=other.version.id)

    with pytest.raises(RuleBroken) as refused:
        service.sign_off(work, enrolment_id=enrolment.id, competence_id=training.competences[0].id, evidence=SEEN)
    assert refused.value.code == "no_mandate"


def test_competence_of_another_course_and_a_second_time_are_refused(make: Any, work: Any) -> None:
    training, other = make.training(), make.training()
    enrolment = make.learner(training)
    work.actor = make.assessor(training.edition)
    make.sign_off(enrolment, training.competences[0])

    for competence, code in ((other.competences[0], "other_course"), (training.competences[0], "already_signed")):
        with pytest.raises(RuleBroken) as refused:
            service.sign_off(work, enrolment_id=enrolment.id, competence_id=competence.id, evidence=SEEN)
        assert refused.value.code == code


@pytest.mark.parametrize("state", [EnrolmentState.waitlisted, EnrolmentState.withdrawn, EnrolmentState.paused])
def test_who_does_not_take_part_is_refused(make: Any, work: Any, state: EnrolmentState) -> None:
    training = make.training()
    enrolment = make.learner(training, state=state)
    work.actor = make.assessor(training.edition)

    with pytest.raises(RuleBroken) as refused:
        service.sign_off(work, enrolment_id=enrolment.id, competence_id=training.competences[0].id, evidence=SEEN)
    assert refused.value.code == "not_taking_part"


def test_edition_of_another_assessor_is_not_found(make: Any, work: Any) -> None:
    training, other = make.training(), make.training()
    work.actor = make.assessor(other.edition)

    with pytest.raises(NotFound):
        service.sign_off(
            work, enrolment_id=make.learner(training).id, competence_id=training.competences[0].id, evidence=SEEN
        )


@pytest.mark.parametrize("role", [Role.coordinator, Role.trainer])
def test_coordinator_and_trainer_do_not_sign(make: Any, work: Any, role: Role) -> None:
    training = make.training()
    work.actor = make.actor(role, edition=training.edition)

    with pytest.raises(NotAllowed):
        service.sign_off(
            work, enrolment_id=make.learner(training).id, competence_id=training.competences[0].id, evidence=SEEN
        )


def test_role_without_a_person_does_not_sign(make: Any, work: Any) -> None:
    training = make.training()
    work.actor = Actor(roles=frozenset({RoleHeld(Role.assessor, edition_id=training.edition.id)}))

    with pytest.raises(NotAllowed):
        service.sign_off(
            work, enrolment_id=make.learner(training).id, competence_id=training.competences[0].id, evidence=SEEN
        )


def test_law_4_withdrawn_sign_off_stays_and_can_be_signed_again(make: Any, work: Any) -> None:
    """Law 4 of the domain: nothing with history is deleted."""
    training = make.training()
    enrolment, competence = make.learner(training), training.competences[0]
    signed = make.sign_off(enrolment, competence)

    service.void_sign_off(work, sign_off_id=signed.public_id, reason="Verkeerde persoon.")
    coordinator, work.actor = work.actor, make.assessor(training.edition)
    service.sign_off(work, enrolment_id=enrolment.id, competence_id=competence.id, evidence=SEEN)

    history = queries.history(work.session, enrolment.person_id)
    assert [(one.void_reason, one.voided_by_id) for one in history] == [
        (None, None), ("Verkeerde persoon.", coordinator.person_id),
    ]  # fmt: skip
    assert len(queries.signed(work.session, [enrolment.person_id])) == 1


def test_only_a_coordinator_withdraws_a_sign_off_once_and_with_a_reason(make: Any, work: Any) -> None:
    training = make.training()
    signed = make.sign_off(make.learner(training), training.competences[0])
    with pytest.raises(RuleBroken):
        service.void_sign_off(work, sign_off_id=signed.id, reason=" ")
    service.void_sign_off(work, sign_off_id=signed.id, reason="A mistake.")
    with pytest.raises(RuleBroken):
        service.void_sign_off(work, sign_off_id=signed.id, reason="Again.")
    work.actor = make.assessor(training.edition)

    with pytest.raises(NotAllowed):
        service.void_sign_off(work, sign_off_id=signed.id, reason="Mine.")


def test_database_refuses_a_second_standing_sign_off(make: Any, begin: Any) -> None:
    training = make.training()
    enrolment = make.learner(training)
    make.sign_off(enrolment, training.competences[0])
    actor = make.assessor(training.edition)

    with pytest.raises(Conflict) as refused, begin(actor) as work:
        row = queries.history(work.session, enrolment.person_id)[0]
        copy = type(row)(
            enrolment_id=row.enrolment_id, person_id=row.person_id, competence_id=row.competence_id,
            assessor_id=row.assessor_id, evidence=SEEN, signed_at=NOW,
        )  # fmt: skip
        work.add(copy)
    assert str(refused.value.message) == "This competence has already been signed off."


def test_mandate_is_given_for_a_course_or_one_competence_and_ends(make: Any, work: Any) -> None:
    training = make.training()
    person = make.person()

    mandate = service.grant_mandate(
        work, person_id=person.public_id, course_version_id=training.version.public_id,
        competence_id=training.competences[0].id, valid_from=TODAY,
    )  # fmt: skip
    assert queries.mandates_of(work.session, person.id)[0].is_live(TODAY)
    assert mandate.granted_by_id == work.actor.person_id

    service.end_mandate(work, mandate_id=mandate.public_id)
    assert (
        mandate.valid_until,
        queries.mandates_of(work.session, person.id)[0].is_live(TODAY + timedelta(days=1)),
    ) == (TODAY, False)
    with pytest.raises(RuleBroken) as refused:
        service.end_mandate(work, mandate_id=mandate.id)
    assert refused.value.code == "already_ended"


def test_mandate_with_a_wrong_period_or_competence_is_refused(make: Any, work: Any) -> None:
    training, other = make.training(), make.training()
    keys = {"person_id": make.person().id, "course_version_id": training.version.id, "valid_from": TODAY}

    for given, code in (
        ({"valid_until": TODAY - timedelta(days=1)}, "period"),
        ({"competence_id": other.competences[0].id}, "other_course"),
    ):
        with pytest.raises(RuleBroken) as refused:
            service.grant_mandate(work, **keys, **given)
        assert refused.value.code == code


def test_mandate_belongs_to_its_assessor_and_a_sign_off_to_its_person_and_edition(make: Any) -> None:
    training = make.training()
    mandate, enrolment = make.mandate(), make.learner(training)
    signed = make.sign_off(enrolment, training.competences[0])

    assert mandate.scope.person_id == mandate.person_id
    assert (signed.scope.person_id, signed.scope.edition_id) == (enrolment.person_id, training.edition.id)


def test_only_a_coordinator_gives_mandates(make: Any, work: Any) -> None:
    training = make.training()
    work.actor = make.assessor(training.edition)

    with pytest.raises(NotAllowed):
        service.grant_mandate(
            work, person_id=work.actor.person_id, course_version_id=training.version.id, valid_from=TODAY
        )
