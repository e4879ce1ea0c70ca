"""The verbs of a visit that put down when things happened: stamps, counts, holds, and the log of tries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import chain

from checklists.language import Sentence
from checklists.record import moments, verbs
from checklists.record.assessment import Assessment, Attempt, Contact, Measurement, Outcome, Position
from checklists.record.bounds import impossible
from checklists.record.transitions import ContactEvent
from fieldapp.state import measurements
from fieldapp.state.open_visit import OpenVisit
from fieldapp.state.reading import judged


@dataclass(eq=False)
class Measuring(OpenVisit):
    """Every verb returns whether it is durable; what is refused is told."""

    async def attempt(self, outcome: Outcome, *, at: datetime | None = None, note: str = "") -> bool:
        """Log one try; `at` None stamps it now, else it was typed in afterwards (aware)."""

        def change(assessment: Assessment, now: datetime) -> Assessment:
            tried = Attempt(at=at or now, outcome=outcome, stamped=at is None, note=note)
            return self._as_judged(verbs.with_attempt(assessment, tried, at=now), now)

        return await self._change(change)

    async def correct_attempt(self, attempt: Attempt, outcome: Outcome | None) -> bool:
        """Take a try of this record back; with an `outcome`, it came to that instead. Both stay in the log."""

        def change(assessment: Assessment, now: datetime) -> Assessment:
            place = assessment.attempts.index(attempt)
            return self._as_judged(verbs.with_attempt_corrected(assessment, place, outcome, at=now), now)

        return await self._change(change)

    async def stamp(self, measurement_id: str, *, choice: str | None = None, position: Position | None = None) -> bool:
        """Stamp a moment: now. One stamped already is kept; `edit_stamp` changes it."""
        return await self._measure(
            measurement_id, lambda before, now: measurements.stamped(before, now, choice, position)
        )

    async def edit_stamp(self, measurement_id: str, at: datetime, reason: str) -> bool:
        """Type a moment in, or correct a stamp (aware, corrected time), and why; the first stamp stays beside it."""

        def change(assessment: Assessment, now: datetime) -> Assessment:
            circumstances = self._context.circumstances
            return verbs.with_time(
                assessment,
                measurement_id,
                at,
                reason,
                at=now,
                sheet=self.sheet,
                circumstances=circumstances,
                clock=self._clock_reading(),
            )

        return await self._change(change)

    def moment_meant(self, measurement_id: str, time_of_day: time, *, days: int = 0) -> datetime:
        """Return the moment that a typed time of day means here; `days` moves it to another day."""
        now = self.now()
        kept = self.assessment.measurements
        before = kept.get(measurement_id)
        near = before.moment.corrected if before and before.moment else now
        latest = moments.latest_possible(kept, now)
        return moments.nearest(time_of_day, near, self.zone, latest=latest) + timedelta(days=days)

    def disorder_at(self, measurement_id: str, moment: datetime) -> Sentence | None:
        """Return what could not be right if the measurement had that moment: its order, or how far off it lies."""
        tried = {**self.assessment.measurements, measurement_id: Measurement(at=moment, stamped=False)}
        pairs = (pair for pair in moments.out_of_order(self.sheet, tried) if measurement_id in pair)
        order = (moments.disorder(self.sheet, pair) for pair in pairs)
        lengths = (what.message for what in impossible(self.sheet, tried) if measurement_id in what.keys)
        return next(chain(order, lengths), None)

    async def count(self, measurement_id: str, change: int) -> bool:
        """Count up or down from what is kept by then: two quick taps are two. From nothing, down gives nought."""

        def counted(before: Measurement | None, _now: datetime) -> Measurement:
            return Measurement(number=max(0, ((before.number if before else None) or 0) + change))

        return await self._measure(measurement_id, counted)

    async def count_pair(self, measurement_id: str, first: int = 0, second: int = 0) -> bool:
        """The same for one of two counts, the first of which is never the larger: the other goes along."""

        def counted(before: Measurement | None, _now: datetime) -> Measurement:
            one, two = (before.pair if before else None) or (0, 0)
            one, two = max(0, one + first), max(0, two + second)
            return Measurement(pair=(one, max(one, two)) if first else (min(one, two), two))

        return await self._measure(measurement_id, counted)

    async def code(self, measurement_id: str, code: str) -> bool:
        """Set a coded measurement; "" takes it back."""
        if not code.strip():
            return await self.clear_measurement(measurement_id)
        return await self._measure(measurement_id, lambda _, __: Measurement(code=code.strip()))

    async def toggle_span(self, measurement_id: str) -> bool:
        """Begin a span now, or end the open one."""
        return await self._measure(measurement_id, measurements.toggled)

    async def take_back_span(self, measurement_id: str) -> bool:
        """Take the last span back, open or ended."""

        def change(assessment: Assessment, now: datetime) -> Assessment:
            left = measurements.without_last_span(assessment.measurements.get(measurement_id))
            return self._with_measurement(assessment, measurement_id, left, now)

        return await self._change(change)

    async def clear_measurement(self, measurement_id: str) -> bool:
        """Take a measurement back."""
        return await self._change(lambda assessment, now: self._with_measurement(assessment, measurement_id, None, now))

    async def _measure(self, key: str, measure: Callable[[Measurement | None, datetime], Measurement | None]) -> bool:
        def change(assessment: Assessment, now: datetime) -> Assessment | None:
            measurement = measure(assessment.measurements.get(key), now)
            if measurement is None:
                return None
            return self._with_measurement(assessment, key, measurement, now)

        done = await self._change(change)
        if done:
            self._tell_moved_clock(key)
        return done

    def _tell_moved_clock(self, key: str) -> None:
        told = (finding for finding in self.findings if finding.code == "clock-moved" and finding.measurement == key)
        for finding in told:
            self._warn(finding.code, finding.message)

    def _with_measurement(
        self, assessment: Assessment, key: str, measurement: Measurement | None, now: datetime
    ) -> Assessment:
        return verbs.with_measurement(
            assessment, key, measurement, at=now, sheet=self.sheet, circumstances=self._context.circumstances
        )

    def _as_judged(self, assessment: Assessment, now: datetime) -> Assessment:
        series = judged(assessment, self._context)
        if series is None or assessment.contact is not Contact.OPEN:
            return assessment
        if series.state is Contact.UNREACHABLE:
            return verbs.with_contact(assessment, ContactEvent.SERIES_FAILED, at=now)
        if series.state is Contact.CONNECTED:
            return verbs.with_contact(assessment, ContactEvent.REACHED, at=now)
        return assessment
