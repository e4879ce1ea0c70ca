"""Keep the plans of rounds, each with the hash of its seed from before the draw."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "plans",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("seed_hash", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.Text(), nullable=False),
        sa.Column("sealed_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.Text()),
        sa.Column("without", sa.Text(), server_default="[]", nullable=False),
        sa.Column("digest", sa.Text()),
        sa.Column("body", sa.Text()),
        sa.Column("set_id", sa.Text()),
        sa.Column("failure", sa.Text()),
        sa.CheckConstraint("state IN ('sealed', 'making', 'made', 'failed')", name=op.f("ck_plans_state_known")),
        sa.CheckConstraint("length(seed_hash) = 64", name=op.f("ck_plans_seed_hash_is_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_round"), "plans", ["round"])
