"""Letters about signing in: the link, the welcome, a new password."""

from __future__ import annotations

from datetime import timedelta

from tests.factories.base import NOW
from trainhub.core.i18n import render
from trainhub.outbox.letter import rendered
from trainhub.outbox.letters.accounts import password_changed, password_reset, sign_in_link, welcome

URL = "https://trainhub.example.org/inloggen/link/abc"
UNTIL = NOW + timedelta(minutes=30)


def test_sign_in_link_says_how_long_it_works_and_carries_the_link_once(settings):
    letter = rendered(sign_in_link(name="Anna", url=URL, until=UNTIL), "nl", settings)

    assert letter.subject == "Jouw link om in te loggen bij TrainHub"
    assert letter.text.count(URL) == 1
    assert "De link werkt één keer, tot dinsdag 24 november 2026, 12.30 uur." in letter.text


def test_welcome_leads_to_the_first_sign_in(settings):
    letter = welcome(name="Anna", url=URL, until=UNTIL)

    assert render(letter.subject, "nl") == "Welkom bij TrainHub"
    assert "Voor het eerst inloggen" in rendered(letter, "nl", settings).text


def test_password_reset_says_what_to_do_when_it_was_not_asked(settings):
    letter = rendered(password_reset(name="Anna", url=URL, until=UNTIL), "nl", settings)

    assert "Heb je dit niet gevraagd? Dan blijft je wachtwoord zoals het is." in letter.text
    assert URL in letter.text


def test_password_changed_says_what_to_do_when_it_was_somebody_else(settings):
    letter = rendered(password_changed(name="Anna", url=URL), "nl", settings)

    assert "Was jij dit niet?" in letter.text
    assert "wachtwoord" in letter.subject
