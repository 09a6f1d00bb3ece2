"""Verbs of courses: write a draft version, publish it, copy it into the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from trainhub.core.access import Permission
from trainhub.courses import queries, rules
from trainhub.courses.models import (
    Competence,
    Course,
    CourseState,
    CourseVersion,
    Module,
    Phase,
    Requirement,
    RequirementKind,
    Track,
)
from trainhub.programmes.models import Programme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainhub.core.work import Key, Work


def create_course(work: Work, *, programme_id: Key, code: str, title: str, track: Track) -> CourseVersion:
    """Start a course in a programme. Returns its first version, an empty draft."""
    programme = work.get(Programme, programme_id)
    work.require(Permission.COURSE_CHANGE, programme)
    course = work.add(
        Course(
            programme_id=programme.id,
            code=rules.has_code(code),
            title=rules.has_words(title, "title"),
            track=Track(track),
        )
    )
    version = work.add(CourseVersion(course_id=course.id, version=1))
    work.record("course.created", course)
    return version


def change_course(work: Work, *, course_id: Key, title: str, version: int | None = None) -> Course:
    """Give a course another title; its code and track stay. Raises `Conflict` when `version` is no longer the present one."""
    course = work.get(Course, course_id)
    work.require(Permission.COURSE_CHANGE, course)
    work.expect(course, version)
    course.title = rules.has_words(title, "title")
    work.record("course.changed", course)
    return course


def add_module(
    work: Work, *, version_id: Key, code: str, title: str, half_days: int = 1, is_core: bool = True
) -> Module:
    """Add a module at the end of a draft. Raises `RuleBroken` when the version is frozen or the code is taken."""
    version = _draft(work, version_id)
    code = rules.has_code(code)
    rules.is_free(code, queries.module_codes(work.session, version.id))
    rules.has_half_days(half_days)
    module = work.add(
        Module(
            course_version_id=version.id,
            code=code,
            title=rules.has_words(title, "title"),
            position=_next_position(work, Module, version.id),
            half_days=half_days,
            is_core=is_core,
        )
    )
    work.record("course.module_added", version, code=module.code)
    return module


def change_module(work: Work, *, module_id: Key, title: str, half_days: int, is_core: bool) -> Module:
    """Change a module of a draft; its code stays, because requirements name it."""
    module = work.get(Module, module_id)
    version = _draft(work, module.course_version_id)
    rules.has_half_days(half_days)
    module.title, module.half_days, module.is_core = rules.has_words(title, "title"), half_days, is_core
    work.record("course.module_changed", version, code=module.code)
    return module


def remove_module(work: Work, *, module_id: Key) -> None:
    """Take a module out of a draft."""
    module = work.get(Module, module_id)
    version = _draft(work, module.course_version_id)
    work.session.delete(module)
    work.record("course.module_removed", version, code=module.code)


def add_competence(work: Work, *, version_id: Key, code: str, statement: str, is_core: bool = True) -> Competence:
    """Add a competence at the end of a draft, as one plain sentence about what a person can do."""
    version = _draft(work, version_id)
    code = rules.has_code(code)
    rules.is_free(code, queries.competence_codes(work.session, version.id))
    competence = work.add(
        Competence(
            course_version_id=version.id,
            code=code,
            statement=rules.has_words(statement, "statement"),
            position=_next_position(work, Competence, version.id),
            is_core=is_core,
        )
    )
    work.record("course.competence_added", version, code=competence.code)
    return competence


def change_competence(work: Work, *, competence_id: Key, statement: str, is_core: bool) -> Competence:
    """Change a competence of a draft; its code stays."""
    competence = work.get(Competence, competence_id)
    version = _draft(work, competence.course_version_id)
    competence.statement, competence.is_core = rules.has_words(statement, "statement"), is_core
    work.record("course.competence_changed", version, code=competence.code)
    return competence


def remove_competence(work: Work, *, competence_id: Key) -> None:
    """Take a competence out of a draft."""
    competence = work.get(Competence, competence_id)
    version = _draft(work, competence.course_version_id)
    work.session.delete(competence)
    work.record("course.competence_removed", version, code=competence.code)


def add_requirement(
    work: Work,
    *,
    version_id: Key,
    kind: RequirementKind,
    params: Mapping[str, Any],
    phase: Phase = Phase.initial,
    group_no: int = 1,
) -> Requirement:
    """Add a requirement to a draft. Raises `RuleBroken` when its params do not fit its kind."""
    version = _draft(work, version_id)
    checked = _checked(work, version.id, RequirementKind(kind), params)
    requirement = work.add(
        Requirement(
            course_version_id=version.id,
            phase=Phase(phase),
            group_no=group_no,
            kind=RequirementKind(kind),
            params=checked,
        )
    )
    work.record("course.requirement_added", version, kind=requirement.kind.value, params=checked)
    return requirement


def change_requirement(work: Work, *, requirement_id: Key, params: Mapping[str, Any]) -> Requirement:
    """Change how much a requirement of a draft asks."""
    requirement = work.get(Requirement, requirement_id)
    version = _draft(work, requirement.course_version_id)
    requirement.params = _checked(work, version.id, requirement.kind, params)
    work.record("course.requirement_changed", version, kind=requirement.kind.value, params=requirement.params)
    return requirement


def remove_requirement(work: Work, *, requirement_id: Key) -> None:
    """Take a requirement out of a draft."""
    requirement = work.get(Requirement, requirement_id)
    version = _draft(work, requirement.course_version_id)
    work.session.delete(requirement)
    work.record("course.requirement_removed", version, kind=requirement.kind.value)


def publish(work: Work, *, version_id: Key, version: int | None = None) -> CourseVersion:
    """Freeze a draft, so that editions can promise it. Raises `RuleBroken` when something is missing."""
    draft = work.lock(CourseVersion, version_id)
    work.require(Permission.COURSE_CHANGE, draft)
    work.expect(draft, version)
    rules.may_become(draft.state, CourseState.published)
    rules.may_be_published(
        modules=queries.module_codes(work.session, draft.id),
        competences=queries.competence_codes(work.session, draft.id),
        requirements=[(r.phase.value, r.kind.value, r.params) for r in queries.requirements_of(work.session, draft.id)],
    )
    draft.state, draft.published_at = CourseState.published, work.now
    work.record("course.published", draft)
    return draft


def retire(work: Work, *, version_id: Key) -> CourseVersion:
    """Let no new edition run a version; editions that run it keep it."""
    version = work.lock(CourseVersion, version_id)
    work.require(Permission.COURSE_CHANGE, version)
    rules.may_become(version.state, CourseState.retired)
    version.state = CourseState.retired
    work.record("course.retired", version)
    return version


def copy(work: Work, *, version_id: Key) -> CourseVersion:
    """Begin the next version as a draft with the same modules, competences and requirements."""
    source = work.get(CourseVersion, version_id)
    work.require(Permission.COURSE_CHANGE, source)
    work.lock(Course, source.course_id)
    number = queries.newest_number(work.session, source.course_id) + 1
    draft = work.add(CourseVersion(course_id=source.course_id, version=number))
    for model, parts in (
        (Module, source.modules),
        (Competence, source.competences),
        (Requirement, source.requirements),
    ):
        work.session.add_all(_twin(model, part, draft.id) for part in parts)
    work.record("course.copied", draft, source_id=source.id)
    return draft


def _twin(model: type[Any], part: Any, version_id: int) -> Any:
    kept = {
        column.key: getattr(part, column.key)
        for column in model.__mapper__.column_attrs
        if column.key not in {"id", "public_id", "course_version_id"}
    }
    return model(course_version_id=version_id, **kept)


def _draft(work: Work, version_id: Key) -> CourseVersion:
    """The version, locked, when the actor may change it and it is still a draft."""
    version = work.lock(CourseVersion, version_id)
    work.require(Permission.COURSE_CHANGE, version)
    rules.may_be_changed(version.state)
    return version


def _checked(work: Work, version_id: int, kind: RequirementKind, params: Mapping[str, Any]) -> dict[str, Any]:
    return rules.checked_params(
        kind.value,
        params,
        modules=queries.module_codes(work.session, version_id),
        competences=queries.competence_codes(work.session, version_id),
    )


def _next_position(work: Work, model: type[Module | Competence], version_id: int) -> int:
    last = work.session.scalar(select(func.max(model.position)).where(model.course_version_id == version_id))
    return (last or 0) + 1
