"""Certificates of assessors: for which channel and round somebody showed to score as the panel does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0227"
down_revision = "0226"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "assessor_certificates",
        sa.Column("assessor_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("passed_on", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["assessors.id"], name=op.f("fk_assessor_certificates_assessor_id_assessors")
        ),
        sa.PrimaryKeyConstraint("assessor_id", "channel", "round", name=op.f("pk_assessor_certificates")),
    )
