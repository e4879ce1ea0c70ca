"""Derivatives of files: what is shown instead of the original."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from sync_server.database.queries.portable import insert_or_update
from sync_server.database.tables import media_derivatives


class DerivativeRow(NamedTuple):
    """One derivative; without one, `problem` says why as a word."""

    sha256: str
    purpose: str
    derivative_sha256: str | None
    content_type: str
    size_bytes: int
    made_at: datetime
    problem: str


def keep_derivatives(db: Connection, rows: Sequence[DerivativeRow]) -> None:
    """Note what was made of a file; made again, the new one counts."""
    if rows:
        changed = [name for name in DerivativeRow._fields if name not in {"sha256", "purpose"}]
        statement = insert_or_update(db, media_derivatives, ["sha256", "purpose"], changed)
        db.execute(statement, [row._asdict() for row in rows])


class Derived(NamedTuple):
    """One derivative, or with `sha256` None why it could not be made, as a word."""

    sha256: str | None
    content_type: str
    size_bytes: int
    problem: str
