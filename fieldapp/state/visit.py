"""One assessment on the screen: its questions, its answers, and what is still to put right."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import flet as ft

from checklists.language import N_, sentence
from checklists.record import verbs
from checklists.record.assessment import (
    AnswerValue,
    Assessment,
    Attempt,
    Contact,
    Draw,
    Evidence,
    Measurement,
    MediaKind,
    Outcome,
    Position,
    RecordStatus,
)
from checklists.record.assignment import Assignment
from checklists.record.draw import picked
from checklists.record.findings import Finding
from checklists.record.sheet import Sheet
from checklists.record.transitions import ContactEvent, NotAllowedError
from fieldapp.errors import NotKept
from fieldapp.kept import Delivery, Review
from fieldapp.ports import Ports
from fieldapp.state import measurements
from fieldapp.state.new_evidence import NewEvidence
from fieldapp.state.notices import Notice, NoticeKind
from fieldapp.state.reading import Context, Reading, judged, reading_of

Change = Callable[[Assessment, datetime], Assessment | None]


@dataclass(eq=False)
class Visit(ft.Observable):
    """Observable. Read the attributes, call the verbs (see the package docstring for what they return)."""

    assessment: Assessment
    assignment: Assignment
    reading: Reading  # what is worked out of it: the sheet, findings, progress, the log of tries, derived figures
    delivery: Delivery | None  # None: nothing to send yet
    review: Review | None  # the latest, with comments by question key
    busy: bool = False  # a photo or sound is being prepared
    _ports: Ports = field(kw_only=True, repr=False)
    _context: Context = field(kw_only=True, repr=False)
    _tell: Callable[[Notice], None] = field(kw_only=True, repr=False)
    _kept: Callable[[Assessment], None] = field(kw_only=True, repr=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock, kw_only=True, repr=False)

    @property
    def is_draft(self) -> bool:
        """Whether answers may still be changed."""
        return self.assessment.status is RecordStatus.DRAFT

    @property
    def sheet(self) -> Sheet:
        """Return the sections and questions that apply now."""
        return self.reading.sheet

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what is still to put right."""
        return self.reading.findings

    @property
    def can_finish(self) -> bool:
        """Whether no finding blocks it."""
        return self.is_draft and not any(finding.blocks_finish for finding in self.findings)

    @property
    def audio_kept_days(self) -> int | None:
        """Days the server keeps sound after the round's report; None when it did not say."""
        return self._context.audio_kept_days

    @property
    def zone(self) -> ZoneInfo | None:
        """The programme's zone; None while its rules are not here or cannot be read here."""
        return self._context.rules.tz if self._context.rules else None

    def may_answer(self, key: str) -> bool:
        """Whether this question takes an answer now: in a draft, or a late answer after finishing."""
        if self.is_draft:
            return True
        item = self.sheet.all_items.get(key)
        finished = self.assessment.status in (RecordStatus.FINISHED, RecordStatus.RETURNED, RecordStatus.ACCEPTED)
        return finished and item is not None and item.question.late_answer

    async def attempt(self, outcome: Outcome, *, at: datetime | None = None, note: str = "") -> bool:
        """Log one try; `at` None stamps it now, else it was typed in afterwards (aware)."""

        def change(assessment: Assessment, now: datetime) -> Assessment:
            tried = Attempt(at=at or now, outcome=outcome, stamped=at is None, note=note)
            return self._as_judged(verbs.with_attempt(assessment, tried, at=now), now)

        return await self._change(change)

    async def stamp(self, measurement_id: str, *, choice: str | None = None, position: Position | None = None) -> bool:
        """Stamp a moment: now. One stamped already is kept; `edit_stamp` changes it."""
        return await self._measure(
            measurement_id, lambda before, now: measurements.stamped(before, now, choice, position)
        )

    async def edit_stamp(self, measurement_id: str, at: datetime) -> bool:
        """Correct a stamp (aware); the first one stays beside it."""
        return await self._measure(measurement_id, lambda before, _: measurements.moved(before, at))

    async def count(self, measurement_id: str, number: int) -> bool:
        """Set a counted measurement."""
        return await self._measure(measurement_id, lambda _, __: Measurement(number=number))

    async def count_pair(self, measurement_id: str, first: int, second: int) -> bool:
        """Set a measurement of two counts."""
        return await self._measure(measurement_id, lambda _, __: Measurement(pair=(first, second)))

    async def code(self, measurement_id: str, code: str) -> bool:
        """Set a coded measurement; "" takes it back."""
        if not code.strip():
            return await self.clear_measurement(measurement_id)
        return await self._measure(measurement_id, lambda _, __: Measurement(code=code.strip()))

    async def toggle_span(self, measurement_id: str) -> bool:
        """Begin a span now, or end the open one."""
        return await self._measure(measurement_id, measurements.toggled)

    async def clear_measurement(self, measurement_id: str) -> bool:
        """Take a measurement back."""
        return await self._change(lambda assessment, now: self._with_measurement(assessment, measurement_id, None, now))

    async def answer(self, key: str, value: AnswerValue | None) -> bool:
        """Record an answer; None takes it back. After finishing, a late answer becomes the next revision."""

        def change(assessment: Assessment, now: datetime) -> Assessment:
            if assessment.status is RecordStatus.DRAFT or value is None:
                return verbs.with_answer(assessment, key, value, at=now)
            circumstances = self._context.circumstances
            return verbs.with_late_answer(assessment, self.sheet, key, value, at=now, circumstances=circumstances)

        return await self._change(change)

    async def note(self, key: str, kind: str, words: str) -> bool:
        """Keep a note or verbatim of a question; "" takes it back."""
        return await self._change(lambda assessment, now: verbs.with_note(assessment, key, kind, words, at=now))

    async def draw(self, listed: int) -> bool:
        """Draw recordings from a list of `listed`, by a seed that anyone can repeat."""

        def change(assessment: Assessment, now: datetime) -> Assessment:
            seed = f"{assessment.id}:{len(assessment.draws) + 1}"
            numbers = picked(seed, listed, max(1, self.assignment.recordings_to_draw))
            return verbs.with_draw(assessment, Draw(at=now, seed=seed, listed=listed, picked=numbers), at=now)

        return await self._change(change)

    async def add_photo(self, raw: bytes, *, key: str | None = None, evidence_kind: str | None = None) -> bool:
        """Prepare, keep, and only then refer to a picture. One that cannot be prepared is kept as it came, marked."""
        new = NewEvidence(self._ports)
        return await self._add(lambda now: new.photo(raw, now=now, question=key, kind=evidence_kind))

    def monotonic_s(self) -> int:
        """Return whole seconds that only grow, to measure a recording with."""
        return self._ports.clock.monotonic_s()

    async def add_sound(
        self, raw: bytes, content_type: str, *, kind: MediaKind = MediaKind.AUDIO_NOTE, ran_s: int | None = None
    ) -> bool:
        """The same for the assessor's own voice, or a recording by policy. `ran_s`: its length if it tells none."""
        if kind is MediaKind.RECORDING and not self.assignment.may_be_recorded:
            message = N_("Recording the contact is not allowed here. An audio note of your own, afterwards, always is.")
            self._tell(Notice(kind=NoticeKind.WARNING, code="recording-not-allowed", message=sentence(message)))
            return False
        new = NewEvidence(self._ports)
        return await self._add(lambda now: new.sound(raw, content_type, now=now, kind=kind, ran_s=ran_s))

    async def add_file(self, raw: bytes, content_type: str, *, key: str | None, evidence_kind: str | None) -> bool:
        """Keep a file (a transcript, a call log) as it came."""
        new = NewEvidence(self._ports)
        return await self._add(lambda now: new.file(raw, content_type, now=now, question=key, kind=evidence_kind))

    async def remove_evidence(self, evidence_id: str) -> bool:
        """Take a file back from the draft. Its bytes go when the device is next asked to free space."""
        return await self._change(lambda assessment, now: verbs.without_evidence(assessment, evidence_id, at=now))

    def media(self, sha256: str) -> bytes | None:
        """Return a file's bytes, None when it was freed after being safe."""
        if not self._ports.media.has(sha256):
            return None
        try:
            return self._ports.media.read(sha256)
        except NotKept:  # damaged: there is nothing to show
            return None

    async def finish(self) -> bool:
        """Finish: immutable from here, and on its way. False, with findings, while something blocks it."""
        return await self._change(self._finished)

    async def void(self, reason: str) -> bool:
        """Declare the contact void, with the reason; it is sent like any finished one."""
        if not reason.strip():
            message = sentence(N_("Write the reason first: the coordinator decides by it."))
            self._tell(Notice(kind=NoticeKind.WARNING, code="reason-missing", message=message))
            return False
        return await self._change(
            lambda assessment, now: self._finished(verbs.void(assessment, reason.strip(), at=now), now)
        )

    async def reopen(self) -> bool:
        """Take up a returned assessment again: a draft of the next revision."""
        return await self._change(lambda assessment, now: verbs.next_revision(assessment, at=now))

    def renew(self, context: Context, review: Review | None) -> None:
        """Take what the server sent: for the app, not for a screen."""
        self._context = context
        self.review = review
        self._show(self.assessment)

    async def _add(self, keep: Callable[[datetime], Awaitable[Evidence]]) -> bool:
        if not self.is_draft:
            return False
        self.busy = True
        try:
            # Bytes before the record: a record may wait for its photo, but must never point at one that is gone.
            evidence = await keep(self._ports.clock.now())
        except NotKept as problem:
            self._tell(Notice.of(problem))
            return False
        finally:
            self.busy = False
        return await self._change(lambda assessment, now: verbs.with_evidence(assessment, evidence, at=now))

    async def _measure(self, key: str, measure: Callable[[Measurement | None, datetime], Measurement | None]) -> bool:
        def change(assessment: Assessment, now: datetime) -> Assessment | None:
            measurement = measure(assessment.measurements.get(key), now)
            return None if measurement is None else self._with_measurement(assessment, key, measurement, now)

        return await self._change(change)

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

    def _finished(self, assessment: Assessment, now: datetime) -> Assessment:
        done = verbs.finish(assessment, self.sheet, at=now, circumstances=self._context.circumstances)
        if isinstance(done, Assessment):
            return done
        blocking = sum(finding.blocks_finish for finding in done)
        raise NotAllowedError(sentence(N_("Not finished yet. Still to put right: {count}."), count=blocking))

    async def _change(self, change: Change) -> bool:
        """Disk first, then screen. One change at a time, each on what the one before left."""
        async with self._lock:
            try:
                updated = change(self.assessment, self._ports.clock.now())
                if updated is None:
                    return True
                await self._ports.store.save(updated)
            except NotAllowedError as problem:
                self._tell(Notice(kind=NoticeKind.WARNING, code="not-allowed", message=problem.message))
                return False
            except NotKept as problem:
                self._tell(Notice.of(problem))
                return False
            self._show(updated)
            self._kept(updated)
            return True

    def _show(self, assessment: Assessment) -> None:
        reading = reading_of(assessment, self._context, self._ports.clock.now())
        self.assessment = assessment
        self.assignment = self._context.assignment
        self.reading = reading
