"""The bytes of a mail: a queued message as RFC 5322; every attempt gives the same bytes, Message-ID and Date included."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainhub.outbox.models import Message

CALENDAR_NAME = "agenda.ics"


def packet(message: Message, *, mail_from: str) -> EmailMessage:
    """The mail for one message: plain text and HTML as alternatives, a calendar file as attachment when there is one."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = mail_from
    mail["To"] = message.address
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.public_id}@{parseaddr(mail_from)[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    mail.add_alternative(message.html, subtype="html")
    if message.attachment is not None:
        mail.add_attachment(
            message.attachment, maintype="text", subtype="calendar", filename=CALENDAR_NAME, params={"charset": "utf-8"}
        )
    mail["Content-Language"] = message.locale
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{message.public_id.hex}_{number}")
    return mail
