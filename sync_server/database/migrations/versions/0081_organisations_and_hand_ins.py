"""Keep organisations, and what is handed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "hand_ins",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("begun_at", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('enrolment', 'faq')", name=op.f("ck_hand_ins_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_ins")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_hand_ins_code_hash")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_member", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("took_part", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("certifications", sa.Integer(), server_default="0", nullable=False),
        sa.Column("contact", sa.Text(), server_default="{}", nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.CheckConstraint("certifications >= 0", name=op.f("ck_organisations_certifications_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "hand_in_files",
        sa.Column("hand_in_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_hand_in_files_sha256_is_sha256")),
        sa.ForeignKeyConstraint(["hand_in_id"], ["hand_ins.id"], name=op.f("fk_hand_in_files_hand_in_id")),
        sa.PrimaryKeyConstraint("hand_in_id", "sha256", name=op.f("pk_hand_in_files")),
    )
    op.create_table(
        "hand_in_versions",
        sa.Column("hand_in_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("handed_at", sa.Text(), nullable=False),
        sa.Column("handed_by", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_hand_in_versions_digest_is_sha256")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_hand_in_versions_version_from_one")),
        sa.ForeignKeyConstraint(["hand_in_id"], ["hand_ins.id"], name=op.f("fk_hand_in_versions_hand_in_id")),
        sa.PrimaryKeyConstraint("hand_in_id", "version", name=op.f("pk_hand_in_versions")),
    )
    op.create_table(
        "hand_in_verdicts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hand_in_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("items", sa.Text(), server_default="{}", nullable=False),
        sa.Column("counts_from", sa.Text(), nullable=True),
        sa.Column("set_id", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict IN ('accepted', 'returned')", name=op.f("ck_hand_in_verdicts_verdict_known")),
        sa.ForeignKeyConstraint(
            ["hand_in_id", "version"],
            ["hand_in_versions.hand_in_id", "hand_in_versions.version"],
            name=op.f("fk_hand_in_verdicts_hand_in_id_version"),
        ),
        sa.ForeignKeyConstraint(["set_id"], ["change_sets.id"], name=op.f("fk_hand_in_verdicts_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_in_verdicts")),
        sa.UniqueConstraint("hand_in_id", "version", name=op.f("uq_hand_in_verdicts_hand_in_id_version")),
        sqlite_autoincrement=True,
    )
