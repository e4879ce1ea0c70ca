"""Ids the device makes."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime


def new_id(now: datetime) -> str:
    """Return a new UUIDv7 of the moment `now`: sorted by when it was made, never made twice."""
    stamp_ms = int(now.timestamp() * 1000)
    bits = (stamp_ms << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | secrets.randbits(62)
    return str(uuid.UUID(int=bits))
