"""The hardened base of every admin screen: the doors, what a form can change, and each known trap of the library."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from flask_admin import BaseView, expose
from sqlalchemy import inspect, select
from werkzeug.exceptions import MethodNotAllowed

from admin import site
from admin.service_view import Guarded, Screen, ServiceView
from tests.factories.base import NOW
from trainhub.core.access import Permission, Role
from trainhub.core.audit import AuditEntry
from trainhub.core.db import ReadOnlyViolation
from trainhub.core.errors import NotAllowed
from trainhub.outbox.models import Message
from trainhub.people import service
from trainhub.people.models import Person, PersonStatus
from trainhub.places.models import Municipality
from trainhub.web.access import access_of
from trainhub.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient


class People(ServiceView):
    permission_read = Permission.PERSON_LIST
    permission_change = Permission.PERSON_CHANGE
    create_with = service.register
    change_with = service.change
    column_list = ("call_name", "email", "created_at", "status")
    column_searchable_list = ("call_name",)
    column_filters = ("status",)
    form_columns = ("call_name", "email")

    def get_query(self) -> Any:
        return super().get_query().filter(Person.status != PersonStatus.archived)


class Places(ServiceView):
    permission_read = Permission.PERSON_LIST
    column_list = ("name",)


TYPED: list[dict[str, Any]] = []


def note(work: Any, **values: Any) -> None:
    """A verb that only notes what it was given."""
    TYPED.append(values)


class Letters(ServiceView):
    permission_read = Permission.MESSAGE_READ
    permission_change = Permission.MESSAGE_CHANGE
    create_with = note
    column_list = ("subject", "state", "public_id", "due_at")
    form_columns = ("person", "subject", "due_at")
    form_ajax_refs: ClassVar = {"person": {"fields": ("call_name",)}}


class Numbers(Screen):
    permission = Permission.AUDIT_READ

    @expose("/")
    def index(self) -> str:
        raise TypeError("a mistake of ours")


@pytest.fixture
def desk(database: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Flask:
    def views() -> list[BaseView]:
        return [
            People(Person, name="Mensen"),
            Places(Municipality, name="Plaatsen", endpoint="desk_places", url="plaatsen"),
            Letters(Message, name="Brieven", endpoint="desk_letters", url="brieven"),
            Numbers(name="Cijfers"),
        ]

    monkeypatch.setattr(site, "views", views)
    app = create_app(settings, database=database, clock=lambda: NOW, mounts=[site.mount])
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def enter(desk: Flask, make: Any, sign_in: Callable[..., None]) -> Callable[[Role | None], FlaskClient]:
    def entered(role: Role | None) -> FlaskClient:
        client = desk.test_client()
        person = make.person()
        if role is not None:
            make.actor(role, person=person)
        sign_in(client, person)
        return client

    return entered


PAGES = ("/admin/", "/admin/person/", "/admin/person/new/", "/admin/person/edit/?id=1", "/admin/person/details/?id=1")


@pytest.mark.parametrize("page", PAGES)
def test_visitor_is_sent_to_sign_in_and_back(desk, page):
    answer = desk.test_client().get(page)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/inloggen?next=/admin/")


@pytest.mark.parametrize("page", PAGES)
def test_trainee_may_not_enter(enter, page):
    assert enter(None).get(page).status_code == 403


def test_municipality_officer_may_not_enter(desk, make, sign_in):
    client, person = desk.test_client(), make.person()
    make.actor(Role.municipality_officer, person=person, municipality=make.municipality())
    sign_in(client, person)

    assert [client.get(page).status_code for page in PAGES] == [403] * len(PAGES)


def test_every_view_derives_from_ours_and_every_door_is_marked(app):
    views = app.extensions["admin"][0]._views

    assert [type(view).__name__ for view in views if not isinstance(view, Guarded)] == []
    doors = [rule.endpoint for rule in app.url_map.iter_rules()]
    assert [door for door in doors if access_of(app, door) is None] == []


def test_a_view_of_another_base_stops_the_start(database, settings, monkeypatch):
    class Loose(BaseView):
        @expose("/")
        def index(self) -> str:
            return ""

    monkeypatch.setattr(site, "views", lambda: [Loose(name="Los")])

    with pytest.raises(TypeError, match="loose derives from neither"):
        create_app(settings, database=database, mounts=[site.mount])


def test_every_screen_of_the_desk_refuses_a_visitor_and_a_trainee(app, client, make, sign_in):
    lists = [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/admin/") and "<" not in rule.rule]
    pages = [page for page in lists if "GET" in methods_of(app, page)]
    visitors = {page: client.get(page).status_code for page in pages}
    sign_in(client, make.person())
    trainees = {page: client.get(page).status_code for page in pages}

    assert set(visitors.values()) == {302}
    assert set(trainees.values()) == {403}


def methods_of(app: Flask, page: str) -> set[str]:
    return {method for rule in app.url_map.iter_rules() if rule.rule == page for method in rule.methods or ()}


def test_list_shows_people_in_dutch_with_dutch_wall_time(enter, make):
    make.person(call_name="Anna")

    page = enter(Role.coordinator).get("/admin/person/").text

    assert "Anna" in page
    assert "dinsdag 24 november 2026, 12.00 uur" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_queries_for_one_row_and_for_three(enter, make, count_queries, rows):
    client = enter(Role.coordinator)
    for _row in range(rows):
        make.person()

    with count_queries(5):
        assert client.get("/admin/person/").status_code == 200


def test_create_goes_through_the_service_and_is_recorded(enter, make):
    answer = enter(Role.coordinator).post("/admin/person/new/", data={"call_name": "Nieuw", "email": "n@example.org"})

    assert answer.status_code == 302
    made = make.session.scalar(select(Person).where(Person.call_name == "Nieuw"))
    assert made is not None
    assert "person.registered" in make.session.scalars(select(AuditEntry.action)).all()


def test_refusal_of_the_service_stands_beside_its_field_and_keeps_what_was_typed(enter, make):
    make.person(email="bezet@example.org")

    answer = enter(Role.coordinator).post(
        "/admin/person/new/", data={"call_name": "Nieuw", "email": "bezet@example.org"}
    )

    assert answer.status_code == 422
    assert 'value="bezet@example.org"' in answer.text
    assert 'id="email-error"' in answer.text or "error-summary" in answer.text
    assert "INSERT" not in answer.text


def test_posting_every_column_changes_only_the_listed_ones(enter, make):
    person = make.person(call_name="Anna")
    before = {one.key: getattr(person, one.key) for one in inspect(Person).column_attrs}
    typed = dict.fromkeys(before, "1") | {
        "call_name": "Hanna",
        "email": person.email,
        "version": "1",
        "status": "erased",
    }

    answer = enter(Role.coordinator).post(f"/admin/person/edit/?id={person.id}", data=typed)

    assert answer.status_code == 302, answer.text
    make.session.refresh(person)
    after = {name: getattr(person, name) for name in before}
    assert {name for name in before if before[name] != after[name]} == {"call_name", "row_version"}


def test_second_of_two_coordinators_sees_what_the_first_changed(enter, make):
    person = make.person(call_name="Anna")
    first, second = enter(Role.coordinator), enter(Role.coordinator)
    address = f"/admin/person/edit/?id={person.id}"
    first.post(address, data={"call_name": "Hanna", "email": person.email, "version": "1"})

    answer = second.post(address, data={"call_name": "Johanna", "email": person.email, "version": "1"})

    assert answer.status_code == 422
    assert "Hanna" in answer.text
    assert 'value="Johanna"' in answer.text
    assert 'name="version" type="hidden" value="2"' in answer.text
    again = second.post(address, data={"call_name": "Johanna", "email": person.email, "version": "2"})
    assert again.status_code == 302


def test_form_without_its_version_changes_nothing(enter, make):
    person = make.person(call_name="Anna")

    enter(Role.coordinator).post(
        f"/admin/person/edit/?id={person.id}", data={"call_name": "Hanna", "email": person.email}
    )

    make.session.refresh(person)
    assert person.call_name == "Anna"


@pytest.mark.parametrize("page", ["details", "edit"])
def test_row_outside_the_list_is_nowhere(enter, make, page):
    hidden = make.person(status=PersonStatus.archived)

    assert enter(Role.coordinator).get(f"/admin/person/{page}/?id={hidden.id}").status_code == 404


@pytest.mark.parametrize("id", ["1,2", "0", "-1", "abc", "9" * 30, "1 OR 1=1", "²"])
def test_strange_id_is_not_found(enter, id):
    assert enter(Role.coordinator).get(f"/admin/person/details/?id={id}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=99999999999999999999",
        "page=x",
        "sort=99",
        "sort=-1",
        "page_size=100000",
        "search=%25",
        "flt0_0=onzin",
    ],
)
def test_strange_address_of_a_list_is_a_list(enter, query):
    assert enter(Role.coordinator).get(f"/admin/person/?{query}").status_code == 200


@pytest.mark.parametrize("door", ["delete/", "action/", "ajax/update/", "ajax/lookup/", "export/csv/"])
def test_dangerous_doors_of_the_library_do_not_exist(enter, door):
    client = enter(Role.coordinator)

    assert client.post(f"/admin/person/{door}", data={"id": "1"}).status_code == 404
    assert client.get(f"/admin/person/{door}").status_code == 404


def test_screen_without_a_service_cannot_be_written(enter):
    client = enter(Role.coordinator)

    assert client.get("/admin/plaatsen/").status_code == 200
    assert client.post("/admin/plaatsen/new/", data={"name": "X"}).status_code == 404
    assert client.post("/admin/plaatsen/edit/?id=1", data={"name": "X"}).status_code == 404


def test_post_without_a_token_is_refused(desk, enter):
    client = enter(Role.coordinator)
    desk.config["WTF_CSRF_ENABLED"] = True

    answer = client.post("/admin/person/new/", data={"call_name": "Nieuw", "email": "n@example.org"})

    assert answer.status_code == 400
    assert "te lang open" in answer.text


def test_pages_read_on_a_session_that_cannot_write(desk, make):
    person = make.person()
    with desk.test_request_context("/"):
        from trainhub.web.per_request import reading  # noqa: PLC0415

        reading().get(Person, person.id).call_name = "Iemand anders"
        with pytest.raises(ReadOnlyViolation):
            reading().flush()


def test_mistake_of_ours_is_not_tried_twice(enter):
    with pytest.raises(TypeError, match="a mistake of ours"):
        enter(Role.technical_administrator).get("/admin/numbers/")


def test_menu_shows_only_what_the_reader_may_open(enter):
    page = enter(Role.technical_administrator).get("/admin/").text

    assert "Cijfers" in page
    assert "Mensen" not in page


def test_a_chosen_row_is_searched_without_script_and_given_by_its_id(enter, make):
    client = enter(Role.coordinator)
    anna = make.person(call_name="Anna")
    for _other in range(30):
        make.person()
    looked = client.post("/admin/brieven/new/", data={"subject": "Dag", "person-search": "ann", "_lookup": "person"})
    TYPED.clear()

    answer = client.post(
        "/admin/brieven/new/", data={"subject": " Dag ", "person": str(anna.id), "due_at": "2026-12-01T10:00"}
    )

    assert looked.status_code == 200
    assert f'<option value="{anna.id}">' in looked.text
    assert looked.text.count("<option") < 10
    assert 'value="Dag"' in looked.text
    assert answer.status_code == 302
    assert [{"person_id": anna.id, "subject": "Dag", "due_at": datetime(2026, 12, 1, 9, tzinfo=UTC)}] == TYPED


def test_values_in_a_list_are_words(enter, make):
    message = make.row(Message, person_id=make.person().id, subject="Dag", due_at=NOW)

    page = enter(Role.coordinator).get("/admin/brieven/").text

    assert str(message.public_id) in page
    assert "dinsdag 24 november 2026, 12.00 uur" in page


def test_library_is_refused_when_it_tries_to_remove_or_let_in(desk):
    view = next(view for view in desk.extensions["admin"][0]._views if view.endpoint == "person")
    with desk.test_request_context("/admin/person/"):
        with pytest.raises(MethodNotAllowed):
            view.delete_model(None)
        assert view.is_action_allowed("delete") is False
        assert view.inaccessible_callback("index_view").status_code == 302
        assert view.update_model is not None
    read_only = next(view for view in desk.extensions["admin"][0]._views if view.endpoint == "desk_places")
    assert read_only.create_model(None) is False
    assert read_only.update_model(None, None) is False


def test_reader_of_another_role_hears_that_a_screen_is_not_theirs(desk, make, sign_in):
    client, person = desk.test_client(), make.person()
    sign_in(client, person)
    with client:
        client.get("/contact")
        view = desk.extensions["admin"][0]._views[1]
        with pytest.raises(NotAllowed):
            view.inaccessible_callback("index_view")


def test_row_without_a_name_is_called_after_its_screen(desk):
    view = desk.extensions["admin"][0]._views[1]

    assert view.title_for(object()) == "Mensen"
