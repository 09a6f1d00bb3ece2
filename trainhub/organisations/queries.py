"""Questions about organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from trainhub.organisations.models import Organisation, OrganisationKind
from trainhub.places.rules import search_key

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def find(session: Session, words: str = "", *, kind: OrganisationKind | None = None) -> list[Organisation]:
    """Organisations whose name or former name holds the words (all of them without words), by name."""
    statement = select(Organisation).order_by(Organisation.name)
    rows = session.scalars(statement if kind is None else statement.where(Organisation.kind == kind))
    key = search_key(words)
    return [row for row in rows if any(key in search_key(name) for name in (row.name, *row.former_names))]
