"""What every verb of a visit stands on: its record, what is read off it, and the one way to change it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import flet as ft

from checklists.language import N_, Sentence, sentence
from checklists.record.assessment import Assessment, RecordStatus
from checklists.record.assignment import Assignment
from checklists.record.clock_moves import moved_stamps
from checklists.record.clock_readings import with_readings
from checklists.record.findings import Finding
from checklists.record.hand_over import check_not_given
from checklists.record.sheet import Sheet
from checklists.record.transitions import NotAllowedError
from checklists.record.trusted_time import ClockReading
from fieldapp.errors import NotKept
from fieldapp.kept import Delivery, Review
from fieldapp.ports import Ports
from fieldapp.state import device_clock, returns
from fieldapp.state.device_clock import trusted_now
from fieldapp.state.notices import Notice, NoticeKind
from fieldapp.state.reading import Context, Reading, reading_of

Change = Callable[[Assessment, datetime], Assessment | None]


@dataclass(eq=False)
class OpenVisit(ft.Observable):
    """Observable. Read the attributes; the verbs are in the classes that follow."""

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
        return self.assessment.status is RecordStatus.DRAFT and not self.is_given

    @property
    def is_given(self) -> bool:
        """Whether it was handed on to somebody else's phone: shown here, and changed no more."""
        return self.assessment.is_given

    @property
    def is_begun(self) -> bool:
        """Whether anything was put down yet."""
        record = self.assessment
        put_down = (record.answers, record.attempts, record.measurements, record.evidence, record.draws, record.jotted)
        return any(put_down)

    @property
    def sheet(self) -> Sheet:
        """Return the sections and questions that apply now."""
        return self.reading.sheet

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what is still to put right, a reviewer's open notes last."""
        return (*self.reading.findings, *returns.findings(self.assessment, self.review, self.sheet))

    @property
    def can_finish(self) -> bool:
        """Whether no finding blocks it."""
        return self.is_draft and not any(finding.blocks_finish for finding in self.findings)

    @property
    def notes_to_answer(self) -> Mapping[str, str]:
        """What a reviewer noted at questions, by key, while the record is sent back or worked on again."""
        return returns.notes(self.assessment, self.review)

    @property
    def reason_of_return(self) -> str:
        """Why a reviewer sent it back, with the notes at no question of this sheet; "" when that is over."""
        return returns.reason(self.assessment, self.review, self.sheet)

    def is_note_answered(self, key: str) -> bool:
        """Whether the question was looked at again since the record came back."""
        return self.is_draft and key in self.assessment.reworked

    @property
    def to_draw(self) -> int:
        """How many recordings one draw picks."""
        return max(1, self.assignment.recordings_to_draw)

    @property
    def audio_kept_days(self) -> int | None:
        """Days the server keeps sound after the round's report; None when it did not say."""
        return self._context.audio_kept_days

    @property
    def zone(self) -> ZoneInfo | None:
        """The programme's zone; None while its rules are not here or cannot be read here."""
        return self._context.rules.tz if self._context.rules else None

    @property
    def is_returned(self) -> bool:
        """Whether a reviewer sent this revision back, and it was not taken up again."""
        return returns.is_returned(self.assessment, self.review)

    def may_answer(self, key: str) -> bool:
        """Whether this question takes an answer now: in a draft, or a late answer after finishing.

        What was sent back is taken up again first: a late answer would send it off as it is.
        """
        if self.is_draft:
            return True
        item = self.sheet.all_items.get(key)
        done = self.assessment.status in (RecordStatus.FINISHED, RecordStatus.RETURNED, RecordStatus.ACCEPTED)
        return done and not self.is_returned and item is not None and item.question.late_answer

    def monotonic_s(self) -> int:
        """Return whole seconds that only grow, to measure a recording with."""
        return self._ports.clock.monotonic_s()

    def seconds_since(self, since: datetime, until: datetime | None = None) -> int:
        """Return whole seconds from a corrected time to another, or to now."""
        return int(((until or self.now()) - since).total_seconds())

    def renew(self, context: Context, review: Review | None) -> None:
        """Take what the server sent: for the app, not for a screen."""
        self._context = context
        self.review = review
        self._show(self.assessment)

    def now(self) -> datetime:
        """Return the corrected time it is now, as the screens show it."""
        return trusted_now(self._ports.clock, self._ports.store)

    def clock_moved_s(self, measurement_id: str) -> int:
        """Return how far this device's clock moved before a stamp: above 0 forward, below back, 0 not at all."""
        return moved_stamps(self.assessment).get(measurement_id, 0)

    def look_again(self) -> None:
        """Time has passed: what depends on it (the next try, the window) is worked out anew."""
        reading = reading_of(self.assessment, self._context, self.now())
        if reading != self.reading:
            self.reading = reading

    def _clock_reading(self) -> ClockReading:
        return device_clock.reading(self._ports.clock, self._ports.store)

    async def _change(self, change: Change) -> bool:
        """Disk first, then screen. One change at a time, each on what the one before left."""
        async with self._lock:
            try:
                before, clock = self.assessment, self._clock_reading()
                updated = change(before, self._ports.clock.now())
                if updated is None:
                    return True
                check_not_given(before, updated)
                updated = with_readings(before, updated, clock)
                await self._ports.store.save(updated)
            except NotAllowedError as problem:
                self._warn("not-allowed", problem.message)
                return False
            except NotKept as problem:
                self._tell(Notice.of(problem))
                return False
            self._show(updated)
            self._kept(updated)
            return True

    def _check_not_returned(self) -> None:
        if self.is_returned:
            raise NotAllowedError(sentence(N_('The reviewer sent this visit back: tap "Work on it again" first.')))

    def _warn(self, code: str, message: Sentence) -> None:
        self._tell(Notice(kind=NoticeKind.WARNING, code=code, message=message))

    def _show(self, assessment: Assessment) -> None:
        reading = reading_of(assessment, self._context, self.now())
        self.assessment = assessment
        self.assignment = self._context.assignment
        self.reading = reading
