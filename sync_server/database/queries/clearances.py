"""Statements about which photos of a visit its entrant may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from sync_server.database.tables import clearances, users


class Clearance(NamedTuple):
    """What was decided last about one picture. `reason`: why it is kept back. `caption`: as in the report."""

    sha256: str
    may_be_seen: bool
    reason: str
    caption: Mapping[str, str]
    name: str
    decided_at: datetime


def clearances_of(db: Connection, assessment_id: str) -> Mapping[str, Clearance]:
    """Return what was decided last about each picture of an assessment, by the SHA-256 of what was looked at."""
    c = clearances.c
    statement = (
        select(c.sha256, c.may_be_seen, c.reason, c.caption, users.c.name, c.decided_at)
        .join_from(clearances, users, users.c.id == c.decided_by)
        .where(c.assessment_id == assessment_id)
        .order_by(c.id)
    )
    return {row.sha256: Clearance._make(row) for row in db.execute(statement)}


def add_clearances(
    db: Connection,
    assessment_id: str,
    sha256s: Collection[str],
    *,
    reason: str,
    by: str,
    now: datetime,
    may_be_seen: bool,
    caption: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Keep what was decided about pictures of an assessment; nothing decided before is changed."""
    shared = {
        "assessment_id": assessment_id, "may_be_seen": may_be_seen, "reason": reason, "caption": dict(caption),
        "decided_by": by, "decided_at": now,
    }  # fmt: skip
    db.execute(insert(clearances), [{**shared, "sha256": name} for name in sorted(sha256s)])
