"""Verbs of competence: give and end a mandate, sign a competence off, withdraw a sign-off.

The law of the place: a correction withdraws and signs again; nothing is edited and nothing is deleted.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from trainhub.competence import queries, rules
from trainhub.competence.models import AssessorMandate, SignOff
from trainhub.core.access import Permission
from trainhub.core.errors import NotAllowed, RuleBroken
from trainhub.core.i18n import _
from trainhub.core.work import Key, Work
from trainhub.courses.models import Competence, CourseVersion
from trainhub.editions.models import Enrolment
from trainhub.people.models import Person


def grant_mandate(
    work: Work,
    *,
    person_id: Key,
    course_version_id: Key,
    competence_id: int | None = None,
    valid_from: date,
    valid_until: date | None = None,
) -> AssessorMandate:
    """Give a person the authority to assess a course version, or one competence of it, between two days (both included).

    Raises `RuleBroken` for a period that ends before it begins or a competence of another course.
    """
    person = work.get(Person, person_id)
    version = work.get(CourseVersion, course_version_id)
    work.require(Permission.MANDATE_GRANT, version)
    rules.mandate_period(valid_from, valid_until)
    if competence_id is not None and work.get(Competence, competence_id).course_version_id != version.id:
        raise RuleBroken(_("This competence belongs to another course."), code="other_course", field="competence_id")
    mandate = work.add(
        AssessorMandate(
            person_id=person.id,
            course_version_id=version.id,
            competence_id=competence_id,
            valid_from=valid_from,
            valid_until=valid_until,
            granted_by_id=work.actor.person_id,
        )
    )
    work.record("mandate.granted", mandate, person_id=person.id)
    return mandate


def end_mandate(work: Work, *, mandate_id: Key, last_day: date | None = None) -> AssessorMandate:
    """Let a mandate end on `last_day` (default: today, included); what was signed under it stands.

    Raises `RuleBroken` when it has ended before, or when the last day lies before its first.
    """
    mandate = work.lock(AssessorMandate, mandate_id)
    work.require(Permission.MANDATE_GRANT, work.get(CourseVersion, mandate.course_version_id))
    last = last_day or work.today
    if mandate.valid_until is not None and mandate.valid_until <= last:
        raise RuleBroken(_("This mandate has already ended."), code="already_ended")
    rules.mandate_period(mandate.valid_from, last)
    mandate.valid_until = last
    work.record("mandate.ended", mandate)
    return mandate


def sign_off(work: Work, *, enrolment_id: Key, competence_id: Key, evidence: str, feedback: str = "") -> SignOff:
    """Sign a competence off for the person of this enrolment, with what was seen and, if wanted, words for that person.

    Raises `NotFound` for an edition that is not the assessor's; `RuleBroken` for the own person (`own`), without a mandate
    today (`no_mandate`), for another course, a person who does not take part, a second time, or evidence of no words.
    """
    enrolment = work.lock(Enrolment, enrolment_id)
    competence = work.get(Competence, competence_id)
    work.require(Permission.COMPETENCE_SIGN_OFF, enrolment)
    assessor_id = work.actor.person_id
    if assessor_id is None:
        raise NotAllowed(_("Your role does not allow this."), code="not_allowed")
    version_id = enrolment.edition.course_version_id
    rules.may_be_signed(
        same_course=competence.course_version_id == version_id,
        state=enrolment.state.value,
        already_signed=queries.is_signed(work.session, person_id=enrolment.person_id, competence_id=competence.id),
        own=assessor_id == enrolment.person_id,
    )
    rules.may_assess(
        queries.mandates_of(work.session, assessor_id),
        course_version_id=version_id,
        competence_id=competence.id,
        on=work.today,
    )
    words = rules.evidence_of(evidence)
    signed = work.add(
        SignOff(
            enrolment_id=enrolment.id,
            person_id=enrolment.person_id,
            competence_id=competence.id,
            assessor_id=assessor_id,
            evidence=words,
            feedback=feedback.strip(),
            signed_at=work.now,
        )
    )
    work.record("competence.signed_off", signed, person_id=signed.person_id, competence_id=competence.id)
    return signed


def void_sign_off(work: Work, *, sign_off_id: Key, reason: str) -> SignOff:
    """Withdraw a sign-off with a reason; the row stays, and the competence can be signed again.

    Raises `RuleBroken` without a reason or when it was withdrawn before.
    """
    signed = work.lock(SignOff, sign_off_id)
    work.require(Permission.COMPETENCE_VOID, signed.enrolment.edition)
    words = rules.may_be_voided(is_voided=signed.voided_at is not None, reason=reason)
    signed.voided_at, signed.voided_by_id, signed.void_reason = work.now, work.actor.person_id, words
    work.record("competence.sign_off_voided", signed, person_id=signed.person_id)
    return signed


def forget(work: Work, *, person_id: int) -> int:
    """Empty the words about a person who is erased; that it was signed off, by whom and when, stays. Returns how many."""
    person = work.get(Person, person_id)
    work.require(Permission.PERSON_CHANGE, person)
    signed = work.session.scalars(select(SignOff).where(SignOff.person_id == person.id).with_for_update()).all()
    for one in signed:
        one.evidence = one.feedback = ""
        one.void_reason = "" if one.voided_at else None
        work.record("sign_off.forgotten", one)
    return len(signed)
