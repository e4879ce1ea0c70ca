"""The worker: pulls changes from the server, has sent what waits, and waits itself. The one sleep of the app is here.

What the server sent is kept before any listener hears of it; what came of sending, before the next step (`sender`), so
that a killed app goes on where it was.

WKR-1  A token goes to the server that gave it, and to no other. At another address nothing is sent before the phone is
       enrolled there.
WKR-2  What waits is sent however much the server has to tell, and a stop is heeded between two pages.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from msgspec.structs import replace

from checklists.language import N_, Sentence, sentence
from checklists.record.assessment import SyncState
from fieldapp.errors import NotKept, Refused, SignInNeeded, Unreachable
from fieldapp.ids import new_id
from fieldapp.kept import Device, Feed
from fieldapp.line import Line, LineState
from fieldapp.ports import Clock, MediaStore, Server, Store, SyncListener
from fieldapp.sync import changes, outbox
from fieldapp.sync.backoff import LONGEST_S
from fieldapp.sync.counter_queue import CounterQueue
from fieldapp.sync.outbox import Rest
from fieldapp.sync.replies import offset_s
from fieldapp.sync.report import Report
from fieldapp.sync.sender import Sender
from fieldapp.sync.thrift import Thrift

LOG = logging.getLogger(__name__)
LOOK_S = 60  # how often to look for news when all is quiet
PAGES_AT_ONCE, GO_ON_S = 50, 1  # news read before anything is sent, and how soon to read on

Wait = Callable[[asyncio.Event, int | None], Awaitable[None]]

OF_ANOTHER, TRANSFER_WAITS = "device-of-another", "transfer-pending"


async def wait_for(event: asyncio.Event, longest_s: int | None) -> None:
    """Return when `event` is set, at the latest after `longest_s`."""
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(event.wait(), longest_s)


def _chance() -> int:
    return secrets.randbelow(1001)


class Worker:
    """See `fieldapp.ports.Sync` for the contract. `wait` and `chance` are the test's to replace."""

    def __init__(
        self,
        *,
        store: Store,
        media: MediaStore,
        server: Server,
        clock: Clock,
        wait: Wait = wait_for,
        chance: Callable[[], int] = _chance,
        is_metered: Callable[[], bool] = bool,
    ) -> None:
        self._store = store
        self._server = server
        self._clock = clock
        self._wait = wait
        self._chance = chance
        self._report = Report()
        self._thrift = Thrift(store, is_metered)
        self._sender = Sender(store=store, media=media, server=server, clock=clock, chance=chance, report=self._report)
        self._customers = CounterQueue(store, server)
        self._woken = asyncio.Event()
        self._hurry = False
        self._begun = False
        self._stopping = False
        self._address = ""
        self._task: asyncio.Task[None] | None = None
        self._look_at: datetime | None = None
        self._rest: asyncio.Future[object] | None = None  # before the first look; cancelled, it is over

    def listen(self, listener: SyncListener) -> None:
        """Tell `listener` from now on, and at once how it stands."""
        self._report.listen(listener)

    async def start(self, address: str, *, rest: Callable[[], Awaitable[object]] | None = None) -> None:
        """Begin, after a rest, or go on at another address."""
        self._address = address
        await self._bind()
        self._server.use(address=address, token=self._store.device().token if self._is_enrolled_here() else "")
        self._stopping = False
        if not self._begun:
            self._begun = True
            await self._read_again()
        if self._task is None or self._task.done():
            self._rest = asyncio.ensure_future(rest()) if rest else None
            self._task = asyncio.create_task(self._run())
            self._task.add_done_callback(self._ended)
        self.wake()

    def wake(self, *, spends: bool = False) -> None:
        """Look now, waiting times forgotten; `spends`: files leave whatever the connection costs."""
        if spends:
            self._thrift.spend()
            self._end_rest()
        self._hurry = True
        self._woken.set()

    async def stop(self) -> None:
        """Finish the step under way and rest."""
        self._stopping = True
        self._woken.set()
        self._end_rest()
        if self._task:
            await self._task
            self._task = None

    def let_go(self) -> None:
        """Send nothing more, from now on. A request on its way may still arrive; its reply is not waited for."""
        self._stopping = True
        self._end_rest()
        if self._task:
            self._task.cancel()
            self._task = None

    def _end_rest(self) -> None:
        if self._rest is not None:
            self._rest.cancel()

    async def enrol(self, code: str) -> Device:
        """Enrol at the address in use. Another assessor than before, or another server, begins with an empty feed.

        An id that the server knows as another assessor's phone is left to it; this one goes on under a new id.
        A code that does not serve changes nothing: what is sent meanwhile is sent as before.
        """
        device = self._store.device()
        name = device.name or f"phone {device.id[-4:]}"
        try:
            enrolled = await self._server.enrol(code, device.id, name)
        except Refused as error:
            if error.code != OF_ANOTHER:
                raise
            device = replace(device, id=new_id(self._clock.now()))
            enrolled = await self._server.enrol(code, device.id, name)
        is_same = device.assessor_id == enrolled.assessor_id and device.server in ("", self._address)
        if device.assessor_id and not is_same:
            await self._store.save_feed(Feed())
        device = replace(
            device,
            name=name,
            token=enrolled.token,
            server=self._address,
            assessor_id=enrolled.assessor_id,
            assessor_name=enrolled.assessor_name,
            clock_offset_s=offset_s(enrolled.server_time, self._clock.now()) or 0,
        )
        await self._store.save_device(device)
        self._server.use(address=self._address, token=device.token)
        self._report.say(Line())
        self.wake()
        return device

    async def retry(self, assessment_id: str) -> None:
        """Send a refused one again."""
        delivery = self._store.delivery(assessment_id)
        if delivery.state is SyncState.REFUSED:
            await self._sender.keep(outbox.retried(delivery))
        self.wake()

    def _ended(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is None:
            return
        LOG.error("the sync worker ended", exc_info=task.exception())
        message = sentence(N_("Sending has stopped because of a fault in the app. Reload it; nothing is lost."))
        self._report.say(
            replace(self._report.line, state=LineState.WAITING, reason=message, code="sync-stopped", sending=None)
        )

    async def _read_again(self) -> None:
        # What an older version of the app could not read, this one may: changes are applied twice without harm.
        feed = self._store.feed()
        if feed.unread:
            with suppress(NotKept):  # then the next start does it
                await self._store.save_feed(replace(feed, cursor="", unread=()))

    async def _bind(self) -> None:
        """Note whose token it is that an older release kept: it has gone to the server in use."""
        device = self._store.device()
        if device.is_enrolled and not device.server:
            with suppress(NotKept):  # then the next start does it
                await self._store.save_device(replace(device, server=self._address))

    def _is_enrolled_here(self) -> bool:
        device = self._store.device()
        return device.is_enrolled and device.server in ("", self._address)

    async def _run(self) -> None:
        if self._rest is not None:
            await asyncio.wait({self._rest})
            if not self._rest.cancelled():
                self._rest.result()  # raises what went wrong in it
        while not self._stopping:
            self._woken.clear()
            until = await self._round()
            if not self._stopping and not self._woken.is_set():
                await self._wait(self._woken, self._seconds_to(until))

    async def _round(self) -> datetime | None:
        """Do all that can be done now; return when to look again."""
        if not self._is_enrolled_here():
            self._report.say(Line(state=LineState.NOT_ENROLLED, reason=self._where_enrolled()))
            return None
        try:
            await self._hurry_up()
            if self._report.line.state is LineState.SIGN_IN_NEEDED:
                return None
            if not outbox.is_due(self._report.line.next_try_at, self._clock.now()):
                return self._report.line.next_try_at
            await self._pull()
            until = await self._drain()
            await self._customers.send(lambda: self._stopping)
            return until
        except SignInNeeded as problem:
            self._report.say(Line(state=LineState.SIGN_IN_NEEDED, reason=problem.message, code=problem.code))
            return None
        except (Unreachable, Refused, NotKept) as problem:
            return self._report.failed(problem, self._clock.now(), jitter=self._chance())

    def _where_enrolled(self) -> Sentence | None:
        server = self._store.device().server
        if not server:
            return None
        return sentence(
            N_("It is enrolled at {server}. Nothing is sent to another server before it is enrolled there."),
            server=server,
        )

    async def _hurry_up(self) -> None:
        if not self._hurry:
            return
        self._hurry = False
        # Not when it was woken: a look under way then says at its end when the next one is.
        self._look_at = None
        self._report.say(replace(self._report.line, state=LineState.IDLE, next_try_at=None))
        for record in self._store.assessments():
            delivery = self._store.delivery(record.id)
            if delivery.next_try_at:
                await self._sender.keep(outbox.hurried(delivery))

    async def _look_at_transfers(self) -> None:
        """An assignment came: what waits for the coordinator's word on a hand-over need not wait any longer."""
        for record in self._store.assessments():
            delivery = self._store.delivery(record.id)
            if delivery.next_try_at and delivery.code == TRANSFER_WAITS:
                await self._sender.keep(outbox.hurried(delivery))

    async def _pull(self) -> None:
        now = self._clock.now()
        if not outbox.is_due(self._look_at, now):
            return
        self._report.say(replace(self._report.line, state=LineState.BUSY))
        look_s = GO_ON_S
        for _ in range(PAGES_AT_ONCE):
            if self._stopping:
                return
            before = self._store.feed().cursor
            page = await self._server.changes(before)
            heard_at = self._clock.now()  # before anything is kept: that takes its time
            for form in changes.forms_of(page):
                await self._store.save_form(form)
            feed = changes.applied(self._store.feed(), page)
            if feed != self._store.feed():
                await self._store.save_feed(feed)
                self._report.feed(feed)
            await self._note_clock(page.server_time, heard_at)
            if any(change.kind == "assignment" for change in page.changes):
                await self._look_at_transfers()
            if not page.more or feed.cursor == before:
                # A server that has more, and says no more, has nothing to say now.
                look_s = LOOK_S
                break
        self._report.contacted(self._clock.now())
        self._look_at = self._clock.now() + timedelta(seconds=look_s)

    async def _drain(self) -> datetime | None:
        while not self._stopping:
            parcels, wait = self._sender.open_parcels(), self._thrift.files_wait()
            step = outbox.next_step(parcels, self._report.line, self._clock.now(), files_wait=wait)
            if isinstance(step, Rest):
                self._thrift.rests(step)
                self._report.rests(files_wait=step.files_wait)
                return min(filter(None, (step.until, self._look_at)), default=None)
            await self._sender.take(step)
        return None

    async def _note_clock(self, server_time: datetime | None, heard_at: datetime) -> None:
        device = self._store.device()
        offset = offset_s(server_time, heard_at)
        # A few seconds are the network's; only a real change is worth a write.
        if offset is not None and abs(offset - device.clock_offset_s) > 5:
            await self._store.save_device(replace(device, clock_offset_s=offset))

    def _seconds_to(self, until: datetime | None) -> int | None:
        until_s = None if until is None else -((self._clock.now() - until) // timedelta(seconds=1))
        return None if until_s is None else min(LONGEST_S, max(0, until_s))
