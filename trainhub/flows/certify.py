"""The stories of certification: a competence is signed, a certificate is granted, refused, paused or ended; each with its letter.

Law 3: after every decision that takes or gives back the right to lead, each future place of the person is judged again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from trainhub.certification import service
from trainhub.certification.models import Certificate, Decision, SchemeVersion
from trainhub.competence import service as competence
from trainhub.competence.models import SignOff
from trainhub.flows.recheck import recheck
from trainhub.outbox.letters import certification as letters
from trainhub.outbox.service import queue
from trainhub.people.models import Person

if TYPE_CHECKING:
    from datetime import date

    from trainhub.core.work import Key, Work
    from trainhub.outbox.letter import Letter


def sign_off(work: Work, *, enrolment_id: Key, competence_id: Key, evidence: str, feedback: str = "") -> SignOff:
    """An assessor signs a competence off, and the person hears it with the feedback."""
    signed = competence.sign_off(
        work, enrolment_id=enrolment_id, competence_id=competence_id, evidence=evidence, feedback=feedback
    )
    person = work.get(Person, signed.person_id)
    letter = letters.competence_signed(
        name=person.call_name,
        competence=signed.competence.statement,
        assessor=work.get(Person, signed.assessor_id).call_name,
        feedback=signed.feedback or None,
        url=_own_page(work),
    )
    queue(work, letter, person=person, dedupe_key=f"sign_off:{signed.id}")
    return signed


def grant(work: Work, *, enrolment_id: Key, reason: str = "") -> Decision:
    """The certificate is granted, and the person gets its number and the address to show."""
    decision = service.grant(work, enrolment_id=enrolment_id, reason=reason)
    certificate = _certificate(decision)
    letter = letters.certificate_granted(
        name=certificate.person.call_name,
        title=certificate.scheme.title,
        number=certificate.number,
        until=_until(work, certificate),
        check_url=check_url(work, certificate),
        url=_own_page(work),
    )
    _post(work, decision, letter)
    recheck(work, person_id=decision.person_id)
    return decision


def refuse(work: Work, *, enrolment_id: Key, reason: str) -> Decision:
    """The certificate is refused for now, and the person reads why and what is missing."""
    decision = service.refuse(work, enrolment_id=enrolment_id, reason=reason)
    person = work.get(Person, decision.person_id)
    title = work.get(SchemeVersion, decision.scheme_version_id).scheme.title
    letter = letters.certificate_refused(
        name=person.call_name, title=title, reason=decision.reason, url=_own_page(work)
    )
    _post(work, decision, letter)
    return decision


def renew(work: Work, *, certificate_id: Key, reason: str = "") -> Decision:
    """The certificate gets a new period; places beyond the old one become certain again."""
    decision = service.renew(work, certificate_id=certificate_id, reason=reason)
    letter = letters.certificate_renewed(**_whose(work, decision), until=_until(work, _certificate(decision)))
    return _decided(work, decision, letter)


def suspend(work: Work, *, certificate_id: Key, reason: str) -> Decision:
    """The certificate does not count for now; the person reads why, and coming places become uncertain."""
    decision = service.suspend(work, certificate_id=certificate_id, reason=reason)
    return _decided(work, decision, letters.certificate_suspended(**_whose(work, decision), reason=decision.reason))


def reinstate(work: Work, *, certificate_id: Key, reason: str = "") -> Decision:
    """The certificate counts again; places that are still open become certain again."""
    decision = service.reinstate(work, certificate_id=certificate_id, reason=reason)
    letter = letters.certificate_reinstated(**_whose(work, decision), until=_until(work, _certificate(decision)))
    return _decided(work, decision, letter)


def revoke(work: Work, *, certificate_id: Key, reason: str) -> Decision:
    """The certificate ends for good; the person reads why, and coming places become uncertain."""
    decision = service.revoke(work, certificate_id=certificate_id, reason=reason)
    return _decided(work, decision, letters.certificate_revoked(**_whose(work, decision), reason=decision.reason))


def surrender(work: Work, *, certificate_id: Key, reason: str = "") -> Decision:
    """A person hands the certificate in; coming places become uncertain."""
    decision = service.surrender(work, certificate_id=certificate_id, reason=reason)
    return _decided(work, decision, letters.certificate_surrendered(**_whose(work, decision)))


def check_url(work: Work, certificate: Certificate) -> str:
    """The full address at which anybody who was given it can check a certificate."""
    return f"{work.settings.base_url}/c/{certificate.public_token}"


def _decided(work: Work, decision: Decision, letter: Letter) -> Decision:
    _post(work, decision, letter)
    recheck(work, person_id=decision.person_id)
    return decision


def _post(work: Work, decision: Decision, letter: Letter) -> None:
    person = work.get(Person, decision.person_id)
    queue(work, letter, person=person, dedupe_key=f"decision:{decision.id}")


def _certificate(decision: Decision) -> Certificate:
    """The certificate that every decision but a refusal names."""
    return cast("Certificate", decision.certificate)


def _whose(work: Work, decision: Decision) -> dict[str, str]:
    certificate = _certificate(decision)
    return {"name": certificate.person.call_name, "title": certificate.scheme.title, "url": _own_page(work)}


def _until(work: Work, certificate: Certificate) -> date:
    work.session.refresh(certificate, ["periods"])
    return max(period.ends_on for period in certificate.periods)


def _own_page(work: Work) -> str:
    return f"{work.settings.base_url}/mijn"
