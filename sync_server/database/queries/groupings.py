"""Which industry group each entrant competes in, as somebody decided it: append, and look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from sync_server.database.tables import groupings, users


class GroupingRow(NamedTuple):
    """One decision. `proposed` None: nobody proposed a group. `effects` are [entry, figure, from, to]."""

    entrant_id: str
    proposed: str | None
    industry: str
    reason: str
    is_ruling: bool
    effects: Sequence[Sequence[str]]
    decided_by: str
    decided_at: datetime


class KeptGrouping(NamedTuple):
    """A decision as it is read, with the name of who made it."""

    row: GroupingRow
    by: str


def append_groupings(db: Connection, rows: Sequence[GroupingRow]) -> None:
    """Append decisions."""
    for row in rows:
        db.execute(insert(groupings).values(**row._asdict()))


def groupings_by_entrant(db: Connection) -> Mapping[str, Sequence[KeptGrouping]]:
    """Return the decisions about each entrant, the newest first."""
    columns = [groupings.c[name] for name in GroupingRow._fields]
    statement = select(*columns, users.c.name).outerjoin(users, users.c.id == groupings.c.decided_by)
    by_entrant: dict[str, list[KeptGrouping]] = {}
    for row in db.execute(statement.order_by(groupings.c.id.desc())):
        kept = KeptGrouping(GroupingRow(*row[:-1]), row[-1] or "")
        by_entrant.setdefault(kept.row.entrant_id, []).append(kept)
    return by_entrant
