"""Every letter, whatever it tells about: a neutral subject, Dutch and English, and a way to act."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import types
import typing
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.base import NOW, TODAY
from trainhub.calendar.rules import is_neutral
from trainhub.core.i18n import Text, plain, render
from trainhub.outbox import letters
from trainhub.outbox.letter import Letter, rendered
from trainhub.outbox.letters import certification, meetings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trainhub.core.settings import Settings

SECRET = "Ervaringsdeskundigen over stigma, verslaving en dakloosheid"
PUBLIC = {"neighbourhood": "De Kruiskamp", "municipality": "'s-Hertogenbosch"}
"""Names of places are public, and may stand in a subject."""
PUBLIC_URL = "http://localhost/mijn"
VALUES: dict[Any, Any] = {str: SECRET, datetime: NOW, date: TODAY, int: 3, bool: True, bytes: b"", Text: plain(SECRET)}


def all_letters() -> Iterator[Any]:
    """Every function of every file of letters that returns a letter."""
    for found in pkgutil.iter_modules(letters.__path__):
        module = importlib.import_module(f"{letters.__name__}.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield pytest.param(function, id=f"{found.name}.{name}")


def hints(function: Callable[..., Letter]) -> dict[str, Any]:
    """The types of a letter's facts; names that are imported for type checkers only are filled in."""
    known = {"datetime": datetime, "date": date, "Text": Text}
    return typing.get_type_hints(function, localns=known)


def value_of(kind: Any, *, full: bool) -> Any:
    """A value of this type that would tell a lot if it reached a subject; None where that is possible and not `full`."""
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    if type(None) in options and not full:
        return None
    chosen = next(option for option in options if option is not type(None))
    if (origin := typing.get_origin(chosen)) in {list, tuple, set, frozenset} or str(origin).startswith(
        "<class 'collections"
    ):
        return [value_of(inner, full=full) for inner in typing.get_args(chosen)[:1]]
    if isinstance(chosen, type) and issubclass(chosen, str) and chosen is not str:
        return next(iter(chosen))
    return VALUES[chosen]


def written(function: Callable[..., Letter], *, full: bool) -> Letter:
    """The letter with a telling value for every fact."""
    facts = {name: value_of(kind, full=full) for name, kind in hints(function).items() if name != "return"}
    known = PUBLIC | {"url": "http://localhost/mijn"}
    return function(**facts | {name: words for name, words in known.items() if name in facts})


@pytest.mark.parametrize("full", [True, False], ids=["all facts", "least facts"])
@pytest.mark.parametrize("function", list(all_letters()))
def test_law_12_no_subject_tells_of_a_role_a_theme_or_a_lived_experience(
    function: Callable[..., Letter], *, full: bool, settings: Settings
) -> None:
    letter = written(function, full=full)

    for locale in ("nl", "en"):
        subject = rendered(letter, locale, settings).subject
        assert is_neutral(subject), subject
        assert SECRET not in subject


@pytest.mark.parametrize("function", list(all_letters()))
def test_letter_reads_in_both_languages_and_names_itself(function: Callable[..., Letter], settings: Settings) -> None:
    letter = written(function, full=True)

    assert letter.name == function.__name__
    for locale in ("nl", "en"):
        words = rendered(letter, locale, settings)
        assert "%(" not in words.text + words.html + words.subject
        assert render(letter.subject, locale).strip()
        assert settings.contact_phone in words.text
        assert (letter.button is None) or letter.button.url in words.text


def test_there_are_letters() -> None:
    assert len(list(all_letters())) > 3


def test_letter_with_a_reason_gives_it_to_its_receiver_and_not_to_its_subject(settings: Settings) -> None:
    told = [
        meetings.meeting_cancelled(name="Bo", starts_at=NOW, reason="De zaal is 100% dicht."),
        certification.certificate_revoked(
            name="Bo", title="Begeleider", reason="De zaal is 100% dicht.", url=PUBLIC_URL
        ),
    ]

    for letter in told:
        words = rendered(letter, "nl", settings)
        assert "De zaal is 100% dicht." in words.text
        assert "zaal" not in words.subject


def test_letter_about_a_certificate_names_it_and_not_in_its_subject(settings: Settings) -> None:
    renewed = certification.certificate_renewed(name="Bo", title="Begeleider", until=TODAY, url=PUBLIC_URL)
    surrendered = certification.certificate_surrendered(name="Bo", title="Begeleider", url=PUBLIC_URL)

    assert "dinsdag 24 november 2026" in rendered(renewed, "nl", settings).text
    for letter in (renewed, surrendered):
        words = rendered(letter, "nl", settings)
        assert "Begeleider" in words.text
        assert "Begeleider" not in words.subject
