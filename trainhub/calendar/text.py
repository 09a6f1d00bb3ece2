"""Calendar text of RFC 5545: values in, finished bytes out; equal values give equal bytes.

A VEVENT is built once, when its session or meeting changes, and stored; a file or feed only joins
stored bytes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from icalendar import Calendar, Event
from icalendar.prop import vDatetime, vDuration, vText, vUri

from trainhub.calendar.timezone import VTIMEZONE, calendar_time
from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

STATUSES = ("CONFIRMED", "TENTATIVE", "CANCELLED")
CANCELLED_PREFIX = "GEANNULEERD: "
ONLINE = "Online"
PRODUCT = "-//TrainHub//Agenda//NL"
REFRESH = timedelta(hours=1)

_LINE_BREAK = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})
# Quotes cannot stand in a parameter; a backslash at its end makes readers lose what follows.
# Around an equals sign they lose spaces.
_PARAMETER = str.maketrans({'"': "'", "\\": "/", "=": "-"})
_URI_CHARACTERS = ":/?#[]@!$&'()*+,;=%~"
_BEGIN, _END = b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n"
_UID = re.compile(rb"^UID:([^\r]*(?:\r\n [^\r]*)*)\r\n", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One session or meeting as a calendar shows it.

    `uid` never changes; `sequence` rises when time, status, place or link change. `starts_at` and
    `ends_at` are aware datetimes in zoneinfo Europe/Amsterdam or UTC, `last_modified` an aware UTC
    datetime. `title` is neutral: what may stand in it is the caller's to decide. `url` is the page
    of the item, `online_url` the room to join, and `online_label` the words on that link.
    `status` is one of `STATUSES`.
    """

    uid: UUID | str
    title: str
    starts_at: datetime
    ends_at: datetime
    last_modified: datetime
    sequence: int = 0
    status: str = "CONFIRMED"
    location: str | None = None
    online_url: str | None = None
    description: str | None = None
    url: str | None = None
    private: bool = True
    online_label: str = ONLINE


def vevent_bytes(entry: CalendarEntry) -> bytes:
    """The finished VEVENT block of `entry` in UTF-8, folded at 75 octets (RFC 5545 §3.1, §3.6.1).

    DTSTAMP equals LAST-MODIFIED, so equal entries give equal bytes. Raises `RuleBroken` for a time
    that `calendar_time` refuses, an end that is not after the start, an empty title and a link that
    is no web address; `ValueError` for an identity, sequence or status that no stored item can
    have.
    """
    _is_identified(entry)
    starts_at, ends_at = _span(entry)
    changed_at = calendar_time(entry.last_modified, field="last_modified").astimezone(UTC)
    event = Event()
    event.add("UID", vText(str(entry.uid)))
    event.add("DTSTAMP", vDatetime(changed_at))
    event.add("LAST-MODIFIED", vDatetime(changed_at))
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTART", vDatetime(starts_at))
    event.add("DTEND", vDatetime(ends_at))
    event.add("SUMMARY", _EscapedText(_summary(entry)))
    event.add("STATUS", entry.status)
    _add_place(event, entry)
    if entry.status == "CANCELLED":
        event.add("TRANSP", "TRANSPARENT")
    if entry.private:
        event.add("CLASS", "PRIVATE")
    return _as_bytes(event)


def calendar_file(vevents: Iterable[bytes], *, name: str) -> bytes:
    """A calendar to download: stored VEVENT blocks in their order, under the NAME of RFC 7986 §5.1.

    No METHOD, ORGANIZER or ATTENDEE: it is a file, not an invitation. X-WR-CALNAME is left to
    feeds, because Outlook and Google make a new calendar of a file that has it. A block that is
    given twice is written once. Raises `ValueError` when something else than finished blocks is
    given, or two different blocks share a UID.
    """
    return _calendar(_file_frame(name), vevents)


def calendar_feed(vevents: Iterable[bytes], *, name: str, refresh: timedelta = REFRESH) -> bytes:
    """A calendar to subscribe to: `calendar_file` with a shown name and how often to ask again.

    Writes REFRESH-INTERVAL (RFC 7986 §5.7) and X-PUBLISHED-TTL, which Outlook reads. Raises what
    `calendar_file` raises, and `ValueError` when `refresh` is shorter than a second.
    """
    if refresh < timedelta(seconds=1):
        raise ValueError("A feed is refreshed after a second at the soonest")
    return _calendar(_feed_frame(name, refresh), vevents)


def etag(body: bytes) -> str:
    """The strong entity tag of `body` with its quotes, as an ETag header (RFC 9110 §8.8.3)."""
    return f'"{hashlib.sha256(body).hexdigest()}"'


class _EscapedText(vText):
    r"""TEXT with exactly the escapes of RFC 5545 §3.3.11.

    The library writes a typed `\N` (as in `C:\Nieuw`) as a line break.
    """

    __slots__ = ()

    def to_ical(self) -> bytes:
        return self.translate(_ESCAPES).encode()


