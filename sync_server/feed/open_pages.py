"""Live events: tells open dashboards that the office feed has grown, in this process and across processes.

EV-1  An event carries ids only; pages read the tables.
EV-2  A wake-up is a hint, the feed is the truth: a subscriber always reads on from its own cursor, so it misses
      nothing when a notification is lost, a listener reconnects, or a browser comes back with `Last-Event-ID`.
EV-3  Between processes that share a PostgreSQL database the hint travels by LISTEN/NOTIFY, and by a poll otherwise.
EV-4  One session listens on STREAMS_OF_A_SESSION pages at most, all together on STREAMS; one more asks again later.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

from sync_server.database.engine import Database
from sync_server.database.queries.changes import ChangeRow, changes_for_office, last_seq

POLL_S = 5.0
STREAMS_OF_A_SESSION = 20
STREAMS = 600


class EventHub:
    """Wakes subscribers of one process. `wake` may be called from any thread."""

    def __init__(self, database: Database, *, poll_s: float = POLL_S) -> None:
        self._database = database
        self._poll_s = poll_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._grown = asyncio.Event()
        self._closed = False
        self._streams: Counter[str] = Counter()

    @property
    def subscribers(self) -> int:
        """How many listen."""
        return self._streams.total()

    def has_room(self, session: str) -> bool:
        """Whether one more page of `session` may listen (EV-4)."""
        return self._streams[session] < STREAMS_OF_A_SESSION and self.subscribers < STREAMS

    def start(self) -> None:
        """Bind the hub to the running event loop."""
        self._loop = asyncio.get_running_loop()

    def wake(self) -> None:
        """Let subscribers look for more. Called by the writer's thread after each commit, or by a listener."""
        if self._loop is not None and self.subscribers and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring)

    def close(self) -> None:
        """End every subscription, so that a stopping server need not wait for open pages."""
        self._closed = True
        self._ring()

    async def subscribe(self, after: int | None = None, *, session: str = "") -> AsyncIterator[list[ChangeRow] | None]:
        """Yield the office's changes after `after` (None: from now), in order, in pages as they come.

        Yields None at least every `poll_s` seconds in which nothing came, for a keep-alive. Ends when the hub closes,
        and at once where there is no room for another page of `session`.
        """
        if not self.has_room(session):
            return
        cursor = await asyncio.to_thread(self._last) if after is None else after
        self._streams[session] += 1
        try:
            while not self._closed:
                grown = self._grown
                page = await asyncio.to_thread(self._read, cursor)
                if page:
                    cursor = page[-1].seq
                    yield page
                    continue
                try:
                    await asyncio.wait_for(grown.wait(), self._poll_s)
                except TimeoutError:
                    yield None
        finally:
            self._streams[session] -= 1
            self._streams += Counter()  # forgets whom nobody listens for

    def _ring(self) -> None:
        rung, self._grown = self._grown, asyncio.Event()
        rung.set()

    def _last(self) -> int:
        with self._database.reading() as db:
            return last_seq(db)

    def _read(self, after: int) -> list[ChangeRow]:
        with self._database.reading() as db:
            return list(changes_for_office(db, after))
