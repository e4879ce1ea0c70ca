"""Changes of the season's rows as a person reads them: column by column, what it was and what it is.

SHC-1  An assignment's body is shown by its fields. Moments stand as the database has them, texts in both languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from sync_server.database.queries import change_sets as queries

MOST_CHARACTERS = 160


class ShownColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column that changes; "" where there was or will be nothing."""

    name: str
    old: str
    new: str


class ShownChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change: which row, by which verb, and its columns."""

    subject: str
    key: str
    verb: str
    columns: tuple[ShownColumn, ...] = ()


def shown_changes(
    db: Connection, set_id: str, *, subject: str = "", after: int = -1, limit: int = 100
) -> Sequence[ShownChange]:
    """Return changes of a set, of one subject when given, after the number `after`."""
    rows = queries.changes_of(db, set_id, subject=subject, after=after, limit=limit)
    return [
        ShownChange(
            subject=each.subject,
            key=" / ".join(map(str, msgspec.json.decode(each.key))),
            verb=each.verb,
            columns=tuple(_columns(each.old or {}, each.new or {})) if each.verb != "add" else (),
        )
        for each in rows
    ]


def _columns(old: Mapping[str, str | None], new: Mapping[str, str | None]) -> Iterator[ShownColumn]:
    for name in old:
        if name == "body":
            before, after = _fields(old[name]), _fields(new.get(name))
            own = queries.staged_columns("assignments")  # shown where they differ, as moments whatever their zone
            names = [field for field in before if field not in own and before[field] != after.get(field)]
            for field in names:
                yield ShownColumn(name=field, old=_short(before[field]), new=_short(after.get(field)))
        else:
            yield ShownColumn(name=name, old=_short(old[name]), new=_short(new.get(name)))


def _fields(body: str | None) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = msgspec.json.decode(body) if body else {}
    return fields


def _short(value: Any) -> str:
    text = "" if value is None else value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"
