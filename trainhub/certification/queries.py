"""Questions about certificates: their standing on any day, who is certified, which one a token names.

The law of the place: what is asked here in SQL is what `rules.standing_on` says in Python, on every day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Integer

from trainhub.accounts.models import RoleAssignment
from trainhub.certification import rules
from trainhub.certification.kinds import DecisionKind, Standing
from trainhub.certification.models import Certificate, CertificatePeriod, Decision, Scheme, SchemeVersion
from trainhub.competence.queries import assessed_exists
from trainhub.core.access import Role
from trainhub.core.db import alias
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _
from trainhub.courses.models import CourseState, CourseVersion, Track
from trainhub.editions.models import Enrolment
from trainhub.people.models import Person, PersonStatus

Day = date | ColumnElement[date]


class days_from(GenericFunction[int]):  # noqa: N801 - the name of a function in SQL
    """How many days lie from the second date to the first; both databases count whole days."""

    type = Integer()
    inherit_cache = True


@compiles(days_from, "postgresql")
def _days_from_postgresql(element: days_from, compiler: SQLCompiler, **options: Any) -> str:
    later, earlier = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({later} - {earlier})"


@compiles(days_from, "sqlite")
def _days_from_sqlite(element: days_from, compiler: SQLCompiler, **options: Any) -> str:
    later, earlier = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


# Each clause names its own tables and takes all others from around it, however deep it stands: else a `day` that is a column
# would silently become a second, unrelated one.


def _on(day: Day) -> ColumnElement[date]:
    return literal(day, Date) if isinstance(day, date) else day


def _decided(kind: DecisionKind, day: ColumnElement[date]) -> ColumnElement[bool]:
    taken = alias(Decision, "taken")
    fits = (taken.certificate_id == Certificate.id, taken.kind == kind, taken.effective_on <= day)
    return exists().where(*fits).correlate_except(taken)


def _is_suspended(day: ColumnElement[date]) -> ColumnElement[bool]:
    """The last of suspend and reinstate is a suspend: one exists that no reinstatement follows."""
    suspended, reinstated = alias(Decision, "suspended"), alias(Decision, "reinstated")
    lifted = exists().where(
        reinstated.certificate_id == suspended.certificate_id,
        reinstated.kind == DecisionKind.reinstate,
        reinstated.effective_on <= day,
        or_(
            reinstated.effective_on > suspended.effective_on,
            and_(reinstated.effective_on == suspended.effective_on, reinstated.id > suspended.id),
        ),
    )
    stands = exists().where(
        suspended.certificate_id == Certificate.id,
        suspended.kind == DecisionKind.suspend,
        suspended.effective_on <= day,
        ~lifted.correlate_except(reinstated),
    )
    return stands.correlate_except(suspended)


def _is_covered(day: ColumnElement[date]) -> ColumnElement[bool]:
    period = alias(CertificatePeriod, "period")
    fits = (period.certificate_id == Certificate.id, period.starts_on <= day, period.ends_on >= day)
    return exists().where(*fits).correlate_except(period)


def _has_ended(day: ColumnElement[date]) -> ColumnElement[bool]:
    period = alias(CertificatePeriod, "period")
    return exists().where(period.certificate_id == Certificate.id, period.ends_on < day).correlate_except(period)


def _is_far_from_its_end(day: ColumnElement[date]) -> ColumnElement[bool]:
    """The covering period ends later than the scheme's days of warning, or was renewed by then without a gap."""
    period, following = alias(CertificatePeriod, "period"), alias(CertificatePeriod, "following")
    version, renewal = alias(SchemeVersion, "version"), alias(Decision, "renewal")
    follows = (following.certificate_id == period.certificate_id, days_from(following.starts_on, period.ends_on) == 1)
    is_followed = exists().where(*follows).correlate_except(following)
    renews = (
        renewal.certificate_id == period.certificate_id,
        renewal.kind == DecisionKind.renew,
        renewal.effective_on >= period.starts_on,
        renewal.effective_on <= day,
    )
    is_renewed = exists().where(*renews).correlate_except(renewal)
    far = exists().where(
        period.certificate_id == Certificate.id,
        period.starts_on <= day,
        period.ends_on >= day,
        version.id == Certificate.scheme_version_id,
        or_(days_from(period.ends_on, day) > version.expiring_days, and_(is_followed, is_renewed)),
    )
    return far.correlate_except(period, version)


def standing_expression(day: Day) -> ColumnElement[str]:
    """The standing of the `Certificate` of the enclosing query on `day`, as SQL: equal to `rules.standing_on` on every day."""
    return _standing_on(day) if isinstance(day, date) else _standing(day)


