"""When each round opens and closes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from sync_server.database.queries.award_rows import of_award
from sync_server.database.tables import rounds


def round_spans(db: Connection) -> Mapping[int, tuple[datetime, datetime]]:
    """Return, by number, when a round opens and when it closes (exclusive)."""
    statement = select(rounds.c.number, rounds.c.opens_at, rounds.c.closes_at).where(of_award(rounds))
    return {row.number: (row.opens_at, row.closes_at) for row in db.execute(statement.order_by(rounds.c.number))}
