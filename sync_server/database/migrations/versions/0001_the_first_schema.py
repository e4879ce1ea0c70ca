"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""

    op.create_table(
        "assessors",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), server_default="[]", nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("left_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessors")),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('user', 'device', 'command', 'system')", name=op.f("ck_audit_log_actor_kind_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_log_at"), "audit_log", ["at"], unique=False)
    op.create_index(op.f("ix_audit_log_subject_id"), "audit_log", ["subject_id"], unique=False)
    op.create_table(
        "changes",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("assessor_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(audience = 'assessor') = (assessor_id IS NOT NULL)", name=op.f("ck_changes_assessor_named_when_meant")
        ),
        sa.CheckConstraint("audience IN ('everyone', 'assessor', 'office')", name=op.f("ck_changes_audience_known")),
        sa.CheckConstraint(
            "kind IN ('form', 'programme', 'assignment', 'attempts', 'review', 'revocation', 'assessment', 'media', 'standing')",
            name=op.f("ck_changes_kind_known"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_changes_audience_assessor_id_seq"), "changes", ["audience", "assessor_id", "seq"], unique=False
    )
    op.create_table(
        "entrants",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("branches", sa.Integer(), nullable=True),
        sa.Column("recording_policy", sa.Text(), server_default="none", nullable=False),
        sa.Column("staff_notice", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "recording_policy IN ('none', 'entrant_system_only', 'assessor_audio_with_notice')",
            name=op.f("ck_entrants_recording_policy_known"),
        ),
        sa.CheckConstraint("branches >= 0", name=op.f("ck_entrants_branches_not_negative")),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_entrants_seats_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrants")),
    )
    op.create_table(
        "form_versions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_versions")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_form_versions_name_version")),
    )
    op.create_table(
        "jobs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.Column("taken_until", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_due_at"), "jobs", ["due_at"], unique=False)
    op.create_table(
        "media",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=True),
        sa.Column("erased_at", sa.Text(), nullable=True),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_media_sha256_is_sha256")),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_media_size_not_negative")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_media")),
    )
    op.create_table(
        "rounds",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opens_at", sa.Text(), nullable=False),
        sa.Column("closes_at", sa.Text(), nullable=False),
        sa.Column("released_at", sa.Text(), nullable=True),
        sa.CheckConstraint("number BETWEEN 1 AND 9", name=op.f("ck_rounds_number_in_range")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_rounds_opens_before_it_closes")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rounds")),
    )
    op.create_table(
        "rulesets",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("overrides", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.Text(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_rulesets_version_from_one")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rulesets")),
    )
    op.create_table(
        "scenarios",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("briefing", sa.Text(), nullable=False),
        sa.Column("stop_rules", sa.Text(), server_default="[]", nullable=False),
        sa.Column("faq_codes", sa.Text(), server_default="[]", nullable=False),
        sa.Column("approved_by", sa.Text(), server_default="[]", nullable=False),
        sa.CheckConstraint(
            "channel IN ('phone_in', 'onsite', 'online', 'face_to_face')", name=op.f("ck_scenarios_channel_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenarios")),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "sign_in_throttles",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", sa.Text(), nullable=False),
        sa.Column("blocked_until", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sign_in_throttles")),
    )
    op.create_table(
        "branches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entrant_id"], ["entrants.id"], name=op.f("fk_branches_entrant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branches")),
    )
    op.create_index(op.f("ix_branches_entrant_id"), "branches", ["entrant_id"], unique=False)
    op.create_table(
        "devices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("assessor_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("enrolled_at", sa.Text(), nullable=False),
        sa.Column("last_seen_at", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.Column("clock_offset_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("clock_checked_at", sa.Text(), nullable=True),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_devices_token_hash_is_sha256")),
        sa.ForeignKeyConstraint(["assessor_id"], ["assessors.id"], name=op.f("fk_devices_assessor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_devices_token_hash")),
    )
    op.create_index(op.f("ix_devices_assessor_id"), "devices", ["assessor_id"], unique=False)
    op.create_table(
        "enrolment_codes",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("assessor_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=True),
        sa.Column("device_id", sa.Text(), nullable=True),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.CheckConstraint("length(code_hash) = 64", name=op.f("ck_enrolment_codes_code_hash_is_sha256")),
        sa.ForeignKeyConstraint(["assessor_id"], ["assessors.id"], name=op.f("fk_enrolment_codes_assessor_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_enrolment_codes")),
    )
    op.create_index(op.f("ix_enrolment_codes_assessor_id"), "enrolment_codes", ["assessor_id"], unique=False)
    op.create_table(
        "entries",
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("faq_filing", sa.Text(), server_default="in_time", nullable=False),
        sa.Column("faq_filed_at", sa.Text(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("history", sa.Text(), server_default="[]", nullable=False),
        sa.CheckConstraint(
            "(faq_filing = 'at') = (faq_filed_at IS NOT NULL)", name=op.f("ck_entries_faq_filed_at_when_dated")
        ),
        sa.CheckConstraint(
            "channel IN ('phone_in', 'onsite', 'online', 'face_to_face')", name=op.f("ck_entries_channel_known")
        ),
        sa.CheckConstraint("faq_filing IN ('in_time', 'at', 'never')", name=op.f("ck_entries_faq_filing_known")),
        sa.ForeignKeyConstraint(["entrant_id"], ["entrants.id"], name=op.f("fk_entries_entrant_id")),
        sa.PrimaryKeyConstraint("entrant_id", "channel", name=op.f("pk_entries")),
    )
    op.create_table(
        "filed_faqs",
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.Text(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_filed_faqs_version_from_one")),
        sa.ForeignKeyConstraint(["entrant_id"], ["entrants.id"], name=op.f("fk_filed_faqs_entrant_id")),
        sa.PrimaryKeyConstraint("entrant_id", "code", "version", name=op.f("pk_filed_faqs")),
    )
    op.create_table(
        "invitations",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("entrant_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "role IN ('admin', 'coordinator', 'reviewer', 'viewer', 'entrant')", name=op.f("ck_invitations_role_known")
        ),
        sa.ForeignKeyConstraint(["entrant_id"], ["entrants.id"], name=op.f("fk_invitations_entrant_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_invitations")),
    )
    op.create_table(
        "media_derivatives",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("derivative_sha256", sa.Text(), nullable=True),
        sa.Column("content_type", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "size_bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="0", nullable=False
        ),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(derivative_sha256 IS NULL) = (problem <> '')", name=op.f("ck_media_derivatives_made_or_problem")
        ),
        sa.CheckConstraint(
            "purpose IN ('shown', 'preview', 'playable')", name=op.f("ck_media_derivatives_purpose_known")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["media.sha256"], name=op.f("fk_media_derivatives_sha256")),
        sa.PrimaryKeyConstraint("sha256", "purpose", name=op.f("pk_media_derivatives")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("entrant_id", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(role = 'entrant') = (entrant_id IS NOT NULL)", name=op.f("ck_users_entrant_role_has_entrant")
        ),
        sa.CheckConstraint(
            "role IN ('admin', 'coordinator', 'reviewer', 'viewer', 'entrant')", name=op.f("ck_users_role_known")
        ),
        sa.ForeignKeyConstraint(["entrant_id"], ["entrants.id"], name=op.f("fk_users_entrant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("assessor_id", sa.Text(), nullable=False),
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("scenario_id", sa.Text(), nullable=False),
        sa.Column("subchannel", sa.Text(), nullable=True),
        sa.Column("variant", sa.Text(), nullable=True),
        sa.Column("annex", sa.Text(), nullable=True),
        sa.Column("branch_id", sa.Text(), nullable=True),
        sa.Column("recording_policy", sa.Text(), nullable=False),
        sa.Column("due_from", sa.Text(), nullable=False),
        sa.Column("due_until", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('phone_in', 'onsite', 'online', 'face_to_face')", name=op.f("ck_assignments_channel_known")
        ),
        sa.CheckConstraint(
            "recording_policy IN ('none', 'entrant_system_only', 'assessor_audio_with_notice')",
            name=op.f("ck_assignments_recording_policy_known"),
        ),
        sa.CheckConstraint("due_from < due_until", name=op.f("ck_assignments_due_from_before_due_until")),
        sa.ForeignKeyConstraint(["annex"], ["form_versions.id"], name=op.f("fk_assignments_annex")),
        sa.ForeignKeyConstraint(["assessor_id"], ["assessors.id"], name=op.f("fk_assignments_assessor_id")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_assignments_branch_id")),
        sa.ForeignKeyConstraint(
            ["entrant_id", "channel"],
            ["entries.entrant_id", "entries.channel"],
            name=op.f("fk_assignments_entrant_id_channel"),
        ),
        sa.ForeignKeyConstraint(["form"], ["form_versions.id"], name=op.f("fk_assignments_form")),
        sa.ForeignKeyConstraint(["round"], ["rounds.number"], name=op.f("fk_assignments_round")),
        sa.ForeignKeyConstraint(["scenario_id"], ["scenarios.id"], name=op.f("fk_assignments_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index(op.f("ix_assignments_assessor_id"), "assignments", ["assessor_id"], unique=False)
    op.create_index(
        op.f("ix_assignments_entrant_id_channel_round"), "assignments", ["entrant_id", "channel", "round"], unique=False
    )
    op.create_table(
        "contact_points",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("subchannel", sa.Text(), nullable=True),
        sa.Column("branch_id", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('phone_in', 'onsite', 'online', 'face_to_face')", name=op.f("ck_contact_points_channel_known")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_contact_points_branch_id")),
        sa.ForeignKeyConstraint(["entrant_id"], ["entrants.id"], name=op.f("fk_contact_points_entrant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_points")),
    )
    op.create_index(op.f("ix_contact_points_entrant_id"), "contact_points", ["entrant_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("last_seen_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "standings",
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("final", sa.Text(), nullable=True),
        sa.Column("final_shown", sa.Text(), server_default="", nullable=False),
        sa.Column("final_millionths", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("ruleset_digest", sa.Text(), nullable=False),
        sa.Column("computed_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entrant_id", "channel"],
            ["entries.entrant_id", "entries.channel"],
            name=op.f("fk_standings_entrant_id_channel"),
        ),
        sa.PrimaryKeyConstraint("entrant_id", "channel", name=op.f("pk_standings")),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("assessment_id", sa.Text(), nullable=True),
        sa.Column("length_bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'finished', 'failed')", name=op.f("ck_uploads_state_known")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_uploads_sha256_is_sha256")),
        sa.CheckConstraint("length_bytes >= 0", name=op.f("ck_uploads_length_not_negative")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_uploads_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_expires_at"), "uploads", ["expires_at"], unique=False)
    op.create_table(
        "assessment_revisions",
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.Column("assignment_id", sa.Text(), nullable=False),
        sa.Column("assessor_id", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("device_time", sa.Text(), server_default="", nullable=False),
        sa.Column("device_monotonic", sa.Text(), server_default="", nullable=False),
        sa.Column("clock_offset_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "contact IN ('open', 'connected', 'unreachable', 'void')",
            name=op.f("ck_assessment_revisions_contact_known"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'finished', 'returned', 'accepted', 'void')",
            name=op.f("ck_assessment_revisions_status_known"),
        ),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_assessment_revisions_digest_is_sha256")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_assessment_revisions_revision_from_one")),
        sa.ForeignKeyConstraint(["assessor_id"], ["assessors.id"], name=op.f("fk_assessment_revisions_assessor_id")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_assessment_revisions_assignment_id")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_assessment_revisions_device_id")),
        sa.PrimaryKeyConstraint("assessment_id", "revision", "digest", name=op.f("pk_assessment_revisions")),
    )
    op.create_index(
        "uq_assessment_revisions_current",
        "assessment_revisions",
        ["assessment_id", "revision"],
        unique=True,
        sqlite_where=sa.text("NOT conflict"),
        postgresql_where=sa.text("NOT conflict"),
    )
    op.create_table(
        "assessments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("assignment_id", sa.Text(), nullable=False),
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=True),
        sa.Column("base_shown", sa.Text(), server_default="", nullable=False),
        sa.Column("base_millionths", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("files_named", sa.Integer(), server_default="0", nullable=False),
        sa.Column("files_held", sa.Integer(), server_default="0", nullable=False),
        sa.Column("conflicts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("clock_wrong", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=True),
        sa.Column("first_received_at", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "contact IN ('open', 'connected', 'unreachable', 'void')", name=op.f("ck_assessments_contact_known")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'finished', 'returned', 'accepted', 'void')", name=op.f("ck_assessments_status_known")
        ),
        sa.CheckConstraint("files_held BETWEEN 0 AND files_named", name=op.f("ck_assessments_files_held_of_named")),
        sa.ForeignKeyConstraint(["assessor_id"], ["assessors.id"], name=op.f("fk_assessments_assessor_id")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_assessments_assignment_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_assessments_device_id")),
        sa.ForeignKeyConstraint(
            ["entrant_id", "channel"],
            ["entries.entrant_id", "entries.channel"],
            name=op.f("fk_assessments_entrant_id_channel"),
        ),
        sa.ForeignKeyConstraint(["form"], ["form_versions.id"], name=op.f("fk_assessments_form")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    op.create_index(op.f("ix_assessments_assessor_id"), "assessments", ["assessor_id"], unique=False)
    op.create_index(op.f("ix_assessments_assignment_id"), "assessments", ["assignment_id"], unique=False)
    op.create_index(
        op.f("ix_assessments_entrant_id_channel_round"), "assessments", ["entrant_id", "channel", "round"], unique=False
    )
    op.create_index(op.f("ix_assessments_received_at"), "assessments", ["received_at"], unique=False)
    op.create_table(
        "assignment_holders",
        sa.Column("assignment_id", sa.Text(), nullable=False),
        sa.Column("assessor_id", sa.Text(), nullable=False),
        sa.Column("since_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assessor_id"], ["assessors.id"], name=op.f("fk_assignment_holders_assessor_id")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_assignment_holders_assignment_id")
        ),
        sa.PrimaryKeyConstraint("assignment_id", "assessor_id", name=op.f("pk_assignment_holders")),
    )
    op.create_index(op.f("ix_assignment_holders_assessor_id"), "assignment_holders", ["assessor_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assessment_id", sa.Text(), nullable=True),
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('void', 'unvoid', 'penalty', 'no_penalty', 'unreached', 'no_unreached', 'ease', 'no_ease', 'consistency')",
            name=op.f("ck_decisions_kind_known"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_decisions_reason_given")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_decisions_assessment_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_decisions_decided_by")),
        sa.ForeignKeyConstraint(
            ["entrant_id", "channel"],
            ["entries.entrant_id", "entries.channel"],
            name=op.f("fk_decisions_entrant_id_channel"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_decisions_assessment_id"), "decisions", ["assessment_id"], unique=False)
    op.create_table(
        "grades",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("ruleset_digest", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=True),
        sa.Column("why_no_base", sa.Text(), server_default="", nullable=False),
        sa.Column("graded_at", sa.Text(), nullable=False),
        sa.CheckConstraint("(base IS NULL) = (why_no_base <> '')", name=op.f("ck_grades_base_or_why_not")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_grades_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grades")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_grades_assessment_id"), "grades", ["assessment_id"], unique=False)
    op.create_table(
        "media_links",
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("prepared", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('photo', 'audio_note', 'recording', 'file')", name=op.f("ck_media_links_kind_known")
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_media_links_sha256_is_sha256")),
        sa.ForeignKeyConstraint(
            ["assessment_id", "revision", "digest"],
            ["assessment_revisions.assessment_id", "assessment_revisions.revision", "assessment_revisions.digest"],
            name=op.f("fk_media_links_assessment_id_revision_digest"),
        ),
        sa.PrimaryKeyConstraint("assessment_id", "revision", "digest", "evidence_id", name=op.f("pk_media_links")),
    )
    op.create_index(op.f("ix_media_links_sha256"), "media_links", ["sha256"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("comments", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("reviewer_id", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict IN ('accepted', 'returned', 'void')", name=op.f("ck_reviews_verdict_known")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_reviews_assessment_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name=op.f("fk_reviews_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reviews_assessment_id"), "reviews", ["assessment_id"], unique=False)
