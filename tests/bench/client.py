"""A small HTTP/1.1 client for load: one keep-alive connection, whole answers, nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


class Pieces(NamedTuple):
    """A body that is sent piece by piece. What `parts` raises cuts the connection."""

    parts: AsyncIterable[bytes]
    size_bytes: int


class Connection:
    """One connection, opened anew when it was lost."""

    def __init__(self, url: str, token: str = "", timeout_s: float = 60, *, address: str = "") -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._common = f"Host: {parts.netloc}\r\n" + (f"Authorization: Bearer {token}\r\n" if token else "")
        self._timeout_s = timeout_s
        self._from = (address, 0) if address else None
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def call(
        self, method: str, path: str, body: bytes | Pieces = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request and return its whole answer. Raises OSError or asyncio.IncompleteReadError when cut."""
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._call(method, path, body, headers or {})
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Drop the connection."""
        if self._streams:
            self._streams[1].transport.abort()
            self._streams = None

    async def _call(self, method: str, path: str, body: bytes | Pieces, headers: Mapping[str, str]) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port, limit=1 << 20, local_addr=self._from)
        reader, writer = self._streams
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        size_bytes = body.size_bytes if isinstance(body, Pieces) else len(body)
        head = f"{method} {path} HTTP/1.1\r\n{self._common}{lines}Content-Length: {size_bytes}\r\n\r\n"
        if isinstance(body, Pieces):
            writer.write(head.encode("latin-1"))
            async for part in body.parts:
                writer.write(part)
                await writer.drain()
        else:
            writer.write(head.encode("latin-1") + body)
        first = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        told = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in first[1:] if line)}
        status = int(first[0].split(" ", 2)[1])
        length = 0 if method == "HEAD" or status in (204, 304) else int(told.get("content-length", "0"))
        data = await reader.readexactly(length) if length else b""
        if told.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, told, data)
