"""The mail queue at the desk: what a coordinator sees, may do, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from admin.health import findings
from tests.factories.base import NOW
from trainhub.core.access import Role
from trainhub.outbox import queries
from trainhub.outbox.models import MessageState
from trainhub.people.models import Channel

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

S = MessageState


@pytest.fixture
def desk(client: FlaskClient, make: Any, sign_in: Callable[..., None]) -> FlaskClient:
    """A coordinator at the desk."""
    person = make.person(call_name="Marieke")
    make.role(person, Role.coordinator)
    sign_in(client, person)
    return client


def page(client: FlaskClient, path: str) -> str:
    """The words of a page that must be there."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_queue_shows_messages_by_state(desk: FlaskClient, make: Any) -> None:
    make.message(make.person(call_name="Fatima"), subject="Je les is verplaatst")
    make.message(make.person(call_name="Karel"), subject="Welkom", state=S.failed)

    everything, failed = page(desk, "/admin/post/"), page(desk, "/admin/post/?stand=failed")

    assert ("Fatima" in everything, "Karel" in everything) == (True, True)
    assert ("Fatima" in failed, "Karel" in failed, "Mislukt (1)" in failed) == (False, True, True)


def test_queue_is_searched_and_says_when_nothing_fits(desk: FlaskClient, make: Any) -> None:
    make.message(make.person(call_name="Fatima"))

    assert "Fatima" in page(desk, "/admin/post/?q=fatima")
    assert "Geen bericht gevonden" in page(desk, "/admin/post/?q=karel")
    assert "Fatima" in page(desk, "/admin/post/?stand=nonsense&page=nonsense")


def test_queue_without_a_mail_server_says_so(desk: FlaskClient) -> None:
    text = page(desk, "/admin/post/")

    assert "Er is geen mailserver ingesteld" in text
    assert "Nog geen berichten" in text


@pytest.mark.parametrize("messages", [1, 3])
def test_queue_page_costs_the_same_for_one_and_for_three(
    desk: FlaskClient, make: Any, count_queries: Callable[[int], AbstractContextManager], messages: int
) -> None:
    for number in range(messages):
        make.message(make.person(call_name=f"Bo {number}"))

    with count_queries(8):
        page(desk, "/admin/post/")


def test_message_shows_its_words_as_text(desk: FlaskClient, make: Any) -> None:
    message = make.message(
        body="Hallo <script>alert(1)</script>\n\nTot dinsdag.\nGroet", html="<script>alert(2)</script>"
    )

    text = page(desk, f"/admin/post/{message.public_id}/")

    assert "Hallo &lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "Tot dinsdag.<br>Groet" in text
    assert "alert(2)" not in text


@pytest.mark.parametrize("letter", ["sign_in_link", "welcome", "password_reset"])
def test_link_that_opens_an_account_is_not_shown_to_a_coordinator(desk: FlaskClient, make: Any, letter: str) -> None:
    message = make.message(letter=letter, body="Log in:\nhttp://localhost/inloggen/geheim-token\n\nGroet")

    text = page(desk, f"/admin/post/{message.public_id}/") + page(desk, f"/admin/post/{message.public_id}/brief")

    assert "geheim-token" not in text
    assert "een link die alleen de ontvanger mag zien" in text


def test_every_letter_with_a_link_that_opens_an_account_is_known() -> None:
    import inspect  # noqa: PLC0415

    from trainhub.outbox import rules  # noqa: PLC0415
    from trainhub.outbox.letters import accounts  # noqa: PLC0415

    timed = {
        name
        for name, letter in inspect.getmembers(accounts, inspect.isfunction)
        if "until" in inspect.signature(letter).parameters
    }
    assert timed == rules.OPENS_AN_ACCOUNT


def test_letter_on_paper_is_whole(desk: FlaskClient, make: Any) -> None:
    person = make.person(call_name="Ans", formal_name="A. de Boer", email=None, channel=Channel.letter)
    message = make.message(person, letter="welcome", body="Begin hier: http://localhost/welkom/abc")

    text = page(desk, f"/admin/post/{message.public_id}/brief")

    assert ("A. de Boer" in text, "http://localhost/welkom/abc" in text) == (True, True)


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [
        ("vasthouden", S.queued, S.held),
        ("vrijgeven", S.held, S.queued),
        ("vrijgeven", S.failed, S.queued),
        ("annuleren", S.queued, S.cancelled),
    ],
)
def test_coordinator_acts_on_a_message(desk: FlaskClient, make: Any, act: str, before: S, after: S) -> None:
    message = make.message(state=before)

    answer = desk.post(f"/admin/post/{message.public_id}/{act}", data={"version": 1})

    make.session.expire_all()
    assert (answer.status_code, message.state) == (302, after)


