"""Questions about competence: which mandates hold, what was signed, what an assessor still has to look at."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, joinedload

from trainhub.competence.models import AssessorMandate, SignOff
from trainhub.competence.rules import SIGNABLE_STATES, Mandate
from trainhub.core.clock import local_day
from trainhub.core.db import alias
from trainhub.courses.models import Competence, CourseVersion
from trainhub.editions.models import Edition, Enrolment, EnrolmentState
from trainhub.people.models import Person


@dataclass(frozen=True, slots=True)
class Signed:
    """A competence that counts: whose, which, on which Dutch day, by whom."""

    person_id: int
    competence_id: int
    on: date
    assessor_id: int


def mandates_of(session: Session, person_id: int) -> list[Mandate]:
    """All mandates of an assessor, past and future ones too, as the rules read them."""
    rows = session.execute(
        select(
            AssessorMandate.course_version_id,
            AssessorMandate.competence_id,
            AssessorMandate.valid_from,
            AssessorMandate.valid_until,
        ).where(AssessorMandate.person_id == person_id)
    )
    return [Mandate(*row) for row in rows]


def mandates(session: Session) -> list[tuple[AssessorMandate, CourseVersion, Competence | None]]:
    """Every mandate with its person, course version and competence; live ones and the newest first."""
    rows = session.execute(
        select(AssessorMandate, CourseVersion, Competence)
        .join(CourseVersion, CourseVersion.id == AssessorMandate.course_version_id)
        .outerjoin(Competence, Competence.id == AssessorMandate.competence_id)
        .options(joinedload(AssessorMandate.person), joinedload(CourseVersion.course))
        .order_by(AssessorMandate.valid_from.desc(), AssessorMandate.id.desc())
    )
    return [(mandate, version, competence) for mandate, version, competence in rows]


def is_signed(session: Session, *, person_id: int, competence_id: int) -> bool:
    """Whether a sign-off of this competence stands for this person."""
    statement = select(SignOff.id).where(
        SignOff.person_id == person_id, SignOff.competence_id == competence_id, SignOff.voided_at.is_(None)
    )
    return session.scalar(statement) is not None


def signed(session: Session, person_ids: Collection[int]) -> list[Signed]:
    """The standing sign-offs of these people, one row per competence."""
    rows = session.execute(
        select(SignOff.person_id, SignOff.competence_id, SignOff.signed_at, SignOff.assessor_id).where(
            SignOff.person_id.in_(person_ids), SignOff.voided_at.is_(None)
        )
    )
    return [Signed(person, competence, local_day(at), assessor) for person, competence, at, assessor in rows]


def history(session: Session, person_id: int) -> Sequence[SignOff]:
    """Every sign-off of a person, withdrawn ones too, with competence and assessor, the newest first."""
    statement = (
        select(SignOff)
        .where(SignOff.person_id == person_id)
        .options(joinedload(SignOff.competence), joinedload(SignOff.assessor), joinedload(SignOff.enrolment))
        .order_by(SignOff.signed_at.desc(), SignOff.id.desc())
    )
    return session.scalars(statement).all()


def has_assessed(session: Session, *, assessor_id: int, person_id: int) -> bool:
    """Whether the assessor ever signed a competence of this person, also one that was withdrawn later."""
    return bool(session.scalar(select(assessed_exists(assessor_id=assessor_id, person_id=person_id))))


def assessed_exists(*, assessor_id: int, person_id: int) -> ColumnElement[bool]:
    """`has_assessed` in SQL."""
    return exists().where(SignOff.assessor_id == assessor_id, SignOff.person_id == person_id)


@dataclass(frozen=True, slots=True)
class Step:
    """One competence of one person on the assessor's page; `signed_on` and `signed_by` when it stands."""

    competence_id: int
    public_id: uuid.UUID
    code: str
    statement: str
    is_core: bool
    signed_on: date | None
    signed_by: str | None
    sign_off_id: int | None


@dataclass(frozen=True, slots=True)
class Learner:
    """A person in an edition with the competences of its course."""

    enrolment: Enrolment
    person: Person
    edition: Edition
    steps: tuple[Step, ...]

    @property
    def open_steps(self) -> tuple[Step, ...]:
        """The competences that were not signed yet."""
        return tuple(step for step in self.steps if step.signed_on is None)


def learners(session: Session, *, edition_ids: Collection[int], enrolment_id: uuid.UUID | None = None) -> list[Learner]:
    """Who takes part in these editions, with every competence and whether it stands; two queries for any number of people."""
    states = [EnrolmentState(state) for state in SIGNABLE_STATES]
    people = select(Enrolment, Person, Edition).join(Person, Person.id == Enrolment.person_id)
    people = people.join(Edition, Edition.id == Enrolment.edition_id).where(
        Enrolment.edition_id.in_(edition_ids), Enrolment.state.in_(states)
    )
    if enrolment_id is not None:
        people = people.where(Enrolment.public_id == enrolment_id)
    found = session.execute(people.order_by(Edition.title, Person.call_name, Enrolment.id)).all()
    steps = _steps(session, found)
    return [Learner(enrolment, person, edition, steps.get(enrolment.id, ())) for enrolment, person, edition in found]


def _steps(session: Session, found: Sequence[tuple[Enrolment, Person, Edition]]) -> dict[int, tuple[Step, ...]]:
    assessor = alias(Person, "assessor")
    rows = session.execute(
        select(Enrolment.id, Competence, SignOff, assessor.call_name)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .join(Competence, Competence.course_version_id == Edition.course_version_id)
        .outerjoin(
            SignOff,
            (SignOff.competence_id == Competence.id)
            & (SignOff.person_id == Enrolment.person_id)
            & SignOff.voided_at.is_(None),
        )
        .outerjoin(assessor, assessor.id == SignOff.assessor_id)
        .where(Enrolment.id.in_([enrolment.id for enrolment, _person, _edition in found]))
        .order_by(Enrolment.id, Competence.position)
    )
    steps: dict[int, tuple[Step, ...]] = {}
    for enrolment_id, competence, sign_off, name in rows:
        steps[enrolment_id] = (*steps.get(enrolment_id, ()), _step(competence, sign_off, name))
    return steps


def _step(competence: Competence, sign_off: SignOff | None, name: str | None) -> Step:
    on = local_day(sign_off.signed_at) if sign_off is not None else None
    return Step(
        competence.id,
        competence.public_id,
        competence.code,
        competence.statement,
        competence.is_core,
        on,
        name,
        sign_off.id if sign_off is not None else None,
    )
