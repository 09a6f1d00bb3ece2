"""The log at the desk: acts in words, filters, pages, and names only for who may see them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from admin.audit_words import act_in_words, facts_in_words
from tests.factories.base import NOW
from trainhub.core.access import Actor, Role
from trainhub.core.audit import Record, seal
from trainhub.core.audit_search import PAGE_SIZE, Wanted, actions_known, find

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture
def desk(client: FlaskClient, make: Any, sign_in: Callable[..., None]) -> FlaskClient:
    """A coordinator at the desk."""
    person = make.person(call_name="Marieke")
    make.role(person, Role.coordinator)
    sign_in(client, person)
    return client


def note(make: Any, action: str, thing: Any, actor: Any = None, at: Any = NOW, **facts: Any) -> None:
    """Write an entry in the audit."""
    who = Actor(kind="system") if actor is None else Actor(actor.id)
    make.session.flush()
    seal(make.session, [Record(action, thing, facts)], actor=who, at=at)


def page(client: FlaskClient, path: str = "/admin/logboek/") -> str:
    """The words of the log, without what stands in its filters."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True).split("</form>")[-1]


def test_log_tells_who_did_what_and_what_changed(desk: FlaskClient, make: Any) -> None:
    person = make.person(call_name="Karel Maan")
    changes = {"state": ["planned", "cancelled"], "email": "changed", "starts_at": [None, "2026-11-24T12:30:00+00:00"]}
    note(make, "session.moved", make.message(), person, changes=changes)

    text = page(desk)

    for words in (
        "Karel Maan",
        "Les: verplaatst",
        "stand: gepland → geannuleerd",
        "e-mailadres gewijzigd",
        "24 nov 2026, 13.30",
    ):
        assert words in text, words


def test_log_shows_what_the_house_does_by_itself(desk: FlaskClient, make: Any) -> None:
    note(make, "message.sent", make.message())

    assert "TrainHub zelf" in page(desk)


@pytest.mark.parametrize("role", [Role.technical_administrator, Role.privacy_officer])
def test_who_may_not_see_names_reads_numbers(
    client: FlaskClient, make: Any, sign_in: Callable[..., None], role: Role
) -> None:
    reader, person = make.person(), make.person(call_name="Karel Maan")
    make.role(reader, role)
    sign_in(client, reader)
    note(make, "session.moved", make.message(), person)

    text = client.get("/admin/logboek/?wie=karel").get_data(as_text=True)

    assert ("Karel" in text, f"Persoon {person.id}" in text, 'name="wie"' in text) == (False, True, False)


def test_log_is_filtered_by_act_actor_object_and_day(desk: FlaskClient, make: Any) -> None:
    karel, message = make.person(call_name="Karel"), make.message()
    note(make, "session.moved", message, karel)
    note(make, "session.cancelled", make.message(), at=NOW - timedelta(days=2))

    for query in (
        "wat=session.moved",
        "wie=karel",
        f"soort=message&nummer={message.id}",
        "van=2026-11-24&tot=2026-11-24",
    ):
        text = page(desk, f"/admin/logboek/?{query}")
        assert ("Les: verplaatst" in text, "Les: geannuleerd" in text) == (True, False), query


@pytest.mark.parametrize(
    "query", ["van=gisteren", "nummer=abc", "voor=99999999999", "tot=9999-12-31", "wat=%27%3B--", "van=0001-01-01"]
)
def test_strange_filter_breaks_nothing(desk: FlaskClient, query: str) -> None:
    assert desk.get(f"/admin/logboek/?{query}").status_code == 200


def test_log_without_entries_says_so(desk: FlaskClient) -> None:
    assert "Niets gevonden" in page(desk)


def test_log_goes_back_in_pages(make: Any, read: Any) -> None:
    message = make.message()
    for _number in range(PAGE_SIZE + 3):
        note(make, "message.sent", message)

    first = find(read, Wanted())
    rest = find(read, Wanted(), before=first.next_before)

    assert (len(first.entries), len(rest.entries), rest.next_before) == (PAGE_SIZE, 3, None)
    assert actions_known(read) == ["message.sent"]


def test_day_of_the_log_is_a_dutch_day(make: Any, read: Any) -> None:
    late = NOW.replace(hour=23, minute=30)
    note(make, "message.sent", make.message(), at=late)

    assert find(read, Wanted(since=NOW.date(), until=NOW.date())).entries == []
    assert len(find(read, Wanted(since=NOW.date() + timedelta(days=1))).entries) == 1


@pytest.mark.parametrize("entries", [1, 3])
def test_log_costs_the_same_for_one_and_for_three(
    desk: FlaskClient, make: Any, count_queries: Callable[[int], AbstractContextManager], entries: int
) -> None:
    for _number in range(entries):
        note(make, "session.moved", make.message(), make.person())

    with count_queries(9):
        page(desk)


def test_nobody_else_reads_the_log(client: FlaskClient, make: Any, sign_in: Callable[..., None]) -> None:
    sign_in(client, make.person())

    assert client.get("/admin/logboek/").status_code == 403


def test_what_has_no_word_is_shown_by_its_code(app: Flask) -> None:
    with app.test_request_context("/"):
        assert act_in_words("rocket.launched_twice") == "rocket: launched twice"
        assert facts_in_words({"some_number": 3, "list": [1, 2], "none": None, "yes": True, "map": {"a": 1}}) == [
            "some number: 3",
            "list: 1, 2",
            "none: –",
            "yes: ja",
            "map: a: 1",
        ]
