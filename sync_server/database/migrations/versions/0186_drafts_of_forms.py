"""Forms that are being edited on a page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0186"
down_revision = "0185"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "form_drafts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["based_on"], ["form_versions.id"], name=op.f("fk_form_drafts_based_on_form_versions")),
        sa.ForeignKeyConstraint(["updated_by"], ["users.id"], name=op.f("fk_form_drafts_updated_by_users")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_form_drafts")),
    )
