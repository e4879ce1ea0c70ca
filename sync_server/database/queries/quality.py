"""Scores as the statistics read them: one line an assessment that has one, of what counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from sync_server.database.queries.driver import select_rows


class ScoredRow(NamedTuple):
    """One assessment with a base: who made it, what it is compared within, and the base, 0 to 100."""

    id: str
    assessor_id: str
    entrant_id: str
    channel: str
    round: int
    base: float


def scored_rows(db: Connection, number: int | None = None) -> Sequence[ScoredRow]:
    """Return every assessment that counts and has a base, of one round or of all, in a stable order."""
    where = "" if number is None else " AND round = ?"
    rows = select_rows(
        db,
        "SELECT id, assessor_id, entrant_id, channel, round, base_millionths FROM assessments"  # noqa: S608 - our own words
        f" WHERE status IN ('finished', 'returned', 'accepted') AND base_millionths IS NOT NULL{where} ORDER BY id",
        () if number is None else (number,),
    )
    return [ScoredRow._make((*row[:5], row[5] / 1_000_000)) for row in rows]
