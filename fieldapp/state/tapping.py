"""What a tap puts down while something happens, and five seconds to take it back.

UNDO-1  For five seconds the last tap can be taken back: the record is as it was before, nothing stays of it.
UNDO-2  What was put down after the tap is never taken back with it: the tap stays then, and that is said.
UNDO-3  What a tap changes stands under the finger at once. The second tap of a double one is not meant for it, and
        puts nothing down; what may come several times, as rings and keys do, is counted as often as it is tapped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from checklists.language import N_, sentence
from checklists.record.assessment import Assessment, Measurement
from checklists.record.transitions import NotAllowedError
from fieldapp.state.measuring import Measuring

UNDO_S = 5
SAME_FINGER_MS = 400
STAYS = N_("Something else was put down since: this tap stays. Correct it on the page of the visit.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """The last tap: the record before and after it, and until when it can be taken back."""

    what: str  # a Step, or "dial", "key", "end", "outcome", or the key of a stamp
    before: Assessment
    after: Assessment
    at: datetime
    until_s: int  # of the clock that only grows


@dataclass(eq=False)
class Tapping(Measuring):
    """Every verb returns whether it is durable."""

    undo: Undo | None = None
    _tapped_ms: int | None = field(default=None, kw_only=True, repr=False)
    _is_drawn: bool = field(default=True, kw_only=True, repr=False)

    async def take_back(self) -> bool:
        """Take the last tap back (UNDO-1). False where its time is over, or something came after it (UNDO-2)."""
        undo = self.undo
        if self._is_same_finger():
            return False
        if undo is None or undo.until_s < self.monotonic_s():
            self.undo = None
            return False

        def change(record: Assessment, now: datetime) -> Assessment:
            if record is not undo.after:
                raise NotAllowedError(sentence(STAYS))
            return replace(undo.before, updated_at=now)

        done = await self._change(change)
        if done or self.assessment is not undo.after:  # what could not be kept may be tried again
            self.undo = None
        return done

    def drawn(self, *, is_new: bool = False) -> None:
        """The screen shows what the last tap changed, or is a new one: only from now on can a finger mean it."""
        if is_new or not self._is_drawn:
            self._heard()
            self._is_drawn = True

    def forget_undo(self) -> None:
        """The five seconds are over."""
        self.undo = None

    async def _tap(
        self, what: str, change: Callable[[Assessment, datetime], Assessment | None], *, is_counted: bool = False
    ) -> bool:
        if not is_counted:
            if self._is_same_finger():
                return False
            self._heard()
        before = self.assessment
        done = await self._change(change)
        if done and self.assessment is not before:
            now, until_s = self._ports.clock.now(), self.monotonic_s() + UNDO_S
            self.undo = Undo(what=what, before=before, after=self.assessment, at=now, until_s=until_s)
            if not is_counted:
                self._is_drawn = False
                self._heard()  # to keep it may have taken long
        elif not done:
            self._tapped_ms = None
        return done

    def _is_same_finger(self) -> bool:
        """Whether the tap before was so short ago that this is its second half (UNDO-3)."""
        before = self._tapped_ms
        return before is not None and self._ports.clock.monotonic_ms() - before < SAME_FINGER_MS

    def _heard(self) -> None:
        self._tapped_ms = self._ports.clock.monotonic_ms()

    def _put(self, record: Assessment, filled: dict[str, Measurement | None], now: datetime) -> Assessment:
        for key, measurement in filled.items():
            record = self._with_measurement(record, key, measurement, now)
        return record
