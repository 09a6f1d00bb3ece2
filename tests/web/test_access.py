"""Doors: every endpoint carries a mark, and the mark is kept."""

from __future__ import annotations

import pytest
from flask import Flask

from trainhub.core.access import Permission, Role
from trainhub.web.access import access_of, is_own_path, needs, public, routes, signed_in

PUBLIC_PAGES = {
    "/",
    "/agenda/<token>.ics",
    "/c/<token>",
    "/certificaat-controleren",
    "/contact",
    "/demo/meekijken",
    "/favicon.ico",
    "/healthz",
    "/inloggen",
    "/inloggen/link",
    "/inloggen/link/<token>",
    "/inloggen/link/verstuurd",
    "/privacy",
    "/robots.txt",
    "/static/<path:filename>",
    "/taal",
    "/toegankelijkheid",
    "/uitloggen",
    "/wachtwoord-vergeten",
    "/wachtwoord-vergeten/<token>",
}


@pytest.fixture
def app(fresh_app: Flask) -> Flask:
    """Of its own: these tests give it more routes."""
    return fresh_app


def test_every_door_has_a_mark(app):
    assert [route for route in routes(app) if route.access == ["closed"]] == []


def test_public_pages_are_these_and_those_that_carry_a_token(app):
    open_doors = {route.path for route in routes(app) if route.access == ["public"]}

    assert open_doors >= PUBLIC_PAGES
    assert [path for path in open_doors - PUBLIC_PAGES if "<" not in path] == []


@pytest.fixture
def doors(app):
    def view() -> str:
        return "binnen"

    for name, marked in (
        ("closed", view),
        ("public", public(lambda: "binnen")),
        ("signed-in", signed_in(lambda: "binnen")),
        ("needs", needs(Permission.AUDIT_READ, Permission.PERSON_LIST)(lambda: "binnen")),
    ):
        app.add_url_rule(f"/deur/{name}", name, marked, methods=["GET", "POST"])
    return app.test_client()


def test_door_without_a_mark_is_closed_for_everybody(doors, make, sign_in):
    coordinator = make.person()
    make.actor(Role.coordinator, person=coordinator)
    sign_in(doors, coordinator)

    assert doors.get("/deur/closed").status_code == 403


def test_public_door_is_open(doors):
    assert doors.get("/deur/public").text == "binnen"


def test_visitor_is_sent_to_sign_in_and_back_but_a_form_is_not_sent_again(doors):
    assert doors.get("/deur/signed-in?a=1").headers["Location"] == "/inloggen?next=/deur/signed-in?a%3D1"
    assert doors.post("/deur/signed-in").headers["Location"] == "/inloggen"
    assert doors.get("/deur/needs", headers={"Accept": "application/json"}).status_code == 401


def test_needs_lets_in_who_holds_one_of_the_permissions(doors, make, sign_in):
    person = make.person()
    sign_in(doors, person)
    assert doors.get("/deur/signed-in").text == "binnen"
    assert doors.get("/deur/needs").status_code == 403
    make.actor(Role.privacy_officer, person=person)

    assert doors.get("/deur/needs").text == "binnen"


def test_a_role_that_ended_opens_nothing(doors, make, sign_in):
    from datetime import timedelta  # noqa: PLC0415

    from tests.factories.base import TODAY  # noqa: PLC0415

    person = make.person()
    make.role(person, Role.coordinator, until=TODAY - timedelta(days=1))
    sign_in(doors, person)

    assert doors.get("/deur/needs").status_code == 403


def test_routes_name_the_roles(app):
    found = {route.path: route for route in routes(app)}

    assert found["/admin/"].access == ["coordinator", "privacy_officer", "technical_administrator"]
    assert found["/start"].access == sorted(["own", *Role])
    assert found["/taal"].methods == ["POST"]
    assert access_of(app, "nergens") is None


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("/mijn", True),
        ("/mijn?a=b#c", True),
        ("", False),
        ("mijn", False),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("/a\\b", False),
        ("/\tevil", False),
        ("https://evil.example/", False),
    ],
)
def test_own_paths(address, ours):
    assert is_own_path(address) is ours
