"""Verbs of certification: grant and refuse, renew, suspend and reinstate, surrender and revoke.

The law of the place: a decision is appended, never changed; who decides neither trained nor assessed the person.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select

from trainhub.certification import queries, rules
from trainhub.certification.kinds import DecisionKind
from trainhub.certification.models import Certificate, CertificatePeriod, Decision, SchemeVersion
from trainhub.certification.numbering import DIGITS, numbered
from trainhub.certification.progress import Progress, missing_for, renewal_of
from trainhub.core.access import Permission
from trainhub.core.errors import NotAllowed, RuleBroken
from trainhub.core.i18n import _
from trainhub.core.work import Key, Work
from trainhub.editions.models import Enrolment
from trainhub.editions.queries import TAKING_PART

TOKEN_BYTES = 24


def grant(work: Work, *, enrolment_id: Key, reason: str = "") -> Decision:
    """Grant the certificate of the course to somebody who has shown everything; its first period begins today.

    Returns the decision, with the certificate on it. Raises `Several` with every reason why not: something is missing, the
    decider trained or assessed this person or is this person, or the certificate was granted before.
    """
    enrolment, version = _candidacy(work, enrolment_id)
    shown = missing_for(work.session, enrolment.id, work.today)
    held = queries.certificate_of(work.session, person_id=enrolment.person_id, scheme_id=version.scheme_id)
    rules.may_be_granted(
        shown.judgement, independent=_independence(work, enrolment.person_id), has_certificate=held is not None
    )
    certificate = _new_certificate(work, enrolment.person_id, version)
    findings = shown.judgement.as_facts(work.today)
    decision = _decide(work, certificate, DecisionKind.grant, reason=reason.strip(), findings=findings)
    _cover(work, certificate, rules.period_from(work.today, version.validity_months))
    work.record("certificate.granted", certificate, person_id=certificate.person_id, scheme_version_id=version.id)
    return decision


def refuse(work: Work, *, enrolment_id: Key, reason: str) -> Decision:
    """Refuse the certificate for now, with a reason that the person reads; it can be asked again later.

    Raises `Several` when the decider is not independent, `RuleBroken` without a reason or when the certificate was granted.
    """
    enrolment, version = _candidacy(work, enrolment_id)
    rules.may_decide(**_ties(work, enrolment.person_id))
    words = rules.reason_of(DecisionKind.refuse, reason)
    if queries.certificate_of(work.session, person_id=enrolment.person_id, scheme_id=version.scheme_id) is not None:
        raise RuleBroken(_("This person already has this certificate."), code="has_certificate")
    shown: Progress = missing_for(work.session, enrolment.id, work.today)
    decision = work.add(
        Decision(
            person_id=enrolment.person_id,
            scheme_version_id=version.id,
            kind=DecisionKind.refuse,
            effective_on=work.today,
            reason=words,
            findings=shown.judgement.as_facts(work.today),
            decided_by_id=_decider(work),
            decided_at=work.now,
        )
    )
    work.record("certificate.refused", decision, person_id=decision.person_id)
    return decision


def renew(work: Work, *, certificate_id: Key, reason: str = "") -> Decision:
    """Give a certificate a new period, from the day after the last one, or from today when it lapsed.

    Raises `RuleBroken` when it is not near its end, `Several` with all reasons when the renewal asks more than was shown.
    """
    certificate = _loaded(work, certificate_id)
    rules.may_follow(queries.folded(certificate, work.today), DecisionKind.renew)
    judgement = renewal_of(work.session, certificate, work.today)
    rules.may_be_renewed(judgement, independent=_independence(work, certificate.person_id))
    last = max(certificate.periods, key=lambda one: one.ends_on)
    months = certificate.scheme_version.validity_months
    findings = judgement.as_facts(work.today)
    decision = _decide(work, certificate, DecisionKind.renew, reason=reason.strip(), findings=findings)
    _cover(work, certificate, rules.next_period(rules.Days(last.starts_on, last.ends_on), work.today, months))
    work.record("certificate.renewed", certificate)
    return decision


def suspend(work: Work, *, certificate_id: Key, reason: str) -> Decision:
    """Suspend a certificate from today, with a reason, until it is reinstated. Raises `RuleBroken` or `Several`."""
    certificate = _judged(work, certificate_id, DecisionKind.suspend)
    decision = _decide(work, certificate, DecisionKind.suspend, reason=rules.reason_of(DecisionKind.suspend, reason))
    work.record("certificate.suspended", certificate)
    return decision


def reinstate(work: Work, *, certificate_id: Key, reason: str = "") -> Decision:
    """Let a suspended certificate count again from today. Raises `RuleBroken` or `Several`."""
    certificate = _judged(work, certificate_id, DecisionKind.reinstate)
    decision = _decide(work, certificate, DecisionKind.reinstate, reason=reason.strip())
    work.record("certificate.reinstated", certificate)
    return decision


def revoke(work: Work, *, certificate_id: Key, reason: str) -> Decision:
    """Withdraw a certificate for ever, with a reason; row, reason and decider stay. Raises `RuleBroken` or `Several`."""
    certificate = _judged(work, certificate_id, DecisionKind.revoke)
    decision = _decide(work, certificate, DecisionKind.revoke, reason=rules.reason_of(DecisionKind.revoke, reason))
    work.record("certificate.revoked", certificate)
    return decision


def surrender(work: Work, *, certificate_id: Key, reason: str = "") -> Decision:
    """Record that a person hands the certificate in; leaving needs no reason and no independent decider. Raises `RuleBroken`."""
    certificate = _loaded(work, certificate_id)
    rules.may_follow(queries.folded(certificate, work.today), DecisionKind.surrender)
    decision = _decide(work, certificate, DecisionKind.surrender, reason=reason.strip())
    work.record("certificate.surrendered", certificate)
    return decision


def _candidacy(work: Work, enrolment_id: Key) -> tuple[Enrolment, SchemeVersion]:
    """The enrolment, locked, and the published scheme version that its course leads to."""
    enrolment = work.lock(Enrolment, enrolment_id)
    work.require(Permission.CERTIFICATE_DECIDE, enrolment.edition)
    if enrolment.state not in TAKING_PART:
        raise RuleBroken(_("This person does not take part in this edition."), code="not_taking_part")
    version = queries.published_for(work.session, enrolment.edition.course_version_id)
    if version is None:
        raise RuleBroken(_("No certificate belongs to this course yet. Publish one first."), code="no_scheme")
    return enrolment, version


def _loaded(work: Work, certificate_id: Key) -> Certificate:
    """The certificate, locked, that this coordinator decides about: by the programme of its course."""
    certificate = work.lock(Certificate, certificate_id)
    work.require(Permission.CERTIFICATE_DECIDE, certificate.scheme_version.course_version)
    work.session.refresh(certificate, ["decisions", "periods"])
    return certificate


def _judged(work: Work, certificate_id: Key, kind: DecisionKind) -> Certificate:
    certificate = _loaded(work, certificate_id)
    rules.may_decide(**_ties(work, certificate.person_id))
    rules.may_follow(queries.folded(certificate, work.today), kind)
    return certificate


def _ties(work: Work, person_id: int) -> dict[str, bool]:
    return queries.ties(work.session, decider_id=work.actor.person_id, person_id=person_id)


def _independence(work: Work, person_id: int) -> list[Any]:
    return list(rules.independence(**_ties(work, person_id)))


def _decider(work: Work) -> int:
    if work.actor.person_id is None:
        raise NotAllowed(_("Your role does not allow this."), code="not_allowed")
    return work.actor.person_id


def _decide(
    work: Work, certificate: Certificate, kind: DecisionKind, *, reason: str, findings: dict[str, Any] | None = None
) -> Decision:
    return work.add(
        Decision(
            certificate=certificate,
            person_id=certificate.person_id,
            scheme_version_id=certificate.scheme_version_id,
            kind=kind,
            effective_on=work.today,
            reason=reason,
            findings=findings or {},
            decided_by_id=_decider(work),
            decided_at=work.now,
        )
    )


def _cover(work: Work, certificate: Certificate, days: rules.Days) -> None:
    work.add(CertificatePeriod(certificate=certificate, starts_on=days.starts_on, ends_on=days.ends_on))


def _new_certificate(work: Work, person_id: int, version: SchemeVersion) -> Certificate:
    return work.add(
        Certificate(
            person_id=person_id,
            scheme_id=version.scheme_id,
            scheme_version_id=version.id,
            number=_free_number(work),
            public_token=secrets.token_urlsafe(TOKEN_BYTES),
            granted_at=work.now,
        )
    )


def _free_number(work: Work) -> str:
    while True:
        number = numbered(work.today.year, secrets.randbelow(10**DIGITS))
        if work.session.scalar(select(Certificate.id).where(Certificate.number == number)) is None:
            return number
