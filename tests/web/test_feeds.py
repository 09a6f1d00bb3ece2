"""Calendar addresses: who gets which bytes, with which headers, at what cost."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from tests.factories.base import NOW
from trainhub.calendar.models import CalendarItem
from trainhub.core.access import Role
from trainhub.core.audit import AuditEntry
from trainhub.courses.models import Course, CourseVersion, Track
from trainhub.editions.models import Edition, Enrolment, EnrolmentState
from trainhub.meetings.models import Assignment, AssignmentState, Part

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from flask.testing import FlaskClient

TOKEN = "a-token-that-nobody-guesses"
FEED = f"/agenda/{TOKEN}.ics"


def trainee_of(make: Any, lesson: Any, **given: Any) -> Any:
    """Somebody who takes part in the edition of this lesson."""
    person = make.person(**given)
    make.row(Enrolment, edition=lesson.edition, person=person, state=EnrolmentState.active)
    return person


@pytest.fixture
def trainee(make: Any) -> Any:
    """Somebody in a training, with a feed."""
    person = trainee_of(make, make.lesson())
    make.feed(person, TOKEN)
    return person


@pytest.mark.usefixtures("trainee")
def test_feed_is_a_calendar_that_nobody_else_keeps(client: FlaskClient) -> None:
    answer = client.get(FEED)

    assert answer.status_code == 200
    assert answer.data.count(b"BEGIN:VEVENT") == 1
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Content-Disposition" not in answer.headers
    assert "Set-Cookie" not in answer.headers


@pytest.mark.usefixtures("trainee")
def test_feed_twice_gives_equal_bytes_and_then_304(client: FlaskClient) -> None:
    first, second = client.get(FEED), client.get(FEED)
    fresh = client.get(FEED, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])
    assert not first.headers["ETag"].startswith("W/")
    assert (fresh.status_code, fresh.data, fresh.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert fresh.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.usefixtures("trainee")
def test_feed_is_sent_again_after_a_move(client: FlaskClient, make: Any) -> None:
    before = client.get(FEED).headers["ETag"]
    item = make.session.scalar(select(CalendarItem))
    lesson = make.session.get(type(make.lesson()), item.session_id)
    lesson.place = "Buurthuis Maaspoort"
    make.item_of(lesson)

    answer = client.get(FEED, headers={"If-None-Match": before})

    assert (answer.status_code, b"Buurthuis Maaspoort" in answer.data) == (200, True)


def test_unknown_and_revoked_feed_give_the_same_answer_on_the_same_path(
    client: FlaskClient, make: Any, count_queries: Callable[[int], AbstractContextManager]
) -> None:
    make.feed(make.person(), "revoked", revoked_at=NOW)
    client.get("/agenda/warm-up.ics")

    answers, costs = [], []
    for token in ("unknown", "revoked"):
        with count_queries(9) as seen:
            answers.append(client.get(f"/agenda/{token}.ics"))
        costs.append(list(seen))

    assert [answer.status_code for answer in answers] == [404, 404]
    texts = [answer.data.replace(token, b"") for answer, token in zip(answers, (b"unknown", b"revoked"), strict=True)]
    assert _lasting(texts[0]) == _lasting(texts[1])
    assert costs[0] == costs[1]


def _lasting(page: bytes) -> bytes:
    """The page without what every answer has of its own: a nonce, and a token with the time in it."""
    return b"".join(line for line in page.splitlines() if b"nonce=" not in line and b"csrf_token" not in line)


@pytest.mark.usefixtures("trainee")
def test_feed_costs_at_most_three_queries_and_a_304_two(
    client: FlaskClient, count_queries: Callable[[int], AbstractContextManager]
) -> None:
    with count_queries(2):
        tag = client.get(FEED).headers["ETag"]
    with count_queries(2):
        client.get(FEED, headers={"If-None-Match": tag})


@pytest.mark.usefixtures("trainee")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_a_feed_changes_nothing(client: FlaskClient, make: Any, method: str) -> None:
    answer = client.open(FEED, method=method)

    assert (answer.status_code, answer.content_length > 0) == (200, True)
    assert (answer.data == b"") == (method == "HEAD")
    assert make.session.scalar(select(func.count(AuditEntry.id))) == 0


@pytest.mark.usefixtures("trainee")
def test_no_log_line_holds_the_token(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get(FEED)
        client.get(f"/agenda/{TOKEN}x.ics")

    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    "path", ["/agenda/.ics", "/agenda/a/b.ics", f"/agenda/{'x' * 5000}.ics", "/agenda/%00.ics", "/agenda/é.ics"]
)
def test_strange_feed_address_is_quietly_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in {400, 404}


def test_law_8_feed_holds_nothing_of_anybody_else(client: FlaskClient, make: Any) -> None:
    version = make.row(
        CourseVersion, course=make.row(Course, track=Track.expert_by_experience, title="Ervaringsdeskundigen")
    )
    edition = make.row(Edition, course_version=version, title="Ervaringsdeskundige worden, Hatert 2026")
    lesson = make.lesson(edition=edition, place="Wijkcentrum")
    me = trainee_of(make, lesson, call_name="Bo van der Zon", email="bo.zon@example.org")
    make.feed(me, TOKEN)
    other = trainee_of(make, lesson, call_name="Karel Maan", email="karel.maan@example.org", phone="06-12345678")
    trainer = make.person(call_name="Truus Ster", email="truus.ster@example.org")
    make.role(trainer, Role.trainer, edition_id=edition.id)
    meeting = make.meeting_in_calendar(title="Thuisloos in de wijk")
    for person in (me, other):
        make.row(Assignment, meeting=meeting, person=person, part=Part.observe, state=AssignmentState.confirmed)

    text = client.get(FEED).get_data(as_text=True).replace("\r\n ", "").lower()

    assert text.count("begin:vevent") == 2
    for word in (
        "karel",
        "maan",
        "truus",
        "bo van",
        "@example",
        "06-1",
        "ervaring",
        "thuisloos",
        "attendee",
        "organizer",
        "method",
    ):
        assert word not in text, word


@pytest.mark.parametrize("kind_of", ["les", "editie"])
def test_trainee_downloads_the_own_lessons(
    client: FlaskClient, make: Any, sign_in: Callable[..., None], kind_of: str
) -> None:
    lesson = make.lesson()
    sign_in(client, trainee_of(make, lesson))
    thing, name = (lesson, "les-2026-11-24.ics") if kind_of == "les" else (lesson.edition, "training.ics")

    answer = client.get(f"/{kind_of}/{thing.public_id}.ics")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.data.count(b"BEGIN:VEVENT") == 1
    assert b"METHOD" not in answer.data
    again = client.get(f"/{kind_of}/{thing.public_id}.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_officer_downloads_meetings_of_the_own_municipality_only(
    client: FlaskClient, make: Any, sign_in: Callable[..., None]
) -> None:
    own, other = make.meeting_in_calendar(), make.meeting_in_calendar()
    officer = make.person()
    make.role(officer, Role.municipality_officer, municipality_id=own.municipality_id)
    sign_in(client, officer)

    assert client.get(f"/bijeenkomst/{own.public_id}.ics").status_code == 200
    assert client.get(f"/bijeenkomst/{other.public_id}.ics").status_code == 404


@pytest.mark.parametrize("kind_of", ["les", "editie", "bijeenkomst"])
def test_what_is_not_mine_looks_like_what_does_not_exist(
    client: FlaskClient, make: Any, sign_in: Callable[..., None], kind_of: str
) -> None:
    lesson = make.lesson()
    thing = {"les": lesson, "editie": lesson.edition, "bijeenkomst": make.meeting_in_calendar()}[kind_of]
    sign_in(client, make.person())

    answers = [client.get(f"/{kind_of}/{key}.ics") for key in (thing.public_id, make.person().public_id)]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("kind_of", ["les", "editie", "bijeenkomst"])
def test_visitor_is_asked_to_sign_in_first(client: FlaskClient, make: Any, kind_of: str) -> None:
    answer = client.get(f"/{kind_of}/{make.lesson().public_id}.ics")

    assert (answer.status_code, "/inloggen" in answer.headers["Location"]) == (302, True)
