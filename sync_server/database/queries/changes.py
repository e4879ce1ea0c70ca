"""The change feed. `seq` grows in the order of commits (DB-1), so a reader that remembers the last one skips none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from sync_server.database.notices import notify
from sync_server.database.queries.driver import insert_rows
from sync_server.database.tables import changes

Audience = Literal["everyone", "assessor", "office"]
PAGE = 200


class ChangeRow(NamedTuple):
    """One change as the feed gives it. `body` is JSON text; changes for the office carry ids only."""

    seq: int
    kind: str
    subject_id: str
    body: str


class NewChange(NamedTuple):
    """A change to append. `assessor_id` is given exactly for the audience `assessor`."""

    audience: Audience
    kind: str
    subject_id: str
    changed_at: datetime
    body: str = "{}"
    assessor_id: str | None = None


def append_changes(db: Connection, new: Sequence[NewChange]) -> None:
    """Append `new`, in order. Only inside a write transaction."""
    if new:
        insert_rows(db, changes, new)
        if db.dialect.name == "postgresql":
            notify(db)


def changes_for_assessor(db: Connection, assessor_id: str, after: int, limit: int = PAGE) -> Sequence[ChangeRow]:
    """Return what the assessor's devices are told after `after`, oldest first, at most `limit`."""
    told = or_(_for("everyone"), _for("assessor", assessor_id))
    return _page(db, told, after, limit)


def changes_for_office(db: Connection, after: int, limit: int = PAGE) -> Sequence[ChangeRow]:
    """Return what the dashboard is told after `after`, oldest first, at most `limit`."""
    return _page(db, _for("office"), after, limit)


def last_seq(db: Connection) -> int:
    """Return the number of the newest change of any audience, 0 when there is none."""
    return db.execute(select(func.max(changes.c.seq))).scalar() or 0


def _for(audience: Audience, assessor_id: str | None = None) -> ColumnElement[bool]:
    """Name both columns that stand before `seq` in the index: else all of it is read at every event of a live page."""
    return and_(changes.c.audience == audience, changes.c.assessor_id == assessor_id)


def _page(db: Connection, told: ColumnElement[bool], after: int, limit: int) -> Sequence[ChangeRow]:
    statement = (
        select(changes.c.seq, changes.c.kind, changes.c.subject_id, changes.c.body)
        .where(told, changes.c.seq > after)
        .order_by(changes.c.seq)
        .limit(limit)
    )
    return [ChangeRow(*row) for row in db.execute(statement)]
