"""Letters about certificates: what somebody reads when one begins, goes on, or ends."""

from __future__ import annotations

import pytest

from tests.factories.base import TODAY
from trainhub.outbox.letter import rendered
from trainhub.outbox.letters import certification

URL = "http://localhost/mijn/certificaat"
FACTS = {"name": "Sam", "title": "Gespreksleider", "url": URL}


@pytest.fixture
def read(settings):
    def said(letter):
        assert (letter.name, letter.to_name) in {(function, "Sam") for function in vars(certification)}
        return rendered(letter, "en", settings).text

    return said


def test_a_renewed_certificate_says_until_when(read):
    text = read(certification.certificate_renewed(**FACTS, until=TODAY))

    assert "“Gespreksleider” is now valid until Tuesday 24 November 2026." in text
    assert text.count(URL) == 1


def test_a_revoked_certificate_says_why_and_what_happens_to_meetings(read):
    text = read(certification.certificate_revoked(**FACTS, reason="The agreements were broken."))

    assert "It does not count any more." in text
    assert "The reason is: The agreements were broken." in text
    assert "You do not lead meetings any more." in text


def test_a_surrendered_certificate_ends_with_thanks_and_asks_no_reason(read):
    text = read(certification.certificate_surrendered(**FACTS))

    assert "Thank you for everything you did." in text
    assert "reason" not in text
