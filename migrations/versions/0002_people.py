"""People, what they agreed to, their accounts and their letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "person",
        sa.Column("call_name", sa.String(), nullable=False),
        sa.Column("formal_name", sa.String()),
        sa.Column("email", sa.String()),
        sa.Column("phone", sa.String()),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("paused_until", sa.Date()),
        sa.Column("home_pc4", sa.String()),
        sa.Column("home_municipality_id", sa.Integer()),
        sa.Column("home_neighbourhood_id", sa.Integer()),
        sa.Column("lat", sa.Double()),
        sa.Column("lon", sa.Double()),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.CheckConstraint("channel IN ('email', 'phone', 'letter', 'supporter')", name=op.f("ck_person_channel")),
        sa.CheckConstraint(
            "channel != 'email' OR email IS NOT NULL OR status = 'erased'", name=op.f("ck_person_email_for_channel")
        ),
        sa.CheckConstraint("email IS NULL OR email = lower(email)", name=op.f("ck_person_email_lower")),
        sa.CheckConstraint("home_pc4 IS NULL OR length(home_pc4) = 4", name=op.f("ck_person_pc4")),
        sa.CheckConstraint(
            "channel != 'phone' OR phone IS NOT NULL OR status = 'erased'", name=op.f("ck_person_phone_for_channel")
        ),
        sa.CheckConstraint("status IN ('active', 'paused', 'archived', 'erased')", name=op.f("ck_person_status")),
        sa.ForeignKeyConstraint(
            ["home_municipality_id"], ["municipality.id"], name=op.f("fk_person_home_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["home_neighbourhood_id"], ["neighbourhood.id"], name=op.f("fk_person_home_neighbourhood_id_neighbourhood")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
    )
    op.create_index(op.f("ix_person_call_name"), "person", ["call_name"])
    op.create_index(op.f("ix_person_home_municipality_id"), "person", ["home_municipality_id"])
    op.create_index(op.f("ix_person_lat_lon"), "person", ["lat", "lon"])
    op.create_index(op.f("ix_person_home_neighbourhood_id"), "person", ["home_neighbourhood_id"])
    op.create_index(
        op.f("uq_person_email"),
        "person",
        ["email"],
        unique=True,
        sqlite_where=sa.text("email IS NOT NULL"),
        postgresql_where=sa.text("email IS NOT NULL"),
    )

    op.create_table(
        "absence",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_absence_period")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_absence_public_id")),
    )
    op.create_index(op.f("ix_absence_person_id"), "absence", ["person_id"])

    op.create_table(
        "account",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("password", sa.String()),
        sa.Column("fs_uniquifier", sa.String(), nullable=False),
        sa.Column("us_totp_secrets", sa.String()),
        sa.Column("us_phone_number", sa.String()),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_public_id")),
    )

    op.create_table(
        "availability",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability")),
        sa.CheckConstraint("part IN ('morning', 'afternoon', 'evening')", name=op.f("ck_availability_part")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_availability_weekday")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_availability_person_id_person")),
        sa.UniqueConstraint("person_id", "weekday", "part", name=op.f("uq_availability_person_id_weekday_part")),
    )
    op.create_index(op.f("ix_availability_person_id"), "availability", ["person_id"])

    op.create_table(
        "consent",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("municipality_id", sa.Integer()),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("text_sha256", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.CheckConstraint("expires_on > given_on", name=op.f("ck_consent_period")),
        sa.CheckConstraint(
            "purpose IN ('directory', 'contact', 'photo', 'research', 'workshop_contact', 'transfer')",
            name=op.f("ck_consent_purpose"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_consent_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_consent_public_id")),
    )
    op.create_index(op.f("ix_consent_municipality_id"), "consent", ["municipality_id"])
    op.create_index(op.f("ix_consent_person_id"), "consent", ["person_id"])
    op.create_index(
        op.f("uq_consent_active_everywhere"),
        "consent",
        ["person_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND municipality_id IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND municipality_id IS NULL"),
    )
    op.create_index(
        op.f("uq_consent_active_municipality"),
        "consent",
        ["person_id", "purpose", "municipality_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND municipality_id IS NOT NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND municipality_id IS NOT NULL"),
    )

    op.create_table(
        "feed_token",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_token")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feed_token_person_id_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_feed_token_public_id")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_feed_token_token_sha256")),
    )
    op.create_index(op.f("ix_feed_token_person_id"), "feed_token", ["person_id"])

    op.create_table(
        "message",
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("address", sa.String()),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("attachment", sa.LargeBinary()),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.CheckConstraint("channel IN ('email', 'phone', 'letter', 'supporter')", name=op.f("ck_message_channel")),
        sa.CheckConstraint(
            "state IN ('held', 'queued', 'sending', 'sent', 'failed', 'cancelled')", name=op.f("ck_message_state")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id_person")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_message_dedupe_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_message_public_id")),
    )
    op.create_index(op.f("ix_message_letter"), "message", ["letter"])
    op.create_index(op.f("ix_message_person_id"), "message", ["person_id"])
    op.create_index(op.f("ix_message_state_due_at"), "message", ["state", "due_at"])

    op.create_table(
        "preference",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("radius_km", sa.Integer(), nullable=False),
        sa.Column("max_per_month", sa.Integer(), nullable=False),
        sa.Column("rest_days", sa.Integer(), nullable=False),
        sa.Column("own_neighbourhood", sa.String(40), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference")),
        sa.CheckConstraint(
            "own_neighbourhood IN ('avoid', 'any', 'prefer')", name=op.f("ck_preference_own_neighbourhood")
        ),
        sa.CheckConstraint("max_per_month BETWEEN 0 AND 31", name=op.f("ck_preference_per_month")),
        sa.CheckConstraint("radius_km BETWEEN 1 AND 300", name=op.f("ck_preference_radius")),
        sa.CheckConstraint("rest_days BETWEEN 0 AND 60", name=op.f("ck_preference_rest")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_preference_person_id_person")),
        sa.UniqueConstraint("person_id", name=op.f("uq_preference_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_preference_public_id")),
    )


def downgrade() -> None:
    """Drop them, the dependent ones first."""
    for table in (
        "preference",
        "message",
        "feed_token",
        "consent",
        "availability",
        "account",
        "absence",
        "person",
    ):
        op.drop_table(table)