def _is_identified(entry: CalendarEntry) -> None:
    uid = str(entry.uid)
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", uid) or re.search(r"[\\;,]", uid):
        raise ValueError(f"{uid!r} cannot be the UID of a calendar item")
    if entry.sequence < 0:
        raise ValueError("The SEQUENCE of a calendar item starts at 0 and only grows")
    if entry.status not in STATUSES:
        raise ValueError(f"{entry.status!r} is not the status of a calendar item")


def _span(entry: CalendarEntry) -> tuple[datetime, datetime]:
    starts_at = calendar_time(entry.starts_at, field="starts_at")
    ends_at = calendar_time(entry.ends_at, field="ends_at")
    # In UTC, because Python compares two times of one zone by the face of the clock.
    if ends_at.astimezone(UTC) <= starts_at.astimezone(UTC):
        raise RuleBroken(_("The end must be after the start."), code="end_before_start", field="ends_at")
    return starts_at, ends_at


def _summary(entry: CalendarEntry) -> str:
    title = _one_line(entry.title)
    if not title:
        raise RuleBroken(_("An item in the calendar needs a title."), code="title_missing", field="title")
    if entry.status == "CANCELLED" and not title.startswith(CANCELLED_PREFIX):
        return CANCELLED_PREFIX + title
    return title


def _add_place(event: Event, entry: CalendarEntry) -> None:
    """Where to be: the place, the page, and the room online.

    Clients that do not know CONFERENCE find the online link in LOCATION, or in DESCRIPTION when
    there is also a place.
    """
    place, words = _clean(entry.location or ""), _clean(entry.description or "")
    link = _link(entry.online_url, field="online_url")
    if link and place and link not in words:
        words = f"{words}\n\n{ONLINE}: {link}".lstrip()
    if place or link:
        event.add("LOCATION", _EscapedText(place or link))
    if words:
        event.add("DESCRIPTION", _EscapedText(words))
    if page := _link(entry.url, field="url"):
        event.add("URL", vUri(page))
    if link:
        label = _one_line(entry.online_label).translate(_PARAMETER) or ONLINE
        event.add("CONFERENCE", vUri(link, params={"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": label}))


def _clean(text: str) -> str:
    r"""`text` with `\n` as its line break and no control character but TAB (RFC 5545 §3.1)."""
    return _UNPRINTABLE.sub("", _LINE_BREAK.sub("\n", text)).strip()


def _one_line(text: str) -> str:
    return " ".join(part.strip() for part in _clean(text).split("\n") if part.strip())


def _link(address: str | None, *, field: str) -> str:
    """`address` as a URI of RFC 3986, "" when there is none."""
    bare = _clean(address or "")
    if not bare:
        return ""
    try:
        parts = urlsplit(bare)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and "\n" not in bare
    except ValueError:
        usable = False
    if not usable:
        message = _("A link is the full address of a page and starts with https://.")
        raise RuleBroken(message, code="link_invalid", field=field)
    return quote(bare, safe=_URI_CHARACTERS)


def _head(name: str) -> Calendar:
    head = Calendar()
    head.add("VERSION", "2.0")
    head.add("PRODID", PRODUCT)
    head.add("CALSCALE", "GREGORIAN")
    head.add("NAME", _EscapedText(_one_line(name)))
    return head


@lru_cache(maxsize=16)
def _file_frame(name: str) -> tuple[bytes, bytes]:
    """What stands before and after the blocks of a file; made once per name."""
    return _around(_head(name))


@lru_cache(maxsize=16)
def _feed_frame(name: str, refresh: timedelta) -> tuple[bytes, bytes]:
    """The same of a feed."""
    head = _head(name)
    head.add("X-WR-CALNAME", _EscapedText(_one_line(name)))
    head.add("REFRESH-INTERVAL", vDuration(refresh, params={"VALUE": "DURATION"}))
    head.add("X-PUBLISHED-TTL", vDuration(refresh))
    return _around(head)


def _around(head: Calendar) -> tuple[bytes, bytes]:
    opening, end, tail = _as_bytes(head).partition(b"END:VCALENDAR\r\n")
    return opening + VTIMEZONE, end + tail


def _calendar(frame: tuple[bytes, bytes], vevents: Iterable[bytes]) -> bytes:
    return b"".join((frame[0], *_distinct(vevents), frame[1]))


def _distinct(vevents: Iterable[bytes]) -> Iterable[bytes]:
    """The blocks by UID, in their order: one object holds no UID twice (RFC 5545 §3.8.4.7)."""
    blocks: dict[bytes, bytes] = {}
    for block in vevents:
        uid = _UID.search(block)
        if uid is None or not (block.startswith(_BEGIN) and block.endswith(_END)):
            raise ValueError("A calendar is joined from finished VEVENT blocks only")
        if blocks.setdefault(uid[1], block) != block:
            raise ValueError("Two different VEVENT blocks share a UID")
    return blocks.values()


def _as_bytes(component: Calendar | Event) -> bytes:
    return bytes(component.to_ical(sorted=False))
