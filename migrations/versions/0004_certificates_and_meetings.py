"""Certification, meetings and the calendar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "scheme",
        sa.Column("track", sa.String(40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme")),
        sa.CheckConstraint("track IN ('expert_by_experience', 'discussion_leader')", name=op.f("ck_scheme_track")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scheme_public_id")),
        sa.UniqueConstraint("track", name=op.f("uq_scheme_track")),
    )

    op.create_table(
        "scheme_version",
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("validity_months", sa.Integer(), nullable=False),
        sa.Column("expiring_days", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_version")),
        sa.CheckConstraint("expiring_days >= 0", name=op.f("ck_scheme_version_expiring")),
        sa.CheckConstraint("state IN ('draft', 'published', 'retired')", name=op.f("ck_scheme_version_state")),
        sa.CheckConstraint("validity_months > 0", name=op.f("ck_scheme_version_validity")),
        sa.ForeignKeyConstraint(
            ["course_version_id"],
            ["course_version.id"],
            name=op.f("fk_scheme_version_course_version_id_course_version"),
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_scheme_version_scheme_id_scheme")),
        sa.UniqueConstraint("course_version_id", name=op.f("uq_scheme_version_course_version_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scheme_version_public_id")),
        sa.UniqueConstraint("scheme_id", "version", name=op.f("uq_scheme_version_scheme_id_version")),
    )
    op.create_index(op.f("ix_scheme_version_scheme_id"), "scheme_version", ["scheme_id"])

    op.create_table(
        "certificate",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("scheme_version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("public_token", sa.String(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id_person")),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_certificate_scheme_id_scheme")),
        sa.ForeignKeyConstraint(
            ["scheme_version_id"], ["scheme_version.id"], name=op.f("fk_certificate_scheme_version_id_scheme_version")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("person_id", "scheme_id", name=op.f("uq_certificate_person_id_scheme_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_public_id")),
        sa.UniqueConstraint("public_token", name=op.f("uq_certificate_public_token")),
    )
    op.create_index(op.f("ix_certificate_scheme_id"), "certificate", ["scheme_id"])

    op.create_table(
        "certificate_period",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_period")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_certificate_period_period")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_period_certificate_id_certificate")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_period_public_id")),
    )
    op.create_index(
        op.f("ix_certificate_period_certificate_id_starts_on"),
        "certificate_period",
        ["certificate_id", "starts_on", "ends_on"],
    )

    op.create_table(
        "decision",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("scheme_version_id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer()),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.CheckConstraint("kind = 'refuse' OR certificate_id IS NOT NULL", name=op.f("ck_decision_certificate")),
        sa.CheckConstraint("decided_by_id != person_id", name=op.f("ck_decision_decider_not_self")),
        sa.CheckConstraint(
            "kind IN ('grant', 'refuse', 'renew', 'suspend', 'reinstate', 'surrender', 'revoke')",
            name=op.f("ck_decision_kind"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('refuse', 'suspend', 'revoke') OR length(reason) > 0", name=op.f("ck_decision_reason")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_decision_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_decision_decided_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_decision_person_id_person")),
        sa.ForeignKeyConstraint(
            ["scheme_version_id"], ["scheme_version.id"], name=op.f("fk_decision_scheme_version_id_scheme_version")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_decision_public_id")),
    )
    op.create_index(op.f("ix_decision_certificate_id_effective_on"), "decision", ["certificate_id", "effective_on"])
    op.create_index(op.f("ix_decision_person_id"), "decision", ["person_id"])
    op.create_index(
        op.f("uq_decision_final"),
        "decision",
        ["certificate_id", "kind"],
        unique=True,
        sqlite_where=sa.text("kind IN ('revoke', 'surrender', 'grant')"),
        postgresql_where=sa.text("kind IN ('revoke', 'surrender', 'grant')"),
    )

    op.create_table(
        "meeting_request",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("wished_on", sa.Date(), nullable=False),
        sa.Column("wished_part", sa.String(40), nullable=False),
        sa.Column("discussion_leaders", sa.Integer(), nullable=False),
        sa.Column("experts", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("submission_key", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_request")),
        sa.CheckConstraint("state != 'rejected' OR length(answer) > 0", name=op.f("ck_meeting_request_answer")),
        sa.CheckConstraint(
            "audience IN ('residents', 'professionals', 'volunteers')", name=op.f("ck_meeting_request_audience")
        ),
        sa.CheckConstraint("discussion_leaders > 0 AND experts > 0", name=op.f("ck_meeting_request_needs")),
        sa.CheckConstraint(
            "state IN ('submitted', 'accepted', 'rejected', 'withdrawn')", name=op.f("ck_meeting_request_state")
        ),
        sa.CheckConstraint(
            "wished_part IN ('morning', 'afternoon', 'evening')", name=op.f("ck_meeting_request_wished_part")
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["person.id"], name=op.f("fk_meeting_request_contact_id_person")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_meeting_request_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_meeting_request_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id", "municipality_id"],
            ["neighbourhood.id", "neighbourhood.municipality_id"],
            name=op.f("in_municipality"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_meeting_request_public_id")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_meeting_request_submission_key")),
    )
    op.create_index(op.f("ix_meeting_request_municipality_id"), "meeting_request", ["municipality_id"])
    op.create_index(op.f("ix_meeting_request_programme_id"), "meeting_request", ["programme_id"])
    op.create_index(op.f("ix_meeting_request_state"), "meeting_request", ["state"])

    op.create_table(
        "meeting",
        sa.Column("request_id", sa.Integer()),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tz", sa.String(), nullable=False),
        sa.Column("place", sa.String()),
        sa.Column("online_url", sa.String()),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("cancelled_because", sa.String()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.CheckConstraint(
            "audience IN ('residents', 'professionals', 'volunteers')", name=op.f("ck_meeting_audience")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meeting_ends_after_start")),
        sa.CheckConstraint(
            "state IN ('draft', 'staffing', 'staffed', 'confirmed', 'held', 'evaluated', 'closed', 'cancelled')",
            name=op.f("ck_meeting_state"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_meeting_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_meeting_programme_id_programme")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["meeting_request.id"], name=op.f("fk_meeting_request_id_meeting_request")
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id", "municipality_id"],
            ["neighbourhood.id", "neighbourhood.municipality_id"],
            name=op.f("in_municipality"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_meeting_public_id")),
        sa.UniqueConstraint("request_id", name=op.f("uq_meeting_request_id")),
    )
    op.create_index(op.f("ix_meeting_municipality_id"), "meeting", ["municipality_id"])
    op.create_index(op.f("ix_meeting_neighbourhood_id"), "meeting", ["neighbourhood_id"])
    op.create_index(op.f("ix_meeting_programme_id"), "meeting", ["programme_id"])
    op.create_index(op.f("ix_meeting_starts_at"), "meeting", ["starts_at"])
    op.create_index(op.f("ix_meeting_state"), "meeting", ["state"])

    op.create_table(
        "need",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reserve", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sa.CheckConstraint("count > 0", name=op.f("ck_need_count")),
        sa.CheckConstraint("reserve >= 0", name=op.f("ck_need_reserve")),
        sa.CheckConstraint("role IN ('expert_by_experience', 'discussion_leader')", name=op.f("ck_need_role")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_need_meeting_id_meeting")),
        sa.UniqueConstraint("meeting_id", "role", "language", name=op.f("uq_need_meeting_id_role_language")),
        sa.UniqueConstraint("public_id", name=op.f("uq_need_public_id")),
    )
    op.create_index(op.f("ix_need_meeting_id"), "need", ["meeting_id"])

    op.create_table(
        "invitation",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.CheckConstraint(
            "state IN ('sent', 'accepted', 'declined', 'expired', 'recalled')", name=op.f("ck_invitation_state")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_invitation_need_id_need")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")),
        sa.UniqueConstraint("need_id", "person_id", name=op.f("uq_invitation_need_id_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_public_id")),
    )
    op.create_index(op.f("ix_invitation_person_id"), "invitation", ["person_id"])
    op.create_index(op.f("ix_invitation_state"), "invitation", ["state"])

    op.create_table(
        "assignment",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer()),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("certificate_id", sa.Integer()),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.CheckConstraint(
            "part != 'lead' OR certificate_id IS NOT NULL", name=op.f("ck_assignment_certificate_to_lead")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_assignment_ends_after_start")),
        sa.CheckConstraint("part IN ('lead', 'co_lead', 'observe')", name=op.f("ck_assignment_part")),
        sa.CheckConstraint("role IN ('expert_by_experience', 'discussion_leader')", name=op.f("ck_assignment_role")),
        sa.CheckConstraint("state IN ('confirmed', 'at_risk', 'done', 'released')", name=op.f("ck_assignment_state")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_assignment_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_assignment_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_assignment_need_id_need")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_public_id")),
    )
    op.create_index(op.f("ix_assignment_need_id"), "assignment", ["need_id"])
    op.create_index(op.f("ix_assignment_person_id_starts_at"), "assignment", ["person_id", "starts_at"])
    op.create_index(
        op.f("uq_assignment_active"),
        "assignment",
        ["meeting_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state != 'released'"),
        postgresql_where=sa.text("state != 'released'"),
    )

    op.create_table(
        "calendar_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Integer()),
        sa.Column("meeting_id", sa.Integer()),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_modified", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vevent", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_item")),
        sa.CheckConstraint("(session_id IS NULL) != (meeting_id IS NULL)", name=op.f("ck_calendar_item_one_object")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_calendar_item_sequence")),
        sa.CheckConstraint("status IN ('CONFIRMED', 'CANCELLED')", name=op.f("ck_calendar_item_status")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_calendar_item_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_calendar_item_session_id_session")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_calendar_item_meeting_id")),
        sa.UniqueConstraint("session_id", name=op.f("uq_calendar_item_session_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_calendar_item_uid")),
    )
    op.create_index(op.f("ix_calendar_item_starts_at"), "calendar_item", ["starts_at"])


def downgrade() -> None:
    """Drop them, the dependent ones first."""
    for table in (
        "calendar_item",
        "assignment",
        "invitation",
        "need",
        "meeting",
        "meeting_request",
        "decision",
        "certificate_period",
        "certificate",
        "scheme_version",
        "scheme",
    ):
        op.drop_table(table)
