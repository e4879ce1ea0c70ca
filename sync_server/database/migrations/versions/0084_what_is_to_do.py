"""Let what is still to be made be looked at without the bodies of assignments."""

from __future__ import annotations

from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_index("ix_assignments_to_do", "assignments", ["round", "due_until", "assessor_id", "withdrawn", "id"])
