"""A real mail server for the tests, which can refuse, postpone, hang up and wait."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from aiosmtpd.smtp import SMTP, Envelope, Session

    from trainhub.core.db import Database
    from trainhub.core.settings import Settings


@dataclass
class MailServer:
    """What came in, and how the server answers to whom.

    `answers` are refusals by recipient at RCPT; `breaks` names recipients whose mail is taken and then never confirmed:
    the connection is cut. The mail to `holds` is taken and confirmed only once `let_go` is set.
    """

    taken: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    breaks: set[str] = field(default_factory=set)
    holds: set[str] = field(default_factory=set)
    holding: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    async def handle_RCPT(  # noqa: N802 - the name and the arguments that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        del server, session, rcpt_options
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail."""
        del session
        self.taken.append(message_from_bytes(envelope.original_content, policy=policy.default))
        receiver = envelope.rcpt_tos[0]
        if receiver in self.breaks:
            server.transport.abort()
        if receiver in self.holds:
            self.holds.discard(receiver)
            self.holding.set()
            while not self.let_go.is_set():
                await asyncio.sleep(0.01)
        return "250 taken"

    def to(self) -> list[str]:
        """Who got mail, in the order of arrival."""
        return [mail["To"] for mail in self.taken]

    def copies(self) -> Counter[str]:
        """How often each Message-ID came in."""
        return Counter(mail["Message-ID"] for mail in self.taken)


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    """A running mail server."""
    server = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    server.url = f"smtp://127.0.0.1:{port}"
    yield server
    server.let_go.set()
    controller.stop()


@pytest.fixture
def posting(settings: Settings, smtp: MailServer) -> Settings:
    """Settings with the mail server."""
    return replace(settings, smtp_url=smtp.url)


@pytest.fixture
def start_worker(smtp: MailServer) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """`start_worker(database, "--once")` starts `trainhub worker` as a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def start(database: Database, *options: str, **environment: str) -> subprocess.Popen[str]:
        ours: dict[str, Any] = {"TRAINHUB_SMTP_URL": smtp.url, "TRAINHUB_DATABASE_URL": database.url}
        rest = {name: value for name, value in os.environ.items() if not name.startswith("TRAINHUB_")}
        process = subprocess.Popen(
            [sys.executable, "-c", "from trainhub.cli.main import main; main()", "worker", *options],
            env=rest | ours | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
