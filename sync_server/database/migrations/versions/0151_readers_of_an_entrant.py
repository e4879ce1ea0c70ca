"""Let an entrant have people who read only, beside those who hand in and dispute: all accounts until now may do both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0151"
down_revision = "0150"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    for table in ("users", "invitations"):
        column: sa.Column[bool] = sa.Column("reads_only", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        op.add_column(table, column)
