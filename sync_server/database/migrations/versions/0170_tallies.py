"""Keep what each visit adds to the quality pages, and the sums of each entry's round.

Visits that are there already are added up by the server in its own time.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0170"
down_revision = "0154"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "visit_marks",
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("corrections", sa.Integer(), server_default="0", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_visit_marks_digest_is_sha256")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_visit_marks_assessment_id")),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_visit_marks")),
    )
    op.create_table(
        "entry_tallies",
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("scores", sa.Integer(), server_default="0", nullable=False),
        sa.Column("mean", sa.Float()),
        sa.Column("error", sa.Float()),
        sa.Column("groups", sa.Integer(), server_default="0", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entrant_id", "channel"],
            ["entries.entrant_id", "entries.channel"],
            name=op.f("fk_entry_tallies_entrant_id_channel"),
        ),
        sa.PrimaryKeyConstraint("entrant_id", "channel", "round", name=op.f("pk_entry_tallies")),
    )
