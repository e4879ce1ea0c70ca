"""What a reviewer cleared for an entrant's report: words of assessors, and captions of photos."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0376"
down_revision = "0264"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.add_column("clearances", sa.Column("caption", sa.Text(), nullable=False, server_default="{}"))
    op.create_table(
        "quotes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_quotes_assessment_id_assessments")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_quotes_decided_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_quotes_digest_is_sha256")),
        sa.CheckConstraint("language IN ('en', 'zh-Hant')", name=op.f("ck_quotes_language_known")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_quotes_assessment_id"), "quotes", ["assessment_id"])
