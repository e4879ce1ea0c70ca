"""Base scores, in the table `grades`: appended, never changed. A re-score is a new row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from sync_server.database.queries.driver import insert_rows
from sync_server.database.tables import grades


class BaseRow(NamedTuple):
    """The base of one revision under one ruleset. `base` is exact text; None: `why_no_base` says why, as a code."""

    assessment_id: str
    revision: int
    digest: str
    form: str
    ruleset_digest: str
    base: str | None
    why_no_base: str
    graded_at: datetime


def append_bases(db: Connection, rows: Sequence[BaseRow]) -> None:
    """Append `rows`."""
    insert_rows(db, grades, rows)


def newest_base(db: Connection, assessment_id: str, digest: str) -> BaseRow | None:
    """Return the base kept last of one revision, or None when it was not scored yet."""
    columns = [grades.c[name] for name in BaseRow._fields]
    statement = select(*columns).where(grades.c.assessment_id == assessment_id, grades.c.digest == digest)
    row = db.execute(statement.order_by(grades.c.id.desc()).limit(1)).first()
    return BaseRow(*row) if row else None
