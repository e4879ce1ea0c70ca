"""The door of a server of several editions: finds whose address it is, and lets that edition's application answer.

FRO-1  `/e/NAME/…` is the edition NAME, whole: pages, phones, links, feeds, files. Nothing of one is reached below
       another's name, and none of them knows of the others but by the list that its office sees.
FRO-2  `/` leads to the edition of the latest year; every other page without a name to the one that had these addresses
       before (ROO-2), or to the latest. Devices and programs without a name are answered by the former alone: a phone
       must never come to another edition because a year has passed.
FRO-3  What cannot be opened holds nothing else up. Its pages say so, its phones try again later, the list of editions
       says why; it is tried again a minute later, when somebody asks for it.
FRO-4  A folder that came into the root meanwhile answers without a new start.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from litestar import Litestar
from litestar.types import Receive, Scope, Send
from sqlalchemy.exc import SQLAlchemyError

from checklists.language import N_, Sentence, SentenceError, sentence
from sync_server import clock as clocks
from sync_server.clock import Clock, monotonic_s
from sync_server.config import Config
from sync_server.database.queries.editions import newest_edition
from sync_server.editions import refusals
from sync_server.editions.beginning import begin_next
from sync_server.editions.carrying import carry, lacking
from sync_server.editions.folders import Root
from sync_server.machine.connections import HEALTH
from sync_server.machine.prefixed import Prefixed
from sync_server.pages.switcher import LISTED, ListedEdition
from sync_server.services import NEIGHBOURS, Services

logger = logging.getLogger(__name__)
TRY_AGAIN_S = 60.0
LOOK_S = 60.0  # between two looks for results that are out
TITLES_S = 5.0
_NAMED = re.compile(r"/e/([^/]+)(/.*)?")
_FOR_PROGRAMS = re.compile(r"/(api|odata|openrosa|calendar|app)(/.*)?")
Make = Callable[[Config], Litestar]


@dataclass
class _Open:
    """An edition that answers."""

    name: str
    app: Litestar
    door: Prefixed
    leave: AsyncExitStack
    title: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None

    @property
    def services(self) -> Services:
        services: Services = self.app.state.services
        return services

    def read_title(self) -> None:
        with self.services.database.reading() as db:
            row = newest_edition(db)
        if row is not None:
            self.title, self.year = row.title, row.year


class Front:
    """ASGI application. `make` opens the data folder of a configuration and returns its application."""

    def __init__(self, root: Root, config: Config, make: Make, *, clock: Clock = clocks.now) -> None:
        self.config = config
        self._root = root
        self._make = make
        self._clock = clock
        self._open: dict[str, _Open] = {}
        self._closed: dict[str, tuple[Sentence, float]] = {}
        self._opening = asyncio.Lock()
        self._titles_at = -TITLES_S
        self._tried: dict[tuple[str, str], Sequence[Any]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live as long as the server does."""
        if str(scope["type"]) == "lifespan":
            await self._live(receive, send)
        elif str(scope["type"]) == "http":
            await self._answer(scope, receive, send)

    def let_go(self) -> None:
        """Let open live pages go: the server stops."""
        for each in list(self._open.values()):
            each.services.let_go()

    def services_of(self, name: str) -> Services:
        """Return the parts of an edition that is open. Raises KeyError."""
        return self._open[name].services

    @property
    def closed(self) -> Mapping[str, Sentence]:
        """Why each edition is not open that could not be opened."""
        return {name: why for name, (why, _) in self._closed.items()}

    @property
    def names(self) -> Sequence[str]:
        """The editions that are open, the latest first."""
        return [each.name for each in sorted(self._open.values(), key=_age, reverse=True)]

    async def begin_next(self, source: str, name: str, by: str) -> int:
        """Make the edition that follows `source` and let it answer; return its year.

        Raises:
            EditionError, NoEditionError: as `beginning.begin_next`.
        """
        database = self.services_of(source).database
        year = await asyncio.to_thread(begin_next, self._root, database, name, self._clock(), by)
        await self._opened(name)
        return year

    async def _live(self, receive: Receive, send: Send) -> None:
        tell: Any = send  # of the lifespan's messages; Send is typed for requests alone
        await receive()
        for name in self._root.names():
            await self._opened(name)
        looking = asyncio.create_task(self._look_for_results())
        await tell({"type": "lifespan.startup.complete"})
        try:
            await receive()
        finally:
            looking.cancel()
            for each in self._open.values():
                await each.leave.aclose()
        await tell({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"])
        named = _NAMED.fullmatch(path)
        if named is None:
            await self._without_name(path, scope, receive, send)
            return
        name = named[1]
        edition = self._open.get(name) or await self._opened(name)
        if edition is None:
            await refusals.away(scope, send, named[2] or "/", is_known=name in self._closed)
        elif named[2] is None:
            await refusals.lead(scope, send, f"/e/{name}/")
        else:
            await edition.door(await self._with_list(scope, name), receive, send)

    async def _without_name(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        unnamed = self._open.get(self._root.unnamed() or "")
        if path in HEALTH:
            await self._least_well(scope, receive, send)
        elif _FOR_PROGRAMS.fullmatch(path):
            if unnamed is None:
                await refusals.not_named(send)
            else:
                await unnamed.app(scope, receive, send)
        else:
            await self._titles()
            onward = self._latest() if path == "/" or unnamed is None else unnamed
            if onward is None:
                await refusals.away(scope, send, path, is_known=bool(self._closed))
            else:
                await refusals.lead(scope, send, f"/e/{onward.name}{path}")

    async def _least_well(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the process: as the edition that is worst off does."""
        stopped = (each for each in self._open.values() if not each.services.writer.is_alive)
        edition = next(stopped, None) or self._latest()
        if edition is None:
            await refusals.away(scope, send, "/api/", is_known=True)
        else:
            await edition.app(scope, receive, send)

    async def _opened(self, name: str) -> _Open | None:
        if not self._root.has(name):
            return None
        async with self._opening:
            if name in self._open:
                return self._open[name]
            _, tried_at = self._closed.get(name, (None, -TRY_AGAIN_S))
            if monotonic_s() - tried_at < TRY_AGAIN_S:
                return None
            leave = AsyncExitStack()
            try:
                app = await asyncio.to_thread(self._make, self._config_of(name))
                await leave.enter_async_context(app.lifespan())
                gives_out = "" if name == self._root.unnamed() else None
                edition = _Open(name, app, Prefixed(app, f"/e/{name}", gives_out=gives_out), leave)
                await asyncio.to_thread(edition.read_title)
            except (SentenceError, SQLAlchemyError, OSError) as error:
                await leave.aclose()
                told = {"edition": name, "why": str(error)[:500]}
                logger.error("an edition cannot be opened", extra={"fields": told})
                self._closed[name] = _why_not(error), monotonic_s()
                return None
            self._closed.pop(name, None)
            self._open[name] = edition
            return edition

    def _config_of(self, name: str) -> Config:
        at = "" if name == self._root.unnamed() else f"/e/{name}"
        base = self.config.public_url
        folder = self._root.folder(name)
        return dataclasses.replace(self.config, data_dir=folder, public_url=f"{base}{at}" if base else "")

    async def _with_list(self, scope: Scope, here: str) -> Scope:
        await self._titles()
        listed = [
            ListedEdition(name=each.name, title=each.title, year=each.year, is_here=each.name == here)
            for each in sorted(self._open.values(), key=_age, reverse=True)
        ]
        listed += [
            ListedEdition(name=name, title={}, year=None, problem=why)
            for name, (why, _) in sorted(self._closed.items())
            if self._root.has(name)
        ]
        scope["state"] = {**scope.get("state", {}), LISTED: tuple(listed), NEIGHBOURS: self}
        return scope

    async def _titles(self) -> None:
        if monotonic_s() - self._titles_at < TITLES_S:
            return
        self._titles_at = monotonic_s()
        for each in list(self._open.values()):
            try:
                await asyncio.to_thread(each.read_title)
            except SQLAlchemyError as error:
                logger.warning("the title of an edition cannot be read", exc_info=error)

    def _latest(self) -> _Open | None:
        return max(self._open.values(), key=_age, default=None)

    async def _look_for_results(self) -> None:
        while True:
            in_order = sorted((each for each in self._open.values() if each.year is not None), key=_age)
            for source, target in pairwise(in_order):
                try:
                    await asyncio.to_thread(self._carry, source, target)
                except (SentenceError, SQLAlchemyError, OSError) as error:
                    logger.warning("results could not be carried on; tried again", exc_info=error)
            await asyncio.sleep(LOOK_S)

    def _carry(self, source: _Open, target: _Open) -> None:
        rows = lacking(source.services.database, target.services.database)
        pair = source.name, target.name
        if rows and self._tried.get(pair) != rows:  # what its import has refused is refused again
            self._tried[pair] = rows
            carry(target.services.database, target.services.writer.run_from_thread, rows, self._clock())


def _age(edition: _Open) -> tuple[bool, int, str]:
    return edition.year is not None, edition.year or 0, edition.name


def _why_not(error: Exception) -> Sentence:
    if isinstance(error, SentenceError):
        return error.message
    return sentence(N_("It cannot be opened: {why}"), why=str(getattr(error, "orig", None) or error))
