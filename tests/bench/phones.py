"""Phones that push as fast as they are answered, and cost as little as a load generator can.

The clients of a bench share the processors with the server, so what they spend is missing there. Each request is made
before the clock starts, as a phone sends it: head, then the whole record, on a connection that is kept. While the clock
runs a phone writes, waits for the whole answer, notes the moment and writes the next; what the answers say is looked at
once it has stopped. The same phones push to whatever servers are compared.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import cast
from urllib.parse import urlsplit

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"


def request(url: str, token: str, path: str, body: bytes) -> bytes:
    """Return the bytes of one PUT of a JSON `body`."""
    head = f"PUT {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nAuthorization: Bearer {token}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode("latin-1") + body


async def push_all(url: str, requests: Sequence[bytes], phones: int) -> tuple[float, list[float]]:
    """Send `requests` over as many connections as there are `phones`; return the seconds taken, and of each answer.

    Raises:
        AssertionError: an answer was not 200, or a connection was lost.
    """
    loop, where = asyncio.get_running_loop(), urlsplit(url)
    left = iter(requests)
    made = [
        cast("_Phone", (await loop.create_connection(lambda: _Phone(left), where.hostname, where.port))[1])
        for _ in range(phones)
    ]
    begun = time.perf_counter()
    for phone in made:
        phone.go_on()
    await asyncio.gather(*(phone.done for phone in made))
    taken_s = time.perf_counter() - begun
    for phone in made:
        phone.close()
        for answer in phone.answers:
            assert answer.startswith(b"HTTP/1.1 200 "), answer
    latencies = [latency for phone in made for latency in phone.latencies]
    assert len(latencies) == len(requests), "a connection was lost"
    return taken_s, latencies


class _Phone(asyncio.Protocol):
    """One connection, which takes the next of the requests that are left whenever it has been answered."""

    def __init__(self, left: Iterator[bytes]) -> None:
        self._left = left
        self._came = b""
        self._asked_s = 0.0
        self.latencies: list[float] = []
        self.answers: list[bytes] = []
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def go_on(self) -> None:
        """Send the next request; without one it is done."""
        sending = next(self._left, None)
        if sending is None:
            self.done.set_result(None)
        else:
            self._asked_s = time.perf_counter()
            self._transport.write(sending)

    def data_received(self, data: bytes) -> None:
        self._came += data
        if len(self._came) >= _size_of(self._came):
            self.latencies.append(time.perf_counter() - self._asked_s)
            self.answers.append(self._came)
            self._came = b""
            self.go_on()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def close(self) -> None:
        """End the connection."""
        self._transport.abort()


def _size_of(came: bytes) -> int:
    """Return how long the answer is that begins so; longer than what came while that does not say."""
    end = came.find(END_OF_HEAD)
    if end < 0:
        return len(came) + 1
    at = came.lower().find(LENGTH, 0, end) + len(LENGTH)
    return end + len(END_OF_HEAD) + int(came[at : came.index(b"\r\n", at)])
