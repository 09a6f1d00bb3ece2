"""The number on a certificate, with check digits, so that a mistake in typing it over shows at once.

The check is ISO/IEC 7064 MOD 97-10: it finds every single wrong digit and every swap of two neighbours. The number tells the
year and nothing of the person; the drawn digits keep others from counting certificates.
"""

from __future__ import annotations

import re

PREFIX = "TH"
MODULUS = 97
DIGITS = 6
SHAPE = re.compile(r"TH(\d{4})(\d{6})(\d{2})")


def numbered(year: int, drawn: int) -> str:
    """`TH-2026-048391-27`: year, six drawn digits and two check digits."""
    body = f"{year:04d}{drawn:0{DIGITS}d}"
    check = (MODULUS + 1 - int(body) * 100 % MODULUS) % MODULUS
    return f"{PREFIX}-{body[:4]}-{body[4:]}-{check:02d}"


def is_number(words: str) -> bool:
    """Whether these words, with or without dashes and spaces, are a certificate number with the right check digits."""
    found = SHAPE.fullmatch(re.sub(r"[\s-]", "", words).upper())
    return found is not None and int("".join(found.groups())) % MODULUS == 1
