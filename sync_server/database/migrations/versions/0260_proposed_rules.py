"""Other rules for what has opened: proposed by one person, confirmed by another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0260"
down_revision = "0244"
branch_labels = None
depends_on = None

PEOPLE = ("proposed_by", "confirmed_by", "withdrawn_by")
VERSIONS = ("base_version", "version")


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "proposed_rules",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("effects", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Text(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), server_default="", nullable=False),
        *(
            sa.ForeignKeyConstraint([name], ["rulesets.version"], name=op.f(f"fk_proposed_rules_{name}_rulesets"))
            for name in VERSIONS
        ),
        *(
            sa.ForeignKeyConstraint([name], ["users.id"], name=op.f(f"fk_proposed_rules_{name}_users"))
            for name in PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_rules")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_proposed_rules_reason_given")),
        sa.CheckConstraint("confirmed_by <> proposed_by", name=op.f("ck_proposed_rules_two_people")),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_proposed_rules_confirmed_by_somebody")
        ),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (version IS NULL)", name=op.f("ck_proposed_rules_confirmed_as_a_version")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_because = '')", name=op.f("ck_proposed_rules_withdrawn_with_a_reason")
        ),
        sa.CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name=op.f("ck_proposed_rules_withdrawn_by_somebody")
        ),
        sa.CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_proposed_rules_ended_once")),
        sqlite_autoincrement=True,
    )
