"""Keep what was settled between two ratings of a site visit, the levels decided, and who holds a CCSM."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0215"
down_revision = "0211"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "csqs_settlements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.Text(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 0 AND 3", name=op.f("ck_csqs_settlements_rating_in_range")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_csqs_settlements_reason_given")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_csqs_settlements_assessment_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["users.id"], name=op.f("fk_csqs_settlements_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_csqs_settlements")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_csqs_settlements_assessment_id"), "csqs_settlements", ["assessment_id"])
    op.create_table(
        "csqs_decisions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.Text(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Text(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_csqs_decisions_digest_is_sha256")),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name=op.f("ck_csqs_decisions_level_in_range")),
        sa.CheckConstraint("begins_on < ends_on", name=op.f("ck_csqs_decisions_begins_before_it_ends")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_csqs_decisions_reason_given")),
        sa.CheckConstraint("confirmed_by <> decided_by", name=op.f("ck_csqs_decisions_two_people")),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_csqs_decisions_confirmed_by_somebody")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_because = '')", name=op.f("ck_csqs_decisions_withdrawn_with_a_reason")
        ),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_csqs_decisions_assessment_id")),
        sa.ForeignKeyConstraint(["entrant_id"], ["entrants.id"], name=op.f("fk_csqs_decisions_entrant_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_csqs_decisions_decided_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_csqs_decisions_confirmed_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["users.id"], name=op.f("fk_csqs_decisions_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_csqs_decisions")),
    )
    op.create_index(op.f("ix_csqs_decisions_entrant_id"), "csqs_decisions", ["entrant_id"])
    op.create_index(
        "uq_csqs_decisions_standing",
        "csqs_decisions",
        ["assessment_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "ccsm_holders",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.Text(), nullable=False),
        sa.CheckConstraint("person <> ''", name=op.f("ck_ccsm_holders_person_named")),
        sa.ForeignKeyConstraint(["entrant_id"], ["entrants.id"], name=op.f("fk_ccsm_holders_entrant_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_ccsm_holders_entered_by")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ccsm_holders")),
    )
    op.create_index(op.f("ix_ccsm_holders_entrant_id"), "ccsm_holders", ["entrant_id"])
