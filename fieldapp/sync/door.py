"""The network, as small as it gets: one request, one reply. Two adapters behind it, one contract test.

`door_requests` where Python may wait in a thread, `door_fetch` in the browser. Neither follows redirects, keeps
cookies, or raises for a status; both raise Unreachable when there is no whole reply in time, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from checklists.language import N_, sentence
from fieldapp.errors import Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. `timeout_s` bounds the whole of it, or at least each silence."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout_s: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole reply; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Door(Protocol):
    """The way out."""

    async def ask(self, request: Request) -> Reply:
        """Return the reply, whatever its status.

        Raises:
            Unreachable: nobody there, no reply in time, or it broke off.
        """


def no_reply() -> Unreachable:
    """Return the error for a server that does not reply."""
    return Unreachable(
        "no-answer", sentence(N_("The server does not answer. Nothing is lost; it will be tried again by itself."))
    )
