"""What we write is what others read: Thunderbird's ical.js, libical and khal, hour by hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from trainhub.calendar.text import CalendarEntry, calendar_feed, calendar_file, vevent_bytes
from trainhub.calendar.timezone import VTIMEZONE
from trainhub.core.clock import AMSTERDAM

if TYPE_CHECKING:
    from conftest import Khal, Libical

LINK = "https://video.example.org/kamer?id=12&naam=wijk"

SPANS = {
    "before winter time": ((2026, 10, 24, 13, 30), (2026, 10, 24, 16, 30)),
    "night into winter time": ((2026, 10, 24, 22, 0), (2026, 10, 25, 9, 0)),
    "across winter time": ((2026, 10, 25, 1, 30), (2026, 10, 25, 3, 30)),
    "after winter time": ((2026, 10, 25, 13, 30), (2026, 10, 25, 16, 30)),
    "winter": ((2026, 12, 15, 9, 0), (2026, 12, 15, 12, 0)),
    "before summer time": ((2027, 3, 27, 13, 30), (2027, 3, 27, 16, 30)),
    "across summer time": ((2027, 3, 28, 1, 30), (2027, 3, 28, 3, 30)),
    "after summer time": ((2027, 3, 28, 13, 30), (2027, 3, 28, 16, 30)),
    "summer": ((2027, 7, 1, 19, 0), (2027, 7, 1, 21, 30)),
}

WORDS = [
    "Les 1: jouw verhaal, jouw grens; deel 2",
    r"Map C:\Nieuw\nog een \\ \, \; \N",
    'Zeg "hallo" tegen \'s-Hertogenbosch',
    "één café voor François & Zoë " * 6,
    "😀👩‍👩‍👧 " * 30,
    "x" * 300,
    "a\tb   c",
    "BEGIN:VALARM",
    "=HYPERLINK(1) ^n ^^ %2C %0A &amp;",
    "اَلْعَرَبِيَّةُ עברית 漢字",
]


Reader = Callable[[bytes], list[tuple[str, str, int, int]]]
"""From a calendar to its events: UID, title, start and end in seconds since 1970 in UTC."""


@pytest.fixture(params=["read_with_ical_js", "read_with_libical", "read_with_khal"])
def read(request: pytest.FixtureRequest) -> Reader:
    """Each of the three readers in turn."""
    return request.getfixturevalue(request.param)


def calendars(entries: list[CalendarEntry]) -> list[bytes]:
    blocks = [vevent_bytes(one) for one in entries]
    return [calendar_file(blocks, name="Agenda"), calendar_feed(blocks, name="Agenda")]


def expected(entries: list[CalendarEntry]) -> list[tuple[str, str, int, int]]:
    return [(str(one.uid), one.title, int(one.starts_at.timestamp()), int(one.ends_at.timestamp())) for one in entries]


@pytest.fixture(scope="session")
def lessons(entry: Callable[..., CalendarEntry]) -> list[CalendarEntry]:
    """Lessons around both clock changes and across them; one in UTC in the hour that is twice."""
    found = [
        entry(
            uid=UUID(int=number),
            title=title,
            starts_at=datetime(*start, tzinfo=AMSTERDAM),
            ends_at=datetime(*end, tzinfo=AMSTERDAM),
        )
        for number, (title, (start, end)) in enumerate(SPANS.items())
    ]
    half_past_two = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    found.append(
        entry(
            title="from the first to the second half past two",
            starts_at=half_past_two,
            ends_at=half_past_two + timedelta(hours=1),
        )
    )
    return found


@pytest.mark.parametrize("kind", [0, 1], ids=["file", "feed"])
def test_moments_read_by_others_are_ours_on_both_sides_of_the_clock_changes(
    read: Reader, lessons: list[CalendarEntry], kind: int
) -> None:
    told = read(calendars(lessons)[kind])

    assert sorted(told) == sorted(expected(lessons))


def test_lessons_across_a_clock_change_last_as_long_as_the_clock_says(
    read: Reader, lessons: list[CalendarEntry]
) -> None:
    hours = {title: (end - start) / 3600 for _, title, start, end in read(calendars(lessons)[0])}

    assert hours["night into winter time"] == 12
    assert (hours["across winter time"], hours["across summer time"]) == (3, 1)


def test_empty_calendar_is_read_as_empty(read: Reader) -> None:
    assert read(calendar_feed([], name="Agenda")) == []


@pytest.mark.parametrize("reader", ["read_with_ical_js", "read_with_libical"])
def test_words_read_by_others_are_ours(
    request: pytest.FixtureRequest, entry: Callable[..., CalendarEntry], reader: str
) -> None:
    entries = [entry(uid=UUID(int=number), title=words.strip()) for number, words in enumerate(WORDS)]

    assert request.getfixturevalue(reader)(calendars(entries)[1]) == expected(entries)


def test_ical_js_reads_every_field(ical_js: Callable[[bytes], dict], entry: Callable[..., CalendarEntry]) -> None:
    block = vevent_bytes(
        entry(
            status="CANCELLED",
            location="Buurthuis, zaal 2",
            online_url=LINK,
            online_label='Zaal: "video"',
            description="Welkom\nNeem mee: pen; papier",
        )
    )

    told = ical_js(calendar_feed([block], name="Mijn agenda", refresh=timedelta(hours=4)))

    (event,) = told["events"]
    assert (told["name"], told["refresh"], told["zones"]) == ("Mijn agenda", "PT4H", 1)
    assert (event["summary"], event["status"]) == ("GEANNULEERD: Training", "CANCELLED")
    assert (event["location"], event["sequence"]) == ("Buurthuis, zaal 2", 2)
    assert event["description"] == f"Welkom\nNeem mee: pen; papier\n\nOnline: {LINK}"
    assert (event["conference"], event["label"]) == (LINK, "Zaal: 'video'")
    assert (event["start"]["zone"], event["stamp"]["zone"]) == ("Europe/Amsterdam", "UTC")


def test_libical_finds_nothing_wrong_with_our_files_and_feeds(
    libical: Libical, entry: Callable[..., CalendarEntry], lessons: list[CalendarEntry]
) -> None:
    full = entry(status="CANCELLED", location="Buurthuis", online_url=LINK, description="Welkom", url=LINK)

    for body in (*calendars([*lessons[:2], full]), *calendars(lessons), *calendars([])):
        assert libical.verdict(body) == (True, 0)


@pytest.mark.parametrize(
    ("ours", "wrong"),
    [
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\nMETHOD:REQUEST\r\n"),
        (b"SUMMARY:Training\r\n", b"SUMMARY:Training\r\nSUMMARY:Training\r\n"),
        (b"DTSTART;TZID=Europe/Amsterdam:", b"DTSTART;TZID=Europe/Amsterdam:x"),
    ],
)
def test_libical_would_have_told(
    libical: Libical, entry: Callable[..., CalendarEntry], ours: bytes, wrong: bytes
) -> None:
    body = calendar_file([vevent_bytes(entry())], name="Agenda")

    assert libical.verdict(body.replace(ours, wrong)) != (True, 0)


def test_ical_js_would_read_another_hour_without_our_zone(
    ical_js: Callable[[bytes], dict], entry: Callable[..., CalendarEntry]
) -> None:
    body = calendar_file([vevent_bytes(entry())], name="Agenda")

    (event,) = ical_js(body.replace(VTIMEZONE, b""))["events"]

    assert event["start"]["epoch"] != entry().starts_at.timestamp()


def test_khal_changes_nothing_when_it_imports_the_same_calendar_again(khal: Khal, lessons: list[CalendarEntry]) -> None:
    body = calendars(lessons)[0]

    first = khal.read(body)

    assert len(first) == len(lessons)
    assert khal.read(body) == first
