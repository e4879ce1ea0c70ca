"""Rows of the season as pages list them: searched, some at a time, or one by its key; and what happened to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Text, and_, cast, func, or_, select, true
from sqlalchemy.types import TypeDecorator

from sync_server.database.columns import Moment
from sync_server.database.queries.season import KEYS
from sync_server.database.tables import change_sets, season_changes, users

Key = tuple[object, ...]


class RowChange(NamedTuple):
    """One change of a row: the set it came in, by whom (None: a command), and what it did."""

    set_id: str
    kind: str
    written_at: datetime
    by: str | None
    verb: str


def count_rows(db: Connection, name: str, search: str = "") -> int:
    """Return how many rows of the table `name` hold the words `search`."""
    table, _ = KEYS[name]
    return int(db.execute(select(func.count()).select_from(table).where(_holding(name, search))).scalar_one())


def page_of_rows(db: Connection, name: str, search: str, *, start: int, limit: int) -> Sequence[dict[str, Any]]:
    """Return rows that hold the words `search`, in the order of their key."""
    table, key = KEYS[name]
    statement = select(table).where(_holding(name, search)).order_by(*(table.c[column] for column in key))
    return [dict(row) for row in db.execute(statement.offset(start).limit(limit)).mappings()]


def row_of_key(db: Connection, name: str, key: Key) -> dict[str, Any] | None:
    """Return the row of a key, or None."""
    table, columns = KEYS[name]
    row = db.execute(
        select(table).where(*(table.c[column] == value for column, value in zip(columns, key, strict=True)))
    )
    found = row.mappings().first()
    return dict(found) if found else None


def changes_of_row(db: Connection, name: str, key: Key, limit: int = 30) -> Sequence[RowChange]:
    """Return the written changes of one row, the newest first."""
    sets, named = change_sets.c, msgspec.json.encode(list(key)).decode()
    statement = (
        select(sets.id, sets.kind, sets.written_at, users.c.name, season_changes.c.verb)
        .join(change_sets, sets.id == season_changes.c.set_id)
        .outerjoin(users, users.c.id == sets.begun_by)
        .where(season_changes.c.subject == name, season_changes.c.key == named, sets.written_at.is_not(None))
        .order_by(sets.written_at.desc(), season_changes.c.seq.desc())
        .limit(limit)
    )
    return [RowChange(*row) for row in db.execute(statement)]


def _holding(name: str, search: str) -> ColumnElement[bool]:
    table, _ = KEYS[name]
    words = [column for column in table.columns if _is_words(column.type)]
    each = [
        or_(*(func.lower(cast(column, Text)).contains(word.lower(), autoescape=True) for column in words))
        for word in search.split()[:8]
    ]
    return and_(true(), *each)


def _is_words(kind: object) -> bool:
    return isinstance(kind, Text) or (isinstance(kind, TypeDecorator) and not isinstance(kind, Moment))
