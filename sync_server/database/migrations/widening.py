"""Checks of a table changed on both engines. SQLite changes no constraint: there the table is made anew."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op


def also(table: str, column: str, value: str) -> None:
    """Let `column` hold one value more, whatever it may hold already."""
    db = op.get_bind()
    name = f"ck_{table}_{column}_known"
    if db.dialect.name == "sqlite":
        rebuilt(db, table, rf"(\b{column} IN \([^)]*)\)", rf"\1, '{value}')")
        return
    held = db.execute(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": name}
    ).scalar_one()
    values = [*re.findall(r"'([a-z_]+)'", held), value]
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, sa.column(column).in_(dict.fromkeys(values)))


def otherwise(table: str, constraint: str, before: str, after: str) -> None:
    """Put the condition `after` in the place of `before` in a check of `table`."""
    db = op.get_bind()
    if db.dialect.name == "sqlite":
        rebuilt(db, table, re.escape(before), after.replace("\\", r"\\"))
        return
    name = f"ck_{table}_{constraint}"
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, sa.text(after))


def rebuilt(db: sa.Connection, table: str, pattern: str, replacement: str) -> None:
    """Make a table of SQLite anew under its own name, with `pattern` replaced once in its definition.

    Rows that point at it are looked at when the transaction ends, and find theirs again.
    """
    db.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
    parts = db.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"), {"table": table}
    ).all()
    (made,) = [sql for kind, sql in parts if kind == "table"]
    changed, count = re.subn(pattern, replacement, made)
    if count != 1:
        raise RuntimeError(f"{table}: not once in its definition: {pattern}")
    db.exec_driver_sql(f'CREATE TEMPORARY TABLE kept_rows AS SELECT * FROM "{table}"')  # noqa: S608 - a name of our own
    db.exec_driver_sql(f'DROP TABLE "{table}"')
    db.exec_driver_sql(changed)
    db.exec_driver_sql(f'INSERT INTO "{table}" SELECT * FROM kept_rows')  # noqa: S608 - a name of our own
    db.exec_driver_sql("DROP TABLE kept_rows")
    for kind, sql in parts:
        if kind != "table":
            db.exec_driver_sql(sql)
