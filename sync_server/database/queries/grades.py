"""Grades: appended, never changed. A re-score is a new row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from sync_server.database.queries.driver import insert_rows
from sync_server.database.tables import grades


def append_grades(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append rows of `grades`."""
    insert_rows(db, grades, rows)
