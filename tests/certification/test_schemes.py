"""Schemes and their versions."""

from __future__ import annotations

from typing import Any

import pytest

from trainhub.certification import schemes
from trainhub.core.access import Role
from trainhub.core.errors import Conflict, NotAllowed, RuleBroken
from trainhub.courses.models import CourseState, Track


def test_scheme_has_a_title_and_one_track(make: Any, work: Any) -> None:
    scheme = schemes.create_scheme(work, track=Track.discussion_leader, title=" Certificaat ")

    assert (scheme.title, scheme.track) == ("Certificaat", Track.discussion_leader)
    for title, code in (("", "title_missing"), ("Nog een", "track_taken")):
        with pytest.raises(RuleBroken) as refused:
            schemes.create_scheme(work, track=Track.discussion_leader, title=title)
        assert refused.value.code == code


def test_version_belongs_to_a_course_of_its_track_once(make: Any, work: Any) -> None:
    training = make.training()
    other = make.training(track=Track.discussion_leader)
    scheme = make.scheme()

    for version, code in ((other.version, "other_track"), (training.version, "course_taken")):
        with pytest.raises(RuleBroken) as refused:
            schemes.create_version(work, scheme_id=scheme.id, course_version_id=version.id)
        assert refused.value.code == code


def test_version_is_numbered_changed_and_published_with_a_hash(make: Any, work: Any) -> None:
    course_version = make.row(
        type(make.training().version), course=make.training().version.course, state=CourseState.published
    )
    before = max(one.version for one in make.scheme().versions)

    version = schemes.create_version(work, scheme_id=make.scheme().id, course_version_id=course_version.id)
    schemes.change_version(work, version_id=version.id, validity_months=24, expiring_days=60)
    schemes.publish_version(work, version_id=version.public_id)

    assert version.version > before
    assert (version.validity_months, version.expiring_days, version.state) == (24, 60, CourseState.published)
    assert version.content_sha256 == schemes.content_hash(work, version)


def test_published_version_never_changes(make: Any, work: Any) -> None:
    version = make.scheme_version()

    for change in (
        lambda: schemes.change_version(work, version_id=version.id, validity_months=1, expiring_days=1),
        lambda: schemes.publish_version(work, version_id=version.id),
    ):
        with pytest.raises(RuleBroken) as refused:
            change()
        assert refused.value.code == "frozen"


def test_version_waits_for_its_course(make: Any, work: Any) -> None:
    course_version = make.row(type(make.training().version), course=make.training().version.course)
    version = schemes.create_version(work, scheme_id=make.scheme().id, course_version_id=course_version.id)

    with pytest.raises(RuleBroken) as refused:
        schemes.publish_version(work, version_id=version.id)
    assert refused.value.code == "course_open"


@pytest.mark.parametrize(
    ("months", "days", "code"), [(0, 90, "months"), (121, 90, "months"), (36, -1, "days"), (36, 367, "days")]
)
def test_version_lengths_are_sensible(make: Any, work: Any, months: int, days: int, code: str) -> None:
    version = make.scheme_version(state=CourseState.draft)

    with pytest.raises(RuleBroken) as refused:
        schemes.change_version(work, version_id=version.id, validity_months=months, expiring_days=days)
    assert refused.value.code == code


def test_version_that_somebody_else_changed_is_a_conflict(make: Any, work: Any) -> None:
    version = make.scheme_version(state=CourseState.draft)

    with pytest.raises(Conflict):
        schemes.change_version(work, version_id=version.id, validity_months=12, expiring_days=30, version=99)


def test_only_a_coordinator_changes_schemes(make: Any, work: Any) -> None:
    work.actor = make.actor(Role.technical_administrator)

    with pytest.raises(NotAllowed):
        schemes.create_scheme(work, track=Track.discussion_leader, title="Certificaat")
