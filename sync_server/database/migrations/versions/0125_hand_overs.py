"""Keep visits that were handed on from phone to phone until the desk has decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0125"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "hand_overs",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("assignment_id", sa.Text(), nullable=False),
        sa.Column("giver_id", sa.Text(), nullable=False),
        sa.Column("receiver_id", sa.Text()),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("device_time", sa.Text(), server_default="", nullable=False),
        sa.Column("device_monotonic", sa.Text(), server_default="", nullable=False),
        sa.Column("clock_offset_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", sa.Text()),
        sa.PrimaryKeyConstraint("record_id", "revision", "digest", name=op.f("pk_hand_overs")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_hand_overs_assignment_id_assignments")
        ),
        sa.ForeignKeyConstraint(["giver_id"], ["assessors.id"], name=op.f("fk_hand_overs_giver_id_assessors")),
        sa.ForeignKeyConstraint(["receiver_id"], ["assessors.id"], name=op.f("fk_hand_overs_receiver_id_assessors")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_hand_overs_device_id_devices")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_hand_overs_decided_by_users")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_hand_overs_digest_is_sha256")),
        sa.CheckConstraint("state IN ('pending', 'confirmed', 'refused')", name=op.f("ck_hand_overs_state_known")),
    )
    op.create_index(op.f("ix_hand_overs_assignment_id"), "hand_overs", ["assignment_id"])
