"""Keep drafts of proposals, reopened deadlines, marks of a panel; let a hand-in be a proposal and an account a judge."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0153"
down_revision = "0152"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "proposal_drafts",
        sa.Column("hand_in_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["hand_in_id"], ["hand_ins.id"], name=op.f("fk_proposal_drafts_hand_in_id")),
        sa.PrimaryKeyConstraint("hand_in_id", name=op.f("pk_proposal_drafts")),
    )
    op.create_table(
        "proposal_reopenings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hand_in_id", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_proposal_reopenings_reason_given")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_proposal_reopenings_decided_by")),
        sa.ForeignKeyConstraint(["hand_in_id"], ["hand_ins.id"], name=op.f("fk_proposal_reopenings_hand_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_reopenings")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "proposal_outside",
        sa.Column("hand_in_id", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_proposal_outside_entered_by")),
        sa.ForeignKeyConstraint(["hand_in_id"], ["hand_ins.id"], name=op.f("fk_proposal_outside_hand_in_id")),
        sa.PrimaryKeyConstraint("hand_in_id", "line", name=op.f("pk_proposal_outside")),
    )
    op.create_table(
        "panel_ties",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("judge", sa.Text(), nullable=False),
        sa.Column("is_tied", sa.Boolean(), nullable=False),
        sa.Column("declared_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["judge"], ["users.id"], name=op.f("fk_panel_ties_judge")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_ties")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "panel_marks",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("judge", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("marked_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["judge"], ["users.id"], name=op.f("fk_panel_marks_judge")),
        sa.PrimaryKeyConstraint("subject", "judge", "part", name=op.f("pk_panel_marks")),
    )
    _also("hand_ins", "kind", "proposal")
    _also("users", "role", "judge")
    _also("invitations", "role", "judge")


def _also(table: str, column: str, value: str) -> None:
    """Let `column` hold one value more, whatever it may hold already."""
    db = op.get_bind()
    name = f"ck_{table}_{column}_known"
    if db.dialect.name == "sqlite":
        _rebuilt(db, table, column, value)
        return
    held = db.execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    ).scalar_one()
    values = [*re.findall(r"'([a-z_]+)'", held), value]
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, sa.column(column).in_(dict.fromkeys(values)))


def _rebuilt(db: sa.Connection, table: str, column: str, value: str) -> None:
    # SQLite changes no constraint: the table is made anew under its own name. Rows that point at it are looked at when
    # the transaction ends, and find theirs again.
    db.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
    parts = db.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"), {"table": table}
    ).all()
    (made,) = [sql for kind, sql in parts if kind == "table"]
    wider, found = re.subn(rf"(\b{column} IN \([^)]*)\)", rf"\1, '{value}')", made)
    if found != 1:
        raise RuntimeError(f"{table}: no check of {column}")
    db.exec_driver_sql(f'CREATE TEMPORARY TABLE kept_rows AS SELECT * FROM "{table}"')  # noqa: S608 - a name of our own
    db.exec_driver_sql(f'DROP TABLE "{table}"')
    db.exec_driver_sql(wider)
    db.exec_driver_sql(f'INSERT INTO "{table}" SELECT * FROM kept_rows')  # noqa: S608 - a name of our own
    db.exec_driver_sql("DROP TABLE kept_rows")
    for kind, sql in parts:
        if kind != "table":
            db.exec_driver_sql(sql)
