"""Derivatives of files: what is shown instead of the original."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from sync_server.database.queries.portable import insert_or_update
from sync_server.database.tables import media_derivatives, waveforms


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


def keep_waveform(db: Connection, sha256: str, bars: Sequence[int]) -> None:
    """Keep how loud the parts of a sound are, 0 to 100."""
    db.execute(insert_or_update(db, waveforms, ["sha256"], ["bars"]), [{"sha256": sha256, "bars": list(bars)}])


def waveforms_of(db: Connection, sha256s: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """Return the bars of those of `sha256s` that have some."""
    c = waveforms.c
    return {row.sha256: row.bars for row in db.execute(select(c.sha256, c.bars).where(c.sha256.in_(list(sha256s))))}
