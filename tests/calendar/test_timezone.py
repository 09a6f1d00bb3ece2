"""The constant zone is what tzdata says, and only times that are one moment stand in a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from trainhub.calendar.timezone import FIRST_YEAR, VTIMEZONE, calendar_time
from trainhub.core.clock import AMSTERDAM
from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import render

THIS_YEAR = datetime.now(UTC).year
YEARS = sorted({FIRST_YEAR, 2026, *range(THIS_YEAR, THIS_YEAR + 11)})
SPRING = datetime(2027, 3, 28, 2, 30, tzinfo=AMSTERDAM)
AUTUMN = datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM)

Change = tuple[datetime, timedelta]


def last_sunday(year: int, month: int) -> date:
    """The day that BYDAY=-1SU means in a month of 31 days."""
    end = date(year, month, 31)
    return end - timedelta(days=(end.weekday() + 1) % 7)


def written_changes(year: int) -> list[Change]:
    """When the clock changes by the constant, and to which offset, worked out by hand."""
    zone = Calendar.from_ical(b"BEGIN:VCALENDAR\r\n%sEND:VCALENDAR\r\n" % VTIMEZONE)
    changes = []
    for rule in zone.walk("DAYLIGHT") + zone.walk("STANDARD"):
        assert set(rule["RRULE"]) == {"FREQ", "BYMONTH", "BYDAY"}
        assert (rule["RRULE"]["FREQ"], rule["RRULE"]["BYDAY"]) == (["YEARLY"], ["-1SU"])
        day = last_sunday(year, int(rule["RRULE"]["BYMONTH"][0]))
        wall = datetime.combine(day, rule["DTSTART"].dt.time(), UTC)
        changes.append((wall - rule["TZOFFSETFROM"].td, rule["TZOFFSETTO"].td))
    return changes


def tzdata_changes(year: int) -> list[Change]:
    """When the clock changes by tzdata, and to which offset, found by walking the hours."""
    hours = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(365 * 24)]
    offsets = [(at, at.astimezone(AMSTERDAM).utcoffset() or timedelta()) for at in hours]
    return [after for before, after in pairwise(offsets) if before[1] != after[1]]


@pytest.mark.parametrize("year", YEARS)
def test_zone_is_what_tzdata_says_for_the_next_ten_years(year: int) -> None:
    assert written_changes(year) == tzdata_changes(year), "The clock rules changed: see VTIMEZONE"


def test_zone_has_one_standard_and_one_daylight_rule_and_no_rdate() -> None:
    assert VTIMEZONE.count(b"BEGIN:STANDARD\r\n") == 1
    assert VTIMEZONE.count(b"BEGIN:DAYLIGHT\r\n") == 1
    assert VTIMEZONE.count(b"RRULE:FREQ=YEARLY;") == 2
    assert b"RDATE" not in VTIMEZONE


def test_first_moment_of_each_rule_is_one_that_the_rule_gives() -> None:
    zone = Calendar.from_ical(b"BEGIN:VCALENDAR\r\n%sEND:VCALENDAR\r\n" % VTIMEZONE)
    for rule in zone.walk("DAYLIGHT") + zone.walk("STANDARD"):
        first = rule["DTSTART"].dt
        assert first.year < FIRST_YEAR
        assert first.date() == last_sunday(first.year, int(rule["RRULE"]["BYMONTH"][0]))


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 24, 13, 30, tzinfo=AMSTERDAM),
        datetime(2026, 10, 25, 1, 59, 59, tzinfo=AMSTERDAM),
        datetime(2026, 10, 25, 3, 0, tzinfo=AMSTERDAM),
        datetime(2027, 3, 28, 1, 59, 59, tzinfo=AMSTERDAM),
        datetime(2027, 3, 28, 3, 0, tzinfo=AMSTERDAM),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        datetime(1997, 1, 1, tzinfo=AMSTERDAM),
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
    ],
)
def test_time_in_amsterdam_or_utc_is_accepted_unchanged(value: datetime) -> None:
    accepted = calendar_time(value)

    assert (accepted.replace(tzinfo=None), accepted.tzinfo) == (
        value.replace(tzinfo=None),
        value.tzinfo,
    )


@pytest.mark.parametrize("name", ["UTC", "Etc/UTC"])
def test_zoneinfo_utc_is_utc(name: str) -> None:
    assert calendar_time(datetime(2026, 11, 24, 12, 30, tzinfo=ZoneInfo(name))).tzinfo is UTC


def test_time_loses_its_fraction_of_a_second() -> None:
    value = datetime(2026, 11, 24, 12, 30, 5, 999_999, tzinfo=UTC)

    assert calendar_time(value) == datetime(2026, 11, 24, 12, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (datetime(2026, 11, 24, 13, 30), "time_naive"),  # noqa: DTZ001 - what is refused
        (datetime(2026, 11, 24, 13, 30, tzinfo=timezone(timedelta(hours=1))), "time_zone"),
        (datetime(2026, 11, 24, 13, 30, tzinfo=timezone(timedelta(), "GMT")), "time_zone"),
        (datetime(2026, 11, 24, 13, 30, tzinfo=ZoneInfo("Europe/Brussels")), "time_zone"),
        (datetime(1996, 12, 31, 23, 59, tzinfo=AMSTERDAM), "time_early"),
        (datetime(1, 1, 1, tzinfo=AMSTERDAM), "time_early"),
        (datetime(2027, 3, 28, 2, 0, tzinfo=AMSTERDAM), "time_skipped"),
        (SPRING, "time_skipped"),
        (SPRING.replace(fold=1), "time_skipped"),
        (datetime(2027, 3, 28, 2, 59, 59, tzinfo=AMSTERDAM), "time_skipped"),
        (datetime(2026, 10, 25, 2, 0, tzinfo=AMSTERDAM), "time_twice"),
        (AUTUMN, "time_twice"),
        (AUTUMN.replace(fold=1), "time_twice"),
        (datetime(2026, 10, 25, 2, 59, 59, tzinfo=AMSTERDAM), "time_twice"),
    ],
)
def test_time_that_two_programs_could_read_differently_is_refused(value: datetime, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        calendar_time(value, field="starts_at")

    assert (refusal.value.code, refusal.value.field) == (code, "starts_at")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (SPRING, "On Sunday 28 March 2027 the clock jumps from 2 to 3 at night"),
        (AUTUMN, "On Sunday 25 October 2026 the clock goes back from 3 to 2 at night"),
    ],
)
def test_refused_hour_of_a_clock_change_is_explained_with_its_day(value: datetime, words: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        calendar_time(value)

    assert render(refusal.value.message, "en").startswith(words)
