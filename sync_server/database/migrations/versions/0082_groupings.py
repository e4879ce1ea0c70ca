"""Keep who decided the industry group of an entrant, when, why and with what effect."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "groupings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text()),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_ruling", sa.Boolean(), nullable=False),
        sa.Column("effects", sa.Text(), server_default="[]", nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groupings")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_groupings_entrant_id"), "groupings", ["entrant_id"])
