"""The application as a whole: headers, cookies, what it refuses at the door, languages, static files."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask, render_template_string

from tests.factories.base import NOW
from trainhub.core.access import VISITOR, Role
from trainhub.core.settings import Settings, SettingsError
from trainhub.people.models import Person
from trainhub.people.service import register
from trainhub.web.access import public
from trainhub.web.app import begin, create_app, current_actor, now, reading, today

SECRET = "a secret that only the tests know, not you"


@pytest.fixture
def app(fresh_app: Flask) -> Flask:
    """Of its own: these tests give it more routes."""
    return fresh_app


def test_without_a_secret_key_nothing_starts(database):
    with pytest.raises(SettingsError, match="TRAINHUB_SECRET_KEY"):
        create_app(Settings(), database=database)


def test_every_answer_carries_a_strict_policy(client):
    answer = client.get("/")

    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
    assert nonce is not None
    assert f'nonce="{nonce[1]}"' in answer.text
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "Strict-Transport-Security" not in answer.headers


def test_nonce_is_new_for_every_answer(client):
    assert client.get("/").headers["Content-Security-Policy"] != client.get("/").headers["Content-Security-Policy"]


def test_over_https_cookies_are_bound_to_the_host_and_https_is_remembered(database):
    app = create_app(Settings(secret_key=SECRET, base_url="https://trainhub.example.org"), database=database)

    answer = app.test_client().get("/inloggen", base_url="https://trainhub.example.org")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-trainhub=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "sent",
    [
        {"path": "/certificaat-controleren?code=%00"},
        {"path": "/%00"},
        {"path": "/inloggen/link", "data": {"email": "a\0@example.org"}},
    ],
)
def test_nul_bytes_are_refused_at_the_door(client, sent):
    assert client.open(method="POST" if "data" in sent else "GET", **sent).status_code in {400, 404}


def test_body_that_is_too_large_is_refused_in_words(client):
    answer = client.post("/taal", data=b"x" * 12_000_001, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413
    assert "ten hoogste 12 MB" in answer.text


def test_form_without_a_token_is_refused(app, client):
    app.config["WTF_CSRF_ENABLED"] = True

    assert client.post("/taal", data={"language": "en"}).status_code == 400


def test_proxy_headers_count_only_behind_a_proxy(database):
    seen = {}
    for behind in (False, True):
        app = create_app(Settings(secret_key=SECRET, behind_proxy=behind), database=database)

        @public
        def address() -> str:
            from flask import request  # noqa: PLC0415

            return f"{request.remote_addr} {request.scheme}"

        app.add_url_rule("/adres", "address", address)
        headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
        seen[behind] = app.test_client().get("/adres", headers=headers).text

    assert seen == {False: "127.0.0.1 http", True: "203.0.113.7 https"}


def test_language_is_chosen_then_the_persons_then_the_browsers_then_dutch(client, make, sign_in):
    def language(**headers: str) -> str:
        return re.search(r'<html lang="(..)"', client.get("/contact", headers=headers).text)[1]

    assert language() == "nl"
    assert language(**{"Accept-Language": "en-GB"}) == "en"
    assert language(**{"Accept-Language": "fr"}) == "nl"
    sign_in(client, make.person(locale="en"))
    assert language(**{"Accept-Language": "nl"}) == "en"
    client.post("/taal", data={"language": "nl", "next": "/contact"})
    assert language() == "nl"


@pytest.mark.parametrize("foreign", ["https://evil.example", "//evil.example", "/\\evil.example", "", "evil"])
def test_changing_the_language_leads_nowhere_foreign(client, foreign):
    assert client.post("/taal", data={"language": "en", "next": foreign}).headers["Location"] == "/"


def test_unknown_language_changes_nothing(client):
    client.post("/taal", data={"language": "xx", "next": "/"})

    assert '<html lang="nl"' in client.get("/").text


def test_filters_speak_the_readers_language(app):
    page = "{{ d|day }} · {{ m|moment }} · {{ m|clock_time }} · {{ m|span(m) }} · {{ none|day }}"
    with app.test_request_context("/"):
        dutch = render_template_string(page, d=date(2026, 11, 24), m=NOW)
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        english = render_template_string(page, d=date(2026, 11, 24), m=NOW)

    assert dutch.startswith("dinsdag 24 november 2026 · dinsdag 24 november 2026, 12.00 uur · 12.00 · ")
    assert dutch.endswith("12.00 tot 12.00 uur · ")
    assert english.startswith("Tuesday 24 November 2026 · ")


def test_static_files_are_kept_for_a_year_by_their_hash_and_gzipped(client):
    address = re.search(r'href="(/static/trainhub\.css\?v=\w+)"', client.get("/").text)[1]

    hashed = client.get(address, headers={"Accept-Encoding": "gzip"})
    plain = client.get("/static/trainhub.css")

    assert hashed.headers["Content-Encoding"] == "gzip"
    assert "immutable" in hashed.headers["Cache-Control"]
    assert plain.headers["Cache-Control"] == "no-cache"
    assert client.get("/static/trainhub.css", headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304
    assert client.get("/static/../app.py").status_code == 404


def test_menu_follows_the_roles(client, make, sign_in):
    def menu(person: Person | None) -> set[str]:
        if person is not None:
            sign_in(client, person)
        return set(re.findall(r'<li><a href="(/(?:admin/|training|gemeente|mijn))"', client.get("/contact").text))

    assert menu(None) == set()
    assert menu(make.person()) == {"/mijn"}
    coordinator = make.person()
    make.actor(Role.coordinator, person=coordinator)
    assert menu(coordinator) == {"/admin/"}
    officer = make.person()
    make.actor(Role.municipality_officer, person=officer, municipality=make.municipality())
    assert menu(officer) == {"/gemeente"}


@pytest.mark.parametrize(
    ("role", "first"),
    [
        (None, "/mijn"),
        (Role.coordinator, "/admin/"),
        (Role.technical_administrator, "/admin/"),
        (Role.assessor, "/training"),
    ],
)
def test_everybody_starts_on_the_page_of_their_role(client, make, sign_in, role, first):
    person = make.person()
    if role is not None:
        make.actor(role, person=person)
    sign_in(client, person)

    assert client.get("/start").headers["Location"] == first


def test_a_view_reads_changes_and_reads_the_new_state(app, make, sign_in):
    coordinator = make.person()
    make.actor(Role.coordinator, person=coordinator)
    seen: dict[str, Any] = {}

    @public
    def view() -> str:
        seen["before"] = reading().get(Person, coordinator.id).call_name
        with begin() as work:
            made = register(work, call_name="Nieuw")
            seen["actor"] = work.actor.person_id
        seen["after"] = reading().get(Person, made.id).call_name
        return f"{today()} {now() == NOW}"

    app.add_url_rule("/proef", "proef", view)
    client = app.test_client()
    sign_in(client, coordinator)

    assert client.get("/proef").text == "2026-11-24 True"
    assert seen["after"] == "Nieuw"
    assert seen["actor"] == coordinator.id


def test_a_page_costs_at_most_three_queries_to_know_who_asks(client, make, sign_in, count_queries):
    sign_in(client, make.person())

    with count_queries(3):
        client.get("/contact")


def test_a_stylesheet_asks_the_database_nothing(client, make, sign_in, count_queries):
    sign_in(client, make.person())

    with count_queries(0):
        assert client.get("/static/trainhub.css").status_code == 200


def test_nobody_signed_in_is_a_visitor(app):
    with app.test_request_context("/"):
        assert current_actor() == VISITOR
