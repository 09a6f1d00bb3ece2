"""Tables of courses: what is taught (modules), what one must be able to do (competences), what one must show (requirements)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainhub.core.access import Scope
from trainhub.core.db import Base, Keyed, Privacy, Revised, choice
from trainhub.core.i18n import _
from trainhub.programmes.models import Programme

COURSE = Privacy(purpose="what is taught", retention="as long as certificates refer to it")


class Track(StrEnum):
    """The role a course trains for."""

    expert_by_experience = "expert_by_experience"
    discussion_leader = "discussion_leader"


class CourseState(StrEnum):
    """A version is edited as a draft, then published and frozen."""

    draft = "draft"
    published = "published"
    retired = "retired"


class Phase(StrEnum):
    """When a requirement must be met: for the first certificate or to renew one."""

    initial = "initial"
    renewal = "renewal"


class RequirementKind(StrEnum):
    """What a requirement counts; its `params` say how much."""

    attendance_share = "attendance_share"
    modules_present = "modules_present"
    competences_signed = "competences_signed"
    practice_meetings = "practice_meetings"
    led_meetings = "led_meetings"
    refresher = "refresher"
    declaration = "declaration"
    document_seen = "document_seen"
    manual = "manual"


class Course(Keyed, Revised, Base):
    """A training design (trainingsopzet) for one role in one programme."""

    __tablename__ = "course"
    privacy = COURSE

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True, info={"sentence": _("There is already a course with that code.")})
    title: Mapped[str]
    track: Mapped[Track] = mapped_column(choice(Track, "track"))

    programme: Mapped[Programme] = relationship()
    versions: Mapped[list[CourseVersion]] = relationship(back_populates="course", order_by="CourseVersion.version")

    @property
    def scope(self) -> Scope:
        """A course belongs to its programme."""
        return Scope(programme_id=self.programme_id)


class CourseVersion(Keyed, Revised, Base):
    """One version of a course; frozen once published, so that an old edition keeps what it promised."""

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("course_id", "version"),)
    privacy = COURSE

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    version: Mapped[int]
    state: Mapped[CourseState] = mapped_column(choice(CourseState, "state"), default=CourseState.draft)
    published_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship(back_populates="versions")
    modules: Mapped[list[Module]] = relationship(back_populates="course_version", order_by="Module.position")
    competences: Mapped[list[Competence]] = relationship(
        back_populates="course_version", order_by="Competence.position"
    )
    requirements: Mapped[list[Requirement]] = relationship(
        back_populates="course_version", order_by="Requirement.phase, Requirement.group_no, Requirement.id"
    )

    @property
    def scope(self) -> Scope:
        """A version belongs to the programme of its course."""
        return Scope(programme_id=self.course.programme_id)


class Module(Keyed, Base):
    """A part of a course that fills one or more half-days (dagdelen)."""

    __tablename__ = "module"
    __table_args__ = (
        UniqueConstraint("course_version_id", "code"),
        UniqueConstraint("course_version_id", "position"),
        CheckConstraint("half_days > 0", name="half_days"),
    )
    privacy = COURSE

    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    code: Mapped[str]
    title: Mapped[str]
    position: Mapped[int]
    half_days: Mapped[int] = mapped_column(default=1)
    is_core: Mapped[bool] = mapped_column(default=True)

    course_version: Mapped[CourseVersion] = relationship(back_populates="modules")


class Competence(Keyed, Base):
    """Something a person can do, in one plain sentence."""

    __tablename__ = "competence"
    __table_args__ = (UniqueConstraint("course_version_id", "code"), UniqueConstraint("course_version_id", "position"))
    privacy = COURSE

    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    code: Mapped[str]
    statement: Mapped[str]
    position: Mapped[int]
    is_core: Mapped[bool] = mapped_column(default=True)

    course_version: Mapped[CourseVersion] = relationship(back_populates="competences")


class Requirement(Keyed, Base):
    """One thing to show. AND inside a group, OR over the groups of a phase; what is asked stands in `params`."""

    __tablename__ = "requirement"
    __table_args__ = (CheckConstraint("group_no > 0", name="group_no"),)
    privacy = COURSE

    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    phase: Mapped[Phase] = mapped_column(choice(Phase, "phase"), default=Phase.initial)
    group_no: Mapped[int] = mapped_column(default=1)
    kind: Mapped[RequirementKind] = mapped_column(choice(RequirementKind, "kind"))
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)

    course_version: Mapped[CourseVersion] = relationship(back_populates="requirements")
