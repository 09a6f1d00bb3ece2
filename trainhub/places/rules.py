"""Decisions about places: codes as CBS writes them, names, points inside the country, periods. Values in, a problem out."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

GM_CODE = re.compile(r"GM\d{4}", re.ASCII)
NEIGHBOURHOOD_CODE = re.compile(r"WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4}", re.ASCII)
LATITUDES = (50.7, 53.6)
LONGITUDES = (3.3, 7.3)
LONGEST_NAME = 120


def is_gm_code(code: str) -> bool:
    """Whether `code` is a municipality's code as CBS writes it: GM and four digits."""
    return GM_CODE.fullmatch(code) is not None


def check_gm_code(code: str) -> None:
    """Refuse a code that is not GM and four digits."""
    if not is_gm_code(code):
        raise RuleBroken(
            _("A municipality code is GM and four digits, for example GM0796."), code="gm_code", field="gm_code"
        )


def check_neighbourhood_code(code: str | None, gm_code: str) -> None:
    """Refuse a code that is not CBS's for a wijk (WK0796 and 2 positions) or buurt (BU0796 and 4), or of another municipality.

    The last positions may hold letters (CBS, Kerncijfers wijken en buurten).
    """
    if code is None:
        return
    if NEIGHBOURHOOD_CODE.fullmatch(code) is None:
        raise RuleBroken(
            _("A neighbourhood code is like WK079601 or BU07960101; the last positions may be letters."),
            code="neighbourhood_code",
            field="code",
        )
    if code[2:6] != gm_code[2:]:
        raise RuleBroken(_("This code belongs to another municipality."), code="other_municipality", field="code")


def tidy_name(name: str, field: str = "name") -> str:
    """The name with single spaces and composed letters, otherwise as typed. Refuses an empty or endless one."""
    tidy = unicodedata.normalize("NFC", " ".join(name.split()))
    if not tidy:
        raise RuleBroken(_("Fill in a name."), code="name_missing", field=field)
    if len(tidy) > LONGEST_NAME:
        raise RuleBroken(
            _("This name is too long: at most %(most)s letters.", most=LONGEST_NAME), code="name_long", field=field
        )
    return tidy


def check_point(lat: float | None, lon: float | None) -> None:
    """Refuse half a point, and a point outside the European Netherlands."""
    if (lat is None) != (lon is None):
        raise RuleBroken(_("A point needs both a latitude and a longitude."), code="half_point", field="lat")
    if lat is None or lon is None:
        return
    if not (LATITUDES[0] <= lat <= LATITUDES[1] and LONGITUDES[0] <= lon <= LONGITUDES[1]):
        raise RuleBroken(
            _("This point lies outside the Netherlands. A point in 's-Hertogenbosch is 51.69 and 5.30."),
            code="outside",
            field="lat",
        )


def former_names_after(former: Iterable[str], old: str, new: str) -> list[str]:
    """The former names once `old` makes way for `new`: each once, the new name never among them."""
    names = [name for name in former if name != new]
    return names if old == new or old in names else [*names, old]


def check_valid_on(on: date, valid_from: date | None, valid_until: date | None) -> None:
    """Refuse a municipality that does not exist on a day; `valid_until` is the first day without it."""
    if (valid_from is not None and on < valid_from) or (valid_until is not None and on >= valid_until):
        raise RuleBroken(_("This municipality does not exist on that day."), code="not_valid", field="municipality_id")


def search_key(words: str) -> str:
    """Words as a search compares them: without accents, capitals and the marks around 's- and -."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", words) if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]+", " ", bare.casefold()).split())
