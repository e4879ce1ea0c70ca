"""Which version of the rules a round is scored under: appended when it opens and by each decision; the newest holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select

from sync_server.database.queries.driver import select_rows
from sync_server.database.tables import round_rules

OWN = "season"  # what belongs to no round: finals, grades, marks, sizes and awards


class RoundRules(NamedTuple):
    """From `decided_at` on `what` ("round-1", OWN) follows `version`. Without a reason: it opened."""

    what: str
    version: int
    reason: str
    effects: Sequence[Sequence[str]]  # [entry, figure, from, to]
    decided_by: str
    decided_at: datetime


def name_of(number: int) -> str:
    """Return what a round is called here."""
    return f"round-{number}"


def versions_followed(db: Connection) -> Mapping[str, int]:
    """Return the version that each round which has opened follows, and OWN. Cheap enough for every batch."""
    return dict(map(tuple, select_rows(db, "SELECT what, version FROM round_rules ORDER BY id")))


def append_round_rules(db: Connection, rows: Sequence[RoundRules]) -> None:
    """Append rows."""
    if rows:
        values: list[dict[str, Any]] = [row._asdict() for row in rows]
        db.execute(insert(round_rules), values)


def decisions_on_rules(db: Connection) -> Sequence[RoundRules]:
    """Return the decisions by which what had opened came under other rules, the newest first."""
    c = round_rules.c
    statement = select(c.what, c.version, c.reason, c.effects, c.decided_by, c.decided_at).where(c.reason != "")
    return [RoundRules(*row) for row in db.execute(statement.order_by(c.id.desc()))]
