"""Resumable upload: the offset logic, apart from how a protocol names it (`tus`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from fieldapp.sync.outbox import half_a_reply

CHUNK_BYTES = 512 * 1024
_DISAGREEMENTS = 3  # how often the two sides may disagree about the offset before it waits for a later try

Progress = Callable[[int, int], None]


class GoneError(Exception):
    """The server no longer knows this upload, or has thrown a wrong one away."""


class MovedError(Exception):
    """The server is at another offset than we thought."""


class UploadDoor(Protocol):
    """What a resumable protocol must offer."""

    async def offset(self, upload: str) -> int:
        """Return the bytes durably held. Raises GoneError or SyncError."""

    async def append(self, upload: str, offset: int, chunk: bytes) -> int:
        """Send `chunk` at `offset` and return the new offset. Raises GoneError, MovedError or SyncError."""


async def send(door: UploadDoor, upload: str, data: bytes, progress: Progress | None = None) -> bool:
    """Send what is missing. True: all of it is held and verified. False: begin a new upload.

    Raises:
        SyncError: it goes on at the next try.
    """
    for _ in range(_DISAGREEMENTS):
        try:
            return await _from_where_it_is(door, upload, data, progress)
        except GoneError:
            return False
        except MovedError:
            continue
    raise half_a_reply()


async def _from_where_it_is(door: UploadDoor, upload: str, data: bytes, progress: Progress | None) -> bool:
    offset = await door.offset(upload)
    while offset < len(data):
        if progress:
            progress(offset, len(data))
        chunk = data[offset : offset + CHUNK_BYTES]
        reached = await door.append(upload, offset, chunk)
        if not offset < reached <= len(data):
            raise half_a_reply()
        offset = reached
    if offset > len(data):
        raise GoneError
    if progress:
        progress(offset, len(data))
    return True


__all__ = ["CHUNK_BYTES", "GoneError", "MovedError", "Progress", "UploadDoor", "send"]
