"""Keep which phones stand at which counters, and how many answers of the customer survey came from there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0226"
down_revision = "0225"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "counter_orders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("set_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_counter_orders_device_id")),
        sa.ForeignKeyConstraint(["company"], ["survey_companies.id"], name=op.f("fk_counter_orders_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_orders")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_counter_orders_standing",
        "counter_orders",
        ["device_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.add_column("survey_tallies", sa.Column("from_counter", sa.BigInteger(), server_default="0", nullable=False))
