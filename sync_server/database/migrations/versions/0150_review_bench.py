"""Keep the figures that flags are worked from, and what reviewers put down: corrections, queries, second readings.

Figures of visits that are there already are taken by the server in its own time.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0150"
down_revision = "0140"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "visit_figures",
        sa.Column("number", SERIAL, nullable=False),
        *_about("visit_figures"),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("corrections", sa.Integer(), server_default="0", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_visit_figures_digest_is_sha256")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_visit_figures")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "corrections",
        sa.Column("id", SERIAL, nullable=False),
        *_about("corrections"),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *_by("corrections", "corrected"),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_corrections_digest_is_sha256")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_corrections_reason_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "queries",
        sa.Column("id", SERIAL, nullable=False),
        *_about("queries"),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        *_by("queries", "asked"),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by", sa.Text()),
        sa.Column("answered_at", sa.Text()),
        sa.CheckConstraint("words <> ''", name=op.f("ck_queries_words_given")),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_queries_answered_in_words")),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_queries_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queries")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "second_readings",
        sa.Column("id", SERIAL, nullable=False),
        *_about("second_readings"),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("agrees", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        *_by("second_readings", "read"),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_second_readings_digest_is_sha256")),
        sa.CheckConstraint("agrees OR words <> ''", name=op.f("ck_second_readings_disagrees_in_words")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_readings")),
        sqlite_autoincrement=True,
    )
    for table in ("visit_figures", "corrections", "queries", "second_readings"):
        op.create_index(op.f(f"ix_{table}_assessment_id"), table, ["assessment_id"])


def _about(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    name = op.f(f"fk_{table}_assessment_id")
    return (
        sa.Column("assessment_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=name),
    )


def _by(table: str, verb: str) -> tuple[sa.Column[str], sa.Column[str], sa.ForeignKeyConstraint]:
    name = op.f(f"fk_{table}_{verb}_by")
    return (
        sa.Column(f"{verb}_by", sa.Text(), nullable=False),
        sa.Column(f"{verb}_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint([f"{verb}_by"], ["users.id"], name=name),
    )
