"""Decisions about organisations: a name, and the names it had before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NAME = 160


def tidy_name(name: str, field: str = "name") -> str:
    """The name with single spaces. Refuses an empty or endless one."""
    tidy = " ".join(name.split())
    if not tidy:
        raise RuleBroken(_("Fill in a name."), code="name_missing", field=field)
    if len(tidy) > LONGEST_NAME:
        raise RuleBroken(
            _("This name is too long: at most %(most)s letters.", most=LONGEST_NAME), code="name_long", field=field
        )
    return tidy


def check_municipality(kind: str, municipality_id: int | None) -> None:
    """Refuse a department of a municipality that belongs to none."""
    if kind == "municipality" and municipality_id is None:
        raise RuleBroken(
            _("Choose the municipality of this department."), code="municipality_missing", field="municipality_id"
        )


def former_names_after(former: Iterable[str], old: str | None, new: str) -> list[str]:
    """The former names, each once and tidy, once `old` has made way for `new`; the new name is never among them."""
    names = [" ".join(name.split()) for name in former]
    if old is not None and old != new:
        names.append(old)
    return [name for name in dict.fromkeys(names) if name and name != new]
