"""The verbs of a visit that is tapped along: stamp the next moment, time a wait, look for the position."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from checklists.record.assessment import Assessment, Measurement, Position
from checklists.record.place import proofs_missing
from checklists.record.unanswered import awaited, closable
from fieldapp.errors import NoPosition
from fieldapp.state import measurements as made
from fieldapp.state import walk as walks
from fieldapp.state.calling import Calling
from fieldapp.state.waiting import Waiting, waiting
from fieldapp.state.walk import Walk


@dataclass(eq=False)
class Walking(Calling):
    """Every verb returns whether it is durable."""

    locating: str = ""  # the stamp whose position is being looked for

    @property
    def walk(self) -> Walk | None:
        """The moments of this visit; None: it is a call, or has none."""
        return None if self.script is not None else walks.walk_of(self.sheet)

    @property
    def waits(self) -> Waiting | None:
        """What others still have to do, while something is waited for."""
        tries = [judged.attempt for judged in self.reading.series.tries] if self.reading.series else []
        return waiting(self.assignment, self.assessment, tries, self.now(), self.zone)

    @property
    def proofs_missing(self) -> int:
        """How many other proofs of the visit stand in for a position and are not there."""
        return proofs_missing(self.assessment)

    def may_look(self, key: str) -> bool:
        """Whether the position of the stamp `key` may be looked for now."""
        return self.is_draft and self.walk is not None and walks.may_look(self.walk, self._measured(), key, self.now())

    async def reach(self, key: str, *, choice: str | None = None) -> bool:
        """Stamp the moment `key` now; a wait that is being timed ends with it. One stamped already stays."""

        def change(record: Assessment, now: datetime) -> Assessment | None:
            if record.measurements.get(key, Measurement()).at is not None:
                return None
            span = self.walk.open_span(record.measurements) if self.walk else None
            ended = {span.key: made.toggled(record.measurements.get(span.key), now)} if span else {}
            return self._put(record, {**ended, key: Measurement(at=now, choice=choice)}, now)

        return await self._tap(key, change)

    async def time(self, key: str) -> bool:
        """Begin to time a wait now, or end the one under way."""
        return await self._tap(
            key, lambda record, now: self._put(record, {key: made.toggled(record.measurements.get(key), now)}, now)
        )

    @property
    def unanswered(self) -> tuple[str, ...]:
        """What may be closed now as never answered."""
        stamp = Measurement(at=self._ports.clock.now(), never=True, clock=self._clock_reading())
        return closable(self.sheet, self._measured(), stamp, self._context.circumstances)

    @property
    def is_answer_awaited(self) -> bool:
        """Whether a written message has not been answered."""
        return bool(awaited(self.sheet, self._measured()))

    async def close_unanswered(self) -> bool:
        """Say that nobody has answered by now; does nothing while it is too early."""
        keys = self.unanswered
        if not keys:
            return True
        return await self._tap(
            keys[-1],
            lambda record, now: self._put(record, dict.fromkeys(keys, Measurement(at=now, never=True)), now),
        )

    async def look(self, key: str) -> bool:
        """Look for the position of the stamp `key`, which is kept already, and put it beside it.

        Where there is none, that is kept too, with why: other proofs are asked for then. Does nothing once WALK-3 ends.
        """
        if self.locating or not self.may_look(key) or self._ports.positions is None:
            return True
        self.locating = key
        position, why = None, ""
        try:
            position = await self._ports.positions.here()
        except NoPosition as missing:
            why = missing.why  # the page says it beside the stamp, where the ways out are
        finally:
            self.locating = ""
        return await self._beside(key, position, why)

    async def _beside(self, key: str, position: Position | None, why: str) -> bool:
        follows: list[Assessment] = []

        def change(record: Assessment, now: datetime) -> Assessment | None:
            kept = record.measurements.get(key)
            if kept is None or kept.at is None or kept.position is not None:
                return None
            follows.append(record)
            return self._put(record, {key: replace(kept, position=position, no_position=why)}, now)

        done = await self._change(change)
        if done and self.undo is not None and follows and self.undo.after is follows[0]:
            self.undo = dataclasses.replace(
                self.undo, after=self.assessment
            )  # it belongs to the stamp, and goes with it
        return done

    def _measured(self) -> walks.Measurements:
        return self.assessment.measurements
