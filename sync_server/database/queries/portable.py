"""The few statements the two engines write differently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def insert_ignoring_duplicates(db: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that leaves a row that is already there as it is; its `rowcount` is 0 then."""
    # Without being told to, SQLAlchemy does not keep the count of an INSERT that PostgreSQL answers with RETURNING.
    return _insert(db, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def insert_or_update(
    db: Connection, table: Table, key: Sequence[str], changed: Sequence[str]
) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that, where `key` is taken, writes the columns `changed` to the row that is there."""
    statement = _insert(db, table)
    fresh: dict[str, Any] = {column: statement.excluded[column] for column in changed}
    return statement.on_conflict_do_update(index_elements=list(key), set_=fresh)


def _insert(db: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    if db.dialect.name == "sqlite":
        return sqlite.insert(table)
    # Loading it takes a fifth of a second, which a server on SQLite need not spend at its start.
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table)
