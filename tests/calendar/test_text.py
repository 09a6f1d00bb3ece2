"""Every rule that calendar text keeps, by name: decisions 1-5, privacy and where to be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import strategies as st
from icalendar import Calendar, Event

from trainhub.calendar.text import (
    CANCELLED_PREFIX,
    CalendarEntry,
    calendar_feed,
    calendar_file,
    etag,
    vevent_bytes,
)
from trainhub.calendar.timezone import VTIMEZONE
from trainhub.core.clock import AMSTERDAM
from trainhub.core.errors import RuleBroken

Entry = Callable[..., CalendarEntry]

LINK = "https://video.example.org/kamer?id=12&naam=wijk"
ANY_TEXT = st.text(st.characters(exclude_categories=()))
NASTY_TEXT = st.text(st.sampled_from('\\nN;,:"^ \r\n\t\x00\x0b\x85\u2028\ud800\ufeffé€😀A'))
TEXTS = st.one_of(ANY_TEXT, NASTY_TEXT)
TITLES = TEXTS.filter(lambda text: as_read(text) != "")
LINE_BREAKS = "\n\x0b\x0c\r\x85\u2028\u2029"


def as_read(text: str) -> str:
    """What a reader must find of `text`: its words, plain line breaks, no control characters."""
    plain = text.replace("\r\n", "\n")
    kept = ("\n" if sign in LINE_BREAKS else sign for sign in plain if is_kept(sign))
    return "".join(kept).strip()


def is_kept(sign: str) -> bool:
    """Whether a character survives: no control (but TAB and breaks), half a pair or BOM."""
    if sign in "\t" + LINE_BREAKS:
        return True
    return unicodedata.category(sign) not in ("Cc", "Cs") and sign not in "\ufeff\ufffe\uffff"


def on_one_line(text: str) -> str:
    """What a reader must find of a title."""
    return " ".join(part.strip() for part in as_read(text).split("\n") if part.strip())


def lines(block: bytes) -> list[str]:
    """The unfolded lines, by the letter of RFC 5545 §3.1."""
    assert block.endswith(b"\r\n")
    return block.decode().removesuffix("\r\n").replace("\r\n ", "").split("\r\n")


def value(block: bytes, name: str) -> str:
    """The raw value of the one line called `name`, its parameters included."""
    (found,) = [line for line in lines(block) if re.match(rf"{name}[:;]", line)]
    return found.removeprefix(name)


def names(block: bytes) -> list[str]:
    return [re.split("[:;]", line)[0] for line in lines(block)]


def parsed(block: bytes) -> Event:
    """The block as icalendar's parser reads it inside a file."""
    (event,) = Calendar.from_ical(calendar_file([block], name="Agenda")).walk("VEVENT")
    assert isinstance(event, Event)
    assert not event.errors
    return event


# Decision 1: one VEVENT with its own UID