def test_phone_task_is_told_once(desk: FlaskClient, make: Any) -> None:
    message = make.message(make.person(email=None, phone="06-00000000", channel=Channel.phone))
    where = f"/admin/post/{message.public_id}/"
    assert "Ik heb dit verteld" in page(desk, where)

    for _click in range(2):
        desk.post(f"{where}verteld", data={"version": 1})

    make.session.expire_all()
    assert (message.state, message.sent_at) == (S.sent, NOW)
    assert "Ik heb dit verteld" not in page(desk, where)


def test_second_coordinator_hears_that_somebody_was_before(desk: FlaskClient, make: Any) -> None:
    message = make.message()
    desk.post(f"/admin/post/{message.public_id}/vasthouden", data={"version": 1})

    answer = desk.post(f"/admin/post/{message.public_id}/annuleren", data={"version": 1}, follow_redirects=True)

    make.session.expire_all()
    assert message.state == S.held
    assert "heeft dit net veranderd" in answer.get_data(as_text=True)


def test_cancel_asks_first(desk: FlaskClient, make: Any) -> None:
    message = make.message(make.person(call_name="Fatima"), subject="Je les is verplaatst")

    text = page(desk, f"/admin/post/{message.public_id}/annuleren")

    assert ("Fatima" in text, "wordt niet verstuurd" in text) == (True, True)
    assert message.state == S.queued


def test_message_in_the_hands_of_the_worker_offers_no_acts(desk: FlaskClient, make: Any) -> None:
    message = make.message(state=S.sending)

    text = page(desk, f"/admin/post/{message.public_id}/")

    assert "Vasthouden" not in text
    assert "Annuleren" not in text


def test_unknown_message_is_not_found(desk: FlaskClient, make: Any) -> None:
    assert desk.get(f"/admin/post/{make.person().public_id}/").status_code == 404


@pytest.mark.parametrize("role", [Role.technical_administrator, Role.municipality_officer, Role.privacy_officer, None])
def test_nobody_else_reads_the_mail(
    client: FlaskClient, make: Any, sign_in: Callable[..., None], role: Role | None
) -> None:
    message, person = make.message(), make.person()
    if role:
        where = {"municipality_id": make.municipality().id} if role == Role.municipality_officer else {}
        make.role(person, role, **where)
    sign_in(client, person)

    for path in ("", f"{message.public_id}/", f"{message.public_id}/brief", f"{message.public_id}/annuleren"):
        assert client.get(f"/admin/post/{path}").status_code == 403
    assert client.post(f"/admin/post/{message.public_id}/annuleren").status_code == 403


def test_health_tells_how_it_goes(desk: FlaskClient, make: Any) -> None:
    assert "Nooit gezien" in page(desk, "/admin/gezondheid/")
    make.worker_run(ended_at=NOW - timedelta(minutes=2))
    make.message(state=S.failed)

    text = page(desk, "/admin/gezondheid/")

    assert ("Werkt" in text, "2 minuten geleden" in text, "Bekijk wat mislukte" in text) == (True, True, True)


def test_health_says_when_the_worker_is_silent(desk: FlaskClient, make: Any) -> None:
    make.worker_run(ended_at=NOW - timedelta(hours=2))

    assert "Stil" in page(desk, "/admin/gezondheid/")


def test_health_of_a_deployment_with_a_mail_server(make: Any, session: Session, app: Flask) -> None:
    make.message(created_at=NOW - timedelta(hours=2))
    found = queries.health(session, now=NOW)

    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        words = {has: [row[1:3] for row in findings(found, has_server=has)] for has in (True, False)}

    assert words[True][1:3] == [("Set", "good"), ("1", "stop")]
    assert words[False][1:3] == [("Not set", "wait"), ("1", "wait")]
