"""What suspends service, by entrant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from sync_server.database.tables import suspensions


class SuspensionRow(NamedTuple):
    """A span, end exclusive, in which an entrant (None: nobody) is not expected to serve."""

    entrant_id: str | None
    begins_at: datetime
    ends_at: datetime


def suspension_rows(db: Connection) -> Sequence[SuspensionRow]:
    """Return every suspension that was not withdrawn, the earliest first."""
    c = suspensions.c
    statement = (
        select(c.entrant_id, c.begins_at, c.ends_at)
        .where(c.withdrawn.is_(False))
        .order_by(c.begins_at, c.ends_at, c.id)
    )
    return [SuspensionRow(*row) for row in db.execute(statement)]
