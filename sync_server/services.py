"""What a running server is made of. Routes take it from `request.app.state.services`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sync_server.clock import Clock
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.writer import Writer
from sync_server.evidence.store import MediaStore
from sync_server.evidence.uploads import Uploads
from sync_server.evidence.workshop import Workshop
from sync_server.exchange.openrosa.collecting import Collecting
from sync_server.feed.open_pages import EventHub
from sync_server.fieldwork.assignments import AssignmentBook
from sync_server.fieldwork.checking import Checking
from sync_server.fieldwork.intake import Intake
from sync_server.fieldwork.record_check import RecordCheck
from sync_server.jobs.worker import Worker
from sync_server.machine.host_names import HostNames
from sync_server.machine.metrics import Metrics
from sync_server.people.day_quota import DayQuota
from sync_server.people.device_tokens import DeviceKeys
from sync_server.people.visitors import Visitors
from sync_server.people.vouching import Provider
from sync_server.season.forms import FormBook
from sync_server.season.observed_time import ObservedTime

NEIGHBOURS = "neighbours"  # where a request's state has the other editions of its server, if there are


class Neighbours(Protocol):
    """The editions of one server, to one of them."""

    async def begin_next(self, source: str, name: str, by: str) -> int:
        """Make the edition that follows `source` at the address `name`, let it answer, and return its year.

        Raises:
            SentenceError: it cannot be made; nothing is left of it.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts routes work with.

    Read with `with services.database.reading() as db`, in a handler of its own thread (`sync_to_thread=True`).
    Write with `await services.writer.run(lambda db: ...)`: durable when it returns; its exceptions are raised here.
    """

    config: Config
    host_names: HostNames
    clock: Clock
    time: ObservedTime
    database: Database
    writer: Writer
    events: EventHub
    forms: FormBook
    assignments: AssignmentBook
    devices: DeviceKeys
    quota: DayQuota
    visitors: Visitors
    provider: Provider | None  # vouches for people of the office, where one is set
    typists: Visitors  # drafts that are kept while somebody types
    papers: Visitors  # files made or read, in processes of their own, for whoever has no account
    records: RecordCheck
    checking: Checking
    intake: Intake
    collecting: Collecting  # what other apps send as an assessor
    media: MediaStore
    uploads: Uploads
    metrics: Metrics
    work: Worker  # pictures and sound, and workbooks that somebody asked for
    workshop: Workshop
    upkeep: Worker  # what the clock sets going: it never waits behind a slow picture
    telling: Worker  # webhooks only: a receiver may let it wait
    mailing: Worker  # letters only: a mail server may let it wait; started only where there is one
    scoring: Worker  # standings only, so that they never wait behind pictures and sound

    def let_go(self) -> None:
        """Let open live pages go: the server stops. From any thread."""
        self.events.close()

    def wake(self) -> None:
        """Let open pages and the workers look for changes. From any thread."""
        self.events.wake()
        self.work.wake()
        self.upkeep.wake()
        self.mailing.wake()
        self.telling.wake()
        self.scoring.wake()
