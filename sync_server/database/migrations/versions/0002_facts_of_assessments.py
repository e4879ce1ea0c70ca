"""Keep what standings need of each assessment, so that one arrival does not read a whole entry's records again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "assessment_facts",
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("tests_digest", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_assessment_facts_digest_is_sha256")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_facts_assessment_id")),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_assessment_facts")),
    )
