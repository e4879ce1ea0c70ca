"""Keep the customer survey: when it is open, who is asked about, answers, their sums, and tables that were printed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "printed_indexes",
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stated", sa.Integer(), nullable=True),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("edition", name=op.f("pk_printed_indexes")),
    )
    op.create_table(
        "survey_companies",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_companies")),
    )
    op.create_table(
        "surveys",
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.Text(), nullable=False),
        sa.Column("closes_at", sa.Text(), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_surveys_opens_before_it_closes")),
        sa.PrimaryKeyConstraint("edition", name=op.f("pk_surveys")),
    )
    op.create_table(
        "survey_answers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("came_by", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("hour", sa.Text(), nullable=False),
        sa.CheckConstraint("came_by IN ('page', 'kiosk')", name=op.f("ck_survey_answers_came_by_known")),
        sa.CheckConstraint("origin IN ('local', 'visitor')", name=op.f("ck_survey_answers_origin_known")),
        sa.ForeignKeyConstraint(["company"], ["survey_companies.id"], name=op.f("fk_survey_answers_company")),
        sa.ForeignKeyConstraint(["edition"], ["surveys.edition"], name=op.f("fk_survey_answers_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
    )
    op.create_table(
        "survey_tallies",
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("satisfaction_n", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("satisfaction_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("satisfaction_squares", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("loyalty_n", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("loyalty_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("loyalty_squares", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("nps_n", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("promoters", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("detractors", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["company"], ["survey_companies.id"], name=op.f("fk_survey_tallies_company")),
        sa.ForeignKeyConstraint(["edition"], ["surveys.edition"], name=op.f("fk_survey_tallies_edition")),
        sa.PrimaryKeyConstraint("edition", "company", name=op.f("pk_survey_tallies")),
    )
