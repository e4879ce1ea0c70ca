"""Tell an FAQ that is not yet filed from one that never will be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.add_column("entries", sa.Column("faq_awaited", sa.Boolean(), server_default=sa.text("false"), nullable=False))
