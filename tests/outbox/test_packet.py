"""The bytes of a mail, read back with the parser of the standard library."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from trainhub.calendar.text import calendar_file
from trainhub.outbox.packet import packet

if TYPE_CHECKING:
    from email.message import EmailMessage

    from trainhub.outbox.models import Message

SENDER = "TrainHub <trainhub@example.org>"
LONG = "Een zin met é, ë en een lange streep – die maar doorgaat. " * 40


def read(message: Message) -> EmailMessage:
    """The mail as a mail program reads it."""
    return message_from_bytes(packet(message, mail_from=SENDER).as_bytes(), policy=policy.default)


def kinds(mail: EmailMessage) -> list[str]:
    """The content types of all parts, outside first."""
    return [part.get_content_type() for part in mail.walk()]


def test_mail_holds_the_same_words_as_text_and_as_page(make: Any) -> None:
    message = make.message(subject="Je les in ’s-Hertogenbosch is verplaatst", body=f"{LONG}\n", html=f"<p>{LONG}</p>")

    mail = read(message)

    assert kinds(mail) == ["multipart/alternative", "text/plain", "text/html"]
    assert mail["Subject"] == "Je les in ’s-Hertogenbosch is verplaatst"
    assert mail.get_body(("plain",)).get_content().strip() == LONG.strip()
    assert LONG in mail.get_body(("html",)).get_content()
    assert not mail.defects


def test_mail_names_sender_receiver_and_what_it_is(make: Any) -> None:
    created = datetime(2026, 11, 24, 11, tzinfo=UTC)
    message = make.message(created_at=created, locale="nl")

    mail = read(message)

    assert (mail["From"], mail["To"]) == (SENDER, message.address)
    assert mail["Message-ID"] == f"<{message.public_id}@example.org>"
    assert parsedate_to_datetime(mail["Date"]) == created
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "nl")


def test_mail_with_an_agenda_carries_the_same_bytes_as_a_file(make: Any) -> None:
    agenda = calendar_file([], name="TrainHub")
    message = make.message(attachment=agenda)

    mail = read(message)

    assert kinds(mail) == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"]
    attached = next(mail.iter_attachments())
    assert (attached.get_filename(), attached.get_content_charset()) == ("agenda.ics", "utf-8")
    assert attached.get_payload(decode=True) == agenda
    assert "method" not in dict(attached["Content-Type"].params)


def test_mail_has_no_line_that_a_server_may_refuse(make: Any) -> None:
    raw = packet(
        make.message(body=LONG * 3, html=f"<p>{LONG * 3}</p>", subject=LONG.strip()), mail_from=SENDER
    ).as_bytes()

    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_every_attempt_gives_the_same_bytes(make: Any) -> None:
    message = make.message(attachment=calendar_file([], name="TrainHub"))

    first, second = (packet(message, mail_from=SENDER).as_bytes() for _attempt in range(2))

    assert first == second
