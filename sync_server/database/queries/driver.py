"""Statements handed to the driver as they are: for the push path, where building them costs more than running them.

Rows are mappings of column to value as everywhere else; values are made ready by the column's type, once planned per
table. Both engines read the same SQL but for the mark of a parameter.

Many rows go in one statement: the driver lets go of the interpreter at each, and the writer would wait to get it back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Table

from sync_server.database.columns import Json, Moment, moment_text

Ready = Callable[[Any], Any]


# Rows of one statement: powers of two, so that few different statements are prepared for any number of rows.
MOST_ROWS = 64


class _Plan(NamedTuple):
    before: str
    marks: str
    after: str
    columns: tuple[str, ...]
    ready: tuple[Ready | None, ...]

    def sql(self, rows: int) -> str:
        return self.before + ", ".join([self.marks] * rows) + self.after


def insert_rows(
    db: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, key: str = "", changed: tuple[str, ...] = ()
) -> None:
    """Insert `rows`, which all have the same columns. Where `key` is taken, `changed` columns are written instead."""
    if not rows:
        return
    plan = _plan(table, tuple(rows[0]), key, changed, db.dialect.name)
    columns = tuple(zip(plan.columns, plan.ready, strict=True))
    start, size = 0, MOST_ROWS
    while start < len(rows):
        while size > len(rows) - start:
            size //= 2
        values = tuple(
            row[name] if make is None or row[name] is None else make(row[name])
            for row in rows[start : start + size]
            for name, make in columns
        )
        _run(db, plan.sql(size), values)
        start += size


def select_listed(db: Connection, sql: str, listed: Collection[str]) -> Sequence[Any]:
    """Return the rows of `sql`, in which `IN LISTED` stands for being one of `listed`."""
    if db.dialect.name == "sqlite":
        sql = sql.replace("IN LISTED", "IN (SELECT value FROM json_each(?))")
        return db.exec_driver_sql(sql, (msgspec.json.encode(list(listed)).decode(),)).all()
    return db.exec_driver_sql(sql.replace("IN LISTED", "= ANY(%s)"), (list(listed),)).all()


def _run(db: Connection, sql: str, values: tuple[Any, ...]) -> None:
    raw: Any = db.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):  # what SQLAlchemy does around a statement costs more than the statement
        raw.execute(sql, values)
    else:  # a lost PostgreSQL is known by SQLAlchemy's errors
        db.exec_driver_sql(sql, values)


@lru_cache(maxsize=200)
def _plan(table: Table, columns: tuple[str, ...], key: str, changed: tuple[str, ...], engine: str) -> _Plan:
    marks = ", ".join(["?" if engine == "sqlite" else "%s"] * len(columns))
    after = ""
    if key:
        fresh = ", ".join(f"{name} = excluded.{name}" for name in changed)
        after = f" ON CONFLICT ({key}) DO " + (f"UPDATE SET {fresh}" if fresh else "NOTHING")
    ready = tuple(_maker(table.c[name].type) for name in columns)
    before = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES "  # noqa: S608 - our own names
    return _Plan(before, f"({marks})", after, columns, ready)


def _maker(kind: object) -> Ready | None:
    if isinstance(kind, Moment):
        return _moment_text
    if isinstance(kind, Json):
        return _json_text
    return None


# One batch writes the same few moments many times over.
_moment_text = lru_cache(maxsize=512)(moment_text)


def _json_text(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()
