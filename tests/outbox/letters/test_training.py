"""Every letter about a training says what happens now, in plain words, and names no training in its subject."""

from __future__ import annotations

import pytest

from tests.factories.base import NOW
from trainhub.core.settings import Settings
from trainhub.outbox.letter import rendered
from trainhub.outbox.letters import training as letters

WHO = {"name": "Sam", "training": "Ervaringsdeskundige worden", "url": "http://localhost/mijn"}
LETTERS = [
    letters.application_received(**WHO),
    letters.place_confirmed(**WHO, first=NOW, where="De Brug"),
    letters.place_confirmed(**WHO, first=None, where=None),
    letters.on_the_waiting_list(**WHO),
    letters.place_offered(**WHO, until=NOW),
    letters.not_placed(**WHO),
    letters.offer_lapsed(**WHO),
    letters.has_left(**WHO),
    letters.session_moved(**WHO, old=NOW, new=NOW, old_place=None, new_place="De Brug"),
    letters.session_cancelled(**WHO, old=NOW),
    letters.edition_cancelled(**WHO, reason="De trainer is ziek."),
]


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
@pytest.mark.parametrize("locale", ["nl", "en"])
def test_a_letter_greets_tells_and_gives_one_link(letter, locale):
    words = rendered(letter, locale, Settings())

    assert "ervaring" not in words.subject.lower()
    assert "%(" not in words.subject + words.text
    assert "Ervaringsdeskundige worden" in words.text
    assert "Sam" in words.text
    assert words.text.count("http://localhost/mijn") == 1
    assert letter.next_steps


def test_every_letter_of_the_file_is_tested():
    made = {
        name
        for name, thing in vars(letters).items()
        if callable(thing) and getattr(thing, "__module__", "") == letters.__name__
    }

    assert {letter.name for letter in LETTERS} == {name for name in made if not name.startswith("_")}
