"""Note when retention took the words out of a kept body, and the digest of what is kept since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.add_column("assessment_revisions", sa.Column("words_erased_at", sa.Text()))
    op.add_column("assessment_revisions", sa.Column("kept_digest", sa.Text()))
