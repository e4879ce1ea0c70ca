"""A server that is told to stop looks at it every tenth of a second, waits another for connections, and a third for its
listener: in a test that starts one, most of what its end takes. Here it looks more often."""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn.server

from sync_server.database import notices

LONGEST_S = 0.01


class _Asyncio:
    """The library as uvicorn's server sees it: with shorter rests."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    async def sleep(delay: float) -> None:
        await asyncio.sleep(min(delay, LONGEST_S))


def stop_at_once() -> None:
    """Have every server of this process end as soon as it may."""
    uvicorn.server.asyncio = _Asyncio()  # type: ignore[attr-defined]
    notices.LOOK_UP_S = LONGEST_S
