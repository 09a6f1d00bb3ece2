"""Decisions about people: names, addresses and channels as typed, pauses, consents, preferences. Values in, a problem out."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING

from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import LOCALES, _

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NAME = 120
LONGEST_EMAIL = 254
LONGEST_ABSENCE_DAYS = 366
FARTHEST_KM, MOST_A_MONTH, MOST_REST_DAYS = 300, 31, 60  # as the table's CHECKs
DAYS_OF_WEEK = range(1, 8)
PARTS = ("morning", "afternoon", "evening")
ERASED_NAME = "-"
EMAIL = re.compile(
    r"[^@\s\x00-\x1f<>(),;:\\\"\[\]]+@[^@\s\x00-\x1f<>(),;:\\\"\[\]]+\.[^@\s\x00-\x1f<>(),;:\\\"\[\].]{2,}"
)
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{5,24}")
PC4 = re.compile(r"[1-9][0-9]{3}", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}")


def tidy_name(name: str | None, field: str = "call_name") -> str:
    """A name as typed, with single spaces: "Jan van der Berg" and "Lies 's-Gravendijk" stay as they are. Refuses an empty one."""
    tidy = optional_name(name, field)
    if tidy is None:
        raise RuleBroken(_("Fill in a name."), code="name_missing", field=field)
    return tidy


def optional_name(name: str | None, field: str = "formal_name") -> str | None:
    """The same, or None for an empty one. Capitals, "van der" and "'s-" are never touched."""
    tidy = unicodedata.normalize("NFC", " ".join((name or "").split()))
    if len(tidy) > LONGEST_NAME:
        raise RuleBroken(
            _("This name is too long: at most %(most)s letters.", most=LONGEST_NAME), code="name_long", field=field
        )
    if any(unicodedata.category(letter) == "Cc" for letter in tidy):
        raise RuleBroken(_("This name holds a sign that cannot be read."), code="name_signs", field=field)
    return tidy or None


def tidy_email(email: str | None) -> str | None:
    """The address in lower case without spaces around it, or None for an empty one. Refuses what is no address."""
    tidy = unicodedata.normalize("NFC", (email or "").strip()).lower()
    if not tidy:
        return None
    if len(tidy) > LONGEST_EMAIL or EMAIL.fullmatch(tidy) is None or ".." in tidy:
        raise RuleBroken(
            _("This is not an e-mail address. An example is noor@example.org."), code="email", field="email"
        )
    return tidy


def tidy_phone(phone: str | None) -> str | None:
    """The phone number with single spaces, or None for an empty one. Refuses what is no phone number."""
    tidy = " ".join((phone or "").split())
    if not tidy:
        return None
    if PHONE.fullmatch(tidy) is None:
        raise RuleBroken(_("This is not a phone number. An example is 06-00000000."), code="phone", field="phone")
    return tidy


def tidy_pc4(pc4: str | None) -> str | None:
    """The four digits of a postal code, or None. Refuses more: a whole postal code points at a few houses."""
    tidy = (pc4 or "").strip()
    if not tidy:
        return None
    if PC4.fullmatch(tidy) is None:
        raise RuleBroken(
            _("Fill in only the four digits of the postal code, for example 5211."), code="pc4", field="home_pc4"
        )
    return tidy


def check_locale(locale: str) -> None:
    """Refuse a language in which nothing has been written."""
    if locale not in LOCALES:
        raise RuleBroken(_("Choose Dutch (nl) or English (en)."), code="locale", field="locale")


def check_channel(channel: str, *, email: str | None, phone: str | None) -> None:
    """Refuse a channel without the address it needs."""
    if channel == "email" and email is None:
        raise RuleBroken(
            _("Fill in an e-mail address, or choose another way to keep in touch."),
            code="email_for_channel",
            field="email",
        )
    if channel == "phone" and phone is None:
        raise RuleBroken(
            _("Fill in a phone number, or choose another way to keep in touch."),
            code="phone_for_channel",
            field="phone",
        )


def check_not_erased(status: str) -> None:
    """Refuse every change to a tombstone."""
    if status == "erased":
        raise RuleBroken(_("This person has been erased. Nothing can be changed any more."), code="erased")


def takes_part_on(status: str, paused_until: date | None, on: date) -> bool:
    """Whether a person takes part on a day. A pause lasts up to and including `paused_until`; without a day, until taken back."""
    if status == "paused":
        return paused_until is not None and on > paused_until
    return status == "active"


def check_pause(until: date | None, today: date) -> None:
    """Refuse a pause that has ended before it begins."""
    if until is not None and until < today:
        raise RuleBroken(_("This day has passed. Choose a day from today on."), code="past", field="until")


def expires_on(given_on: date, years: int = 2) -> date:
    """The first day on which a consent no longer holds: the same day two years later (29 February becomes 1 March)."""
    try:
        return given_on.replace(year=given_on.year + years)
    except ValueError:
        return date(given_on.year + years, 3, 1)


def is_live(*, given_on: date, expires_on: date, withdrawn: bool, on: date) -> bool:
    """Whether a consent holds on a day: not withdrawn, from the day it was given until the day it expires."""
    return not withdrawn and given_on <= on < expires_on


def check_preference(*, radius_km: int, max_per_month: int, rest_days: int, languages: Iterable[str]) -> None:
    """Refuse distances, numbers and languages that nobody can mean."""
    if not 1 <= radius_km <= FARTHEST_KM:
        raise RuleBroken(_("Choose a distance between 1 and 300 kilometres."), code="radius", field="radius_km")
    if not 0 <= max_per_month <= MOST_A_MONTH:
        raise RuleBroken(_("Choose a number between 0 and 31."), code="per_month", field="max_per_month")
    if not 0 <= rest_days <= MOST_REST_DAYS:
        raise RuleBroken(_("Choose a number of days between 0 and 60."), code="rest", field="rest_days")
    if not (known := list(languages)) or any(LANGUAGE.fullmatch(language) is None for language in known):
        raise RuleBroken(_("Choose at least one language."), code="languages", field="languages")


def check_part(weekday: int, part: str) -> None:
    """Refuse a part of the week that does not exist; Monday is 1."""
    if weekday not in DAYS_OF_WEEK or part not in PARTS:
        raise RuleBroken(_("Choose a day of the week and a part of the day."), code="part", field="parts")


def check_absence(starts_on: date, ends_on: date, today: date) -> None:
    """Refuse days in the wrong order, days that have passed and an absence of more than a year."""
    if ends_on < starts_on:
        raise RuleBroken(_("The last day comes before the first day."), code="period", field="ends_on")
    if ends_on < today:
        raise RuleBroken(_("This day has passed. Choose a day from today on."), code="past", field="ends_on")
    if ends_on - starts_on > timedelta(days=LONGEST_ABSENCE_DAYS):
        raise RuleBroken(_("Choose at most one year. For longer you can pause."), code="long", field="ends_on")
