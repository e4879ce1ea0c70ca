"""Keep each change of the season's rows with what was there before; stage an import before it is written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_STATES = "'reading', 'asked', 'refused', 'previewed', 'written', 'undone', 'failed'"


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "change_sets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.Text(), nullable=False),
        sa.Column("begun_by", sa.Text(), nullable=False),
        sa.Column("heard_at", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("written_at", sa.Text()),
        sa.Column("told_seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("undoes", sa.Text()),
        sa.CheckConstraint("kind IN ('import', 'undo', 'page')", name=op.f("ck_change_sets_kind_known")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_change_sets_state_known")),
        sa.ForeignKeyConstraint(["undoes"], ["change_sets.id"], name=op.f("fk_change_sets_undoes_change_sets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_sets")),
    )
    op.create_index(op.f("ix_change_sets_begun_at"), "change_sets", ["begun_at"])
    op.create_table(
        "season_changes",
        sa.Column("set_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("old", sa.Text()),
        sa.Column("new", sa.Text()),
        sa.CheckConstraint("verb IN ('add', 'change', 'withdraw')", name=op.f("ck_season_changes_verb_known")),
        sa.ForeignKeyConstraint(["set_id"], ["change_sets.id"], name=op.f("fk_season_changes_set_id_change_sets")),
        sa.PrimaryKeyConstraint("set_id", "seq", name=op.f("pk_season_changes")),
    )
    op.create_index(op.f("ix_season_changes_subject_key"), "season_changes", ["subject", "key"])
    op.create_table(
        "staged_rows",
        sa.Column("set_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("takes_out", sa.Integer(), nullable=False),
        *(sa.Column(f"c{number:02d}", sa.Text()) for number in range(32)),
        sa.ForeignKeyConstraint(["set_id"], ["change_sets.id"], name=op.f("fk_staged_rows_set_id_change_sets")),
        sa.PrimaryKeyConstraint("set_id", "subject", "seq", name=op.f("pk_staged_rows")),
    )
    op.create_table(
        "staged_files",
        sa.Column("set_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["change_sets.id"], name=op.f("fk_staged_files_set_id_change_sets")),
        sa.PrimaryKeyConstraint("set_id", "name", name=op.f("pk_staged_files")),
    )
