"""How passwords are kept: argon2id with 19 MiB and two rounds (OWASP Password Storage), the same for pages and commands."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher, Type

from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import _

MEMORY_KIB = 19_456
ROUNDS = 2
LANES = 1
SHORTEST = 12


def hashed(password: str) -> str:
    """The hash to keep. Raises `RuleBroken` for a password that is too short."""
    if len(password) < SHORTEST:
        raise RuleBroken(
            _("Choose a password of at least %(length)s characters.", length=SHORTEST),
            code="short_password",
            field="password",
        )
    hasher = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)
    return hasher.hash(password)


def drawn() -> str:
    """A random password that can be typed over: 96 bits in six groups."""
    return "-".join(secrets.token_hex(2) for _group in range(6))
