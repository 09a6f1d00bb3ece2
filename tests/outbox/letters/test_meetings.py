"""Every letter about meetings reads well in both languages and names no role in its subject."""

from __future__ import annotations

import pytest

from tests.factories.base import NOW, TODAY
from trainhub.outbox.letter import rendered
from trainhub.outbox.letters import meetings

WORDS = {
    "name": "Noor",
    "neighbourhood": "Hatert",
    "municipality": "Nijmegen",
    "wished_on": TODAY,
    "starts_at": NOW,
    "old": NOW,
    "where": "Buurthuis",
    "until": NOW,
    "url": "https://example.org/x",
    "reason": "100% dicht",
    "who": "Sanne",
}
LETTERS = {
    name: thing
    for name, thing in vars(meetings).items()
    if callable(thing) and getattr(thing, "__module__", "") == meetings.__name__
}


@pytest.mark.parametrize("locale", ["nl", "en"])
@pytest.mark.parametrize("name", LETTERS)
def test_law_12_a_letter_reads_in_both_languages_and_names_no_role_in_its_subject(settings, name, locale):
    function = LETTERS[name]
    names = function.__code__.co_varnames[: function.__code__.co_kwonlyargcount]

    letter = function(**{key: WORDS[key] for key in names})
    words = rendered(letter, locale, settings)

    assert letter.name == name
    assert letter.to_name in words.text
    assert "%(" not in words.text + words.subject
    assert not any(word in words.subject.lower() for word in ("ervaring", "experience", "leader", "leider"))
    assert letter.next_steps
