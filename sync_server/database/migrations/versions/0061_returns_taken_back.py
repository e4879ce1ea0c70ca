"""Note which verdicts of reviewers were taken back, why and by whom; the verdicts themselves stay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "taken_back_reviews",
        sa.Column("review_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("taken_back_by", sa.Text(), nullable=False),
        sa.Column("taken_back_at", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_taken_back_reviews_reason_given")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_taken_back_reviews_review_id")),
        sa.ForeignKeyConstraint(["taken_back_by"], ["users.id"], name=op.f("fk_taken_back_reviews_taken_back_by")),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_taken_back_reviews")),
    )