@lru_cache(maxsize=32)
def _standing_on(day: date) -> ColumnElement[str]:
    """The same for a fixed day, kept: it takes longer to make than to ask."""
    return _standing(_on(day))


def _standing(on: ColumnElement[date]) -> ColumnElement[str]:
    return case(
        (_decided(DecisionKind.revoke, on), literal(Standing.revoked.value)),
        (_decided(DecisionKind.surrender, on), literal(Standing.surrendered.value)),
        (and_(~_is_covered(on), _has_ended(on)), literal(Standing.expired.value)),
        (~_is_covered(on), literal(Standing.pending.value)),
        (_is_suspended(on), literal(Standing.suspended.value)),
        (~_is_far_from_its_end(on), literal(Standing.expiring.value)),
        else_=literal(Standing.valid.value),
    )


def is_certified(day: Day) -> ColumnElement[bool]:
    """Whether the `Certificate` of the enclosing query lets its holder lead on `day`: valid or expiring, as SQL."""
    on = _on(day)
    return and_(
        _is_covered(on), ~_decided(DecisionKind.revoke, on), ~_decided(DecisionKind.surrender, on), ~_is_suspended(on)
    )


def certified(day: Day, track: Track | None = None) -> Select[int, int]:
    """Rows of `person_id, certificate_id` whose certificate (for this role) is valid or expiring on `day`."""
    statement = select(Certificate.person_id, Certificate.id.label("certificate_id")).where(is_certified(day))
    if track is None:
        return statement
    return statement.join(Scheme, Scheme.id == Certificate.scheme_id).where(Scheme.track == track)


def folded(certificate: Certificate, day: date) -> Standing:
    """The standing of a certificate whose decisions and periods are at hand, by the rule in Python."""
    return rules.standing_on(
        day,
        [rules.Taken(one.kind, one.effective_on, one.id) for one in certificate.decisions],
        [rules.Days(one.starts_on, one.ends_on) for one in certificate.periods],
        expiring_days=certificate.scheme_version.expiring_days,
    )


def standing_on(session: Session, certificate_id: int, day: date) -> Standing:
    """The standing of one certificate on a day, by one query. Raises `NotFound`."""
    found = session.scalar(
        select(standing_expression(day)).select_from(Certificate).where(Certificate.id == certificate_id)
    )
    if found is None:
        raise _unknown()
    return Standing(found)


