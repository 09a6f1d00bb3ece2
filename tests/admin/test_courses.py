"""The desk's screens of courses: a draft is written, published and copied."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from trainhub.core.access import Role
from trainhub.courses.models import Competence, Course, CourseState, CourseVersion, Module, Phase, Requirement


@pytest.fixture
def desk(make, client, sign_in):
    """A coordinator at the desk."""
    coordinator = make.person()
    make.actor(Role.coordinator, person=coordinator)
    sign_in(client, coordinator)
    return client


def page_of(version):
    return f"/admin/cursussen/versie/{version.public_id}/"


def parts(make, model, version):
    make.session.expire_all()
    return make.session.scalars(select(model).where(model.course_version_id == version.id).order_by(model.id)).all()


def test_a_course_is_made_with_an_empty_draft(make, desk):
    assert 'class="empty"' in desk.get("/admin/cursussen/").text
    programme = make.programme()
    sent = {
        "programme_id": str(programme.public_id),
        "code": "ed",
        "title": "Ervaring",
        "track": "expert_by_experience",
    }

    answer = desk.post("/admin/cursussen/nieuw", data=sent)

    version = make.session.scalar(select(CourseVersion))
    assert answer.location.endswith(page_of(version))
    assert version.state == CourseState.draft
    assert "Ervaring" in desk.get("/admin/cursussen/").text
    assert desk.get(page_of(version)).status_code == 200


def test_a_title_changes_for_one_coordinator_at_a_time(make, desk):
    course = make.course(title="Oud")
    address = f"/admin/cursussen/{course.public_id}/wijzigen"

    assert 'value="Oud"' in desk.get(address).text
    desk.post(address, data={"title": "Nieuw", "version": "1"})
    page = desk.post(address, data={"title": "Anders", "version": "1"})

    assert page.status_code == 422
    assert "Nieuw" in page.text
    assert make.session.scalar(select(Course.title)) == "Nieuw"


def test_modules_and_competences_are_added_changed_and_removed(make, desk):
    draft = make.draft(modules=(), competences=(), requirements=())

    desk.post(page_of(draft) + "module", data={"code": "m1", "title": "Grens", "half_days": "2", "is_core": "y"})
    desk.post(page_of(draft) + "competentie", data={"code": "ed1", "statement": "Spreekt als buur"})
    module, competence = parts(make, Module, draft)[0], parts(make, Competence, draft)[0]
    assert (module.code, module.half_days, module.is_core) == ("M1", 2, True)
    assert (competence.code, competence.is_core) == ("ED1", False)

    module_page, competence_page = (
        f"/admin/cursussen/module/{module.public_id}/",
        f"/admin/cursussen/competentie/{competence.public_id}/",
    )
    assert 'value="Grens"' in desk.get(module_page).text
    desk.post(module_page, data={"title": "Verhaal", "half_days": "1"})
    desk.post(competence_page, data={"statement": "Luistert", "is_core": "y"})
    assert (parts(make, Module, draft)[0].title, parts(make, Module, draft)[0].is_core) == ("Verhaal", False)
    assert parts(make, Competence, draft)[0].statement == "Luistert"

    desk.post(module_page + "verwijderen")
    desk.post(competence_page + "verwijderen")
    assert parts(make, Module, draft) == parts(make, Competence, draft) == []


def test_a_code_that_is_taken_stands_beside_its_field(make, desk):
    draft = make.draft()

    page = desk.post(page_of(draft) + "module", data={"code": "m1", "title": "Nog een", "half_days": "1"})

    assert page.status_code == 422
    assert 'id="code-error"' in page.text
    assert 'value="Nog een"' in page.text


@pytest.mark.parametrize(
    ("kind", "sent", "params"),
    [
        ("attendance_share", {"percent": "75"}, {"percent": 75}),
        ("modules_present", {}, {"which": "core"}),
        ("modules_present", {"which": ["M1"]}, {"which": ["M1"]}),
        ("competences_signed", {"which": ["ED1", "ED2"]}, {"which": ["ED1", "ED2"]}),
        ("practice_meetings", {"observe": "1", "co_lead": "2"}, {"observe": 1, "co_lead": 2}),
        ("led_meetings", {"count": "3"}, {"count": 3}),
        ("refresher", {"half_days": "1"}, {"half_days": 1}),
        ("declaration", {"what": "Gedragscode"}, {"what": "Gedragscode"}),
        ("document_seen", {"what": "vog"}, {"what": "vog"}),
        ("manual", {"what": "Eindgesprek"}, {"what": "Eindgesprek"}),
    ],
)
def test_each_kind_of_requirement_asks_its_own_few_fields(make, desk, kind, sent, params):
    draft = make.draft(requirements=())
    address = page_of(draft) + f"eis/{kind}"

    assert desk.get(address).status_code == 200
    desk.post(address, data={"phase": "renewal", "group_no": "2", **sent})
    requirement = parts(make, Requirement, draft)[0]
    assert (requirement.params, requirement.phase, requirement.group_no) == (params, Phase.renewal, 2)

    change = f"/admin/cursussen/eis/{requirement.public_id}/"
    assert desk.get(change).status_code == 200
    desk.post(change, data=sent)
    assert parts(make, Requirement, draft)[0].params == params
    desk.post(change + "verwijderen")
    assert parts(make, Requirement, draft) == []


def test_what_does_not_fit_a_requirement_is_refused(make, desk):
    draft = make.draft(requirements=())

    page = desk.post(
        page_of(draft) + "eis/practice_meetings",
        data={"phase": "initial", "group_no": "1", "observe": "0", "co_lead": "0"},
    )

    assert page.status_code == 422
    assert 'class="error-summary"' in page.text
    assert desk.get(page_of(draft) + "eis/onzin").status_code == 404


def test_a_draft_is_published_after_a_look_and_then_frozen(make, desk):
    draft = make.draft()
    module = draft.modules[0]

    assert desk.get(page_of(draft) + "publiceren").status_code == 200
    desk.post(page_of(draft) + "publiceren", data={"version": "1"})
    page = desk.post(f"/admin/cursussen/module/{module.public_id}/", data={"title": "Anders", "half_days": "1"})

    make.session.refresh(draft)
    assert draft.state == CourseState.published
    assert page.status_code == 422
    assert "verwijderen" not in desk.get(page_of(draft)).text


def test_a_version_is_copied_and_retired(make, desk):
    version = make.course_version()

    answer = desk.post(page_of(version) + "kopie")
    desk.get(page_of(version) + "stoppen")
    desk.post(page_of(version) + "stoppen")

    make.session.expire_all()
    numbers = make.session.execute(
        select(CourseVersion.version, CourseVersion.state).order_by(CourseVersion.version)
    ).all()
    assert numbers == [(1, CourseState.retired), (2, CourseState.draft)]
    assert str(version.public_id) not in answer.location


def test_a_course_of_another_programme_does_not_exist(make, client, sign_in):
    coordinator = make.person()
    make.actor(Role.coordinator, person=coordinator, programme=make.programme())
    sign_in(client, coordinator)
    draft = make.draft()

    assert client.get(page_of(draft)).status_code == 404
    assert client.post(page_of(draft) + "publiceren").status_code == 404
    assert client.get(f"/admin/cursussen/module/{draft.modules[0].public_id}/").status_code == 404
    assert client.get(f"/admin/cursussen/{draft.course.public_id}/wijzigen").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_page_cost_the_same(make, desk, count_queries, rows):
    for _ in range(rows):
        version = make.course_version()

    with count_queries(5):
        assert desk.get("/admin/cursussen/").status_code == 200
    with count_queries(7):
        assert desk.get(page_of(version)).status_code == 200
