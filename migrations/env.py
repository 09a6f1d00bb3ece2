"""How Alembic reaches the database: on the connection that `trainhub.core.schema` hands over, in one transaction.

SQLite's driver would commit before each DDL statement; the engine of `core.db` switches that off and sends its own BEGIN, so a
migration that fails halfway leaves nothing behind on either database.
"""

from __future__ import annotations

from alembic import context

from trainhub.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    transactional_ddl=True,
    transaction_per_migration=False,
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