def standings(session: Session, certificate_ids: Collection[int], day: date) -> dict[int, Standing]:
    """The standing of several certificates on one day, by one query."""
    rows = session.execute(select(Certificate.id, standing_expression(day)).where(Certificate.id.in_(certificate_ids)))
    return {key: Standing(word) for key, word in rows}


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate with its holder, scheme, standing on the day asked, and the last day of its last period."""

    certificate: Certificate
    standing: Standing
    ends_on: date | None

    @property
    def person(self) -> Person:
        """Who holds it."""
        return self.certificate.person


def _held(day: date) -> Select[Certificate, str, date]:
    ends = (
        select(func.max(CertificatePeriod.ends_on))
        .where(CertificatePeriod.certificate_id == Certificate.id)
        .correlate(Certificate)
        .scalar_subquery()
    )
    return select(Certificate, standing_expression(day), ends).options(
        joinedload(Certificate.person), joinedload(Certificate.scheme), joinedload(Certificate.scheme_version)
    )


def _as_held(rows: Iterable[Any]) -> list[Held]:
    return [Held(certificate, Standing(word), ends_on) for certificate, word, ends_on in rows]


def certificates(
    session: Session, on: date, *, standing: Standing | None = None, words: str = "", limit: int = 100, offset: int = 0
) -> list[Held]:
    """Certificates with their standing on the day, by name; of one standing, or whose number or holder holds `words`."""
    statement = _held(on).join(Person, Person.id == Certificate.person_id)
    if standing is not None:
        statement = statement.where(standing_expression(on) == standing.value)
    if words.strip():
        statement = statement.where(_matches(words.strip()))
    statement = statement.order_by(Person.call_name, Certificate.id).limit(limit).offset(offset)
    return _as_held(session.execute(statement))


def _matches(words: str) -> ColumnElement[bool]:
    part = words.lower()
    return or_(
        func.lower(Person.call_name).contains(part, autoescape=True),
        func.lower(Person.formal_name).contains(part, autoescape=True),
        func.lower(Certificate.number).contains(part, autoescape=True),
    )


def of_person(session: Session, person_id: int, on: date) -> list[Held]:
    """All certificates of a person with their standing on the day."""
    return _as_held(session.execute(_held(on).where(Certificate.person_id == person_id).order_by(Certificate.id)))


def expiring_before(session: Session, day: date, *, on: date) -> list[Held]:
    """Certificates that let their holder lead on `on` and whose last period ends on or before `day`; the first to end first."""
    period = alias(CertificatePeriod, "period")
    later = exists().where(period.certificate_id == Certificate.id, period.ends_on > day)
    found = _as_held(session.execute(_held(on).where(is_certified(on), ~later)))
    return sorted(found, key=lambda one: (one.ends_on or date.max, one.certificate.id))


def certificate_page(session: Session, key: Any) -> Certificate:
    """A certificate by its public id with holder, scheme, periods and decisions. Raises `NotFound`."""
    return _full(session, Certificate.public_id == key)


def by_token(session: Session, token: str) -> Certificate:
    """The certificate that a public token names, with everything a check shows.

    Raises `NotFound` for an unknown token and for a holder who was erased: both look the same.
    """
    return _full(session, and_(Certificate.public_token == token, Person.status != PersonStatus.erased))


def _full(session: Session, condition: ColumnElement[bool]) -> Certificate:
    certificate = session.scalar(
        select(Certificate)
        .join(Person, Person.id == Certificate.person_id)
        .where(condition)
        .options(
            joinedload(Certificate.person),
            joinedload(Certificate.scheme),
            joinedload(Certificate.scheme_version),
            selectinload(Certificate.periods),
            selectinload(Certificate.decisions),
        )
    )
    if certificate is None:
        raise _unknown()
    return certificate


def _unknown() -> NotFound:
    return NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")


def trained_exists(*, trainer_id: int, person_id: int) -> ColumnElement[bool]:
    """SQL: somebody ever held a trainer role in an edition that this person enrolled in."""
    return exists().where(
        RoleAssignment.person_id == trainer_id,
        RoleAssignment.role == Role.trainer,
        RoleAssignment.edition_id == Enrolment.edition_id,
        Enrolment.person_id == person_id,
    )


def ties(session: Session, *, decider_id: int | None, person_id: int) -> dict[str, bool]:
    """What binds a decider to a person: `own`, `trained`, `assessed`, as the rule of independence reads it; one query."""
    if decider_id is None:
        return {"own": False, "trained": False, "assessed": False}
    trained, assessed = session.execute(
        select(
            trained_exists(trainer_id=decider_id, person_id=person_id),
            assessed_exists(assessor_id=decider_id, person_id=person_id),
        )
    ).one()
    return {"own": decider_id == person_id, "trained": bool(trained), "assessed": bool(assessed)}


def certificate_of(session: Session, *, person_id: int, scheme_id: int) -> Certificate | None:
    """The certificate of a person under a scheme, if there is one."""
    return session.scalar(
        select(Certificate).where(Certificate.person_id == person_id, Certificate.scheme_id == scheme_id)
    )


def published_for(session: Session, course_version_id: int) -> SchemeVersion | None:
    """The published scheme version of a course version, if there is one."""
    return session.scalar(
        select(SchemeVersion)
        .where(SchemeVersion.course_version_id == course_version_id, SchemeVersion.state == CourseState.published)
        .options(joinedload(SchemeVersion.scheme))
    )


def schemes(session: Session) -> Sequence[Scheme]:
    """Every scheme with its versions and their course versions."""
    versions = selectinload(Scheme.versions).joinedload(SchemeVersion.course_version).joinedload(CourseVersion.course)
    return session.scalars(select(Scheme).options(versions).order_by(Scheme.title)).all()


def refusals(session: Session, *, person_id: int) -> Sequence[Decision]:
    """The refusals of a person before any certificate, newest first."""
    statement = select(Decision).where(
        Decision.person_id == person_id, Decision.kind == DecisionKind.refuse, Decision.certificate_id.is_(None)
    )
    return session.scalars(statement.order_by(Decision.id.desc())).all()


@dataclass(frozen=True, slots=True)
class Told:
    """One decision in the story of a certificate, with the name of who took it."""

    decision: Decision
    by: str


def story(session: Session, certificate: Certificate) -> list[Told]:
    """The decisions about a certificate, the newest first, each with who took it; one query."""
    rows = session.execute(
        select(Decision, Person.call_name)
        .join(Person, Person.id == Decision.decided_by_id)
        .where(Decision.certificate_id == certificate.id)
        .order_by(Decision.effective_on.desc(), Decision.id.desc())
    )
    return [Told(decision, name) for decision, name in rows]
