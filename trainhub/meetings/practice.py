"""Questions about who practises at meetings: the trainees, and whether somebody is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from trainhub.courses.models import Course, CourseVersion, Track
from trainhub.editions.models import Edition, Enrolment, EnrolmentState
from trainhub.people.models import Person, PersonStatus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

IN_TRAINING = (EnrolmentState.confirmed, EnrolmentState.active, EnrolmentState.paused, EnrolmentState.completed)


@dataclass(frozen=True, slots=True)
class Trainee:
    """Somebody who follows or finished a training: who, for which role, in which edition."""

    person_id: int
    name: str
    role: Track
    edition: str


def is_in_training(session: Session, person_id: int, role: Track) -> bool:
    """Whether a person follows or finished the training for a role."""
    statement = (
        select(Enrolment.id)
        .join(Enrolment.edition)
        .join(Edition.course_version)
        .join(CourseVersion.course)
        .where(Enrolment.person_id == person_id, Enrolment.state.in_(IN_TRAINING), Course.track == role)
        .limit(1)
    )
    return session.scalar(statement) is not None


def trainees(session: Session, words: str = "", *, limit: int = 50) -> list[Trainee]:
    """People who follow or finished a training, whose name holds the words: first who still follows one, by name; one query."""
    statement = (
        select(Person.id, Person.call_name, Course.track, Edition.title)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Enrolment.edition)
        .join(Edition.course_version)
        .join(CourseVersion.course)
        .where(Enrolment.state.in_(IN_TRAINING), Person.status == PersonStatus.active)
        .order_by(Enrolment.state == EnrolmentState.completed, Person.call_name, Person.id, Enrolment.id)
        .limit(limit)
    )
    for word in words.split()[:5]:
        statement = statement.where(
            Person.call_name.icontains(word, autoescape=True) | Person.formal_name.icontains(word, autoescape=True)
        )
    return [Trainee(*row) for row in session.execute(statement)]
