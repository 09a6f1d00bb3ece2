"""Public pages, the check of a certificate, health, and the door of the demonstration."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.factories.base import NOW
from trainhub.certification.numbering import numbered
from trainhub.core.access import SYSTEM, Role
from trainhub.core.marks import look_as, mark_as_demo
from trainhub.outbox.models import Message, MessageState, WorkerRun

PAGES = ["/", "/privacy", "/toegankelijkheid", "/contact", "/certificaat-controleren"]


@pytest.mark.parametrize("page", PAGES)
def test_public_page_is_there_in_dutch_with_one_heading(client, page):
    answer = client.get(page)

    assert answer.status_code == 200
    assert '<html lang="nl"' in answer.text
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("page", PAGES)
def test_public_page_costs_one_query(client, count_queries, page):
    with count_queries(1):
        client.get(page)


@pytest.mark.parametrize("page", PAGES)
def test_law_12_no_public_page_names_the_role(client, page):
    """Law 12 of the domain: the word for the role stands on no public page beside a name; here it stands nowhere."""
    assert "ervaringsdeskundige" not in client.get(page).text.lower()


def test_icon_and_robots(client):
    assert client.get("/favicon.ico", follow_redirects=True).mimetype == "image/svg+xml"
    assert "Disallow: /c/" in client.get("/robots.txt").text


@pytest.mark.parametrize("typed", ["a" * 22, "https://trainhub.example.org/c/" + "a" * 22, "/c/" + "a" * 22 + "/"])
def test_code_or_address_leads_to_the_certificate(client, typed):
    answer = client.get("/certificaat-controleren", query_string={"code": typed})

    assert answer.headers["Location"] == "/c/" + "a" * 22


def test_number_says_only_whether_the_certificate_holds(client, make):
    number = numbered(2026, 48391)
    certificate = make.certificate(number=number)

    answer = client.get("/certificaat-controleren", query_string={"code": number.lower().replace("-", " ")})

    assert "Dit certificaat is geldig" in answer.text
    assert certificate.person.call_name not in answer.text


def test_unknown_number_is_not_found(client):
    answer = client.get("/certificaat-controleren", query_string={"code": numbered(2026, 1)})

    assert "kennen we niet" in answer.text


@pytest.mark.parametrize("typed", ["", "x", "TH-2026-000000-00", "https://evil.example/?c=1", "a" * 400])
def test_nonsense_is_refused_in_a_sentence_and_stays(client, typed):
    answer = client.get("/certificaat-controleren", query_string={"code": typed})

    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert not re.search(r"<li><a[^>]*>[^<]*D i t", answer.text)


def test_health_tells_about_worker_and_mail(client, make):
    make.row(WorkerRun, started_at=NOW - timedelta(minutes=3), ended_at=NOW - timedelta(minutes=2))
    make.row(
        Message,
        person_id=make.person().id,
        channel="email",
        state=MessageState.queued,
        due_at=NOW - timedelta(hours=1),
        created_at=NOW - timedelta(hours=1),
    )

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json["database"]["reachable"] is True
    assert answer.json["worker"] == {"last_run_seconds_ago": 120}
    assert answer.json["mail"] == {"failed": 0, "oldest_unsent_seconds": 3600, "waiting": 1}


def test_health_of_a_new_house(client):
    answer = client.get("/healthz").json

    assert answer["worker"]["last_run_seconds_ago"] is None
    assert answer["mail"]["oldest_unsent_seconds"] is None


@pytest.fixture
def demo(begin, make):
    people = {}
    with begin(SYSTEM) as work:
        mark_as_demo(work)
        for als, role in (("coordinator", Role.coordinator), ("assessor", Role.assessor), ("trainee", None)):
            person = make.person(is_demo=True)
            make.account(person)
            if role is not None:
                make.actor(role, person=person)
            look_as(work, als, person.id)
            people[als] = person
    return people


def test_without_the_mark_there_is_no_door_and_no_banner(client):
    assert client.get("/demo/meekijken").status_code == 404
    assert client.post("/demo/meekijken", data={"als": "coordinator"}).status_code == 404
    assert "Meekijken" not in client.get("/inloggen").text
    assert "demonstratie" not in client.get("/").text


@pytest.mark.parametrize(
    ("als", "first"), [("coordinator", "/admin/"), ("assessor", "/training"), ("trainee", "/mijn")]
)
def test_demo_door_signs_in_as_the_person_of_the_role(client, demo, als, first):
    assert "Meekijken als" in client.get("/inloggen").text
    assert client.get("/demo/meekijken").text.count('name="als"') == 7

    answer = client.post("/demo/meekijken", data={"als": als})

    assert answer.headers["Location"] == "/start"
    assert client.get("/start").headers["Location"] == first
    page = client.get("/contact").text
    assert demo[als].call_name in page
    assert "Dit is een demonstratie." in page


@pytest.mark.parametrize("als", ["municipality", "wizard", ""])
def test_demo_door_refuses_a_role_without_a_person_in_words(client, demo, als):
    answer = client.post("/demo/meekijken", data={"als": als})

    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_demo_door_never_opens_for_a_person_who_is_not_made_up(client, demo, make):
    demo["coordinator"].is_demo = False
    make.session.flush()

    assert client.post("/demo/meekijken", data={"als": "coordinator"}).status_code == 422
