"""How long a name is blocked follows from its failures; the column that once said so was read by nobody."""

from __future__ import annotations

from alembic import op

revision = "0130"
down_revision = "0125"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.drop_column("sign_in_throttles", "blocked_until")
