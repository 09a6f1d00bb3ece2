"""Questions about courses: the list, one version with all its parts, and the versions an edition can run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from trainhub.core.errors import NotFound
from trainhub.core.i18n import _
from trainhub.courses.models import Competence, Course, CourseState, CourseVersion, Module, Requirement, Track
from trainhub.programmes.models import Programme

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a course in the list."""

    public_id: uuid.UUID
    version: int
    state: CourseState


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course in the list with its versions, newest first."""

    id: int
    public_id: uuid.UUID
    code: str
    title: str
    track: Track
    programme: str
    versions: tuple[VersionRow, ...]


def course_list(session: Session) -> list[CourseRow]:
    """Every course with its versions (two queries)."""
    statement = (
        select(Course)
        .options(joinedload(Course.programme), selectinload(Course.versions))
        .join(Programme, Programme.id == Course.programme_id)
        .order_by(Programme.name, Course.code)
    )
    return [
        CourseRow(
            course.id,
            course.public_id,
            course.code,
            course.title,
            course.track,
            course.programme.name,
            tuple(VersionRow(v.public_id, v.version, v.state) for v in reversed(course.versions)),
        )
        for course in session.scalars(statement)
    ]


def version_page(session: Session, public_id: uuid.UUID) -> CourseVersion:
    """A version with its course, modules, competences and requirements loaded (four queries). Raises `NotFound`."""
    statement = (
        select(CourseVersion)
        .where(CourseVersion.public_id == public_id)
        .options(
            joinedload(CourseVersion.course).joinedload(Course.programme),
            selectinload(CourseVersion.modules),
            selectinload(CourseVersion.competences),
            selectinload(CourseVersion.requirements),
        )
    )
    version = session.scalar(statement)
    if version is None:
        raise NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")
    return version


def published_versions(session: Session) -> list[CourseVersion]:
    """The versions that an edition can run, with their courses, in the order of a list to choose from (one query)."""
    statement = (
        select(CourseVersion)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(CourseVersion.state == CourseState.published)
        .options(joinedload(CourseVersion.course).joinedload(Course.programme))
        .order_by(Course.title, CourseVersion.version.desc())
    )
    return list(session.scalars(statement))


def newest_number(session: Session, course_id: int) -> int:
    """The number of a course's newest version, 0 when there is none."""
    return session.scalar(select(func.max(CourseVersion.version)).where(CourseVersion.course_id == course_id)) or 0


def module_codes(session: Session, version_id: int) -> list[str]:
    """The codes of a version's modules in order."""
    return list(
        session.scalars(select(Module.code).where(Module.course_version_id == version_id).order_by(Module.position))
    )


def competence_codes(session: Session, version_id: int) -> list[str]:
    """The codes of a version's competences in order."""
    return list(
        session.scalars(
            select(Competence.code).where(Competence.course_version_id == version_id).order_by(Competence.position)
        )
    )


def requirements_of(session: Session, version_id: int) -> list[Requirement]:
    """A version's requirements, by phase and group."""
    return list(
        session.scalars(
            select(Requirement)
            .where(Requirement.course_version_id == version_id)
            .order_by(Requirement.phase, Requirement.group_no, Requirement.id)
        )
    )
