"""Find the few assessments with a conflict, a missing file or a wrong clock without walking through all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    for name, sqlite, postgresql in (
        ("conflict", "conflicts > 0", "conflicts > 0"),
        ("files_missing", "files_held < files_named", "files_held < files_named"),
        ("clock_wrong", "clock_wrong = 1", "clock_wrong"),
    ):
        op.create_index(
            f"ix_assessments_{name}",
            "assessments",
            ["received_at", "id"],
            sqlite_where=sa.text(sqlite),
            postgresql_where=sa.text(postgresql),
        )
