"""Keep what entrants dispute, and what was decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0152"
down_revision = "0151"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "disputes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("publication_id", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("before", sa.Text(), server_default="", nullable=False),
        sa.Column("after", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", sa.Text()),
        sa.CheckConstraint("outcome IN ('stands', 'corrected', 'voided')", name=op.f("ck_disputes_outcome_known")),
        sa.CheckConstraint("words <> ''", name=op.f("ck_disputes_words_given")),
        sa.CheckConstraint("(outcome IS NULL) = (reason = '')", name=op.f("ck_disputes_decided_with_a_reason")),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_disputes_decided_at_a_moment")),
        sa.ForeignKeyConstraint(["publication_id"], ["publications.id"], name=op.f("fk_disputes_publication_id")),
        sa.ForeignKeyConstraint(
            ["entrant_id", "channel"],
            ["entries.entrant_id", "entries.channel"],
            name=op.f("fk_disputes_entrant_id_channel"),
        ),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_disputes_assessment_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name=op.f("fk_disputes_opened_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_disputes_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_disputes_assessment_id"), "disputes", ["assessment_id"])
    op.create_index(
        "uq_disputes_open",
        "disputes",
        ["assessment_id", "question"],
        unique=True,
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )
