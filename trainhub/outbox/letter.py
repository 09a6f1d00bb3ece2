"""A letter is a value: a subject, plain paragraphs, what happens now, one button; rendered in the receiver's language.

The law of the place: no subject names a role, a theme or a lived experience.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from trainhub.core.i18n import Text, _, plain, render

if TYPE_CHECKING:
    from trainhub.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Button:
    """The one thing to do, with its full address."""

    label: Text
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person gets to read. `name` is the letter's stable code; `next_steps` answers "Wat gebeurt er nu?"."""

    name: str
    to_name: str
    subject: Text
    paragraphs: tuple[Text, ...]
    next_steps: tuple[Text, ...] = ()
    button: Button | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in one language: subject line, plain text and HTML."""

    subject: str
    text: str
    html: str


def rendered(letter: Letter, locale: str, settings: Settings) -> Rendered:
    """The letter as it will be posted, with a name and a phone number to call at its end."""
    greeting = render(_("Hello %(name)s,", name=letter.to_name), locale)
    paragraphs = [render(text, locale) for text in letter.paragraphs]
    heading = render(_("What happens now?"), locale)
    steps = [render(text, locale) for text in letter.next_steps]
    question = render(
        _(
            "Do you have a question? Call %(name)s: %(phone)s.",
            name=settings.contact_name,
            phone=settings.contact_phone,
        ),
        locale,
    )
    signature = render(_("Kind regards,"), locale)
    subject = " ".join(render(letter.subject, locale).split())
    return Rendered(
        subject,
        _as_text(
            greeting,
            paragraphs,
            heading,
            steps,
            _line(letter.button, locale),
            question,
            signature,
            settings.contact_name,
        ),
        _as_html(
            greeting,
            paragraphs,
            heading,
            steps,
            _link(letter.button, locale),
            question,
            signature,
            settings.contact_name,
            locale,
        ),
    )


def _line(button: Button | None, locale: str) -> str:
    return f"{render(button.label, locale)}:\n{button.url}" if button else ""


def _link(button: Button | None, locale: str) -> str:
    if button is None:
        return ""
    return f'<p><a href="{escape(button.url)}"><strong>{escape(render(button.label, locale))}</strong></a></p>'


def _as_text(
    greeting: str,
    paragraphs: list[str],
    heading: str,
    steps: list[str],
    button: str,
    question: str,
    signature: str,
    sender: str,
) -> str:
    blocks = [greeting, *paragraphs]
    if button:
        blocks.append(button)
    if steps:
        blocks.append("\n".join([heading, *(f"- {step}" for step in steps)]))
    blocks += [question, f"{signature}\n{sender}"]
    return "\n\n".join(blocks) + "\n"


def _as_html(
    greeting: str,
    paragraphs: list[str],
    heading: str,
    steps: list[str],
    button: str,
    question: str,
    signature: str,
    sender: str,
    locale: str,
) -> str:
    body = "".join(f"<p>{escape(words)}</p>" for words in (greeting, *paragraphs)) + button
    if steps:
        body += f"<h2>{escape(heading)}</h2><ul>" + "".join(f"<li>{escape(step)}</li>" for step in steps) + "</ul>"
    body += f"<p>{escape(question)}</p><p>{escape(signature)}<br>{escape(sender)}</p>"
    return f'<!doctype html><html lang="{locale}"><meta charset="utf-8"><body>{body}</body></html>'


__all__ = ["Button", "Letter", "Rendered", "plain", "rendered"]
