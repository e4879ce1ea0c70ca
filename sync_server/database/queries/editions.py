"""The edition that is current: the one of the latest year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, inspect, select

from sync_server.database.tables import editions


class EditionRow(NamedTuple):
    """An edition as it is kept."""

    year: int
    title: Mapping[str, str]
    organiser: Mapping[str, str] | None
    contact: Mapping[str, str]
    milestones: Mapping[str, Any]
    created_at: datetime


def newest_edition(db: Connection) -> EditionRow | None:
    """Return the edition of the latest year, or None."""
    columns = [editions.c[name] for name in EditionRow._fields]
    row = db.execute(select(*columns).order_by(editions.c.year.desc()).limit(1)).first()
    return EditionRow(*row) if row else None


def newest_year(db: Connection) -> int | None:
    """Return the latest year of an edition, or None. The schema may be that of any earlier release."""
    if not inspect(db).has_table(editions.name):
        return None
    return db.execute(select(func.max(editions.c.year))).scalar()
