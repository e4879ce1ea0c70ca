"""The whole app: who is signed in, what is to do, what is on its way, and the settings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from checklists.language import N_, Sentence, sentence
from checklists.record.assessment import Assessment, MediaKind, RecordStatus, SyncState
from checklists.record.sheet import SheetError
from fieldapp import installed
from fieldapp.errors import NotKept, OpenElsewhere, SyncError
from fieldapp.kept import Counter, Delivery, Device, Feed, Take
from fieldapp.line import Line
from fieldapp.ports import SetAside
from fieldapp.state import recorder as sound
from fieldapp.state.address import MADE_FOR_ANOTHER, code_in, server_in
from fieldapp.state.call import Stage
from fieldapp.state.captures import Captures
from fieldapp.state.custody import Custody
from fieldapp.state.notices import Notice, NoticeKind
from fieldapp.state.one_at_a_time import OneAtATime
from fieldapp.state.reading import reading_of
from fieldapp.state.recorder import PIECE_S, Recorder
from fieldapp.state.rows import Due, SyncItem, VisitRow
from fieldapp.state.screen_lock import ScreenLock
from fieldapp.state.shelf import Shelf
from fieldapp.state.sync_log import SyncLog

if TYPE_CHECKING:
    from fieldapp.state.hand_over import HandOvers
    from fieldapp.state.kiosk import Kiosk
    from fieldapp.state.visit import Visit


REST_S, LONGEST_REST_S = 1.5, 5  # of sending, after the first screen stands, and where nobody says that it does


class Phase(StrEnum):
    """Which screen the app as a whole is on."""

    STARTING = "starting"
    BLOCKED = "blocked"  # `blocked` says why: open in another tab, or no storage
    ENROL = "enrol"
    READY = "ready"


@dataclass(eq=False)
class App(Custody):
    """Observable. `App(ports, origin="https://host")`, then `await app.start()`."""

    first_rows: int = 0  # where a start is waited for: so many visits are drawn before all others, and before sending
    phase: Phase = Phase.STARTING
    blocked: Sentence | None = None
    device: Device | None = None
    zone: ZoneInfo | None = None  # the programme's; None while its rules are not here or cannot be read here
    rows: tuple[VisitRow, ...] = ()  # grouped: sorted by group, then due
    minute: datetime | None = None  # the server's time, as far as it is known
    clock_off_s: int = 0  # how far the server's clock is ahead of the phone's, where that is worth a word
    visit: Visit | None = None  # the one that is open
    counter: Counter | None = None  # at which this phone asks customers
    line: Line = field(default_factory=Line)
    items: tuple[SyncItem, ...] = ()  # finished assessments: unsent first
    set_aside: tuple[SetAside, ...] = ()
    recorder: Recorder = field(init=False, repr=False)
    captures: Captures = field(init=False, repr=False)
    lock: ScreenLock = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.recorder = Recorder(self.ports, self._keep_take, lambda problem: self._tell(Notice.of(problem)))
        self.captures = Captures(self.ports, self._tell)
        self.lock = ScreenLock(self.ports, self._tell)
        self._shelf = Shelf(self.ports.store, self.ports.clock)
        self._log = SyncLog()
        self._drawn, self._enrolling = asyncio.Event(), OneAtATime()

    @property
    def groups(self) -> tuple[tuple[Due, tuple[VisitRow, ...]], ...]:
        """Return the rows by group, empty groups left out, in the order of `Due`."""
        return tuple((due, tuple(rows)) for due, rows in groupby(self.rows, key=lambda row: row.due))

    async def start(self, opening: Awaitable[tuple[SetAside, ...]] | None = None) -> bool:
        """Open the storage and show what is there; begins to sync when enrolled. Never raises AppError.

        `opening`: where somebody has begun to open the store already.
        """
        try:
            self.set_aside = await (opening or self.ports.store.open())
        except (OpenElsewhere, NotKept) as problem:
            self.blocked = problem.message
            self.phase = Phase.BLOCKED
            return False
        self.settings = self.ports.store.settings()
        self.device = self.ports.store.device()
        self.lock.begin()
        self._look()
        self.phase = Phase.READY if self.device.is_enrolled else Phase.ENROL
        if self.set_aside:
            message = N_("Unreadable files on this device were set aside: {count}. Everything else is complete.")
            self._say(NoticeKind.WARNING, "files-set-aside", sentence(message, count=len(self.set_aside)))
        if kept := await self.recorder.recover():
            message = N_("Recordings that were cut off are kept with their visits: {count}.")
            self._say(NoticeKind.WARNING, "recording-kept", sentence(message, count=kept))
        self.captures.look()
        self.ports.sync.listen(self)
        await self.ports.sync.start(self.server, rest=self._until_drawn if self.first_rows else None)
        await self.drop_old_media()
        return True

    async def enrol(self, code: str) -> bool:
        """Enrol this device with a one-time code (or the whole enrolment link). What is on the device stays.

        False at once while it is under way: of two, the phone might keep the token that the other has ended.
        """
        return await self._enrolling.run(lambda: self._enrol(code))

    async def _enrol(self, code: str) -> bool:
        address = server_in(code)
        if self._is_risky(address or self.server):
            return False
        if address and address != self.server and not await self.choose_server(address):
            return False
        try:
            self.device = await self.ports.sync.enrol(code_in(code))
        except (SyncError, NotKept) as problem:
            self.notice = Notice.of_enrolling(problem)
            return False
        self.notice = None
        self._look()
        self.phase = Phase.READY
        return True

    async def open_visit(self, assignment_id: str) -> bool:
        """Show an assignment's assessment in `visit`, not yet stored while nothing was entered."""
        assignment = self.ports.store.feed().assignments.get(assignment_id)
        if assignment is None:
            message = sentence(N_("This visit is not on this device. Look for news on the visits list."))
            self._say(NoticeKind.WARNING, "visit-unknown", message)
            return False
        assessment = self._shelf.assessment_of(assignment, installed.version())
        context = self._shelf.context(assignment)
        try:
            reading = reading_of(assessment, context, self._shelf.now())
        except SheetError:
            message = sentence(
                N_("The checklist of this visit has not arrived yet. Connect to the network and refresh.")
            )
            self._say(NoticeKind.WARNING, "form-missing", message)
            return False
        from fieldapp.state.visit import Visit  # noqa: PLC0415 - what one does in a visit is not needed to list them

        self.visit = Visit(
            assessment=assessment,
            assignment=assignment,
            reading=reading,
            delivery=self._shelf.delivery(assessment),
            review=self._shelf.review(assessment),
            _ports=self.ports,
            _context=context,
            _tell=self._tell,
            _kept=self._on_kept,
        )
        return True

    async def sync_now(self) -> bool:
        """Try now, waiting times forgotten."""
        self.ports.sync.wake()
        return True

    async def send_all(self) -> bool:
        """Try now, files on a connection that is paid by size as well."""
        self.ports.sync.wake(spends=True)
        return True

    async def retry(self, assessment_id: str) -> bool:
        """Send a refused assessment again: the coordinator has put something right."""
        try:
            await self.ports.sync.retry(assessment_id)
        except NotKept as problem:
            self.notice = Notice.of(problem)
            return False
        return True

    def hand_overs(self) -> HandOvers:
        """Return what hands a visit on to another phone, and takes one over."""
        from fieldapp.state.hand_over import HandOvers  # noqa: PLC0415 - a hand-over is for a rare day, the start is every day's

        return HandOvers(self.ports, self._tell, self._look)

    def kiosk(self) -> Kiosk:
        """Return what asks the customers of this phone's counter."""
        from fieldapp.state.kiosk import Kiosk  # noqa: PLC0415 - few phones stand at a counter

        return Kiosk(self.ports, self._tell)

    async def sign_out(self) -> bool:
        """Forget everything. False with a notice while unsent work is neither safe nor exported as it stands now."""
        message = N_("Visits only on this phone: {count}. Finish and send them, or export them first; then sign out.")
        if self._is_kept_here_alone(message):
            return False
        await self.recorder.stop()
        await self.ports.sync.stop()
        try:
            await self.ports.store.wipe()
        except NotKept as problem:
            self.notice = Notice.of(problem)
            await self.ports.sync.start(self.server)
            return False
        self.visit = None
        self.device = self.ports.store.device()
        self.lock.begin()
        await self._choose(replace(self.settings, phrases=None))
        self._look()
        self.phase = Phase.ENROL
        await self.ports.sync.start(self.server)
        return True

    def on_drawn(self) -> None:
        """The first screen stands."""
        self._drawn.set()

    async def _until_drawn(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._drawn.wait(), LONGEST_REST_S)
        await asyncio.sleep(REST_S)

    def look_again(self) -> None:
        """Time has passed, or the clock was moved: what is due, and the open visit, are worked out anew."""
        if self.phase in (Phase.ENROL, Phase.READY):
            self.lock.look(is_busy=self._is_busy())
            self._look()
            if self.visit is not None:
                self.visit.look_again()

    def _is_busy(self) -> bool:
        """Whether a call or a recording runs."""
        in_a_call = self.visit is not None and self.visit.stage[0] not in (Stage.READY, Stage.ENDED)
        return in_a_call or self.recorder.stage is sound.Stage.RUNNING

    def on_line(self, line: Line) -> None:
        """It stands with the server like this now."""
        self.line = line
        self._log.line(line, self.ports.clock.now())

    def sync_log(self) -> str:
        """Return how it stands and stood with the server, with nothing personal in it."""
        now, version = self.ports.clock.now(), installed.version()
        return self._log.text(version=version, device=self.device, line=self.line, items=self.items, at=now)

    def on_delivery(self, delivery: Delivery) -> None:
        """One assessment has got this far."""
        self._log.delivery(delivery, self.ports.clock.now())
        self._look()
        if delivery.state is SyncState.REFUSED and delivery.reason:
            self._say(NoticeKind.PROBLEM, delivery.code, delivery.reason)
        if self.visit and self.visit.assessment.id == delivery.assessment_id:
            self.visit.delivery = self._shelf.delivery(self.visit.assessment)

    def on_feed(self, feed: Feed) -> None:
        """The server sent something new."""
        self._look()
        if self.visit and self.visit.assignment.id in feed.assignments:
            context = self._shelf.context(feed.assignments[self.visit.assignment.id])
            self.visit.renew(context, self._shelf.review(self.visit.assessment))

    async def record(self, kind: MediaKind) -> bool:
        """Open the microphone for the open visit; its record is kept first, so that a cut leaves the sound a home."""
        visit = self.visit
        if visit is None or not visit.may_record(kind) or not await visit.keep():
            return False
        return await self.recorder.begin(visit.assessment.id, kind)

    async def _keep_take(self, take: Take, data: bytes) -> bool:
        """Keep a whole recording with its visit, open or not; False where that takes nothing any more."""
        ran_s = max(1, len(self.ports.takes.pieces(take)) * PIECE_S)
        if self.visit and self.visit.assessment.id == take.assessment_id:
            return await self.visit.add_sound(data, take.content_type, kind=take.kind, ran_s=ran_s)
        from fieldapp.state.left_recordings import keep_apart  # noqa: PLC0415 - for a recording that was cut off

        refused = await keep_apart(self.ports, take, data, ran_s)
        if refused:
            self._say(NoticeKind.WARNING, "recording-left", refused)
            return False
        self._look()
        return True

    def _on_kept(self, assessment: Assessment) -> None:
        self.lock.touch()
        self._look()
        if self.visit and self.visit.assessment.id == assessment.id:
            self.visit.delivery = self._shelf.delivery(assessment)
        if assessment.status is not RecordStatus.DRAFT or assessment.is_given:
            self.ports.sync.wake()

    def _is_risky(self, server: str) -> bool:
        """Say no to enrolling at another server than before while visits made for that one would go there."""
        enrolled_at = self.ports.store.device().server
        return enrolled_at not in ("", server) and self._is_kept_here_alone(MADE_FOR_ANOTHER, server=enrolled_at)

    def _look(self) -> None:
        shelf = self._shelf
        rows, items = shelf.visit_rows(), shelf.sync_items()
        seen: dict[str, object] = {
            "zone": shelf.zone(),
            "minute": shelf.minute(),
            "rows": rows,
            "items": items,
            "counter": self.ports.store.feed().counter,
            "clock_off_s": shelf.clock_off_s(),
        }
        for name, value in seen.items():
            if value != getattr(self, name):
                setattr(self, name, value)
