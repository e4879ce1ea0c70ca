"""Devices: who holds a token, when each was seen, how far its clock is off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from sync_server.database.columns import moment_text
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
    """Note the newest push of each device, and its clock where it told it."""
    newest = {device.id: device for device in seen}
    mark = "?" if db.dialect.name == "sqlite" else "%s"
    plain = [(moment_text(d.at), d.id) for d in newest.values() if d.clock_offset_ms is None]
    told = [
        (moment_text(d.at), moment_text(d.at), d.clock_offset_ms, d.id)
        for d in newest.values()
        if d.clock_offset_ms is not None
    ]
    if plain:
        db.exec_driver_sql(f"UPDATE devices SET last_seen_at = {mark} WHERE id = {mark}", plain)  # noqa: S608
    if told:
        columns = f"last_seen_at = {mark}, clock_checked_at = {mark}, clock_offset_ms = {mark}"
        db.exec_driver_sql(f"UPDATE devices SET {columns} WHERE id = {mark}", told)  # noqa: S608
