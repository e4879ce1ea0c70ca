"""What a standing was made of, alike visits together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0264"
down_revision = "0260"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.add_column("standings", sa.Column("visits", sa.Text()))
