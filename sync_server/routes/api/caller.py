"""Who is calling: the device of the bearer token.

DEV-1  A device that is revoked while its body is on its way is refused as it would be at the beginning.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Request

from sync_server.database.queries.devices import DeviceRow, note_seen
from sync_server.errors import RefusedError
from sync_server.services import Services

# A device that only asks is noted at most this often: a poll must not cost a write.
NOTE_SEEN_EVERY = timedelta(minutes=1)


def device_of(request: Request[Any, Any, Any], services: Services) -> DeviceRow:
    """Return the device that makes `request`. Raises as `calling_device`."""
    return calling_device(request.headers.get("authorization", ""), services)


def calling_device(authorization: str, services: Services) -> DeviceRow:
    """Return the device an Authorization header speaks for.

    Raises:
        RefusedError: `token-not-valid`; the phone keeps everything and asks its assessor to enrol again.
    """
    device = services.devices.device_of(authorization)
    if device is None:
        raise RefusedError("token-not-valid")
    return device


async def seen(device: DeviceRow, services: Services) -> None:
    """Note now and then that the device was here."""
    now = services.clock()
    if now - device.last_seen_at > NOTE_SEEN_EVERY:
        await services.writer.run(lambda db: note_seen(db, device.id, now))
