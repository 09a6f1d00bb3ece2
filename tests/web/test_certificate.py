"""The page that checks a certificate."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories.base import TODAY
from trainhub.certification.kinds import DecisionKind
from trainhub.courses.models import Track
from trainhub.people.models import PersonStatus

K = DecisionKind


def heading(answer: Any) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.text, re.DOTALL)
    assert found is not None
    return found[1].strip()


@pytest.fixture
def english(client: Any) -> Any:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.mark.parametrize(
    ("decisions", "ends_on", "verdict"),
    [
        ([], date(2028, 3, 1), "This certificate is valid until Wednesday 1 March 2028"),
        ([], TODAY, "This certificate is valid until Tuesday 24 November 2026"),
        ([], date(2026, 11, 23), "This certificate expired on Monday 23 November 2026"),
        ([(K.suspend, date(2026, 11, 1))], date(2028, 3, 1), "This certificate is suspended and does not count now"),
        ([(K.revoke, date(2026, 11, 2))], date(2028, 3, 1), "This certificate was withdrawn on Monday 2 November 2026"),
        (
            [(K.surrender, date(2026, 11, 3))],
            date(2028, 3, 1),
            "This certificate was handed in on Tuesday 3 November 2026",
        ),
    ],
)
def test_verdict_is_the_first_heading_for_every_standing(
    make: Any, english: Any, decisions: list[tuple[DecisionKind, date]], ends_on: date, verdict: str
) -> None:
    certificate = make.certificate(ends_on=ends_on)
    for kind, day in decisions:
        make.decision(certificate, kind, day)

    answer = english.get(f"/c/{certificate.public_token}")

    assert (answer.status_code, heading(answer)) == (200, verdict)


def test_verdict_before_the_period_begins(make: Any, english: Any) -> None:
    certificate = make.certificate(starts_on=TODAY + timedelta(days=1))

    assert heading(english.get(f"/c/{certificate.public_token}")) == "This certificate is not valid yet"


def test_verdict_for_the_day_of_a_meeting(make: Any, english: Any) -> None:
    certificate = make.certificate(ends_on=date(2026, 12, 31))
    address = f"/c/{certificate.public_token}?op="

    assert heading(english.get(address + "2026-12-31")) == "On Thursday 31 December 2026 this certificate is valid"
    assert heading(english.get(address + "2027-01-01")) == "On Friday 1 January 2027 this certificate is not valid"


def test_day_that_is_no_day_shows_today_and_says_so(make: Any, english: Any) -> None:
    answer = english.get(f"/c/{make.certificate().public_token}?op=<b>morgen")

    assert answer.status_code == 200
    assert "We do not understand the date" in answer.text
    assert "<b>morgen" not in answer.text


def test_page_shows_name_and_number_and_nothing_more(make: Any, client: Any) -> None:
    person = make.person(call_name="Yara", formal_name="Y. de Vries", email="yara@example.org", phone="06-00000000")
    certificate = make.certificate(person=person)

    page = client.get(f"/c/{certificate.public_token}").text

    assert ("Yara" in page, certificate.number in page) == (True, True)
    for private in ("Vries", "yara@example.org", "06-00000000 ", str(person.public_id), str(certificate.public_id)):
        assert private not in page


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("track", list(Track))
def test_law_12_no_role_stands_beside_the_name(make: Any, client: Any, track: Track, language: str) -> None:
    """Law 12 of the domain: the word for the role never stands on a public page beside a name."""
    certificate = make.certificate(track=track)
    certificate.scheme.title = "Certificaat Ervaringsdeskundige"
    make.session.flush()

    page = client.get(f"/c/{certificate.public_token}", headers={"Accept-Language": language}).text.lower()

    for word in ("ervaringsdeskundig", "expert by experience", "expert_by", "gespreksleider", "discussion leader"):
        assert word not in page


def test_unknown_and_erased_look_the_same(make: Any, client: Any) -> None:
    erased = make.certificate(person=make.person(call_name="Weg", status=PersonStatus.erased))

    answers = [client.get(f"/c/{token}") for token in (erased.public_token, "x" * 32, "é' OR 1=1")]

    pages = {re.sub(r'nonce="[^"]*"|value="/c/[^"]*"|value="[^"]{40,}"', "", answer.text) for answer in answers}
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len(pages) == 1


def test_nobody_keeps_or_indexes_the_page_and_the_address_travels_nowhere(make: Any, client: Any) -> None:
    for token in (make.certificate().public_token, "unknown"):
        headers = client.get(f"/c/{token}").headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]


def test_page_costs_few_queries(make: Any, client: Any, count_queries: Any) -> None:
    token = make.certificate().public_token

    with count_queries(4):
        assert client.get(f"/c/{token}").status_code == 200
