"""Where each entry was heading, day by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0200"
down_revision = "0186"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "projected_days",
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text()),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entrant_id", "channel"],
            ["entries.entrant_id", "entries.channel"],
            name=op.f("fk_projected_days_entrant_id_channel"),
        ),
        sa.PrimaryKeyConstraint("entrant_id", "channel", "day", name=op.f("pk_projected_days")),
    )
