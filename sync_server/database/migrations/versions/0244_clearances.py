"""Which photos of a visit its entrant may see."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0244"
down_revision = "0233"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "clearances",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("may_be_seen", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_clearances_assessment_id_assessments")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["media.sha256"], name=op.f("fk_clearances_sha256_media")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_clearances_decided_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearances")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_clearances_sha256_is_sha256")),
        sa.CheckConstraint("may_be_seen OR reason <> ''", name=op.f("ck_clearances_reason_given")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_clearances_assessment_id"), "clearances", ["assessment_id"])
