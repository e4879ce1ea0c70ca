"""The verbs of a call: dial, stamp the next moment, hang up, say what it came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from checklists.record import verbs
from checklists.record.assessment import Assessment, Attempt, Contact, Measurement, MenuStep, Outcome
from checklists.record.trusted_time import Moment
from fieldapp.state import call
from fieldapp.state.call import Script, Stage, Step
from fieldapp.state.tapping import Tapping


@dataclass(eq=False)
class Calling(Tapping):
    """Every verb returns whether it is durable."""

    @property
    def script(self) -> Script | None:
        """Which measurements a call of this visit fills; None: it is no call."""
        return call.script_of(self.sheet, self.assignment.channel, self.assignment.subchannel)

    @property
    def stage(self) -> tuple[Stage, datetime | None]:
        """How far the call is, and since when."""
        return call.stage_of(self.script, self.assessment.measurements) if self.script else (Stage.READY, None)

    async def dial(self) -> bool:
        """Begin a call now; one that runs goes on."""

        def change(record: Assessment, script: Script, now: datetime) -> Assessment | None:
            stage, _ = call.stage_of(script, record.measurements)
            if stage is not Stage.READY or record.contact is Contact.CONNECTED:
                return None
            return self._put(self._cleared(record, script, now), {script.dialled: Measurement(at=now)}, now)

        return await self._call("dial", change)

    async def step(self, step: Step) -> bool:
        """Put one moment of the call down. When a person speaks, the try is logged as connected."""

        def change(record: Assessment, script: Script, now: datetime) -> Assessment | None:
            after = self._put(record, call.filled(script, record, self.sheet, step, now), now)
            if step is Step.PERSON and record.contact is not Contact.CONNECTED:
                dialled = call.dialled(script, record.measurements) or Moment(now)
                tried = Attempt(at=dialled.wall, clock=dialled.clock, outcome=Outcome.CONNECTED)
                after = self._as_judged(verbs.with_attempt(after, tried, at=now), now)
            return after

        return await self._call(step, change, is_counted=step in (Step.RING, Step.TRANSFER))

    async def press(self, key: str, *, heard: int = 0, repeats: bool = False) -> bool:
        """Note a key pressed in the menu, how many options were heard, and whether the same menu comes again."""

        def change(record: Assessment, _script: Script, now: datetime) -> Assessment | None:
            pressed = MenuStep(at=now, key=key, heard=heard, repeats=repeats)
            return replace(record, menu=(*record.menu, pressed), updated_at=now)

        return await self._call("key", change, is_counted=True)

    async def hang_up(self, by: str | None) -> bool:
        """End the call now, by whom the form's option says."""

        def change(record: Assessment, script: Script, now: datetime) -> Assessment | None:
            item = self.sheet.measurements[script.ended]
            choice = by if any(option.code == by for option in item.options) else None
            after = record
            stage, _ = call.stage_of(script, record.measurements)
            if stage is Stage.HOLD:
                after = self._put(after, call.filled(script, record, self.sheet, Step.RESUME, now), now)
            return self._put(after, {script.ended: Measurement(at=now, choice=choice)}, now)

        return await self._call("end", change)

    async def came_to(self, outcome: Outcome) -> bool:
        """Log what the ended call came to; the next one begins without its stamps unless it connected."""

        def change(record: Assessment, script: Script, now: datetime) -> Assessment | None:
            ended = record.measurements.get(script.ended)
            dialled = call.dialled(script, record.measurements) or Moment(now)
            ended_at = ended.at if ended else now
            tried = Attempt(at=dialled.wall, clock=dialled.clock, outcome=outcome, ended_at=ended_at)
            after = self._as_judged(verbs.with_attempt(record, tried, at=now), now)
            return after if after.contact is Contact.CONNECTED else self._cleared(after, script, now)

        return await self._call("outcome", change)

    async def called_back(self) -> bool:
        """They call now: the try is connected, and the call goes on as one with a person."""

        def change(record: Assessment, script: Script, now: datetime) -> Assessment | None:
            tried = Attempt(at=now, outcome=Outcome.CONNECTED, call_back=True)
            after = self._as_judged(verbs.with_attempt(record, tried, at=now), now)
            begun = self._put(after, {script.dialled: Measurement(at=now)}, now)
            return self._put(begun, call.filled(script, begun, self.sheet, Step.PERSON, now), now)

        return await self._call(Step.PERSON, change)

    async def _call(
        self,
        what: str,
        change: Callable[[Assessment, Script, datetime], Assessment | None],
        *,
        is_counted: bool = False,
    ) -> bool:
        return await self._tap(
            what,
            lambda record, now: change(record, self.script, now) if self.script else None,
            is_counted=is_counted,
        )

    def _cleared(self, record: Assessment, script: Script, now: datetime) -> Assessment:
        gone: dict[str, Measurement | None] = {key: None for key in script.keys if key in record.measurements}
        return replace(self._put(record, gone, now), menu=())
