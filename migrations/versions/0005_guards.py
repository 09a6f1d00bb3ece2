"""What tables alone cannot say: nothing recorded is rewritten, and no two periods of one thing overlap.

Both databases refuse the same acts in the same words; SQLite by triggers, PostgreSQL by a function and by EXCLUDE. A later
migration that rebuilds one of these tables in a batch has to make its SQLite triggers again: a batch drops them silently.
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_entry", "decision", "enrolment_event")
KEYS = {  # INSERT OR REPLACE of SQLite takes the old row away without asking its DELETE trigger
    "audit_entry": ("id", "hash"),
    "decision": ("id", "public_id"),
    "enrolment_event": ("id",),
    "consent": ("id", "public_id"),
}
CONSENT_COLUMNS = (
    "id",
    "public_id",
    "person_id",
    "purpose",
    "municipality_id",
    "text_version",
    "text_sha256",
    "channel",
    "given_at",
    "given_on",
    "expires_on",
)
REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || ' is append-only';
END
$$
"""
SQLITE_OVERLAPS = {
    "ex_certificate_period_overlap": (
        "certificate_period",
        (
            "SELECT 1 FROM certificate_period other WHERE other.certificate_id = NEW.certificate_id"
            " AND other.id IS NOT NEW.id AND other.starts_on <= NEW.ends_on AND other.ends_on >= NEW.starts_on"
        ),
    ),
    "ex_assignment_overlap": (
        "assignment",
        (
            "SELECT 1 FROM assignment other WHERE NEW.state IN ('confirmed', 'at_risk')"
            " AND other.state IN ('confirmed', 'at_risk') AND other.person_id = NEW.person_id"
            " AND other.id IS NOT NEW.id AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at"
        ),
    ),
}
POSTGRESQL_OVERLAPS = {
    "ex_certificate_period_overlap": (
        "certificate_period",
        "int4range(certificate_id, certificate_id, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&",
    ),
    "ex_assignment_overlap": (
        "assignment",
        "int4range(person_id, person_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&",
    ),
}
WHERE = {"assignment": " WHERE (state IN ('confirmed', 'at_risk'))"}


def upgrade() -> None:
    """Set the guards."""
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    """Take them away."""
    if op.get_bind().dialect.name == "sqlite":
        for name in (*_append_only_triggers(), *_overlap_triggers()):
            op.execute(f"DROP TRIGGER {name}")
        return
    for name, (table, _rule) in POSTGRESQL_OVERLAPS.items():
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for table in (*APPEND_ONLY, "consent"):
        for act in ("update", "delete", "truncate"):
            op.execute(f"DROP TRIGGER {table}_refuse_{act} ON {table}")
    op.execute("DROP FUNCTION refuse_change()")


def _append_only_triggers() -> dict[str, str]:
    rewritten = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in CONSENT_COLUMNS)
    triggers = {}
    for table in (*APPEND_ONLY, "consent"):
        when = (
            f" WHEN OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR {rewritten}"
            if table == "consent"
            else ""
        )
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        triggers[f"{table}_refuse_update"] = f"BEFORE UPDATE ON {table} FOR EACH ROW{when} {refuse}"
        known = " OR ".join(f"{key} = NEW.{key}" for key in KEYS[table])
        exists = f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {known})"
        triggers[f"{table}_refuse_replace"] = f"BEFORE INSERT ON {table} FOR EACH ROW{exists} {refuse}"
        triggers[f"{table}_refuse_delete"] = f"BEFORE DELETE ON {table} FOR EACH ROW {refuse}"
    return triggers


def _overlap_triggers() -> dict[str, str]:
    triggers = {}
    for name, (table, overlapping) in SQLITE_OVERLAPS.items():
        for act in ("insert", "update"):
            triggers[f"{name}_{act}"] = (
                f"BEFORE {act.upper()} ON {table} FOR EACH ROW WHEN EXISTS ({overlapping})"
                f" BEGIN SELECT RAISE(ABORT, '{name}'); END"
            )
    return triggers


def _guard_sqlite() -> None:
    for name, body in (_append_only_triggers() | _overlap_triggers()).items():
        op.execute(f"CREATE TRIGGER {name} {body}")


def _guard_postgresql() -> None:
    op.execute(REFUSE_CHANGE)
    for table in (*APPEND_ONLY, "consent"):
        when = (
            " WHEN (OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL"
            " OR to_jsonb(NEW) - 'withdrawn_at' IS DISTINCT FROM to_jsonb(OLD) - 'withdrawn_at')"
            if table == "consent"
            else ""
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuse_update BEFORE UPDATE ON {table}"
            f" FOR EACH ROW{when} EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuse_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for name, (table, rule) in POSTGRESQL_OVERLAPS.items():
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ({rule}){WHERE.get(table, '')}")
