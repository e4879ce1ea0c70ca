"""Many phones, each with its own token, assignment and connection, send at set moments; and an open dashboard page.

An open loop: who waits for an answer does not hold back what comes next, and a latency counts from the moment at which
the record was due, so that a server that stalls cannot hide it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
from sqlalchemy import insert

from sync_server import clock
from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.people import accounts, sessions
from sync_server.people.permissions import Role
from sync_server.routes.gate import SESSION_COOKIE
from tests.bench.client import Connection
from tests.bench.push import PLACE, document
from tests.builders import an_assignment
from tests.sync_server.season_kit import SET_UP_AT, add_assignment, add_device, add_entrant, add_season

MOST_ERRORS = 50
LOST = (OSError, asyncio.IncompleteReadError, TimeoutError)


def set_up(data: Path, phones: int, entrants: int = 60) -> str:
    """Put a season with `phones` phones into `data`; return the cookie of a coordinator who is signed in."""
    database = Database(Config(data_dir=data).database)
    upgrade(database)
    with database.transaction() as db:
        add_season(db)
        for number in range(entrants):
            add_entrant(db, f"entrant-{number:05d}")
        for phone in range(phones):
            assessor = f"assessor-of-{phone:05d}"
            db.execute(insert(tables.assessors).values(id=assessor, name=assessor, created_at=SET_UP_AT))
            add_device(db, _token(phone), assessor)
            entrant = f"entrant-{phone % entrants:05d}"
            add_assignment(db, an_assignment(id=f"assign-{phone:05d}", entrant_id=entrant, assessor_id=assessor))
        now = clock.now()
        accounts.add_account(
            db, username="office", name="Office", role=Role.COORDINATOR, password_hash="-", entrant_id=None, now=now
        )
        account = db.execute(tables.users.select()).one()
        secret = sessions.open_session(db, account.id, now, lasts=timedelta(hours=12))
    database.close()
    return secret


def _token(phone: int) -> str:
    return f"token-of-phone-{phone:05d}"


@dataclass
class Sent:
    """What became of the records."""

    latencies_s: list[float] = field(default_factory=list)
    acknowledged: dict[str, float] = field(default_factory=dict)  # when, by the monotonic clock
    errors: Counter[str] = field(default_factory=Counter)

    def percentile_ms(self, share: float) -> float:
        """Return the latency that `share` of the records kept to, in ms."""
        return sorted(self.latencies_s)[int(len(self.latencies_s) * share)] * 1000


class Crowd:
    """Phones that send `count` records, `rate` a second, in turn."""

    def __init__(self, url: str, phones: int, entrants: int = 60) -> None:
        self.sent = Sent()
        self._url = url
        self._phones = phones
        self._entrants = entrants
        self._body = document()

    async def send(self, count: int, rate: float) -> None:
        """Send, and return once each record was answered or failed. What fails is not tried again: it is an error.

        After MOST_ERRORS the rest is not sent.
        """
        begun = time.monotonic()
        await asyncio.gather(*(self._phone(number, begun, count, rate) for number in range(self._phones)))

    async def _phone(self, number: int, begun: float, count: int, rate: float) -> None:
        connection = Connection(self._url, _token(number), timeout_s=30)
        for turn in range(number, count, self._phones):
            due = begun + turn / rate
            await asyncio.sleep(max(0, due - time.monotonic()))
            if self.sent.errors.total() > MOST_ERRORS:
                break
            ident = str(uuid.uuid4())
            try:
                answer = await connection.call("PUT", f"/api/v1/assessments/{ident}", self._filled_in(ident, number))
            except LOST as error:
                self.sent.errors[type(error).__name__] += 1
                continue
            at = time.monotonic()
            self.sent.latencies_s.append(at - due)
            if answer.status == 200:
                self.sent.acknowledged[ident] = at
            else:
                self.sent.errors[str(answer.status)] += 1
        connection.close()

    def _filled_in(self, ident: str, number: int) -> bytes:
        body = self._body.replace(PLACE.encode(), ident.encode())
        body = body.replace(b'"entrant-00000"', b'"entrant-%05d"' % (number % self._entrants))
        return body.replace(b'"assign-00000"', b'"assign-%05d"' % number)


class LivePage:
    """A dashboard page that is open: when it was told of which assessment."""

    def __init__(self) -> None:
        self.told: dict[str, float] = {}
        self.is_open = asyncio.Event()
        self._news = asyncio.Event()

    async def listen(self, url: str, cookie: str) -> None:
        """Take events until cancelled."""
        asking = httpx.AsyncClient(base_url=url, cookies={SESSION_COOKIE: cookie}, timeout=60)
        async with asking, asking.stream("GET", "/events") as answer:
            assert answer.status_code == 200, answer
            kind = ""
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                    self.is_open.set()
                elif name == "data" and kind == "assessments":
                    now = time.monotonic()
                    for ident in value.split():
                        self.told.setdefault(ident, now)
                    self._news.set()

    async def until_told(self, idents: set[str], timeout_s: float = 20) -> None:
        """Return once each of `idents` was told; raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while idents - self.told.keys():
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def live_page(url: str, cookie: str) -> AsyncIterator[LivePage]:
    """An open page for the length of a block."""
    page = LivePage()
    listening = asyncio.ensure_future(page.listen(url, cookie))
    try:
        async with asyncio.timeout(20):
            await page.is_open.wait()
        yield page
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
