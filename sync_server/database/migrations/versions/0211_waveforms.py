"""How loud sounds are along their length."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0211"
down_revision = "0210"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "waveforms",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("bars", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["media.sha256"], name=op.f("fk_waveforms_sha256_media")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_waveforms")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_waveforms_sha256_is_sha256")),
    )
