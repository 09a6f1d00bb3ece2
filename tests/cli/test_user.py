"""`trainhub user`, `trainhub routes` and `trainhub serve`: what they do, and how they say that they cannot."""

from __future__ import annotations

import json
import re
import socket

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.conftest import assembled
from trainhub.accounts.links import account_of_link
from trainhub.accounts.models import Account, RoleAssignment
from trainhub.cli.main import main
from trainhub.core.access import SYSTEM, Role
from trainhub.core.clock import system_clock
from trainhub.core.settings import Settings
from trainhub.core.work import unit_of_work
from trainhub.people.models import Person
from trainhub.places.service import load_municipalities

SECRET = "a secret that only the tests know, not you"


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("TRAINHUB_SECRET_KEY", SECRET)
    monkeypatch.delenv("TRAINHUB_DATABASE_URL", raising=False)

    def called(*words, expect=0, **options):
        result = CliRunner().invoke(main, [str(word) for word in words], **options)
        assert result.exit_code == expect, result.output
        assert "Traceback" not in result.output
        return result.output

    return called


@pytest.fixture
def create(run, fresh_database):
    return lambda *words, **options: run("user", "create", *words, "--database", fresh_database.url, **options)


def test_first_coordinator_gets_a_role_and_a_link_that_works(create, fresh_database):
    said = create("--email", "Anna@example.org", "--name", "Anna", "--role", "coordinator")

    assert "Anna can sign in with anna@example.org." in said
    token = re.search(r"/inloggen/link/(\S+)", said)[1]
    with fresh_database.read_session() as session:
        account = account_of_link(session, Settings(secret_key=SECRET), token, now=system_clock())
        assert session.scalars(select(RoleAssignment.role)).all() == [Role.coordinator]
        assert account.password is None


def test_password_can_be_drawn_or_typed(create, fresh_database):
    said = create("--email", "a@example.org", "--name", "A", "--generate-password")
    create("--email", "b@example.org", "--name", "B", "--password", input="vier woorden achter\nvier woorden achter\n")

    assert re.search(r"Password \(shown once\): [0-9a-f-]{29}", said)
    with fresh_database.read_session() as session:
        assert all(kept.startswith("$argon2id$") for kept in session.scalars(select(Account.password)))


def test_somebody_who_is_known_is_not_made_twice(create, fresh_database):
    create("--email", "a@example.org", "--name", "Anna")
    said = create("--email", "A@example.org", "--name", "Iemand", "--role", "technical-administrator")

    assert said.startswith("Anna can sign in")
    with fresh_database.read_session() as session:
        assert len(session.scalars(select(Person)).all()) == 1


def test_officer_needs_a_municipality_that_exists(create, fresh_database):
    with unit_of_work(fresh_database, Settings(secret_key=SECRET), SYSTEM) as work:
        load_municipalities(work)
    officer = ("--email", "a@example.org", "--name", "A", "--role", "municipality-officer")

    assert "Choose the municipality" in create(*officer, expect=1)
    assert "no municipality with the code GM9999" in create(*officer, "--municipality", "GM9999", expect=1)
    assert "can sign in" in create(*officer, "--municipality", "gm0796")


def test_trainer_is_let_in_for_an_edition(create, fresh_database):
    with fresh_database.write_session() as session:
        edition = assembled()(session).training().edition
        code, number = edition.code, edition.id
        session.commit()

    create("--email", "t@example.org", "--name", "T", "--role", "trainer", "--edition", code)

    with fresh_database.read_session() as session:
        person_id = session.scalar(select(Person.id).where(Person.email == "t@example.org"))
        role = session.scalar(select(RoleAssignment).where(RoleAssignment.person_id == person_id))
        assert (role.role, role.edition_id) == (Role.trainer, number)


def test_refusal_leaves_nothing_behind(create, fresh_database):
    create("--email", "a@example.org", "--name", "A", "--role", "trainer", "--edition", "nergens", expect=1)
    create("--email", "a@example.org", "--name", "A", "--password", input="kort\nkort\n", expect=1)
    create("--email", "geen adres", "--name", "A", expect=1)
    create("--email", "a@example.org", "--name", "A", "--role", "wizard", expect=2)

    with fresh_database.read_session() as session:
        assert session.scalars(select(Person)).all() == []


def test_without_a_secret_key_no_link_is_made(create, monkeypatch):
    monkeypatch.delenv("TRAINHUB_SECRET_KEY")

    assert "TRAINHUB_SECRET_KEY" in create("--email", "a@example.org", "--name", "A", expect=1)


def test_routes_as_a_list_and_as_json(run):
    listed = run("routes")
    found = json.loads(run("routes", "--json"))

    assert "/healthz" in listed
    assert {"path": "/healthz", "methods": ["GET"], "endpoint": "public.healthz", "access": ["public"]} in found
    assert [route for route in found if route["access"] == ["closed"]] == []


def test_serve_refuses_a_database_that_is_not_migrated(run, empty_database):
    assert "Run: trainhub db upgrade" in run("serve", "--database", empty_database.url, expect=1)


def test_serve_refuses_without_a_secret_key(run, fresh_database, monkeypatch):
    monkeypatch.delenv("TRAINHUB_SECRET_KEY")

    assert "TRAINHUB_SECRET_KEY" in run("serve", "--database", fresh_database.url, expect=1)


def test_serve_says_when_its_port_is_taken(run, fresh_database):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert f"Port {port} is in use" in run("serve", "--port", port, "--database", fresh_database.url, expect=1)
