"""Keep what organisations were billed, and what they paid."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "bills",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Text()),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('invoice', 'credit')", name=op.f("ck_bills_kind_known")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_bills_number_from_one")),
        sa.CheckConstraint("(kind = 'credit') = (total < 0)", name=op.f("ck_bills_credit_below_zero")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_bills")),
    )
    op.create_index(op.f("ix_bills_organisation"), "bills", ["organisation"])
    op.create_table(
        "payments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bill", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("noted_by", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.Text(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_payments_amount_not_zero")),
        sa.ForeignKeyConstraint(["bill"], ["bills.number"], name=op.f("fk_payments_bill_bills")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_payments_bill"), "payments", ["bill"])
