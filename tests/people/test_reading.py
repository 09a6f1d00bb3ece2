"""What a CSV file may hold, and how it is refused with its line."""

from __future__ import annotations

import pytest

from trainhub.core.errors import RuleBroken
from trainhub.people import reading

HEAD = b"call_name,formal_name,email,phone,locale,channel,pc4,municipality\n"
ROW = b"Noor,,noor@example.org,,,,,\n"


def read(content):
    return list(reading.lines(content))


def refusal(content):
    with pytest.raises(RuleBroken) as refused:
        read(content)
    return refused.value.code, str(refused.value)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_utf_8_is_read_with_or_without_bom_and_with_both_line_ends(mark, end):
    (line,) = read(mark + (HEAD + "Zoë,,,,,,,\n".encode()).replace(b"\n", end))

    assert (line.number, line.cells["call_name"]) == (2, "Zoë")


@pytest.mark.parametrize("sign", [b",", b";", b"\t"])
def test_columns_may_be_parted_by_comma_semicolon_or_tab(sign):
    (line,) = read((HEAD + ROW).replace(b",", sign))

    assert line.cells["email"] == "noor@example.org"


def test_dutch_column_names_in_any_order_and_case_are_known():
    (line,) = read(b"Gemeente;Roepnaam;Naam;E-mail;Telefoon;Taal;Kanaal;Postcode\nHouten;Noor;;;;;;\n")

    assert (line.cells["call_name"], line.cells["municipality"]) == ("Noor", "Houten")


def test_line_numbers_are_those_of_the_file_also_after_empty_rows_and_cells_of_several_lines():
    found = read(HEAD + b"\n" + ROW + b'"Lies","two\nlines",,,,,,\n' + b" , ,,,,,,\n" + ROW)

    assert [line.number for line in found] == [3, 4, 7]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (HEAD + ROW + "Zoë,,,,,,,\n".encode("latin-1"), "encoding", "Line 3 is not UTF-8"),
        ((HEAD + ROW).decode().encode("utf-16"), "encoding", "UTF-16"),
        (HEAD + ROW + b"\x00\x00", "binary", "Line 3 holds bytes"),
        (b"", "columns_missing", "Line 1 misses"),
        (b"call_name,email\n", "columns_missing", "formal_name, phone"),
        (HEAD.replace(b"pc4", b"pc4,bsn"), "columns_extra", "bsn"),
        (HEAD.replace(b"pc4", b"pc4,pc4"), "columns_extra", "pc4"),
        (HEAD + b'"Noor,,,,,,,\nLies', "csv", "quotation mark"),
        (b"x" * 10_000_000, "size", "5 MB"),
        (HEAD + b"a,,,,,,,\n" * 20_001, "rows", "20000"),
    ],
)
def test_file_that_cannot_be_read_is_refused_as_a_whole(content, code, words):
    found, message = refusal(content)

    assert found == code
    assert words in message


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b"Noor,,\n", "cells"),
        (b"Noor,,,,,,,,\n", "cells"),
        (b"x" * 301 + b",,,,,,,\n", "cell_long"),
        (b"=1+1,,,,,,,\n", "formula"),
        (b" =1+1,,,,,,,\n", "formula"),
        (b"+Noor,,,,,,,\n", "formula"),
        (b"-Noor,,,,,,,\n", "formula"),
        (b"@noor,,,,,,,\n", "formula"),
        (b"Noor,,,+cmd|' /C calc'!A0,,,,\n", "formula"),
    ],
)
def test_row_that_cannot_be_used_is_refused_with_its_line(row, code):
    good, bad = read(HEAD + ROW + row)

    assert good.number == 2
    assert (bad.code, bad.facts["line"]) == (code, 3)
    assert str(bad.message).startswith("Line 3: ")


def test_phone_number_may_start_with_a_plus():
    (line,) = read(HEAD + b"Noor,,,+31 6 00000000,,,,\n")

    assert line.cells["phone"] == "+31 6 00000000"
