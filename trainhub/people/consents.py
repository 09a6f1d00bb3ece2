"""The exact texts that people agree to, in Dutch and English, by version.

The ledger keeps the version and the hash of what was read.
The law of the place: a text that somebody agreed to is never edited; a better text is a new version at the end of `TEXTS`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from trainhub.people.models import Purpose

YEARS_VALID = 2


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One question in two languages: what is asked, what it means, and how to stop."""

    purpose: Purpose
    version: str
    nl: str
    en: str

    def words(self, locale: str) -> str:
        """The exact text in a language; Dutch for a language without one."""
        return self.en if locale == "en" else self.nl

    def version_in(self, locale: str) -> str:
        """The version with its language, as the ledger keeps it: `directory.1.nl`."""
        return f"{self.purpose.value}.{self.version}.{'en' if locale == 'en' else 'nl'}"

    def sha256(self, locale: str) -> str:
        """The SHA-256 of the exact text in a language, in hex."""
        return hashlib.sha256(self.words(locale).encode()).hexdigest()


TEXTS = (
    ConsentText(
        Purpose.directory,
        "1",
        "Gemeenten mogen mij vinden als zij iemand zoeken voor een bijeenkomst in een wijk.\n"
        "Zij zien waarvoor ik een certificaat heb, "
        "ongeveer hoe ver weg ik woon en welke talen ik spreek. Zij zien niet mijn naam, adres, telefoonnummer of e-mail.\n"
        "Zeg ik ja tegen een bijeenkomst? Dan hoort de gemeente mijn roepnaam. "
        "Die gemeente weet dan dat ik getraind ben als ervaringsdeskundige of gespreksleider.\n"
        "Mijn ja geldt 2 jaar. Ik kan elke dag stoppen met één druk op de knop. Dan vindt niemand mij meer.",
        "Municipalities may find me when they look for somebody for a meeting in a neighbourhood. They see for what I have a "
        "certificate, about how far away I live and which languages I speak. They do not see my name, "
        "address, phone number or e-mail.\nDo I say yes to a meeting? Then the municipality hears my first name. "
        "That municipality then knows that I was trained as an expert by experience or as a discussion leader.\n"
        "My yes holds for 2 years. I can stop on any day with one press of a button. Then nobody finds me any more.",
    ),
    ConsentText(
        Purpose.contact,
        "1",
        "Heb ik ja gezegd tegen een bijeenkomst? Dan mag de contactpersoon van de gemeente mij bellen of mailen "
        "over die bijeenkomst. "
        "De contactpersoon krijgt daarvoor mijn telefoonnummer en mijn e-mail.\n"
        "Mijn ja geldt 2 jaar. Ik kan elke dag stoppen met één druk op de knop.",
        "Have I said yes to a meeting? Then the contact of the municipality may call or e-mail me about that meeting. "
        "For that the contact gets my phone number and my e-mail.\n"
        "My yes holds for 2 years. I can stop on any day with one press of a button.",
    ),
    ConsentText(
        Purpose.photo,
        "1",
        "Het programma mag een foto van mij of een uitspraak van mij gebruiken op de website of in een folder. "
        "Ik zie vooraf welke foto of uitspraak het is en waar die komt te staan.\n"
        "Mijn ja geldt 2 jaar. Ik kan elke dag stoppen met één druk op de knop. Wat al gedrukt is, blijft bestaan.",
        "The programme may use a photo of me or a quote of mine on the website or in a leaflet. "
        "I see beforehand which photo or quote it is and where it will be.\n"
        "My yes holds for 2 years. I can stop on any day with one press of a button. What has been printed stays.",
    ),
    ConsentText(
        Purpose.research,
        "1",
        "Onderzoekers mogen mijn antwoorden en mijn deelname gebruiken om te leren wat werkt. Zij krijgen mijn naam niet.\n"
        "Mijn ja geldt 2 jaar. Ik kan elke dag stoppen met één druk op de knop.",
        "Researchers may use my answers and what I took part in, to learn what works. They do not get my name.\n"
        "My yes holds for 2 years. I can stop on any day with one press of a button.",
    ),
    ConsentText(
        Purpose.workshop_contact,
        "1",
        "Ik ontmoet mensen in een ontwikkelwerkplaats. Zij mogen mijn naam en e-mail krijgen. "
        "Dat gebeurt alleen als zij hun gegevens ook aan mij geven.\n"
        "Mijn ja geldt 2 jaar. Ik kan elke dag stoppen met één druk op de knop.",
        "I meet people in a development workshop. They may have my name and e-mail. "
        "That only happens if they give me theirs as well.\n"
        "My yes holds for 2 years. I can stop on any day with one press of a button.",
    ),
    ConsentText(
        Purpose.transfer,
        "1",
        "Stopt het programma? Dan mag de organisatie die het werk overneemt mijn gegevens krijgen, zodat ik mee kan blijven doen. "
        "Ik krijg eerst bericht welke organisatie dat is.\n"
        "Mijn ja geldt 2 jaar. Ik kan elke dag stoppen met één druk op de knop.",
        "Does the programme stop? Then the organisation that takes over the work may have my data, "
        "so that I can go on taking part. "
        "I first hear which organisation that is.\n"
        "My yes holds for 2 years. I can stop on any day with one press of a button.",
    ),
)


def current(purpose: Purpose) -> ConsentText:
    """The text that is asked today for a purpose: the last version."""
    return next(text for text in reversed(TEXTS) if text.purpose == purpose)


def text_of(text_version: str) -> str | None:
    """The exact words behind a version of the ledger (`directory.1.nl`), or None for a version nobody knows."""
    for text in TEXTS:
        for locale in ("nl", "en"):
            if text.version_in(locale) == text_version:
                return text.words(locale)
    return None
