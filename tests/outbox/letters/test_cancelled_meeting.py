"""The letter that a meeting does not go ahead."""

from __future__ import annotations

from tests.factories.base import NOW
from trainhub.outbox.letter import rendered
from trainhub.outbox.letters.meetings import meeting_cancelled


def test_a_cancelled_meeting_says_when_and_why_and_asks_nothing(settings):
    words = rendered(meeting_cancelled(name="Sam", starts_at=NOW, reason="De zaal is <dicht>."), "nl", settings)

    assert "dinsdag 24 november 2026, 12.00 uur" in words.subject
    assert "De zaal is <dicht>." in words.text
    assert "De zaal is &lt;dicht&gt;." in words.html
    assert "<a " not in words.html
