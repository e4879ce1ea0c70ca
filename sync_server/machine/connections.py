"""What one caller may hold of the process: bytes of a head, seconds of silence, connections.

CON-1  The head of a request (its line and headers, and what comes between the parts of a body) has HEAD_BYTES at most:
       431 beyond, 414 where it is the line, and the connection is closed.
CON-2  A head that is not whole after HEAD_S closes the connection; so does a connection on which nothing comes.
CON-3  A body of which nothing comes for IDLE_S, though the server reads, closes it; so does an answer of which nothing
       is taken for IDLE_S, and a body that goes on for so long after its answer.
CON-4  Connections are limited, in all and of one place. Beyond the limit the oldest one without a request gives way.
       Where each has a request, RESERVED more may ask how the server is (HEALTH); all else is answered 503.
CON-5  A proxy that the settings name is no place: everybody comes through it.
CON-6  A head with more than FIELDS parts of its query or cookies is no request (400): the framework keeps what it read
       of the last thousand. Nor is one after PIPELINED that wait already.
CON-7  Nor is one whose Host is badly written: whoever takes an address apart would fail on it, one page after another.

Over uvicorn's own protocol. All of it runs on the event loop.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection
from functools import lru_cache
from ipaddress import IPv6Address
from typing import Any

from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_BYTES = 32_768
HEAD_S = 20.0
IDLE_S = 60.0
FIELDS = 250
PIPELINED = 16
RESERVED = 32
HEALTH = frozenset({"/healthz", "/readyz"})

_HOST = re.compile(rb"(?:\[([0-9A-Fa-f:.]+)\]|[^\x00- \[\]:/?#@\\\x7f-\xff]*)(?::([0-9]{0,5}))?")
_TOO_LONG = {414: b"URI Too Long", 431: b"Request Header Fields Too Large"}


class _RefusedHeadError(Exception):
    """Raised inside the parser, which then ends."""


class Crowd:
    """The open connections of one server, by place, the oldest first."""

    def __init__(
        self, *, most: int, most_of_a_place: int, place_of: Callable[[str], str], proxies: Collection[str] = ()
    ) -> None:
        self._most = most
        self._most_of_a_place = most_of_a_place
        self._place_of = place_of
        self._proxies = frozenset(proxies)
        self._all: dict[BoundedProtocol, str | None] = {}
        self._places: dict[str, dict[BoundedProtocol, None]] = {}
        self._reserve: dict[BoundedProtocol, None] = {}

    def enter(self, one: BoundedProtocol, address: str) -> bool:
        """Take a connection in, another's place where it must (CON-4); False: it may ask for HEALTH only."""
        place = None if address in self._proxies else self._place_of(address)
        of_place = self._places.get(place, {}) if place is not None else {}
        is_one_too_many = False
        if len(of_place) >= self._most_of_a_place:
            is_one_too_many = not _give_way(of_place)
        elif len(self._all) >= self._most:
            is_one_too_many = not _give_way(self._all)
        if is_one_too_many:
            if len(self._reserve) >= RESERVED:
                next(iter(self._reserve)).close()
            self._reserve[one] = None
            return False
        self._all[one] = place
        if place is not None:
            self._places.setdefault(place, {})[one] = None
        return True

    def leave(self, one: BoundedProtocol) -> None:
        """Forget a connection; a repeat is harmless."""
        self._reserve.pop(one, None)
        place = self._all.pop(one, None)
        if place is not None:
            of_place = self._places[place]
            del of_place[one]
            if not of_place:
                del self._places[place]


def _give_way(among: Collection[BoundedProtocol]) -> bool:
    waiting = next((one for one in among if one.is_waiting), None)
    if waiting is not None:
        waiting.close()
    return waiting is not None


@lru_cache(maxsize=64)  # nearly every request names the same
def _is_host(value: bytes) -> bool:
    match = _HOST.fullmatch(value)
    if match is None or int(match[2] or 0) >= 2**16:
        return False
    try:
        return match[1] is None or bool(IPv6Address(match[1].decode()).packed)
    except ValueError:
        return False


class BoundedProtocol(HttpToolsProtocol):
    """One connection, within CON."""

    def __init__(self, *given: Any, crowd: Crowd, **named: Any) -> None:
        super().__init__(*given, **named)
        self._crowd = crowd
        self._is_in = True
        self._is_head_open = True
        self._loose_bytes = 0  # since a head began, or since a part of a body came
        self._timer: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether no request is under way on it."""
        return self.cycle is None or self.cycle.response_complete

    def close(self) -> None:
        """End the connection at once, whatever is under way."""
        self._crowd.leave(self)
        if not self.transport.is_closing():
            self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin, if there is room."""
        super().connection_made(transport)
        self._is_in = self._crowd.enter(self, self.client[0] if self.client else "")
        self._close_after(HEAD_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Make room."""
        self._crowd.leave(self)
        self._stop_timer()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, in pieces no longer than a head may be."""
        piece = memoryview(data)
        while piece and self.transport is not None and not self.transport.is_closing():
            room = HEAD_BYTES - self._loose_bytes
            if room <= 0:
                self._refuse()
                return
            self._loose_bytes += min(room, len(piece))
            super().data_received(piece[:room])  # type: ignore[arg-type] # the parser takes any buffer
            piece = piece[room:]
        self._wait_for_more()

    def on_message_begin(self) -> None:
        """Begin a head."""
        if len(self.pipeline) >= PIPELINED:
            raise _RefusedHeadError
        self._is_head_open = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """End a head, and begin its body."""
        self._is_head_open = False
        self._loose_bytes = 0
        if self.url.count(b"&") >= FIELDS:
            raise _RefusedHeadError
        crumbs = 0
        for name, value in self.headers:
            if name == b"cookie":
                crumbs += value.count(b";")
            elif name == b"host" and not _is_host(value):
                raise _RefusedHeadError
        if crumbs >= FIELDS:
            raise _RefusedHeadError
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._loose_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a body; the next head begins."""
        super().on_message_complete()
        self._is_head_open = True
        self._loose_bytes = 0

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if not self._is_in and cycle.scope["path"] not in HEALTH:
            cycle.keep_alive = False
            app = service_unavailable
        super()._start_asgi_task(cycle, app)

    def pause_writing(self) -> None:
        """Wait for the caller to take what was written, but not for ever."""
        super().pause_writing()
        self._stalled = self.loop.call_later(IDLE_S, self.close)

    def resume_writing(self) -> None:
        """Go on."""
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        super().resume_writing()

    def _wait_for_more(self) -> None:
        """Set the time within which more must come, where more must come."""
        if self.transport is None or self.transport.is_closing():
            return
        if self._is_head_open:
            # Between two requests the time is uvicorn's: none has begun.
            if not self._loose_bytes:
                self._stop_timer()
            elif self._timer is None:
                self._close_after(HEAD_S)
        elif self.cycle is not None and self.cycle.response_complete:
            if self._timer is None:
                self._close_after(HEAD_S)
        else:
            self._close_after(IDLE_S)

    def _close_after(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, self._late)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if self.flow.read_paused:
            self._close_after(IDLE_S)  # it is we who do not read
        else:
            self.close()

    def _refuse(self) -> None:
        """Say that a head is too long, unless an answer is under way, and close."""
        if self.is_waiting and self._is_head_open:
            status = 414 if len(getattr(self, "url", b"")) > HEAD_BYTES // 2 else 431
            words = _TOO_LONG[status]
            self.transport.write(
                b"HTTP/1.1 %d %s\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: %d\r\n\r\n%s"
                % (status, words, len(words), words)
            )
        self.transport.close()
