"""The number on a certificate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainhub.certification.numbering import is_number, numbered

YEARS, DRAWN = st.integers(2000, 2999), st.integers(0, 999_999)


def test_number_looks_like_this() -> None:
    number = numbered(2026, 48391)

    assert number.startswith("TH-2026-048391-")
    assert is_number(number)
    assert is_number(number.lower().replace("-", " "))


@given(YEARS, DRAWN, st.integers(0, 11), st.integers(1, 9))
def test_number_with_one_wrong_digit_is_refused(year: int, drawn: int, place: int, shift: int) -> None:
    digits = numbered(year, drawn).removeprefix("TH").replace("-", "")
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]

    assert is_number(f"TH{digits}")
    assert not is_number(f"TH{wrong}")


@given(YEARS, DRAWN, st.integers(0, 10))
def test_number_with_two_neighbours_swapped_is_refused(year: int, drawn: int, place: int) -> None:
    digits = numbered(year, drawn).removeprefix("TH").replace("-", "")
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]

    assert is_number(f"TH{swapped}") is (swapped == digits)


@pytest.mark.parametrize("words", ["", "TH", "TH-2026-048391", "XX-2026-048391-27", "TH-2026-048391-27-1", "é" * 14])
def test_number_of_another_shape_is_refused(words: str) -> None:
    assert not is_number(words)
