"""How passwords are kept."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from trainhub.accounts.passwords import drawn, hashed
from trainhub.core.errors import RuleBroken


def test_password_is_kept_as_argon2id_with_19_mib_and_two_rounds():
    kept = hashed("vier woorden achter elkaar")

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PasswordHasher().verify(kept, "vier woorden achter elkaar")
    assert kept != hashed("vier woorden achter elkaar")


def test_short_password_is_refused_beside_its_field():
    with pytest.raises(RuleBroken) as refused:
        hashed("kort")

    assert (refused.value.code, refused.value.field) == ("short_password", "password")


def test_drawn_passwords_differ_and_are_long_enough():
    assert drawn() != drawn()
    assert hashed(drawn())
