"""What the calendar's tests share: one ordinary lesson, and three readers that are not ours."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from uuid import UUID

import pytest

from trainhub.calendar.text import CalendarEntry
from trainhub.core.clock import AMSTERDAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NODE = Path(__file__).parent.parent / "node"
VEVENT = 4  # the place of ICAL_VEVENT_COMPONENT in libical's list of components

Read = tuple[str, str, int, int]
"""One event as a reader tells it: UID, title, start and end in seconds since 1970 in UTC."""

LESSON = CalendarEntry(
    uid=UUID("6f1c2d1e-6a3b-4c58-9d5e-0f6b8f1f2a3c"),
    title="Training",
    starts_at=datetime(2026, 11, 24, 13, 30, tzinfo=AMSTERDAM),
    ends_at=datetime(2026, 11, 24, 16, 30, tzinfo=AMSTERDAM),
    last_modified=datetime(2026, 9, 1, 8, 15, 30, tzinfo=UTC),
    sequence=2,
)


@pytest.fixture(scope="session")
def entry() -> Callable[..., CalendarEntry]:
    """A lesson on an ordinary afternoon, with the given fields changed."""
    return partial(replace, LESSON)


def unavailable(sentence: str) -> NoReturn:
    """A machine may lack a reader; the machine that guards the project may not."""
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold a lock, so that parallel test workers install a thing once."""
    with (Path(tempfile.gettempdir()) / f"trainhub-tests-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(*command: str, **settings: object) -> subprocess.CompletedProcess[bytes]:
    """Run a program that a test names, and keep what it says."""
    return subprocess.run(command, capture_output=True, check=False, timeout=300, **settings)


def last_line(done: subprocess.CompletedProcess[bytes]) -> str:
    """What a program that failed said last."""
    return (done.stderr.decode(errors="replace").strip().splitlines() or ["no message"])[-1]


# ical.js


@pytest.fixture(scope="session")
def ical_js() -> Callable[[bytes], dict[str, object]]:
    """Everything that ical.js tells about a calendar."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        unavailable("ical.js was not asked: node and npm are not on this machine.")
    with alone("node"):
        if not (NODE / "node_modules" / "ical.js").is_dir():
            done = run(npm, "ci", "--prefix", str(NODE), "--no-audit", "--no-fund")
            if done.returncode:
                unavailable(f"ical.js was not asked: npm could not install it ({last_line(done)}).")

    def told(body: bytes) -> dict[str, object]:
        done = run(node, "read.mjs", input=body, cwd=NODE)
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    return told


@pytest.fixture(scope="session")
def read_with_ical_js(ical_js: Callable[[bytes], dict]) -> Callable[[bytes], list[Read]]:
    """The events that ical.js tells."""

    def read(body: bytes) -> list[Read]:
        return [
            (one["uid"], one["summary"], one["start"]["epoch"], one["end"]["epoch"]) for one in ical_js(body)["events"]
        ]

    return read


# libical


class IcalTime(ctypes.Structure):
    """`struct icaltimetype` of libical 3."""

    _fields_ = (
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        *((name, ctypes.c_int) for name in ("is_date", "is_daylight")),
        ("zone", ctypes.c_void_p),
    )


class Libical:
    """The few functions of libical 3 that read a calendar and hold the tables of RFC 5546."""

    def __init__(self, library: ctypes.CDLL) -> None:
        """Say what each function takes and gives."""
        pointer, number, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
        for name, result, *arguments in (
            ("icalparser_parse_string", pointer, text),
            ("icalcomponent_free", None, pointer),
            ("icalrestriction_check", number, pointer),
            ("icalcomponent_count_errors", number, pointer),
            ("icalcomponent_get_first_component", pointer, pointer, number),
            ("icalcomponent_get_next_component", pointer, pointer, number),
            ("icalcomponent_get_uid", text, pointer),
            ("icalcomponent_get_summary", text, pointer),
            ("icalcomponent_get_dtstart", IcalTime, pointer),
            ("icalcomponent_get_dtend", IcalTime, pointer),
            ("icaltime_as_timet_with_zone", ctypes.c_long, IcalTime, pointer),
            ("icaltimezone_get_tzid", text, pointer),
        ):
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        self.library = library

    @contextmanager
    def parsed(self, body: bytes) -> Iterator[int]:
        """The calendar as libical holds it, until the end of the block."""
        calendar = self.library.icalparser_parse_string(body)
        assert calendar, "libical reads no calendar in this"
        yield calendar
        self.library.icalcomponent_free(calendar)

    def verdict(self, body: bytes) -> tuple[bool, int]:
        """Whether the restrictions of RFC 5546 hold, and how many lines libical could not read."""
        with self.parsed(body) as calendar:
            unread = self.library.icalcomponent_count_errors(calendar)
            return bool(self.library.icalrestriction_check(calendar)), unread

    def events(self, body: bytes) -> list[Read]:
        """The events of a calendar in their order."""
        found = []
        with self.parsed(body) as calendar:
            event = self.library.icalcomponent_get_first_component(calendar, VEVENT)
            while event:
                found.append(self._read(event))
                event = self.library.icalcomponent_get_next_component(calendar, VEVENT)
        return found

    def _read(self, event: int) -> Read:
        start = self.library.icalcomponent_get_dtstart(event)
        end = self.library.icalcomponent_get_dtend(event)
        # A zone of its own would have a longer name: this is the VTIMEZONE of the file.
        assert self.library.icaltimezone_get_tzid(start.zone) in (b"Europe/Amsterdam", b"UTC")
        return (
            self.library.icalcomponent_get_uid(event).decode(),
            self.library.icalcomponent_get_summary(event).decode(),
            self.library.icaltime_as_timet_with_zone(start, start.zone),
            self.library.icaltime_as_timet_with_zone(end, end.zone),
        )


@pytest.fixture(scope="session")
def libical() -> Libical:
    """The library of Debian, installed when we may."""
    with alone("libical"):
        library = loaded()
        if library is None and os.geteuid() == 0 and (apt := shutil.which("apt-get")):
            run(apt, "update", "-q")
            run(apt, "install", "-y", "-q", "--no-install-recommends", "libical3")
            library = loaded()
    if library is None:
        unavailable("libical was not asked: the library libical3 is not on this machine.")
    return Libical(library)


def loaded() -> ctypes.CDLL | None:
    """The library if this machine has it."""
    try:
        return ctypes.CDLL("libical.so.3")
    except OSError:
        return None


@pytest.fixture(scope="session")
def read_with_libical(libical: Libical) -> Callable[[bytes], list[Read]]:
    """The events that libical tells."""
    return libical.events


# khal

KHAL = """
[calendars]
[[agenda]]
path = {folder}/agenda
[locale]
local_timezone = UTC
default_timezone = Europe/Amsterdam
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""


class Khal:
    """A calendar of khal in a folder of its own, shown in UTC."""

    def __init__(self, folder: Path) -> None:
        """Make the folder of events and the settings beside it."""
        (folder / "agenda").mkdir()
        self.settings = folder / "khal.conf"
        self.settings.write_text(KHAL.format(folder=folder))
        homes = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        self.surroundings = {**os.environ, **dict.fromkeys(homes, str(folder))}

    def __call__(self, *words: str) -> str:
        """What khal answers to a command."""
        command = (sys.executable, "-m", "khal", "-c", str(self.settings), *words)
        done = run(*command, env=self.surroundings)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def read(self, body: bytes) -> list[Read]:
        """Import a calendar and list what stands in it, by the day."""
        source = self.settings.with_name("calendar.ics")
        source.write_bytes(body)
        self("import", "--batch", "-a", "agenda", str(source))
        fields = ("uid", "title", "start-long-full", "end-long-full")
        asked = [word for field in fields for word in ("--json", field)]
        told = self("list", "--once", *asked, "2026-10-20", "260d")
        days = [json.loads(line) for line in told.splitlines() if line.startswith("[")]
        return [
            (event["uid"], event["title"], *(seconds(event[field]) for field in fields[2:]))
            for day in days
            for event in day
        ]


def seconds(moment: str) -> int:
    """A moment as khal shows it, in seconds since 1970."""
    return int(datetime.strptime(f"{moment}+0000", "%Y-%m-%d %H:%M%z").timestamp())


@pytest.fixture
def khal(tmp_path: Path) -> Khal:
    """A new and empty calendar of khal."""
    return Khal(tmp_path)


@pytest.fixture
def read_with_khal(khal: Khal) -> Callable[[bytes], list[Read]]:
    """The events that khal lists after importing a calendar."""
    return khal.read
