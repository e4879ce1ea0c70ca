"""Keep drafts of proposals, reopened deadlines, marks of a panel; let a hand-in be a proposal and an account a judge."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync_server.database.migrations.widening import also

revision = "0153"
down_revision = "0152"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "proposal_drafts",
        sa.Column("hand_in_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["hand_in_id"], ["hand_ins.id"], name=op.f("fk_proposal_drafts_hand_in_id")),
        sa.PrimaryKeyConstraint("hand_in_id", name=op.f("pk_proposal_drafts")),
    )
    op.create_table(
        "proposal_reopenings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hand_in_id", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_proposal_reopenings_reason_given")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_proposal_reopenings_decided_by")),
        sa.ForeignKeyConstraint(["hand_in_id"], ["hand_ins.id"], name=op.f("fk_proposal_reopenings_hand_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_reopenings")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "proposal_outside",
        sa.Column("hand_in_id", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_proposal_outside_entered_by")),
        sa.ForeignKeyConstraint(["hand_in_id"], ["hand_ins.id"], name=op.f("fk_proposal_outside_hand_in_id")),
        sa.PrimaryKeyConstraint("hand_in_id", "line", name=op.f("pk_proposal_outside")),
    )
    op.create_table(
        "panel_ties",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("judge", sa.Text(), nullable=False),
        sa.Column("is_tied", sa.Boolean(), nullable=False),
        sa.Column("declared_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["judge"], ["users.id"], name=op.f("fk_panel_ties_judge")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_ties")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "panel_marks",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("judge", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("marked_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["judge"], ["users.id"], name=op.f("fk_panel_marks_judge")),
        sa.PrimaryKeyConstraint("subject", "judge", "part", name=op.f("pk_panel_marks")),
    )
    also("hand_ins", "kind", "proposal")
    also("users", "role", "judge")
    also("invitations", "role", "judge")
