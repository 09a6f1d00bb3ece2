"""Verbs of the rules themselves: a scheme for a role, its versions, and their publication.

The law of the place: a published version is frozen; its content is hashed, so that a change would show.
"""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import func, select

from trainhub.certification.models import Scheme, SchemeVersion
from trainhub.core.access import Permission
from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import _
from trainhub.core.work import Key, Work
from trainhub.courses.models import Competence, CourseState, CourseVersion, Module, Requirement, Track

MOST_MONTHS = 120
MOST_DAYS = 366


def create_scheme(work: Work, *, track: Track, title: str) -> Scheme:
    """The certificate of one role, under a title that says nothing of anybody's life. Raises `RuleBroken` when the role has one."""
    work.require(Permission.SCHEME_CHANGE)
    words = title.strip()
    if not words:
        raise RuleBroken(_("Fill in a title."), code="title_missing", field="title")
    if work.session.scalar(select(Scheme.id).where(Scheme.track == track)) is not None:
        raise RuleBroken(_("There is already a certificate for this role."), code="track_taken", field="track")
    scheme = work.add(Scheme(track=track, title=words))
    work.record("scheme.created", scheme)
    return scheme


def create_version(
    work: Work, *, scheme_id: Key, course_version_id: Key, validity_months: int = 36, expiring_days: int = 90
) -> SchemeVersion:
    """A draft version of a scheme on the requirements of a course version. Raises `RuleBroken` for what does not fit."""
    scheme, course_version = work.lock(Scheme, scheme_id), work.get(CourseVersion, course_version_id)
    work.require(Permission.SCHEME_CHANGE, course_version)
    _lengths(validity_months, expiring_days)
    if course_version.course.track != scheme.track:
        raise RuleBroken(_("This course trains for another role."), code="other_track", field="course_version_id")
    taken = select(SchemeVersion.id).where(SchemeVersion.course_version_id == course_version.id)
    if work.session.scalar(taken) is not None:
        raise RuleBroken(
            _("A certificate already belongs to this version of the course."),
            code="course_taken",
            field="course_version_id",
        )
    newest = select(func.max(SchemeVersion.version)).where(SchemeVersion.scheme_id == scheme.id)
    version = work.add(
        SchemeVersion(
            scheme_id=scheme.id,
            course_version_id=course_version.id,
            version=(work.session.scalar(newest) or 0) + 1,
            validity_months=validity_months,
            expiring_days=expiring_days,
        )
    )
    work.record("scheme.version_created", version)
    return version


def change_version(
    work: Work, *, version_id: Key, validity_months: int, expiring_days: int, version: int | None = None
) -> SchemeVersion:
    """Change a draft. Raises `RuleBroken` when it is published, `Conflict` when somebody else changed it first."""
    found = work.lock(SchemeVersion, version_id)
    work.require(Permission.SCHEME_CHANGE, found.course_version)
    work.expect(found, version)
    _is_draft(found)
    _lengths(validity_months, expiring_days)
    found.validity_months, found.expiring_days = validity_months, expiring_days
    work.record("scheme.version_changed", found)
    return found


def publish_version(work: Work, *, version_id: Key) -> SchemeVersion:
    """Freeze a version, with the hash of all it asks. Raises `RuleBroken` when it is not a draft or its course is not published."""
    found = work.lock(SchemeVersion, version_id)
    work.require(Permission.SCHEME_CHANGE, found.course_version)
    _is_draft(found)
    if found.course_version.state != CourseState.published:
        raise RuleBroken(
            _("Publish the version of the course first: then nothing in it can change any more."), code="course_open"
        )
    found.content_sha256 = content_hash(work, found)
    found.state = CourseState.published
    work.record("scheme.version_published", found)
    return found


def content_hash(work: Work, version: SchemeVersion) -> str:
    """SHA-256 over everything that a scheme version asks: periods, requirements, modules and competences."""
    key = version.course_version_id
    requirements = work.session.scalars(
        select(Requirement).where(Requirement.course_version_id == key).order_by(Requirement.id)
    )
    modules = work.session.scalars(select(Module).where(Module.course_version_id == key).order_by(Module.position))
    competences = work.session.scalars(
        select(Competence).where(Competence.course_version_id == key).order_by(Competence.position)
    )
    content = {
        "scheme": version.scheme_id,
        "version": version.version,
        "validity_months": version.validity_months,
        "expiring_days": version.expiring_days,
        "requirements": [[one.phase.value, one.group_no, one.kind.value, one.params] for one in requirements],
        "modules": [[one.code, one.title, one.half_days, one.is_core] for one in modules],
        "competences": [[one.code, one.statement, one.is_core] for one in competences],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _is_draft(version: SchemeVersion) -> None:
    if version.state != CourseState.draft:
        raise RuleBroken(_("This version is published and cannot change. Make a new version."), code="frozen")


def _lengths(validity_months: int, expiring_days: int) -> None:
    if not 1 <= validity_months <= MOST_MONTHS:
        raise RuleBroken(
            _("Fill in a number of months from 1 to %(most)s.", most=MOST_MONTHS),
            code="months",
            field="validity_months",
        )
    if not 0 <= expiring_days <= MOST_DAYS:
        raise RuleBroken(
            _("Fill in a number of days from 0 to %(most)s.", most=MOST_DAYS), code="days", field="expiring_days"
        )
