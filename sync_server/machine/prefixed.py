"""An application that answers below a prefix, `/e/2027`, without knowing it: several in one process, one address each.

PRE-1  Inside, every address is as if the application stood alone: `/today`, `/api/v1/changes`.
PRE-2  What leaves carries the prefix: addresses in attributes of our own pages, where an answer sends a reader on, the
       path that a cookie is for and how far a service worker reaches. So no browser gives one edition's session to
       another, and two of them can be open side by side.
PRE-3  What people typed stays as they typed it: in a page, quotes that somebody typed are escaped, so that no typed
       word reads as an attribute.
PRE-4  Of two cookies of one name the one for the longer path counts: browsers send it first. An older one, from before
       the data had a prefix, opens nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from litestar.types import ASGIApp, HTTPResponseBodyEvent, HTTPResponseStartEvent, Message, Receive, Scope, Send

ADDRESSED_AT = "addressed_at"  # in the scope's state: what the addresses begin with that it gives to others
ELSEWHERE = "/e/"  # no page inside begins so: an address that does is another application's, and stays
_ATTRIBUTE = re.compile(rb"""(\s(?:href|action|formaction|src|data-(?:events|live-rows|draft-at))=["'])/(?![/\\]|e/)""")
_FOR_ALL = re.compile(rb"(;\s*path=)/(?=;|$)", re.IGNORECASE)
_SENDS_ON = frozenset({b"location", b"service-worker-allowed"})
Header = tuple[bytes, bytes]


class Prefixed:
    """ASGI middleware around one application."""

    def __init__(self, app: ASGIApp, prefix: str, *, gives_out: str | None = None) -> None:
        """Answer at `prefix`, such as "/e/2027": it begins with a slash and ends without one.

        `gives_out` is what links for others begin with, where that is not the prefix.
        """
        self._app = app
        self._prefix = prefix
        self._gives_out = prefix if gives_out is None else gives_out
        self._raw = prefix.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request whose path begins with the prefix."""
        within: dict[str, Any] = {
            **scope,
            "path": str(scope["path"]).removeprefix(self._prefix) or "/",
            "raw_path": (scope.get("raw_path") or b"").removeprefix(self._raw) or b"/",
            "headers": list(_first_of_each_cookie(scope["headers"])),
        }
        within["state"] = {**scope.get("state", {}), ADDRESSED_AT: self._gives_out}
        answer = _Answer(send, self._raw, is_head=scope.get("method") == "HEAD")
        await self._app(within, receive, answer.send)  # type: ignore[arg-type]


class _Answer:
    """What leaves: headers at once, but for a page, which is held until it is whole."""

    def __init__(self, send: Send, prefix: bytes, *, is_head: bool) -> None:
        self._send = send
        self._prefix = prefix
        self._is_head = is_head
        self._held: HTTPResponseStartEvent | None = None
        self._parts: list[bytes] = []

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [self._header(*header) for header in message["headers"]]
            if _is_page(message["headers"]):
                self._held = message
                return
        elif message["type"] == "http.response.body" and self._held is not None:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body"):
                await self._send_page(self._held)
            return
        await self._send(message)

    async def _send_page(self, start: HTTPResponseStartEvent) -> None:
        body = _ATTRIBUTE.sub(rb"\1" + self._prefix + b"/", b"".join(self._parts))
        kept = [header for header in start["headers"] if header[0].lower() != b"content-length"]
        # Without the page nobody knows how long it would be.
        length = [] if self._is_head else [(b"content-length", str(len(body)).encode())]
        start["headers"] = [*kept, *length]
        await self._send(start)
        whole: HTTPResponseBodyEvent = {"type": "http.response.body", "body": body, "more_body": False}
        await self._send(whole)

    def _header(self, name: bytes, value: bytes) -> Header:
        known = name.lower()
        if known in _SENDS_ON and value.startswith(b"/") and not value.startswith((b"//", ELSEWHERE.encode())):
            return name, self._prefix + value
        if known == b"set-cookie":
            return name, _FOR_ALL.sub(rb"\1" + self._prefix, value)
        return name, value


def _is_page(headers: Iterable[Header]) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers)


def _first_of_each_cookie(headers: Iterable[Header]) -> Iterable[Header]:
    seen: set[bytes] = set()
    for name, value in headers:
        if name.lower() != b"cookie":
            yield name, value
            continue
        kept = []
        for crumb in value.split(b";"):
            key = crumb.partition(b"=")[0].strip()
            if key not in seen:
                seen.add(key)
                kept.append(crumb.strip())
        yield name, b"; ".join(kept)
