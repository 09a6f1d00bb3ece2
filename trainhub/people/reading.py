"""A CSV file with people as it comes in: bytes become lines with their numbers, or a clear refusal. No table is touched.

The law of the place: what does not stand in `COLUMNS` is not read, so that nobody brings in what may not be kept.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainhub.core.errors import DomainError, RuleBroken
from trainhub.core.i18n import Text, _
from trainhub.people.rules import PHONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COLUMNS = ("call_name", "formal_name", "email", "phone", "locale", "channel", "pc4", "municipality")
DUTCH = {
    "roepnaam": "call_name",
    "naam": "formal_name",
    "e-mail": "email",
    "telefoon": "phone",
    "taal": "locale",
    "kanaal": "channel",
    "postcode": "pc4",
    "gemeente": "municipality",
}
MOST_BYTES = 5_000_000
MOST_ROWS = 20_000
LONGEST_CELL = 300
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
OTHER_UNICODE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: the number of its first line as an editor shows it, and its cells by column."""

    number: int
    cells: Mapping[str, str]


def lines(content: bytes) -> Iterator[Line | DomainError]:
    """The rows of the file in order; a row that cannot be used comes as its problem (with `line` in its facts).

    Raises `RuleBroken` when the file as a whole cannot be read: too big, another encoding than UTF-8, NUL, missing columns.
    Empty rows are left out.
    """
    words = _decoded(content)
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=_delimiter(words), strict=True)
    columns = _columns(_next(reader) or [])
    rows = 0
    while True:
        number = reader.line_num + 1
        cells = _next(reader)
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        rows += 1
        if rows > MOST_ROWS:
            raise RuleBroken(_("This file has more than %(most)s rows. Split it.", most=MOST_ROWS), code="rows")
        yield _line(number, columns, cells)


def refused(line: int, message: Text, code: str, field: str | None = None) -> RuleBroken:
    """A refusal of one line, with its number before the sentence."""
    return RuleBroken(_("Line %(line)s: %(why)s", line=line, why=message), code=code, field=field, facts={"line": line})


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise RuleBroken(
            _("This file is bigger than %(most)s MB. Split it.", most=MOST_BYTES // 1_000_000), code="size"
        )
    if content.startswith(OTHER_UNICODE):
        raise RuleBroken(_("This file is UTF-16. Save it as “CSV UTF-8” and try again."), code="encoding")
    if b"\x00" in content:
        number = content[: content.index(b"\x00")].count(b"\n") + 1
        raise RuleBroken(
            _("Line %(line)s holds bytes that are no text. This is not a CSV file.", line=number), code="binary"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        number = content[: problem.start].count(b"\n") + 1
        raise RuleBroken(
            _("Line %(line)s is not UTF-8. Save the file as “CSV UTF-8” and try again.", line=number), code="encoding"
        ) from problem


def _delimiter(words: str) -> str:
    head = words.split("\n", maxsplit=1)[0]
    return max((",", ";", "\t"), key=head.count)


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as problem:
        number = getattr(reader, "line_num", 1)
        raise RuleBroken(
            _("Line %(line)s cannot be read as CSV. Look for a quotation mark that is never closed.", line=number),
            code="csv",
        ) from problem


def _columns(head: list[str]) -> list[str]:
    names = [DUTCH.get(name.strip().lower(), name.strip().lower()) for name in head]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise RuleBroken(
            _(
                "Line 1 misses these columns: %(missing)s. It should be: %(columns)s",
                missing=", ".join(missing),
                columns=",".join(COLUMNS),
            ),
            code="columns_missing",
        )
    if len(names) != len(COLUMNS):
        extra = [name for place, name in enumerate(names) if name not in COLUMNS or name in names[:place]]
        raise RuleBroken(
            _(
                "Line 1 has columns that TrainHub does not keep: %(extra)s. Remove them.",
                extra=", ".join(extra)[:LONGEST_CELL],
            ),
            code="columns_extra",
        )
    return names


def _line(number: int, columns: list[str], cells: list[str]) -> Line | DomainError:
    if len(cells) != len(columns):
        message = _("this row has %(found)s cells and needs %(needed)s.", found=len(cells), needed=len(columns))
        return refused(number, message, "cells")
    for name, cell in zip(columns, cells, strict=True):
        if len(cell) > LONGEST_CELL:
            return refused(number, _("the cell “%(name)s” is too long.", name=name), "cell_long", name)
        if _is_formula(name, cell):
            return refused(
                number,
                _("the cell “%(name)s” starts like a formula (= + - @). Remove that sign.", name=name),
                "formula",
                name,
            )
    return Line(number, dict(zip(columns, (cell.strip() for cell in cells), strict=True)))


def _is_formula(name: str, cell: str) -> bool:
    if not cell.lstrip(" ").startswith(FORMULA_SIGNS):
        return False
    return not (name == "phone" and PHONE.fullmatch(cell.strip()))