def test_one_vevent_with_its_own_uid_and_no_recurrence(entry: Entry) -> None:
    block = vevent_bytes(entry())

    assert value(block, "UID") == ":6f1c2d1e-6a3b-4c58-9d5e-0f6b8f1f2a3c"
    assert not {"RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "DURATION"} & set(names(block))


@pytest.mark.parametrize("uid", ["", "two words", "a\r\nb", "a,b", "x" * 256, "é"])
def test_uid_that_no_stored_item_has_is_refused(entry: Entry, uid: str) -> None:
    with pytest.raises(ValueError, match="UID"):
        vevent_bytes(entry(uid=uid))


# Decision 2: the constant zone


def test_times_name_the_constant_zone_that_stands_in_the_same_object(entry: Entry) -> None:
    block = vevent_bytes(entry())
    body = calendar_file([block], name="Agenda")

    assert value(block, "DTSTART") == ";TZID=Europe/Amsterdam:20261124T133000"
    assert value(block, "DTEND") == ";TZID=Europe/Amsterdam:20261124T163000"
    assert body.count(VTIMEZONE) == body.count(b"BEGIN:VTIMEZONE") == 1


def test_times_in_utc_have_a_z_and_no_zone(entry: Entry) -> None:
    start = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    block = vevent_bytes(entry(starts_at=start, ends_at=start + timedelta(hours=1)))

    assert (value(block, "DTSTART"), value(block, "DTEND")) == (
        ":20261025T003000Z",
        ":20261025T013000Z",
    )


# Decision 3: what icalendar needs mended


def test_refresh_interval_says_that_it_is_a_duration() -> None:
    body = calendar_feed([], name="Agenda", refresh=timedelta(hours=4))

    assert value(body, "REFRESH-INTERVAL") == ";VALUE=DURATION:PT4H"
    assert value(body, "X-PUBLISHED-TTL") == ":PT4H"


def test_conference_has_one_feature(entry: Entry) -> None:
    block = vevent_bytes(entry(online_url=LINK))

    assert value(block, "CONFERENCE") == f";VALUE=URI;FEATURE=VIDEO;LABEL=Online:{LINK}"


def test_control_characters_are_stripped_from_every_text(entry: Entry) -> None:
    dirty = "a\x00b\x07c\x1bd\x7fe\x9ff\ud800g\ufeffh"

    block = vevent_bytes(entry(title=dirty, location=dirty, description=dirty, online_url=LINK, online_label=dirty))
    body = calendar_feed([block], name=dirty)

    assert value(block, "SUMMARY") == value(block, "LOCATION") == ":abcdefgh"
    assert value(block, "DESCRIPTION").startswith(":abcdefgh")
    assert ";LABEL=abcdefgh:" in value(block, "CONFERENCE")
    assert value(body, "NAME") == value(body, "X-WR-CALNAME") == ":abcdefgh"
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", body)


def test_typed_backslash_and_capital_n_stay_what_they_are(entry: Entry) -> None:
    """They become a line break when icalendar 7.3 writes them."""
    block = vevent_bytes(entry(title=r"Map C:\Nieuw"))

    assert value(block, "SUMMARY") == r":Map C:\\Nieuw"
    assert parsed(block)["SUMMARY"] == r"Map C:\Nieuw"


@pytest.mark.parametrize("field", ["starts_at", "ends_at", "last_modified"])
@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime(2026, 11, 24, 15, 0), "time_naive"),  # noqa: DTZ001 - what is refused
        (datetime(2026, 11, 24, 15, 0, tzinfo=timezone(timedelta(hours=1))), "time_zone"),
        (datetime(2027, 3, 28, 2, 30, tzinfo=AMSTERDAM), "time_skipped"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM), "time_twice"),
    ],
)
def test_naive_fixed_offset_skipped_and_double_times_are_refused_at_their_field(
    entry: Entry, field: str, at: datetime, code: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        vevent_bytes(entry(**{field: at}))

    assert (refusal.value.code, refusal.value.field) == (code, field)


# Decision 4: files and feeds


def test_file_and_feed_carry_no_method_organizer_attendee_or_alarm(entry: Entry) -> None:
    block = vevent_bytes(entry(location="Buurthuis", online_url=LINK, description="Neem mee: pen"))

    for body in (calendar_file([block], name="Agenda"), calendar_feed([block], name="Agenda")):
        assert not {"METHOD", "ORGANIZER", "ATTENDEE"} & set(names(body))
        assert b"VALARM" not in body


def test_dtstamp_is_last_modified_in_utc(entry: Entry) -> None:
    changed = datetime(2026, 9, 1, 10, 15, 30, 123_456, tzinfo=AMSTERDAM)

    block = vevent_bytes(entry(last_modified=changed))

    assert value(block, "DTSTAMP") == value(block, "LAST-MODIFIED") == ":20260901T081530Z"


def test_two_gets_give_equal_bytes_and_one_strong_etag(entry: Entry) -> None:
    first, second = (calendar_feed([vevent_bytes(entry())], name="Agenda") for _ in range(2))

    assert first == second
    assert etag(first) == etag(second)
    assert re.fullmatch(r'"[0-9a-f]{64}"', etag(first))


def test_etag_changes_with_the_body(entry: Entry) -> None:
    moved = entry(sequence=3, ends_at=datetime(2026, 11, 24, 17, 0, tzinfo=AMSTERDAM))

    bodies = [calendar_feed([vevent_bytes(one)], name="Agenda") for one in (entry(), moved)]

    assert etag(bodies[0]) != etag(bodies[1])


def test_file_has_a_name_and_leaves_the_shown_name_and_refreshing_to_the_feed() -> None:
    body = calendar_file([], name="Training; editie 3, Nijmegen")

    assert value(body, "NAME") == r":Training\; editie 3\, Nijmegen"
    assert not {"X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"} & set(names(body))


def test_feed_has_both_names_and_both_ways_to_say_when_to_ask_again() -> None:
    assert names(calendar_feed([], name="Mijn agenda"))[:8] == [
        "BEGIN",
        "VERSION",
        "PRODID",
        "CALSCALE",
        "NAME",
        "X-WR-CALNAME",
        "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL",
    ]


@pytest.mark.parametrize("refresh", [timedelta(), timedelta(milliseconds=1), timedelta(hours=-1)])
def test_feed_that_is_always_due_is_refused(refresh: timedelta) -> None:
    with pytest.raises(ValueError, match="after a second"):
        calendar_feed([], name="Agenda", refresh=refresh)


# Decision 5: SEQUENCE and cancelled items


def test_sequence_is_written_as_given(entry: Entry) -> None:
    assert [value(vevent_bytes(entry(sequence=n)), "SEQUENCE") for n in (0, 7)] == [":0", ":7"]


@pytest.mark.parametrize("changes", [{"sequence": -1}, {"status": "GEANNULEERD"}])
def test_sequence_or_status_that_no_stored_item_has_is_refused(entry: Entry, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="calendar item"):
        vevent_bytes(entry(**changes))


def test_cancelled_item_says_so_in_status_and_title_and_takes_no_time(entry: Entry) -> None:
    block = vevent_bytes(entry(status="CANCELLED"))

    assert value(block, "STATUS") == ":CANCELLED"
    assert value(block, "SUMMARY") == ":GEANNULEERD: Training"
    assert value(block, "TRANSP") == ":TRANSPARENT"


def test_cancelled_title_is_prefixed_once(entry: Entry) -> None:
    block = vevent_bytes(entry(status="CANCELLED", title=f"{CANCELLED_PREFIX}Training"))

    assert value(block, "SUMMARY") == ":GEANNULEERD: Training"


def test_status_may_be_the_enum_of_a_table(entry: Entry) -> None:
    status = StrEnum("ItemStatus", {"CANCELLED": "CANCELLED"}).CANCELLED

    assert vevent_bytes(entry(status=status)) == vevent_bytes(entry(status="CANCELLED"))


@pytest.mark.parametrize("status", ["CONFIRMED", "TENTATIVE"])
def test_item_that_goes_on_keeps_its_title_and_takes_time(entry: Entry, status: str) -> None:
    block = vevent_bytes(entry(status=status))

    assert (value(block, "STATUS"), value(block, "SUMMARY")) == (f":{status}", ":Training")
    assert "TRANSP" not in names(block)


# Decision 9: privacy


def test_private_item_is_classified_and_another_is_not(entry: Entry) -> None:
    assert value(vevent_bytes(entry()), "CLASS") == ":PRIVATE"
    assert "CLASS" not in names(vevent_bytes(entry(private=False)))


# Where to be


def test_online_link_is_also_the_location_when_there_is_no_place(entry: Entry) -> None:
    event = parsed(vevent_bytes(entry(online_url=LINK, location="  ", description="Welkom")))

    assert (event["LOCATION"], event["CONFERENCE"], event["DESCRIPTION"]) == (LINK, LINK, "Welkom")


def test_online_link_stands_in_the_description_when_there_is_a_place(entry: Entry) -> None:
    event = parsed(vevent_bytes(entry(online_url=LINK, location="Buurthuis", description="Welkom")))

    assert event["LOCATION"] == "Buurthuis"
    assert event["DESCRIPTION"] == f"Welkom\n\nOnline: {LINK}"


def test_online_link_that_the_description_names_is_not_repeated(entry: Entry) -> None:
    words = f"Doe mee op {LINK}"

    event = parsed(vevent_bytes(entry(online_url=LINK, location="Buurthuis", description=words)))

    assert event["DESCRIPTION"] == words


def test_item_without_place_link_or_words_has_no_empty_lines(entry: Entry) -> None:
    block = vevent_bytes(entry(location="", online_url=" ", description="\n", url=""))

    assert not {"LOCATION", "CONFERENCE", "DESCRIPTION", "URL"} & set(names(block))


def test_page_of_the_item_is_its_url(entry: Entry) -> None:
    address = "https://trainhub.example.org/les/6f1c2d1e"

    assert value(vevent_bytes(entry(url=address)), "URL") == f":{address}"


def test_link_is_written_as_a_uri_of_ascii(entry: Entry) -> None:
    block = vevent_bytes(entry(url='  https://example.org/café "de wijk"?a=1,2;b=%C3%A9#x '))

    assert value(block, "URL") == (":https://example.org/caf%C3%A9%20%22de%20wijk%22?a=1,2;b=%C3%A9#x")


@pytest.mark.parametrize("field", ["url", "online_url"])
@pytest.mark.parametrize(
    "address",
    ["example.org", "javascript:alert(1)", "https://", "http://[", "https://a.nl/\r\nMETHOD:X"],
)
def test_link_that_is_no_web_address_is_refused(entry: Entry, field: str, address: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        vevent_bytes(entry(**{field: address}))

    assert (refusal.value.code, refusal.value.field) == ("link_invalid", field)


@pytest.mark.parametrize("title", ["", "  ", "\r\n", "\x00"])
def test_item_without_a_title_is_refused(entry: Entry, title: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        vevent_bytes(entry(title=title))

    assert (refusal.value.code, refusal.value.field) == ("title_missing", "title")
