"""A subscription as people use it: vdirsyncer fetches the feed from a served TrainHub and keeps it in a real CalDAV server."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar
from sqlalchemy import select
from waitress.server import create_server
from waitress.wasyncore import close_all

from tests.conftest import assembled
from tests.factories.base import NOW
from trainhub.editions.models import Edition, Enrolment, EnrolmentState, SessionState, TrainingSession
from trainhub.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from trainhub.core.db import Database
    from trainhub.core.settings import Settings

TOKEN = "a-token-that-nobody-guesses"
WAIT_SECONDS = 30
# Both sides of the change to winter time and of the change to summer time, and one lesson across it.
STARTS = [
    datetime(2026, 10, 24, 11, 30, tzinfo=UTC),
    datetime(2026, 10, 24, 23, 30, tzinfo=UTC),
    datetime(2026, 10, 26, 12, 30, tzinfo=UTC),
    datetime(2027, 3, 27, 12, 30, tzinfo=UTC),
    datetime(2027, 3, 29, 11, 30, tzinfo=UTC),
]
SYNC = """
[general]
status_path = "{folder}/status"

[pair agenda]
a = "trainhub"
b = "server"
collections = null
partial_sync = "ignore"
conflict_resolution = "a wins"

[storage trainhub]
{trainhub}

[storage server]
type = "caldav"
url = "{collection}"
username = "somebody"
password = "anything"
"""

SOMEBODY = f"Basic {base64.b64encode(b'somebody:anything').decode()}"

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("kind", ["sqlite"], indirect=True)]


def free_port() -> int:
    """A port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether something listens there."""
    host, port = url.removeprefix("http://").split("/")[0].split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


@pytest.fixture
def feed(fresh_database: Database, settings: Settings) -> Iterator[str]:
    """The address of the feed of somebody with a lesson on every day of `STARTS`, served over HTTP."""
    with fresh_database.write_session() as session:
        make = assembled()(session)
        person, edition = make.person(), make.row(Edition)
        make.row(Enrolment, edition=edition, person=person, state=EnrolmentState.active)
        for start in STARTS:
            make.lesson(edition=edition, starts_at=start, ends_at=start + timedelta(hours=3), place="Buurthuis")
        make.feed(person, TOKEN)
        session.commit()
    app = create_app(replace(settings, secret_key="s" * 40), database=fresh_database, clock=lambda: NOW)
    sockets: dict[int, object] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}/agenda/{TOKEN}.ics"
    server.trigger.pull_trigger(server.close)
    server.task_dispatcher.shutdown()
    thread.join(WAIT_SECONDS)
    close_all(sockets, ignore_all=True)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[str]:
    """An empty calendar of a Radicale of its own."""
    port = free_port()
    options = {
        "server-hosts": f"127.0.0.1:{port}",
        "auth-type": "none",
        "storage-filesystem-folder": str(tmp_path / "radicale"),
        "logging-level": "error",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    address = f"http://127.0.0.1:{port}/somebody/agenda/"
    process = subprocess.Popen([sys.executable, "-m", "radicale", "--config", "", *words])
    try:
        deadline = time.monotonic() + WAIT_SECONDS
        while not answers(address) and time.monotonic() < deadline:
            time.sleep(0.05)
        make = urllib.request.Request(address, method="MKCALENDAR", headers={"Authorization": SOMEBODY})
        urllib.request.urlopen(make, timeout=WAIT_SECONDS).close()  # noqa: S310 - our own server
        yield address
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)


@pytest.fixture
def vdirsyncer(tmp_path: Path, collection: str) -> Callable[[str], Callable[[], str]]:
    """`vdirsyncer(storage)` gives a function that brings the server up to date and returns what was said."""

    def made(storage: str) -> Callable[[], str]:
        settings = tmp_path / "vdirsyncer.conf"
        settings.write_text(SYNC.format(folder=tmp_path, trainhub=storage, collection=collection))
        run("discover", settings)
        return lambda: run("sync", settings)

    return made


def run(command: str, settings: Path) -> str:
    """What vdirsyncer says that it did."""
    done = subprocess.run(
        [sys.executable, "-m", "vdirsyncer", "-c", str(settings), command],
        capture_output=True,
        text=True,
        check=False,
        timeout=2 * WAIT_SECONDS,
        env=os.environ | {"NO_PROXY": "127.0.0.1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def fetched(address: str) -> bytes:
    """What is at an address of ours."""
    asked = urllib.request.Request(address, headers={"Authorization": SOMEBODY})  # noqa: S310 - our own servers
    with urllib.request.urlopen(asked, timeout=WAIT_SECONDS) as answer:  # noqa: S310 - our own servers
        return bytes(answer.read())


def kept(collection: str) -> dict[str, Any]:
    """What the CalDAV server holds: each event by its UID."""
    calendar = Calendar.from_ical(fetched(collection))
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_second_sync_changes_nothing_and_times_are_the_same_instants(
    vdirsyncer: Callable[[str], Callable[[], str]], feed: str, collection: str
) -> None:
    sync = vdirsyncer(f'type = "http"\nurl = "{feed}"')

    first, second = sync(), sync()

    events = kept(collection)
    assert first.count("Copying") == len(STARTS)
    assert not any(word in second for word in ("Copying", "Deleting", "error", "warning"))
    assert sorted(event.decoded("DTSTART").astimezone(UTC) for event in events.values()) == STARTS
    ends = sorted(event.decoded("DTEND").astimezone(UTC) for event in events.values())
    assert ends == [start + timedelta(hours=3) for start in STARTS]


def test_law_6_move_and_cancellation_arrive_under_the_same_uid(
    vdirsyncer: Callable[[str], Callable[[], str]],
    feed: str,
    collection: str,
    tmp_path: Path,
    fresh_database: Database,
) -> None:
    # Over HTTP vdirsyncer makes up UIDs of its own; from a file it keeps ours.
    copy = tmp_path / "agenda.ics"
    sync = vdirsyncer(f'type = "singlefile"\npath = "{copy}"\nread_only = true')
    copy.write_bytes(fetched(feed))
    sync()
    before = kept(collection)
    with fresh_database.write_session() as session:
        make = assembled()(session)
        moved, cancelled = session.scalars(select(TrainingSession).order_by(TrainingSession.starts_at).limit(2))
        moved.starts_at += timedelta(minutes=30)
        cancelled.state = SessionState.cancelled
        uids = [str(make.item_of(lesson, now=NOW + timedelta(minutes=5)).uid) for lesson in (moved, cancelled)]
        session.commit()

    copy.write_bytes(fetched(feed))
    told = sync()

    after = kept(collection)
    assert set(after) == set(before)
    assert told.count("Copying") == 2
    assert [after[uid]["SEQUENCE"] - before[uid]["SEQUENCE"] for uid in uids] == [1, 1]
    assert after[uids[0]].decoded("DTSTART").astimezone(UTC) == STARTS[0] + timedelta(minutes=30)
    assert (after[uids[1]]["STATUS"], after[uids[1]]["SUMMARY"]) == ("CANCELLED", "GEANNULEERD: Training")
