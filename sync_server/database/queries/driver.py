"""Statements handed to the driver as they are: for the push path, where building them costs more than running them.

Rows are named tuples whose fields are columns; values are made ready by the column's type, a whole column at a time.
Both engines read the same SQL but for the mark of a parameter, which is "?" here.

Many rows go in one statement: the driver lets go of the interpreter at each, and the writer would wait to get it back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Table

from sync_server.database.columns import Json, Moment, moment_text

Ready = Callable[[Any], Any]


# Rows of one statement: powers of two, so that few different statements are prepared for any number of rows.
MOST_ROWS = 64


class _Plan(NamedTuple):
    statements: Mapping[int, str]  # by their number of rows: the driver knows a statement again by its very text
    width: int
    ready: tuple[tuple[int, Ready], ...]  # the columns whose values the driver does not take as they are


def insert_rows(
    db: Connection, table: Table, rows: Sequence[Any], *, key: str = "", changed: tuple[str, ...] = ()
) -> None:
    """Insert `rows`, named tuples of one type. Where `key` is taken, `changed` columns are written instead."""
    if not rows:
        return
    plan = _plan(table, rows[0]._fields, key, changed)
    values = list(chain.from_iterable(rows))
    for column, make in plan.ready:
        values[column :: plan.width] = map(make, values[column :: plan.width])
    start, size = 0, MOST_ROWS
    while start < len(rows):
        while size > len(rows) - start:
            size //= 2
        run(db, plan.statements[size], values[start * plan.width : (start + size) * plan.width])
        start += size


def select_listed(db: Connection, sql: str, listed: Collection[str] | Collection[int]) -> Sequence[Any]:
    """Return the rows of `sql`, in which `IN LISTED` stands for being one of `listed`."""
    if db.dialect.name == "sqlite":
        sql = sql.replace("IN LISTED", "IN (SELECT value FROM json_each(?))")
        return select_rows(db, sql, (msgspec.json.encode(list(listed)).decode(),))
    return select_rows(db, sql.replace("IN LISTED", "= ANY(?)"), (list(listed),))


def select_rows(db: Connection, sql: str, values: Sequence[Any] = ()) -> Sequence[Any]:
    """Return the rows of `sql` as the driver gives them: a moment is text, a JSON value too."""
    raw = _sqlite_of(db)
    return raw.execute(sql, values).fetchall() if raw else db.exec_driver_sql(_marked(sql), tuple(values)).all()


def each_row(db: Connection, sql: str, values: Sequence[Any] = ()) -> Iterator[Any]:
    """Yield what `select_rows` returns, one by one: what only passes by is not held."""
    raw = _sqlite_of(db)
    yield from raw.execute(sql, values) if raw else db.exec_driver_sql(_marked(sql), tuple(values))


def run(db: Connection, sql: str, values: Sequence[Any]) -> None:
    """Run `sql` once."""
    raw = _sqlite_of(db)
    if raw:
        raw.execute(sql, values)
    else:
        db.exec_driver_sql(_marked(sql), tuple(values))


def run_many(db: Connection, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run `sql` once for each of `rows`."""
    raw = _sqlite_of(db)
    if not rows:
        return
    if raw:
        raw.executemany(sql, rows)
    else:
        db.exec_driver_sql(_marked(sql), list(rows))


def _marked(sql: str) -> str:
    return sql.replace("?", "%s")


def _sqlite_of(db: Connection) -> sqlite3.Connection | None:
    """Return the driver's own connection: what SQLAlchemy does around a statement costs more than the statement.

    A lost PostgreSQL is known by SQLAlchemy's errors, so there is none for it.
    """
    raw: Any = db.connection.driver_connection
    return raw if isinstance(raw, sqlite3.Connection) else None


@lru_cache(maxsize=200)
def _plan(table: Table, columns: tuple[str, ...], key: str, changed: tuple[str, ...]) -> _Plan:
    marks = ", ".join("?" * len(columns))
    after = ""
    if key:
        fresh = ", ".join(f"{name} = excluded.{name}" for name in changed)
        after = f" ON CONFLICT ({key}) DO " + (f"UPDATE SET {fresh}" if fresh else "NOTHING")
    makers = ((n, _maker(table.c[name].type)) for n, name in enumerate(columns))
    ready = tuple((n, make) for n, make in makers if make is not None)
    before = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES "  # noqa: S608 - our own names
    sizes = (2**power for power in range(MOST_ROWS.bit_length()))
    statements = {size: before + ", ".join([f"({marks})"] * size) + after for size in sizes}
    return _Plan(statements, len(columns), ready)


def _maker(kind: object) -> Ready | None:
    if isinstance(kind, Moment):
        return _moment_text
    if isinstance(kind, Json):
        return _json_text
    return None


@lru_cache(maxsize=512)  # one batch writes the same few moments many times over
def _moment_text(at: Any) -> str | None:
    return None if at is None else moment_text(at)


def _json_text(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value, order="deterministic").decode()
