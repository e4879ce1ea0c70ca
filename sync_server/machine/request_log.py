"""Every request gets an id, one line in the log and its place in the metrics.

LOG-1  A line holds method, route template, status, duration and request id: no address, no id, no name, no secret.
LOG-2  The id is the caller's `X-Request-Id` where that is short and plain, else a new one; it is answered, and kept in
       `scope["state"]["request_id"]`.
"""

from __future__ import annotations

import itertools
import logging
import re
import secrets
from collections.abc import Callable

from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send, WebSocketReceiveMessage

from sync_server.clock import monotonic_s
from sync_server.machine.metrics import Metrics

logger = logging.getLogger("sync_server.requests")
HEADER = b"x-request-id"
UNMATCHED = "(no route)"
CALLER_GONE = 499  # left before it could be answered: a phone in a lift, no fault of the server
# Asking the system for randomness at every request would let go of the interpreter each time.
_PROCESS = secrets.token_hex(5)
_NUMBERS = itertools.count(1)
_PLAIN = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class RequestLog:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._known: dict[tuple[str, str, int], tuple[Callable[[], None], Callable[[float], None]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it went."""
        if str(scope["type"]) != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        begun = monotonic_s()
        status = 500
        is_gone = False

        async def hearing() -> HTTPReceiveMessage | WebSocketReceiveMessage:
            nonlocal is_gone
            message = await receive()
            is_gone = is_gone or message["type"] == "http.disconnect"
            return message

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = CALLER_GONE if is_gone else message["status"]
                message["headers"] = [*message["headers"], (HEADER, request_id.encode())]
            await send(message)

        try:
            await self._app(scope, hearing, noting)
        finally:
            self._note(scope, status, monotonic_s() - begun, request_id)

    def _note(self, scope: Scope, status: int, taken_s: float, request_id: str) -> None:
        route = str(scope.get("path_template") or UNMATCHED)
        method = str(scope.get("method", ""))
        count, observe = self._counters(method if method in _METHODS else "other", route, status)
        count()
        observe(taken_s)
        level = logging.ERROR if status == 500 else logging.WARNING if status > 500 else logging.INFO
        if logger.isEnabledFor(level):
            fields = {"method": method, "route": route, "status": status, "duration_ms": round(taken_s * 1000, 1)}
            logger.log(level, "request", extra={"fields": fields | {"request_id": request_id}})

    def _counters(self, method: str, route: str, status: int) -> tuple[Callable[[], None], Callable[[float], None]]:
        known = self._known.get((method, route, status))
        if known is None:
            counter = self._metrics.requests.labels(method, route, status)
            known = self._known[method, route, status] = counter.inc, self._metrics.latency.labels(route).observe
        return known


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == HEADER and _PLAIN.fullmatch(value):
            return value.decode()
    return f"{_PROCESS}-{next(_NUMBERS):x}"
