"""Factories of courses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.factories.base import NOW, Factory
from trainhub.courses.models import (
    Competence,
    Course,
    CourseState,
    CourseVersion,
    Module,
    Requirement,
    RequirementKind,
    Track,
)


class MakeCourses(Factory):
    """Courses and their versions."""

    def course(self, **given: Any) -> Course:
        """A course without versions."""
        number = self.number()
        return self.row(
            Course, **{"code": f"C{number}", "title": f"Cursus {number}", "track": Track.expert_by_experience, **given}
        )

    def course_version(
        self,
        *,
        modules: Sequence[tuple[str, int]] = (("M1", 1), ("M2", 1)),
        competences: Sequence[str] = ("ED1", "ED2"),
        requirements: Sequence[tuple[RequirementKind, dict[str, Any]]] = (
            (RequirementKind.attendance_share, {"percent": 80}),
        ),
        **given: Any,
    ) -> CourseVersion:
        """A published version with core modules `(code, half_days)`, core competences and requirements; `state` for a draft."""
        course = given.pop("course", None) or self.course()
        version = self.row(
            CourseVersion,
            **{"course": course, "version": 1, "state": CourseState.published, "published_at": NOW, **given},
        )
        for position, (code, half_days) in enumerate(modules, start=1):
            self.row(
                Module,
                course_version=version,
                code=code,
                title=f"Module {code}",
                position=position,
                half_days=half_days,
            )
        for position, code in enumerate(competences, start=1):
            self.row(Competence, course_version=version, code=code, statement=f"Kan {code}", position=position)
        for kind, params in requirements:
            self.row(Requirement, course_version=version, kind=kind, params=params)
        self.session.refresh(version, ["modules", "competences", "requirements"])
        return version

    def draft(self, **given: Any) -> CourseVersion:
        """A version that can still be changed."""
        return self.course_version(**{"state": CourseState.draft, "published_at": None, **given})
