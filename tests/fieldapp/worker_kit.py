"""A device in memory, a clock that moves only when the worker waits, a listener that remembers, and a bench of them."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime, timedelta

from msgspec.structs import replace

from checklists.record.assessment import Assessment, RecordStatus, SyncState
from fieldapp.kept import Delivery, Feed
from fieldapp.line import Line
from fieldapp.storage import FileMedia, Keeper, TinyStore
from fieldapp.sync.worker import Worker
from tests.builders import NOON, an_assessment, at, evidence
from tests.fieldapp.memory_store import MemoryFolder
from tests.fieldapp.sync_double import FakeServer, SyncDouble


class StoppedClock:
    """Time passes when the worker waits, as much as it asked for. `idle` is set once it waits with nothing unsent."""

    def __init__(self) -> None:
        self.moment = NOON
        self.idle = asyncio.Event()
        self.waits: list[int | None] = []
        self.worker: Worker | None = None
        self.store: TinyStore | None = None

    @property
    def start(self) -> str:
        return "start-1"

    def now(self) -> datetime:
        return self.moment

    def monotonic_s(self) -> int:
        return int((self.moment - NOON).total_seconds())

    def pass_s(self, seconds: int) -> None:
        self.moment += timedelta(seconds=seconds)

    async def until_idle(self, woken: asyncio.Event, longest_s: int | None) -> None:
        """The worker's wait: over at once, the clock moved on; a wait for a person is a person's tap on "try now"."""
        self.waits.append(longest_s)
        if self._is_done():
            self.idle.set()
            await woken.wait()
        elif longest_s is None:
            assert self.worker
            self.worker.wake()
        else:
            self.pass_s(longest_s)

    def _is_done(self) -> bool:
        assert self.store
        states = {self.store.delivery(record.id).state for record in self.store.assessments()}
        return states <= {SyncState.SAFE, SyncState.REFUSED}


class Device:
    """A device's storage."""

    def __init__(self) -> None:
        self.folder = MemoryFolder()
        keeper = Keeper(self.folder)
        self.store = TinyStore(keeper)
        self.media = FileMedia(keeper)


async def a_device(*, token: str = "known") -> Device:
    device = Device()
    await device.store.open()
    await device.store.save_device(replace(device.store.device(), token=token, assessor_id="assessor-1"))
    return device


async def kept_on_device(device: Device, name: str, photos: list[bytes], revision: int = 1) -> Assessment:
    """A finished visit with its photos, on the device."""
    hashes = [await device.media.keep(photo) for photo in photos]
    record = an_assessment(
        id=name,
        revision=revision,
        status=RecordStatus.FINISHED,
        finished_at=at(10),
        evidence=tuple(evidence(f"Q{n}", sha256=sha256) for n, sha256 in enumerate(hashes)),
    )
    await device.store.save(record)
    return record


class Listener:
    """Remembers everything it was told."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.deliveries: list[Delivery] = []
        self.feeds: list[Feed] = []

    def on_line(self, line: Line) -> None:
        self.lines.append(line)

    def on_delivery(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)

    def on_feed(self, feed: Feed) -> None:
        self.feeds.append(feed)


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Bench:
    """A device, a server and a worker between them."""

    def __init__(self, device: Device, double: SyncDouble) -> None:
        self.device, self.double = device, double
        self.server = FakeServer(double)
        self.clock = StoppedClock()
        self.listener = Listener()
        self.worker = self.new_worker()

    def new_worker(self) -> Worker:
        worker = Worker(
            store=self.device.store,
            media=self.device.media,
            server=self.server,
            clock=self.clock,
            wait=self.clock.until_idle,
            chance=lambda: 500,
        )
        self.clock.worker, self.clock.store = worker, self.device.store
        worker.listen(self.listener)
        return worker

    async def run(self) -> None:
        """Let the worker run until nothing is left to do."""
        self.clock.idle.clear()
        await self.worker.start("http://server")
        await self.clock.idle.wait()
        await self.worker.stop()

    def state(self, name: str = "one") -> SyncState:
        return self.device.store.delivery(name).state
