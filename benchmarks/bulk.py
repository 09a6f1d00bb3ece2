"""Many rows at once: SQLAlchemy Core inserts in large batches, with the keys chosen here."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.engine import Connection

from trainhub.core.db import Base

BATCH = 5_000


class Bulk:
    """Collects rows per table and writes them; `add` returns the id that the row will have."""

    def __init__(self, connection: Connection) -> None:
        """Ids go on from what the tables hold already."""
        self._connection = connection
        self._rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
        self._ids: dict[type[Base], count[int]] = {}

    def add(self, model: type[Base], **values: Any) -> int:
        """Remember a row; it is written when a batch is full or at `flush`. Add a table's parents before its rows."""
        key = next(self._ids[model] if model in self._ids else self._first(model))
        rows = self._rows[model]
        rows.append({"id": key, **values})
        if len(rows) >= BATCH:
            self.flush()
        return key

    def flush(self) -> None:
        """Write everything, in the order in which the tables were first used."""
        for model, rows in self._rows.items():
            if rows:
                self._connection.execute(insert(model.__table__), rows)
                rows.clear()

    def close(self) -> None:
        """Write the rest, and on PostgreSQL let the sequences and the statistics follow (as autovacuum does)."""
        self.flush()
        if self._connection.dialect.name == "postgresql":
            for model in self._ids:
                name = model.__tablename__
                self._connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM \"{name}\"))")  # noqa: S608 - our own table names
                )
            self._connection.execute(text("ANALYZE"))

    def _first(self, model: type[Base]) -> count[int]:
        highest = self._connection.scalar(select(func.max(model.__table__.c.id))) or 0
        self._ids[model] = count(highest + 1)
        return self._ids[model]
