"""Keep the frozen copies of rounds and results, their signatures, reasons of shortfalls and declarations of accounts.

A round that was released before this step keeps its event; a copy of it may be taken and signed at any time.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "publications",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer()),
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.Column("correction", sa.Integer(), server_default="0", nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("rules_version", sa.Integer(), nullable=False),
        sa.Column("rules_digest", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Text()),
        sa.Column("withdrawn_by", sa.Text()),
        sa.Column("withdrawn_because", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_publications_digest_is_sha256")),
        sa.CheckConstraint("(what = 'results') = (round IS NULL)", name=op.f("ck_publications_round_or_results")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_because = '')", name=op.f("ck_publications_withdrawn_with_a_reason")
        ),
        sa.CheckConstraint("correction = 0 OR reason <> ''", name=op.f("ck_publications_correction_with_a_reason")),
        sa.ForeignKeyConstraint(["rules_version"], ["rulesets.version"], name=op.f("fk_publications_rules_version")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_publications_made_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["users.id"], name=op.f("fk_publications_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("what", "copy", name=op.f("uq_publications_what_copy")),
    )
    op.create_index(
        "uq_publications_standing",
        "publications",
        ["what", "correction"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "signatures",
        sa.Column("publication_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.Text(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_signatures_digest_is_sha256")),
        sa.ForeignKeyConstraint(["publication_id"], ["publications.id"], name=op.f("fk_signatures_publication_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_signatures_user_id")),
        sa.PrimaryKeyConstraint("publication_id", "user_id", name=op.f("pk_signatures")),
    )
    op.create_table(
        "shortfalls",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("entrant_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_at", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_shortfalls_reason_given")),
        sa.ForeignKeyConstraint(
            ["entrant_id", "channel"],
            ["entries.entrant_id", "entries.channel"],
            name=op.f("fk_shortfalls_entrant_id_channel"),
        ),
        sa.ForeignKeyConstraint(["given_by"], ["users.id"], name=op.f("fk_shortfalls_given_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortfalls")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "declarations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("organisations", sa.Text(), nullable=False),
        sa.Column("assessor_id", sa.Text()),
        sa.Column("declared_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assessor_id"], ["assessors.id"], name=op.f("fk_declarations_assessor_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_declarations_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_declarations_user_id"), "declarations", ["user_id"])
