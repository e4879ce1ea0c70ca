"""The one recording under way. It belongs to the app and to its visit, not to the screen it was begun on.

REC-1  Each piece of about a second is durable before the next is taken: what a cut costs is at most the last two.
REC-2  However it ends (stopped, the screen left, the microphone taken away, the app killed) what was recorded is kept
       with its visit: at once, or at the next start.
REC-3  It ends by itself at `LONGEST_S`.
REC-4  While it is paused nothing is heard, and its file goes on where it was; it may be stopped from there.
REC-5  One microphone at a time, however often it is tapped: a second would go on listening after the first is closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

import flet as ft

from checklists.record.assessment import MediaKind
from fieldapp.errors import AppError, NotSound
from fieldapp.ids import new_id
from fieldapp.kept import Take
from fieldapp.ports import Ports
from fieldapp.state.one_at_a_time import OneAtATime

LONGEST_S = 30 * 60
PIECE_S = 1
METER_S = 0.2

KeepTake = Callable[[Take, bytes], Awaitable[bool]]


class Stage(StrEnum):
    """How far the recording is."""

    IDLE = "idle"
    RUNNING = "running"
    KEEPING = "keeping"
    FAILED = "failed"


@dataclass(eq=False)
class Recorder(ft.Observable):
    """Observable. `keep` puts a take with its visit and says whether it did; `tell` shows what went wrong."""

    ports: Ports = field(repr=False)
    keep: KeepTake = field(repr=False)
    tell: Callable[[AppError], None] = field(repr=False)
    stage: Stage = Stage.IDLE
    take: Take | None = None
    seconds: int = 0  # of the take that are durable
    is_paused: bool = False
    level: int = 0  # how loud it is, 0 to 100
    _pieces: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue, repr=False)  # None: it ended
    _work: asyncio.Task[None] | None = field(default=None, repr=False)
    _meter: asyncio.Task[None] | None = field(default=None, repr=False)
    _beginning: OneAtATime = field(default_factory=OneAtATime, repr=False)

    async def begin(self, assessment_id: str, kind: MediaKind) -> bool:
        """Open the microphone for a visit whose record is kept already. False while another take runs, or with none."""
        return await self._beginning.run(lambda: self._begin(assessment_id, kind))

    async def _begin(self, assessment_id: str, kind: MediaKind) -> bool:
        if self.stage in (Stage.RUNNING, Stage.KEEPING):
            return False
        pieces = self._pieces = asyncio.Queue()
        now = self.ports.clock.now()
        try:
            content_type = await self.ports.microphone.start(pieces.put_nowait, lambda: pieces.put_nowait(None))
            take = Take(id=new_id(now), assessment_id=assessment_id, kind=kind, content_type=content_type, begun_at=now)
            await self.ports.takes.begin(take)
        except NotSound:
            self.stage = Stage.FAILED
            return False
        except AppError as problem:
            await self.ports.microphone.stop()
            self.tell(problem)
            return False
        self.take, self.seconds, self.is_paused, self.stage = take, 0, False, Stage.RUNNING
        self._work = asyncio.create_task(self._follow(take))
        self._meter = asyncio.create_task(self._measure())
        return True

    @property
    def seconds_left(self) -> int:
        """How many it may still take."""
        return max(0, LONGEST_S - self.seconds)

    async def pause(self) -> None:
        """Hear nothing until it goes on (REC-4)."""
        if self.stage is Stage.RUNNING and not self.is_paused:
            await self.ports.microphone.pause()
            self.is_paused = True

    async def resume(self) -> None:
        """Go on."""
        if self.stage is Stage.RUNNING and self.is_paused:
            await self.ports.microphone.resume()
            self.is_paused = False

    async def _measure(self) -> None:
        while self.stage is Stage.RUNNING:
            level = self.ports.microphone.level()
            if level != self.level:
                self.level = level
            await asyncio.sleep(METER_S)

    async def stop(self) -> None:
        """End the take and return once it is kept with its visit. Nothing runs: nothing happens."""
        if self.stage is Stage.RUNNING:
            self.stage = Stage.KEEPING
            await self.ports.microphone.stop()
        if self._work is not None:
            await self._work

    async def recover(self) -> int:
        """Keep what a cut left of earlier takes with their visits; return how many there were."""
        left = [take for take in self.ports.takes.unfinished() if take.kind.is_sound and take is not self.take]
        return sum([await self._finish(take) for take in left])

    async def _follow(self, take: Take) -> None:
        while (piece := await self._pieces.get()) is not None:
            try:
                await self.ports.takes.add(take, piece)
            except AppError as problem:  # full: what is kept so far stays kept
                self.tell(problem)
                await self.ports.microphone.stop()
                break
            self.seconds += PIECE_S
            if self.seconds >= LONGEST_S and self.stage is Stage.RUNNING:
                self.stage = Stage.KEEPING
                await self.ports.microphone.stop()
        self.stage = Stage.KEEPING
        await self._finish(take)
        self.take, self.stage, self._work, self.is_paused = None, Stage.IDLE, None, False

    async def _finish(self, take: Take) -> bool:
        """Keep a whole take with its visit, then forget its pieces; an empty one is only forgotten."""
        pieces = self.ports.takes.pieces(take)
        try:
            if pieces and not await self.keep(take, b"".join(pieces)):
                return False
            await self.ports.takes.drop(take)
        except AppError as problem:
            self.tell(problem)
            return False
        return bool(pieces)
