"""Every line of RFC 5545 about bytes, by name, with arbitrary words in every field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from trainhub.calendar.text import (
    CalendarEntry,
    calendar_feed,
    calendar_file,
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


def well_formed(body: bytes) -> None:
    """What every line of a file must be, whatever stands in it."""
    assert body.endswith(b"\r\n")
    for line in body.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)
        assert line.strip()


@given(title=TITLES, location=TEXTS, description=TEXTS, name=TEXTS)
def test_any_text_gives_crlf_lines_of_75_octets_never_folded_inside_a_character(
    entry: Entry, title: str, location: str, description: str, name: str
) -> None:
    block = vevent_bytes(entry(title=title, location=location, description=description))

    well_formed(block)
    well_formed(calendar_feed([block], name=name))
    assert set(names(block)) <= {
        *("BEGIN", "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND"),
        *("SUMMARY", "STATUS", "LOCATION", "DESCRIPTION", "CLASS", "END"),
    }


@given(title=TITLES, location=TEXTS, description=TEXTS)
def test_any_text_comes_back_from_a_parser_as_it_was(entry: Entry, title: str, location: str, description: str) -> None:
    event = parsed(vevent_bytes(entry(title=title, location=location, description=description)))

    assert event["SUMMARY"] == on_one_line(title)
    assert event.get("LOCATION", "") == as_read(location)
    assert event.get("DESCRIPTION", "") == as_read(description)


@example(label="0 =")
@given(label=TEXTS)
def test_any_label_comes_back_without_quotes_or_backslashes(entry: Entry, label: str) -> None:
    """A backslash at the end of a parameter makes readers lose the start of the link."""
    link = parsed(vevent_bytes(entry(online_url=LINK, online_label=label)))["CONFERENCE"]

    expected = on_one_line(label).translate(str.maketrans({'"': "'", "\\": "/", "=": "-"})) or "Online"
    assert (link, link.params["FEATURE"], link.params["LABEL"]) == (LINK, "VIDEO", expected)


@pytest.mark.parametrize("length", range(60, 90))
def test_line_is_full_before_it_is_folded(entry: Entry, length: int) -> None:
    block = vevent_bytes(entry(title="x" * length))

    folded = re.search(rb"SUMMARY:[^\r]*(?:\r\n [^\r]*)*", block)

    assert folded is not None
    assert all(len(line) in (74, 75) for line in folded[0].split(b"\r\n")[:-1])


def test_only_backslash_semicolon_comma_and_line_break_are_escaped(entry: Entry) -> None:
    block = vevent_bytes(entry(description="a\\b;c,d\r\ne:f\"g'h=i\tj"))

    assert value(block, "DESCRIPTION") == ":a\\\\b\\;c\\,d\\ne:f\"g'h=i\tj"


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("Kamer 1", "Kamer 1"),
        ("Kamer: hal", '"Kamer: hal"'),
        ("hal; zaal", '"hal; zaal"'),
        ("hal, zaal", '"hal, zaal"'),
        ('de "zaal"', "de 'zaal'"),
        ('de "zaal": hier', "\"de 'zaal': hier\""),
        ("\n", "Online"),
    ],
)
def test_parameter_value_is_quoted_when_it_must_be(entry: Entry, label: str, written: str) -> None:
    block = vevent_bytes(entry(online_url=LINK, online_label=label))

    assert value(block, "CONFERENCE") == f";VALUE=URI;FEATURE=VIDEO;LABEL={written}:{LINK}"


def test_text_is_utf8_without_a_byte_order_mark(entry: Entry) -> None:
    body = calendar_file([vevent_bytes(entry(title="Eén café"))], name="Één")

    assert body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert "SUMMARY:Eén café".encode() in body


@pytest.mark.parametrize("make", [calendar_file, calendar_feed])
def test_version_and_prodid_stand_once(entry: Entry, make: Callable[..., bytes]) -> None:
    written = names(make([vevent_bytes(entry())], name="VERSION:3.0\r\nPRODID:x"))

    assert (written.count("VERSION"), written.count("PRODID")) == (1, 1)


def test_vevent_has_uid_dtstamp_and_dtstart_once(entry: Entry) -> None:
    written = names(vevent_bytes(entry(title="UID:1\r\nDTSTART:2", online_url=LINK)))

    assert sorted(written) == sorted(set(written))
    assert {"UID", "DTSTAMP", "DTSTART"} < set(written)


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        (
            datetime(2026, 11, 24, 13, tzinfo=AMSTERDAM),
            datetime(2026, 11, 24, 13, tzinfo=AMSTERDAM),
        ),
        (datetime(2026, 11, 24, 12, 30, tzinfo=UTC), datetime(2026, 11, 24, 13, tzinfo=AMSTERDAM)),
        (datetime(2026, 10, 25, 1, 45, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=AMSTERDAM)),
        (
            datetime(2026, 11, 24, 13, 0, 0, 1, tzinfo=AMSTERDAM),
            datetime(2026, 11, 24, 13, 0, 0, 999, tzinfo=AMSTERDAM),
        ),
    ],
)
def test_end_that_is_not_after_the_start_is_refused(entry: Entry, starts_at: datetime, ends_at: datetime) -> None:
    with pytest.raises(RuleBroken) as refusal:
        vevent_bytes(entry(starts_at=starts_at, ends_at=ends_at))

    assert (refusal.value.code, refusal.value.field) == ("end_before_start", "ends_at")


def test_no_uid_stands_twice(entry: Entry) -> None:
    one, other = vevent_bytes(entry()), vevent_bytes(entry(uid=uuid4()))

    body = calendar_file([one, other, one], name="Agenda")

    assert (body.count(one), body.count(other), body.count(b"BEGIN:VEVENT")) == (1, 1, 2)
    with pytest.raises(ValueError, match="share a UID"):
        calendar_file([one, vevent_bytes(entry(sequence=3))], name="Agenda")


@pytest.mark.parametrize("make", [calendar_file, calendar_feed])
def test_stored_blocks_stand_in_a_file_byte_for_byte_in_their_order(entry: Entry, make: Callable[..., bytes]) -> None:
    blocks = [vevent_bytes(entry(uid=UUID(int=n), title=f"Les {n}")) for n in range(40)]

    body = make(iter(blocks), name="Agenda")

    assert body.endswith(VTIMEZONE + b"".join(blocks) + b"END:VCALENDAR\r\n")


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        b"BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT",
        b"UID:1\r\nEND:VEVENT\r\n",
    ],
)
def test_what_is_no_finished_block_is_refused(block: bytes) -> None:
    with pytest.raises(ValueError, match="finished VEVENT blocks"):
        calendar_file([block], name="Agenda")


@pytest.mark.parametrize("make", [calendar_file, calendar_feed])
def test_empty_calendar_still_holds_the_zone(make: Callable[..., bytes]) -> None:
    body = make([], name="Agenda")

    assert body.endswith(VTIMEZONE + b"END:VCALENDAR\r\n")
    assert b"VEVENT" not in body
