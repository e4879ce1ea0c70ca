"""Submissions that other apps send as an assessor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0185"
down_revision = "0180"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "submissions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("assessor_id", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("assessment_id", sa.Text()),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("why", sa.Text(), server_default="[]", nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("files", sa.Text(), server_default="[]", nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", sa.Text()),
        sa.ForeignKeyConstraint(["assessor_id"], ["assessors.id"], name=op.f("fk_submissions_assessor_id_assessors")),
        sa.ForeignKeyConstraint(["token_id"], ["api_tokens.id"], name=op.f("fk_submissions_token_id_api_tokens")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_submissions_decided_by_users")),
        sa.PrimaryKeyConstraint("id", "digest", name=op.f("pk_submissions")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_submissions_digest_is_sha256")),
        sa.CheckConstraint(
            "state IN ('waiting', 'tray', 'taken', 'set_aside')", name=op.f("ck_submissions_state_known")
        ),
    )
    op.create_index(op.f("ix_submissions_assessor_id"), "submissions", ["assessor_id"])
