"""Courses, editions, roles in them, attendance and competence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "course",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("track", sa.String(40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.CheckConstraint("track IN ('expert_by_experience', 'discussion_leader')", name=op.f("ck_course_track")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_course_programme_id_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_course_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_course_public_id")),
    )
    op.create_index(op.f("ix_course_programme_id"), "course", ["programme_id"])

    op.create_table(
        "course_version",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_version")),
        sa.CheckConstraint("state IN ('draft', 'published', 'retired')", name=op.f("ck_course_version_state")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_version_course_id_course")),
        sa.UniqueConstraint("course_id", "version", name=op.f("uq_course_version_course_id_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_course_version_public_id")),
    )
    op.create_index(op.f("ix_course_version_course_id"), "course_version", ["course_id"])

    op.create_table(
        "competence",
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_core", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence")),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_version.id"], name=op.f("fk_competence_course_version_id_course_version")
        ),
        sa.UniqueConstraint("course_version_id", "code", name=op.f("uq_competence_course_version_id_code")),
        sa.UniqueConstraint("course_version_id", "position", name=op.f("uq_competence_course_version_id_position")),
        sa.UniqueConstraint("public_id", name=op.f("uq_competence_public_id")),
    )
    op.create_index(op.f("ix_competence_course_version_id"), "competence", ["course_version_id"])

    op.create_table(
        "module",
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("half_days", sa.Integer(), nullable=False),
        sa.Column("is_core", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module")),
        sa.CheckConstraint("half_days > 0", name=op.f("ck_module_half_days")),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_version.id"], name=op.f("fk_module_course_version_id_course_version")
        ),
        sa.UniqueConstraint("course_version_id", "code", name=op.f("uq_module_course_version_id_code")),
        sa.UniqueConstraint("course_version_id", "position", name=op.f("uq_module_course_version_id_position")),
        sa.UniqueConstraint("public_id", name=op.f("uq_module_public_id")),
    )
    op.create_index(op.f("ix_module_course_version_id"), "module", ["course_version_id"])

    op.create_table(
        "requirement",
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(40), nullable=False),
        sa.Column("group_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.CheckConstraint("group_no > 0", name=op.f("ck_requirement_group_no")),
        sa.CheckConstraint(
            "kind IN ('attendance_share', 'modules_present', 'competences_signed', "
            "'practice_meetings', 'led_meetings', 'refresher', 'declaration', 'document_seen', "
            "'manual')",
            name=op.f("ck_requirement_kind"),
        ),
        sa.CheckConstraint("phase IN ('initial', 'renewal')", name=op.f("ck_requirement_phase")),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_version.id"], name=op.f("fk_requirement_course_version_id_course_version")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_requirement_public_id")),
    )
    op.create_index(op.f("ix_requirement_course_version_id"), "requirement", ["course_version_id"])

    op.create_table(
        "edition",
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("municipality_id", sa.Integer()),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("enrol_from", sa.Date()),
        sa.Column("enrol_until", sa.Date()),
        sa.Column("owner_id", sa.Integer()),
        sa.Column("cancelled_because", sa.String()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_edition_capacity")),
        sa.CheckConstraint(
            "enrol_until IS NULL OR enrol_from IS NULL OR enrol_until >= enrol_from",
            name=op.f("ck_edition_enrol_period"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'running', 'completed', 'archived', 'cancelled')", name=op.f("ck_edition_state")
        ),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_version.id"], name=op.f("fk_edition_course_version_id_course_version")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_edition_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_edition_owner_id_person")),
        sa.UniqueConstraint("code", name=op.f("uq_edition_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_edition_public_id")),
    )
    op.create_index(op.f("ix_edition_course_version_id"), "edition", ["course_version_id"])
    op.create_index(op.f("ix_edition_municipality_id"), "edition", ["municipality_id"])

    op.create_table(
        "session",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tz", sa.String(), nullable=False),
        sa.Column("place", sa.String()),
        sa.Column("online_url", sa.String()),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_session_ends_after_start")),
        sa.CheckConstraint("state IN ('planned', 'held', 'cancelled')", name=op.f("ck_session_state")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_session_edition_id_edition")),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_session_module_id_module")),
        sa.UniqueConstraint("id", "edition_id", name=op.f("uq_session_id_edition_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_session_public_id")),
    )
    op.create_index(op.f("ix_session_edition_id"), "session", ["edition_id"])
    op.create_index(op.f("ix_session_module_id"), "session", ["module_id"])
    op.create_index(op.f("ix_session_starts_at"), "session", ["starts_at"])

    op.create_table(
        "enrolment",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_until", sa.DateTime(timezone=True)),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.CheckConstraint(
            "state IN ('applied', 'waitlisted', 'offered', 'confirmed', 'active', 'paused', "
            "'completed', 'not_completed', 'rejected', 'declined', 'lapsed', 'withdrawn', 'deferred')",
            name=op.f("ck_enrolment_state"),
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_enrolment_edition_id_edition")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id_person")),
        sa.UniqueConstraint("edition_id", "person_id", name=op.f("uq_enrolment_edition_id_person_id")),
        sa.UniqueConstraint("id", "edition_id", name=op.f("uq_enrolment_id_edition_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_enrolment_public_id")),
    )
    op.create_index(op.f("ix_enrolment_edition_id_state"), "enrolment", ["edition_id", "state"])
    op.create_index(op.f("ix_enrolment_person_id"), "enrolment", ["person_id"])

    op.create_table(
        "enrolment_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_event")),
        sa.CheckConstraint(
            "state IN ('applied', 'waitlisted', 'offered', 'confirmed', 'active', 'paused', "
            "'completed', 'not_completed', 'rejected', 'declined', 'lapsed', 'withdrawn', 'deferred')",
            name=op.f("ck_enrolment_event_state"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_enrolment_event_by_id_person")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_enrolment_event_enrolment_id_enrolment")
        ),
    )
    op.create_index(op.f("ix_enrolment_event_enrolment_id"), "enrolment_event", ["enrolment_id"])

    op.create_table(
        "role_assignment",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("programme_id", sa.Integer()),
        sa.Column("edition_id", sa.Integer()),
        sa.Column("municipality_id", sa.Integer()),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignment")),
        sa.CheckConstraint(
            "role != 'municipality_officer' OR municipality_id IS NOT NULL",
            name=op.f("ck_role_assignment_officer_somewhere"),
        ),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_role_assignment_period")),
        sa.CheckConstraint(
            "role IN ('coordinator', 'trainer', 'assessor', 'municipality_officer', "
            "'technical_administrator', 'privacy_officer')",
            name=op.f("ck_role_assignment_role"),
        ),
        sa.CheckConstraint(
            "role != 'trainer' OR edition_id IS NOT NULL", name=op.f("ck_role_assignment_trainer_somewhere")
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_role_assignment_edition_id_edition")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_role_assignment_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_assignment_person_id_person")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_role_assignment_programme_id_programme")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_role_assignment_public_id")),
    )
    op.create_index(op.f("ix_role_assignment_edition_id"), "role_assignment", ["edition_id"])
    op.create_index(op.f("ix_role_assignment_municipality_id"), "role_assignment", ["municipality_id"])
    op.create_index(op.f("ix_role_assignment_person_id"), "role_assignment", ["person_id"])

    op.create_table(
        "attendance",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("minutes", sa.Integer()),
        sa.Column("recorded_by_id", sa.Integer()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.CheckConstraint("minutes IS NULL OR minutes > 0", name=op.f("ck_attendance_minutes")),
        sa.CheckConstraint("status = 'partly' OR minutes IS NULL", name=op.f("ck_attendance_minutes_when_partly")),
        sa.CheckConstraint(
            "status IN ('unknown', 'present', 'partly', 'excused', 'absent', 'made_up')",
            name=op.f("ck_attendance_status"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id", "edition_id"], ["enrolment.id", "enrolment.edition_id"], name=op.f("enrolment_edition")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_attendance_recorded_by_id_person")),
        sa.ForeignKeyConstraint(
            ["session_id", "edition_id"], ["session.id", "session.edition_id"], name=op.f("session_edition")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_attendance_public_id")),
        sa.UniqueConstraint("session_id", "enrolment_id", name=op.f("uq_attendance_session_id_enrolment_id")),
    )
    op.create_index(op.f("ix_attendance_edition_id"), "attendance", ["edition_id"])
    op.create_index(op.f("ix_attendance_enrolment_id"), "attendance", ["enrolment_id"])

    op.create_table(
        "assessor_mandate",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("competence_id", sa.Integer()),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("granted_by_id", sa.Integer()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessor_mandate")),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_assessor_mandate_period")),
        sa.ForeignKeyConstraint(
            ["competence_id"], ["competence.id"], name=op.f("fk_assessor_mandate_competence_id_competence")
        ),
        sa.ForeignKeyConstraint(
            ["course_version_id"],
            ["course_version.id"],
            name=op.f("fk_assessor_mandate_course_version_id_course_version"),
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_assessor_mandate_granted_by_id_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assessor_mandate_person_id_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assessor_mandate_public_id")),
    )
    op.create_index(op.f("ix_assessor_mandate_course_version_id"), "assessor_mandate", ["course_version_id"])
    op.create_index(op.f("ix_assessor_mandate_person_id"), "assessor_mandate", ["person_id"])

    op.create_table(
        "sign_off",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("competence_id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("feedback", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True)),
        sa.Column("voided_by_id", sa.Integer()),
        sa.Column("void_reason", sa.String()),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
        sa.CheckConstraint("assessor_id != person_id", name=op.f("ck_sign_off_assessor_not_self")),
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name=op.f("ck_sign_off_void_reason")),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("fk_sign_off_assessor_id_person")),
        sa.ForeignKeyConstraint(
            ["competence_id"], ["competence.id"], name=op.f("fk_sign_off_competence_id_competence")
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_sign_off_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_off_person_id_person")),
        sa.ForeignKeyConstraint(["voided_by_id"], ["person.id"], name=op.f("fk_sign_off_voided_by_id_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_off_public_id")),
    )
    op.create_index(op.f("ix_sign_off_assessor_id"), "sign_off", ["assessor_id"])
    op.create_index(op.f("ix_sign_off_competence_id"), "sign_off", ["competence_id"])
    op.create_index(op.f("ix_sign_off_enrolment_id"), "sign_off", ["enrolment_id"])
    op.create_index(
        op.f("uq_sign_off_active"),
        "sign_off",
        ["person_id", "competence_id"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )


def downgrade() -> None:
    """Drop them, the dependent ones first."""
    for table in (
        "sign_off",
        "assessor_mandate",
        "attendance",
        "role_assignment",
        "enrolment_event",
        "enrolment",
        "session",
        "edition",
        "requirement",
        "module",
        "competence",
        "course_version",
        "course",
    ):
        op.drop_table(table)
