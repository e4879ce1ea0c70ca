"""tus 1.0: the header names and statuses of a resumable upload."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urljoin

from fieldapp.sync.door import Reply
from fieldapp.sync.outbox import half_a_reply
from fieldapp.sync.replies import error_of
from fieldapp.sync.upload import GoneError, MovedError

VERSION = "1.0.0"
_GONE = frozenset({404, 410, 460})  # 460: the whole file came to another hash, and was thrown away

Ask = Callable[[str, str, Mapping[str, str], bytes | None], Awaitable[Reply]]  # method, url, headers, body


class Tus:
    """Speaks tus through `ask`; `collection` is where uploads are made."""

    def __init__(self, ask: Ask, collection: str) -> None:
        self._ask = ask
        self._collection = collection

    async def begin(self, size_bytes: int, metadata: Mapping[str, str]) -> str:
        """Make an upload and return its address. Raises SyncError."""
        pairs = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items())
        headers = {"Upload-Length": str(size_bytes), "Upload-Metadata": pairs}
        reply = await self._tus("POST", self._collection, headers)
        if reply.status != 201:
            raise error_of(reply)
        if not reply.headers.get("location"):
            raise half_a_reply()
        return urljoin(self._collection, reply.headers["location"])

    async def offset(self, upload: str) -> int:
        """Return the bytes durably held."""
        return _offset(await self._tus("HEAD", upload, {}))

    async def append(self, upload: str, offset: int, chunk: bytes) -> int:
        """Send `chunk` at `offset`; return the new offset."""
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        reply = await self._tus("PATCH", upload, headers, chunk)
        if reply.status == 409:
            raise MovedError
        return _offset(reply)

    async def _tus(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        return await self._ask(method, url, {"Tus-Resumable": VERSION, **headers}, body)


def _offset(reply: Reply) -> int:
    if reply.status in _GONE:
        raise GoneError
    if reply.status not in (200, 204):
        raise error_of(reply)
    text = reply.headers.get("upload-offset", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise half_a_reply()
    return int(text)
