"""Places, organisations, programmes and the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer()),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object_type", sa.String(), nullable=False),
        sa.Column("object_id", sa.Integer()),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
    )
    op.create_index(op.f("ix_audit_entry_action"), "audit_entry", ["action"])
    op.create_index(op.f("ix_audit_entry_actor_id"), "audit_entry", ["actor_id"])
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"])

    op.create_table(
        "deployment_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment_mark")),
        sa.UniqueConstraint("key", name=op.f("uq_deployment_mark_key")),
    )

    op.create_table(
        "municipality",
        sa.Column("gm_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("former_names", sa.JSON(), nullable=False),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_until", sa.Date()),
        sa.Column("successor_id", sa.Integer()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name=op.f("ck_municipality_period")),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["municipality.id"], name=op.f("fk_municipality_successor_id_municipality")
        ),
        sa.UniqueConstraint("gm_code", name=op.f("uq_municipality_gm_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_municipality_public_id")),
    )
    op.create_index(op.f("ix_municipality_name"), "municipality", ["name"])

    op.create_table(
        "region",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("name", name=op.f("uq_region_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_region_public_id")),
    )

    op.create_table(
        "worker_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_run")),
    )
    op.create_index(op.f("ix_worker_run_started_at"), "worker_run", ["started_at"])

    op.create_table(
        "neighbourhood",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String()),
        sa.Column("lat", sa.Double()),
        sa.Column("lon", sa.Double()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbourhood")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_neighbourhood_municipality_id_municipality")
        ),
        sa.UniqueConstraint("code", name=op.f("uq_neighbourhood_code")),
        sa.UniqueConstraint("id", "municipality_id", name=op.f("uq_neighbourhood_id_municipality_id")),
        sa.UniqueConstraint("municipality_id", "name", name=op.f("uq_neighbourhood_municipality_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_neighbourhood_public_id")),
    )
    op.create_index(op.f("ix_neighbourhood_municipality_id"), "neighbourhood", ["municipality_id"])

    op.create_table(
        "organisation",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("former_names", sa.JSON(), nullable=False),
        sa.Column("municipality_id", sa.Integer()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.CheckConstraint("kind IN ('owner', 'municipality', 'partner', 'funder')", name=op.f("ck_organisation_kind")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_organisation_municipality_id_municipality")
        ),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_public_id")),
    )
    op.create_index(op.f("ix_organisation_municipality_id"), "organisation", ["municipality_id"])

    op.create_table(
        "programme",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("background", sa.String(), nullable=False),
        sa.Column("aim", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("region_id", sa.Integer()),
        sa.Column("derived_from_id", sa.Integer()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_programme_period")),
        sa.ForeignKeyConstraint(
            ["derived_from_id"], ["programme.id"], name=op.f("fk_programme_derived_from_id_programme")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_programme_region_id_region")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_programme_slug")),
    )

    op.create_table(
        "region_municipality",
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region_id", "municipality_id", name=op.f("pk_region_municipality")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_region_municipality_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_region_municipality_region_id_region")),
    )
    op.create_index(op.f("ix_region_municipality_municipality_id"), "region_municipality", ["municipality_id"])

    op.create_table(
        "deliverable",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("done_on", sa.Date()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliverable")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_deliverable_programme_id_programme")),
        sa.UniqueConstraint("public_id", name=op.f("uq_deliverable_public_id")),
    )
    op.create_index(op.f("ix_deliverable_programme_id"), "deliverable", ["programme_id"])

    op.create_table(
        "programme_partner",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_partner")),
        sa.CheckConstraint(
            "until IS NULL OR since IS NULL OR until >= since", name=op.f("ck_programme_partner_period")
        ),
        sa.CheckConstraint(
            "role IN ('owner', 'partner', 'funder', 'municipality')", name=op.f("ck_programme_partner_role")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_programme_partner_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_partner_programme_id_programme")
        ),
        sa.UniqueConstraint(
            "programme_id",
            "organisation_id",
            "role",
            name=op.f("uq_programme_partner_programme_id_organisation_id_role"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_partner_public_id")),
    )
    op.create_index(op.f("ix_programme_partner_organisation_id"), "programme_partner", ["organisation_id"])
    op.create_index(op.f("ix_programme_partner_programme_id"), "programme_partner", ["programme_id"])

    op.create_table(
        "target",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.CheckConstraint("audience IN ('residents', 'professionals', 'volunteers')", name=op.f("ck_target_audience")),
        sa.CheckConstraint("planned > 0", name=op.f("ck_target_planned")),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["neighbourhood.id"], name=op.f("fk_target_neighbourhood_id_neighbourhood")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_target_programme_id_programme")),
        sa.UniqueConstraint(
            "programme_id",
            "neighbourhood_id",
            "audience",
            name=op.f("uq_target_programme_id_neighbourhood_id_audience"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_target_public_id")),
    )
    op.create_index(op.f("ix_target_neighbourhood_id"), "target", ["neighbourhood_id"])
    op.create_index(op.f("ix_target_programme_id"), "target", ["programme_id"])


def downgrade() -> None:
    """Drop them, the dependent ones first."""
    for table in (
        "target",
        "programme_partner",
        "deliverable",
        "region_municipality",
        "programme",
        "organisation",
        "neighbourhood",
        "worker_run",
        "region",
        "municipality",
        "deployment_mark",
        "audit_entry",
    ):
        op.drop_table(table)
