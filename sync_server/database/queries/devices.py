"""Devices: who holds a token, when each was seen, how far its clock is off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from sync_server.database.columns import moment_text
from sync_server.database.queries.driver import run_many
from sync_server.database.queries.portable import insert_or_update
from sync_server.database.tables import assessors, devices


class DeviceRow(NamedTuple):
    """A device that may speak to the server, and for whom."""

    id: str
    assessor_id: str
    last_seen_at: datetime


class SeenDevice(NamedTuple):
    """A device at one push. `clock_offset_ms` is device minus server; None: it did not say."""

    id: str
    at: datetime
    clock_offset_ms: int | None


def device_by_token(db: Connection, token_hash: str) -> DeviceRow | None:
    """Return the device of a token, unless it is revoked or its assessor has left."""
    c = devices.c
    statement = (
        select(c.id, c.assessor_id, c.last_seen_at)
        .join_from(devices, assessors)
        .where(c.token_hash == token_hash, c.revoked_at.is_(None), assessors.c.left_at.is_(None))
    )
    row = db.execute(statement).first()
    return DeviceRow(*row) if row else None


def holder_of_device(db: Connection, device_id: str) -> tuple[str, bool] | None:
    """Return whose the device is and whether it may still speak; None for one that never enrolled."""
    row = db.execute(select(devices.c.assessor_id, devices.c.revoked_at).where(devices.c.id == device_id)).first()
    return None if row is None else (row.assessor_id, row.revoked_at is None)


def enrol_device(
    db: Connection, *, device_id: str, assessor_id: str, name: str, token_hash: str, now: datetime
) -> None:
    """Give the device this token and assessor. A device that was enrolled before loses its old token."""
    columns = ("assessor_id", "name", "token_hash", "enrolled_at", "last_seen_at", "revoked_at")
    db.execute(
        insert_or_update(db, devices, ["id"], columns).values(
            id=device_id,
            assessor_id=assessor_id,
            name=name,
            token_hash=token_hash,
            enrolled_at=now,
            last_seen_at=now,
            revoked_at=None,
        )
    )


def note_seen(db: Connection, device_id: str, now: datetime) -> None:
    """Note that the device was here."""
    db.execute(update(devices).where(devices.c.id == device_id).values(last_seen_at=now))


def note_pushes(db: Connection, seen: Sequence[SeenDevice]) -> None:
    """Note the newest push of each device, and how far its clock was off where that is known."""
    newest = {device.id: device for device in seen}.values()
    run_many(
        db,
        "UPDATE devices SET last_seen_at = ? WHERE id = ?",
        [(moment_text(device.at), device.id) for device in newest if device.clock_offset_ms is None],
    )
    run_many(
        db,
        "UPDATE devices SET last_seen_at = ?, clock_checked_at = ?, clock_offset_ms = ? WHERE id = ?",
        [
            (moment_text(device.at), moment_text(device.at), device.clock_offset_ms, device.id)
            for device in newest
            if device.clock_offset_ms is not None
        ],
    )


def phones_of(db: Connection, assessor_ids: Collection[str]) -> int:
    """Return how many phones that may still come are enrolled for any of the assessors."""
    if not assessor_ids:
        return 0
    which = devices.c.assessor_id.in_(sorted(assessor_ids)), devices.c.revoked_at.is_(None)
    return int(db.execute(select(func.count()).select_from(devices).where(*which)).scalar_one())
