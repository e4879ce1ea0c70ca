"""Files that somebody asked for: asked, made or not, listed for whoever asked, forgotten when their time is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from sync_server.database.tables import downloads


class Download(NamedTuple):
    """One of them. `made_at` None: it is being made, or could not be (`problem`)."""

    id: str
    user_id: str
    wanted: Mapping[str, Any]
    asked_at: datetime
    made_at: datetime | None
    visits: int | None
    size_bytes: int | None
    problem: str


def add_download(db: Connection, download_id: str, user_id: str, wanted: Mapping[str, Any], now: datetime) -> None:
    """Keep what somebody asked for."""
    db.execute(insert(downloads).values(id=download_id, user_id=user_id, wanted=dict(wanted), asked_at=now))


def downloads_of(db: Connection, user_id: str) -> Sequence[Download]:
    """Return what an account asked for, the newest first."""
    statement = select(downloads).where(downloads.c.user_id == user_id).order_by(downloads.c.asked_at.desc())
    return [Download(*row) for row in db.execute(statement)]


def download_of(db: Connection, download_id: str) -> Download | None:
    """Return one, or None."""
    row = db.execute(select(downloads).where(downloads.c.id == download_id)).first()
    return None if row is None else Download(*row)


def note_made(db: Connection, download_id: str, *, visits: int, size_bytes: int, now: datetime) -> None:
    """Note that it lies ready."""
    made = {"made_at": now, "visits": visits, "size_bytes": size_bytes, "problem": ""}
    db.execute(update(downloads).where(downloads.c.id == download_id).values(**made))


def note_problem(db: Connection, download_id: str, problem: str) -> None:
    """Note why it could not be made."""
    db.execute(update(downloads).where(downloads.c.id == download_id).values(problem=problem))


def forget_download(db: Connection, download_id: str) -> None:
    """Drop one."""
    db.execute(delete(downloads).where(downloads.c.id == download_id))
