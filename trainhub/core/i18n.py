"""Texts and dates in a reader's language, without Flask.

Message ids are English sentences. `_` marks one and keeps its values; `render` puts it in Dutch or English at the edge,
so that a rule never has to know who will read it.
"""

from __future__ import annotations

import gettext as _gettext
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel.dates import format_date, format_time

from trainhub.core.clock import AMSTERDAM

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCALES = ("nl", "en")
DEFAULT_LOCALE = "nl"
TRANSLATIONS = Path(__file__).parent.parent / "translations"


@dataclass(frozen=True, slots=True)
class Text:
    """A translatable sentence with its values; `plural` and `count` choose between one and several."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None
    count: int = 1

    def __str__(self) -> str:
        return render(self, "en")

    def __hash__(self) -> int:
        return hash((self.message, self.plural, self.count))


def _(message: str, **values: object) -> Text:
    """Mark an English sentence for translation; `%(name)s` in it takes the value `name`."""
    return Text(message, values)


def _n(singular: str, plural: str, count: int, **values: object) -> Text:
    """Mark a sentence with a count; `%(count)s` takes the number."""
    return Text(singular, {"count": count, **values}, plural, count)


def plain(words: str) -> Text:
    """Words that are not ours to translate (a name, a title that a coordinator typed)."""
    return Text("%(words)s", {"words": words})


@cache
def catalogue(locale: str) -> _gettext.NullTranslations:
    """The catalogue of a locale; English is the language of the message ids themselves."""
    return _gettext.translation("messages", TRANSLATIONS, [locale], fallback=True)


def render(text: Text | str, locale: str) -> str:
    """The sentence in `locale` ("nl" or "en"), its dates, times and inner texts included."""
    if isinstance(text, str):
        return text
    words = catalogue(locale)
    template = (
        words.gettext(text.message) if text.plural is None else words.ngettext(text.message, text.plural, text.count)
    )
    if not text.values:
        return template
    return template % {name: _value(value, locale) for name, value in text.values.items()}


def _value(value: object, locale: str) -> object:
    if isinstance(value, Text):
        return render(value, locale)
    if isinstance(value, datetime):
        return moment(value, locale)
    if isinstance(value, date):
        return day(value, locale)
    return value


def day(value: date, locale: str) -> str:
    """`dinsdag 24 november 2026` or `Tuesday 24 November 2026`."""
    return format_date(value, "EEEE d MMMM y", locale=locale)


def clock_time(value: datetime, locale: str) -> str:
    """Dutch wall time: `13.30` in Dutch, `13:30` in English."""
    return format_time(value.astimezone(AMSTERDAM), "HH.mm" if locale == "nl" else "HH:mm", locale=locale)


def moment(value: datetime, locale: str) -> str:
    """`dinsdag 24 november 2026, 13.30 uur`."""
    local = value.astimezone(AMSTERDAM)
    hour = " uur" if locale == "nl" else ""
    return f"{day(local.date(), locale)}, {clock_time(value, locale)}{hour}"


def span(starts_at: datetime, ends_at: datetime, locale: str) -> str:
    """`dinsdag 24 november 2026, 13.30 tot 16.30 uur`."""
    first = starts_at.astimezone(AMSTERDAM)
    joint, hour = (" tot ", " uur") if locale == "nl" else (" to ", "")
    times = f"{clock_time(starts_at, locale)}{joint}{clock_time(ends_at, locale)}{hour}"
    return f"{day(first.date(), locale)}, {times}"
