"""Signing in: by password, by a mailed link, and not at all; nobody learns who has an account."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask_security import hash_password
from sqlalchemy import select

from tests.factories.base import NOW
from trainhub.accounts.links import account_of_link, sign_in_url
from trainhub.accounts.models import Account
from trainhub.core.audit import AuditEntry
from trainhub.core.errors import NotFound
from trainhub.outbox.models import Message

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

PASSWORD = "vier woorden achter elkaar"


@pytest.fixture
def anna(app: Flask, make: Any) -> Account:
    person = make.person(call_name="Anna", email="anna@example.org")
    with app.app_context():
        return make.row(Account, person_id=person.id, password=hash_password(PASSWORD))


def enter(client: FlaskClient, password: str = PASSWORD, email: str = "anna@example.org", **more: str) -> Any:
    return client.post("/inloggen", data={"email": email, "password": password, **more})


def letter(make: Any, name: str) -> Message | None:
    make.session.expire_all()
    return make.session.scalar(select(Message).where(Message.letter == name).order_by(Message.id.desc()))


def link_in(message: Message) -> str:
    found = re.search(r"http://localhost(/\S+)", message.body)
    assert found is not None
    return found[1]


def is_in(client: FlaskClient) -> bool:
    return client.get("/start").headers["Location"] != "/inloggen?next=/start"


def test_password_signs_in_and_leads_to_the_first_page(client, anna):
    answer = enter(client)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/start")
    assert client.get("/start").headers["Location"] == "/mijn"


def test_sign_in_is_recorded_and_its_moment_kept(client, make, anna):
    enter(client)

    make.session.expire_all()
    assert anna.last_sign_in_at == NOW
    assert make.session.scalars(select(AuditEntry.action)).all() == ["account.signed_in"]


def test_passwords_are_argon2id_with_the_chosen_cost(anna):
    assert anna.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_wrong_password_unknown_address_and_no_password_get_the_same_answer(client, make, anna):
    linked_only = make.person(email="bob@example.org")
    make.row(Account, person_id=linked_only.id)

    answers = [
        enter(client, "iets heel anders"),
        enter(client, email="niemand@example.org"),
        enter(client, email="bob@example.org"),
    ]

    texts = {re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.text) for answer in answers}
    assert len(texts) == 1
    assert "E-mailadres of wachtwoord klopt niet" in texts.pop()
    assert not is_in(client)


def test_closed_account_and_erased_person_do_not_sign_in(client, make, anna):
    anna.is_active = False
    make.session.flush()

    assert enter(client).status_code == 200
    assert not is_in(client)


def test_closing_an_account_ends_its_open_session(client, make, anna):
    enter(client)
    anna.is_active = False
    make.session.flush()

    assert not is_in(client)


@pytest.mark.parametrize(
    "foreign",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
    ],
)
def test_after_signing_in_nobody_is_sent_to_a_foreign_host(client, anna, foreign):
    answer = client.post(
        f"/inloggen?next={foreign}", data={"email": "anna@example.org", "password": PASSWORD, "next": foreign}
    )

    assert urlsplit(urljoin("http://localhost/inloggen", answer.headers["Location"])).netloc == "localhost"
    assert "\\" not in answer.headers["Location"]


def test_signing_out_is_a_post(client, anna):
    enter(client)

    assert client.get("/uitloggen").status_code == 405
    assert client.post("/uitloggen").headers["Location"] == "/"
    assert not is_in(client)


def test_a_copy_of_the_cookie_is_dead_after_signing_out(app, client, anna):
    enter(client)
    copy = app.test_client()
    copy.set_cookie("trainhub", client.get_cookie("trainhub").value)
    assert is_in(copy)

    client.post("/uitloggen")

    assert not is_in(copy)
    assert enter(client).status_code == 302
    assert is_in(client)


def test_link_by_mail_signs_in_once(client, make, anna):
    assert (
        client.post("/inloggen/link", data={"email": "Anna@example.org"}).headers["Location"]
        == "/inloggen/link/verstuurd"
    )
    link = link_in(letter(make, "sign_in_link"))

    assert "Hallo Anna" in client.get(link).text
    assert not is_in(client)
    assert client.post(link).headers["Location"] == "/start"
    assert is_in(client)
    client.post("/uitloggen")
    assert client.get(link).status_code == 404
    assert client.post(link).status_code == 404
    assert not is_in(client)


def test_asking_a_link_for_an_unknown_address_says_the_same_and_sends_nothing(client, make, anna):
    answer = client.post("/inloggen/link", data={"email": "niemand@example.org"})

    assert answer.headers["Location"] == "/inloggen/link/verstuurd"
    assert letter(make, "sign_in_link") is None


def test_link_dies_after_half_an_hour_and_with_a_new_password(read, settings, make, anna):
    token = sign_in_url(settings, anna, now=NOW).rsplit("/", 1)[1]

    assert account_of_link(make.session, settings, token, now=NOW + timedelta(minutes=30)) is anna
    with pytest.raises(NotFound):
        account_of_link(make.session, settings, token, now=NOW + timedelta(minutes=31))
    anna.fs_uniquifier = "another"
    with pytest.raises(NotFound):
        account_of_link(make.session, settings, token, now=NOW)


def test_forged_link_is_a_quiet_page(client, anna):
    answer = client.get("/inloggen/link/WyJuaWtzIiwxXQ.onzin")

    assert answer.status_code == 404
    assert "Stuur mij een nieuwe link" in answer.text


def test_forgotten_password_sends_a_link_that_sets_a_new_one(client, make, anna):
    client.post("/wachtwoord-vergeten", data={"email": "anna@example.org"})
    link = link_in(letter(make, "password_reset"))
    new = "een heel ander wachtwoord"

    assert client.get(link).status_code == 200
    answer = client.post(link, data={"password": new, "password_confirm": new})

    assert answer.headers["Location"] == "/inloggen"
    assert letter(make, "password_changed").address == "anna@example.org"
    assert enter(client).status_code == 200
    assert enter(client, new).status_code == 302
    assert client.get(link, follow_redirects=True).request.path != link


def test_forgotten_password_says_the_same_for_an_unknown_address(client, make, anna):
    texts = {
        re.sub(
            r'[\w.]+@example\.org|value="[^"]*"|nonce="[^"]*"',
            "",
            client.post("/wachtwoord-vergeten", data={"email": email}).text,
        )
        for email in ("anna@example.org", "niemand@example.org")
    }

    assert len(texts) == 1


def test_changing_the_password_keeps_this_session_and_ends_the_others(app, client, make, anna):
    other = app.test_client()
    enter(client)
    enter(other)
    new = "een heel ander wachtwoord"

    answer = client.post(
        "/wachtwoord-wijzigen", data={"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    )

    assert answer.headers["Location"] == "/start"
    assert is_in(client)
    assert not is_in(other)
    assert letter(make, "password_changed") is not None


def test_short_password_is_refused_in_dutch_beside_its_field(client, anna):
    enter(client)

    answer = client.post(
        "/wachtwoord-wijzigen", data={"password": PASSWORD, "new_password": "kort", "new_password_confirm": "kort"}
    )

    assert "ten minste 12 tekens" in answer.text


def test_nobody_registers_themselves(client):
    assert client.get("/register").status_code == 404


@pytest.mark.parametrize("path", ["/inloggen", "/inloggen/link", "/inloggen/link/verstuurd", "/wachtwoord-vergeten"])
def test_sign_in_pages_are_dutch_and_english(client, path):
    dutch = client.get(path).text
    client.post("/taal", data={"language": "en", "next": path})
    english = client.get(path).text

    assert '<html lang="nl">' in dutch
    assert '<html lang="en">' in english
