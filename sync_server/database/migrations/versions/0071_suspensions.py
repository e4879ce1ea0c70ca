"""Keep the times in which nobody is expected to serve."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "suspensions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("entrant_id", sa.Text()),
        sa.Column("begins_at", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("begins_at < ends_at", name=op.f("ck_suspensions_begins_before_it_ends")),
        sa.ForeignKeyConstraint(["entrant_id"], ["entrants.id"], name=op.f("fk_suspensions_entrant_id_entrants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
