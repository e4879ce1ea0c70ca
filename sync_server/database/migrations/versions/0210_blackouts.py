"""Photos with areas blacked out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0210"
down_revision = "0205"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "blackouts",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("areas", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.Column("blackened_sha256", sa.Text()),
        sa.Column("destroyed_at", sa.Text()),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["media.sha256"], name=op.f("fk_blackouts_sha256_media")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_blackouts_assessment_id_assessments")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_blackouts_decided_by_users")),
        sa.ForeignKeyConstraint(
            ["blackened_sha256"], ["media.sha256"], name=op.f("fk_blackouts_blackened_sha256_media")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blackouts")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_blackouts_sha256_is_sha256")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_blackouts_reason_given")),
    )
    op.create_index(op.f("ix_blackouts_assessment_id"), "blackouts", ["assessment_id"])
    op.create_index(op.f("ix_blackouts_blackened_sha256"), "blackouts", ["blackened_sha256"])
