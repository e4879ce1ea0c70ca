"""Resumable uploads: what was announced, and whether it is open, finished or failed. The offset is not here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from sync_server.database.tables import uploads


class UploadRow(NamedTuple):
    """One upload. `metadata` is the header as it came."""

    id: str
    device_id: str
    sha256: str
    kind: str
    content_type: str
    assessment_id: str | None
    length_bytes: int
    metadata: str
    state: str
    created_at: datetime
    expires_at: datetime


def add_upload(db: Connection, row: UploadRow) -> None:
    """Announce an upload."""
    db.execute(insert(uploads).values(**row._asdict()))


def end_uploads_of_device(db: Connection, device_id: str, now: datetime) -> None:
    """Let nobody go on with, or ask for, what a device has announced. Parts of files expire as others do."""
    db.execute(
        update(uploads)
        .where(uploads.c.device_id == device_id, uploads.c.state == "finished")
        .values(state="failed", expires_at=now)
    )
    db.execute(
        update(uploads)
        .where(uploads.c.device_id == device_id, uploads.c.state == "open", uploads.c.expires_at > now)
        .values(expires_at=now)
    )


def upload_by_id(db: Connection, upload_id: str) -> UploadRow | None:
    """Return one upload, or None."""
    row = db.execute(select(uploads).where(uploads.c.id == upload_id)).first()
    return UploadRow(*row) if row else None


class OpenUpload(NamedTuple):
    """What one upload under way may still take."""

    id: str
    sha256: str
    length_bytes: int


def open_uploads(db: Connection, device_id: str, now: datetime) -> Sequence[OpenUpload]:
    """Return the uploads that a device has begun and not ended, the oldest first."""
    statement = (
        select(uploads.c.id, uploads.c.sha256, uploads.c.length_bytes)
        .where(uploads.c.expires_at > now, uploads.c.device_id == device_id, uploads.c.state == "open")
        .order_by(uploads.c.created_at)
    )
    return [OpenUpload(*row) for row in db.execute(statement)]


def change_state(db: Connection, upload_id: str, state: str, expires_at: datetime) -> None:
    """Note what became of the upload, and until when it may be asked for."""
    db.execute(update(uploads).where(uploads.c.id == upload_id).values(state=state, expires_at=expires_at))


def abandoned(db: Connection, now: datetime, limit: int) -> Sequence[str]:
    """Return open uploads whose time is over, the oldest first."""
    statement = (
        select(uploads.c.id)
        .where(uploads.c.state == "open", uploads.c.expires_at <= now)
        .order_by(uploads.c.expires_at)
        .limit(limit)
    )
    return db.execute(statement).scalars().all()
