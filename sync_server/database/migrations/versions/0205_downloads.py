"""Large files that somebody asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0205"
down_revision = "0200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "downloads",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text()),
        sa.Column("visits", sa.Integer()),
        sa.Column("size_bytes", sa.Integer()),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_downloads_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_downloads")),
    )
    op.create_index(op.f("ix_downloads_user_id"), "downloads", ["user_id"])
