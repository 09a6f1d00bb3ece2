"""A draft is written, published, frozen and copied into the next."""

from __future__ import annotations

import pytest

from trainhub.core.access import Role
from trainhub.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from trainhub.courses import queries, service
from trainhub.courses.models import CourseState, Phase, RequirementKind, Track


def written(work, make):
    version = service.create_course(
        work, programme_id=make.programme().id, code="ed", title="Ervaring", track=Track.expert_by_experience
    )
    service.add_module(work, version_id=version.id, code="M1", title="Jouw verhaal, jouw grens", half_days=2)
    service.add_module(work, version_id=version.id, code="M2", title="Stigma en zelfstigma", is_core=False)
    service.add_competence(work, version_id=version.id, code="ED1", statement="Kiest wat je wel en niet vertelt")
    service.add_requirement(
        work, version_id=version.id, kind=RequirementKind.modules_present, params={"which": ["M1", "M2"]}
    )
    service.add_requirement(
        work, version_id=version.id, kind=RequirementKind.led_meetings, params={"count": 3}, phase=Phase.renewal
    )
    return version


def content(version):
    return (
        [(m.code, m.title, m.position, m.half_days, m.is_core) for m in version.modules],
        [(c.code, c.statement, c.position, c.is_core) for c in version.competences],
        [(r.phase, r.group_no, r.kind, r.params) for r in version.requirements],
    )


def test_a_course_begins_with_a_draft_and_is_published(work, make):
    version = written(work, make)

    service.publish(work, version_id=version.id)

    assert (version.state, version.published_at, version.version) == (CourseState.published, work.now, 1)
    assert content(version)[0] == [
        ("M1", "Jouw verhaal, jouw grens", 1, 2, True),
        ("M2", "Stigma en zelfstigma", 2, 1, False),
    ]


def test_a_published_version_cannot_be_changed(work, make):
    version = written(work, make)
    service.publish(work, version_id=version.id)
    module, competence, requirement = version.modules[0], version.competences[0], version.requirements[0]

    for act in (
        lambda: service.add_module(work, version_id=version.id, code="M3", title="Nieuw"),
        lambda: service.change_module(work, module_id=module.id, title="Nieuw", half_days=1, is_core=True),
        lambda: service.remove_module(work, module_id=module.id),
        lambda: service.add_competence(work, version_id=version.id, code="ED2", statement="Nieuw"),
        lambda: service.change_competence(work, competence_id=competence.id, statement="Nieuw", is_core=True),
        lambda: service.remove_competence(work, competence_id=competence.id),
        lambda: service.add_requirement(work, version_id=version.id, kind=RequirementKind.manual, params={}),
        lambda: service.change_requirement(work, requirement_id=requirement.id, params={"which": "core"}),
        lambda: service.remove_requirement(work, requirement_id=requirement.id),
    ):
        with pytest.raises(RuleBroken) as refused:
            act()
        assert refused.value.code == "frozen"
    with pytest.raises(RuleBroken):
        service.publish(work, version_id=version.id)


def test_a_copy_is_the_next_draft_with_the_same_parts(work, make):
    version = written(work, make)
    service.publish(work, version_id=version.id)

    draft = service.copy(work, version_id=version.id)
    work.session.flush()

    assert (draft.version, draft.state, draft.course_id) == (2, CourseState.draft, version.course_id)
    assert content(draft) == content(version)
    assert {part.id for part in draft.modules}.isdisjoint({part.id for part in version.modules})


def test_parts_of_a_draft_can_be_changed_and_removed(work, make):
    version = written(work, make)
    service.change_module(work, module_id=version.modules[0].id, title="Grens", half_days=1, is_core=False)
    service.change_competence(
        work, competence_id=version.competences[0].id, statement="Spreekt als buur", is_core=False
    )
    service.change_requirement(work, requirement_id=version.requirements[0].id, params={"which": "core"})
    work.session.expire_all()
    assert content(version)[0][0] == ("M1", "Grens", 1, 1, False)
    assert content(version)[1] == [("ED1", "Spreekt als buur", 1, False)]
    assert version.requirements[0].params == {"which": "core"}

    service.remove_module(work, module_id=version.modules[1].id)
    service.remove_competence(work, competence_id=version.competences[0].id)
    service.remove_requirement(work, requirement_id=version.requirements[1].id)
    work.session.expire_all()
    assert [len(part) for part in content(version)] == [1, 0, 1]


def test_a_code_is_used_once_in_a_version(work, make):
    version = written(work, make)

    with pytest.raises(RuleBroken) as refused:
        service.add_module(work, version_id=version.id, code="m1", title="Nog een")

    assert refused.value.code == "code_taken"


def test_a_retired_version_stays_readable_and_has_a_new_title(work, make):
    version = written(work, make)
    service.publish(work, version_id=version.id)

    service.retire(work, version_id=version.id)
    service.change_course(work, course_id=version.course_id, title="Anders")

    assert queries.published_versions(work.session) == []
    assert queries.version_page(work.session, version.public_id).course.title == "Anders"
    with pytest.raises(RuleBroken):
        service.retire(work, version_id=version.id)


def test_two_coordinators_on_one_course_the_second_is_told(work, make):
    course = make.course()
    service.change_course(work, course_id=course.id, title="Eerst", version=1)

    with pytest.raises(Conflict):
        service.change_course(work, course_id=course.id, title="Later", version=1)


def test_only_a_coordinator_writes_courses(work, make):
    draft = make.draft()
    work.actor = make.actor(Role.trainer, edition=make.edition())

    with pytest.raises(NotAllowed):
        service.publish(work, version_id=draft.id)
    with pytest.raises(NotAllowed):
        service.copy(work, version_id=draft.id)


def test_a_coordinator_of_another_programme_does_not_find_it(work, make):
    draft = make.draft()
    work.actor = make.actor(Role.coordinator, programme=make.programme())

    with pytest.raises(NotFound):
        service.publish(work, version_id=draft.id)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_two_queries(read, make, count_queries, rows):
    for _ in range(rows):
        make.course_version()

    with count_queries(2):
        courses = queries.course_list(read)

    assert [len(course.versions) for course in courses] == [1] * rows


def test_the_page_of_a_version_loads_everything(read, make, count_queries):
    version = make.course_version()

    with count_queries(4):
        page = queries.version_page(read, version.public_id)
        assert page.course.programme.name
        assert [len(part) for part in content(page)] == [2, 2, 1]

    with pytest.raises(NotFound):
        queries.version_page(read, make.person().public_id)


def test_versions_to_run_are_the_published_ones(read, make):
    published = make.course_version()
    make.draft()

    assert [version.id for version in queries.published_versions(read)] == [published.id]
