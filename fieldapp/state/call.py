"""A call while it runs: how far it is, since when, and what each tap puts down. Pure.

CALL-1  How far a call is follows from its stamps alone: leaving for the dialler, or a kill, loses nothing.
CALL-2  Dialling begins a new call: the stamps of the one that failed before it go, its try stays in the log.
CALL-3  A person who speaks at once was reached without a menu: the first answer is that moment, the levels are nought.
CALL-4  Keys pressed fill the levels and, where the annex is asked, its longest menu and the time to a person.
CALL-5  A call that ended before a person spoke asks what it came to; the likely outcome follows from how far it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checklists.forms.form import Channel
from checklists.record.assessment import Assessment, Contact, Measurement, MenuStep, Outcome
from checklists.record.sheet import Sheet
from checklists.record.trusted_time import Moment, elapsed
from fieldapp.state import measurements as made

Measurements = Mapping[str, Measurement]
_NONE = Measurement()
BY_CALLER, CUT_OFF = "caller", "cut_off"  # options of the form's "by whom"


class Stage(StrEnum):
    """How far a call is."""

    READY = "ready"
    RINGING = "ringing"
    MENU = "menu"
    QUEUE = "queue"
    TALK = "talk"
    HOLD = "hold"
    ENDED = "ended"


class Step(StrEnum):
    """What one tap puts down."""

    ANSWERED = "answered"
    QUEUED = "queued"
    BACK_IN_MENU = "back_in_menu"
    PERSON = "person"
    HOLD = "hold"
    RESUME = "resume"
    TRANSFER = "transfer"
    RING = "ring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Which measurements of a form the steps of a call fill; None: the channel has no such moment."""

    dialled: str
    person: str
    held: str
    ended: str
    answered: str | None = None
    queued: str | None = None
    rings: str | None = None
    levels: str | None = None
    transfers: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The measurements a call begins without."""
        named = (self.dialled, self.answered, self.queued, self.person, self.held, self.ended)
        return tuple(key for key in (*named, self.rings, self.levels, self.transfers, *ANNEX) if key)


ANNEX = LONGEST, LEVELS, PROMPT, TO_PERSON = "max_options", "target_levels", "t_prompt", "t_agent_queue"
PHONE = Script(
    dialled="t_dial",
    person="t_agent",
    held="hold_spans",
    ended="t_end",
    answered="t_first_answer",
    queued="t_queue_in",
    rings="ring_count",
    levels="menu_levels",
    transfers="transfer_count",
)
CHAT = Script(dialled="t_sent", person="t_human", held="gaps", ended="t_resolved")


def script_of(sheet: Sheet, channel: Channel, subchannel: str | None) -> Script | None:
    """Return the script of a call or chat; None where the channel is no call, or the form measures it otherwise."""
    script = PHONE if channel is Channel.PHONE_IN else CHAT if subchannel == "chat" else None
    wanted = (script.dialled, script.person, script.held, script.ended) if script else ()
    return script if script and all(key in sheet.measurements for key in wanted) else None


def stage_of(script: Script, kept: Measurements) -> tuple[Stage, datetime | None]:
    """Return how far the call is, and since which corrected time."""
    holds = kept.get(script.held, _NONE).span_moments
    if ended := kept.get(script.ended, _NONE).trusted_at:
        return Stage.ENDED, ended
    if person := kept.get(script.person, _NONE).trusted_at:
        if not holds:
            return Stage.TALK, person
        begun, over = holds[-1]
        return (Stage.HOLD, begun.corrected) if over is None else (Stage.TALK, over.corrected)
    if queued := kept.get(script.queued or "", _NONE).trusted_at:
        return Stage.QUEUE, queued
    if answered := kept.get(script.answered or "", _NONE).trusted_at:
        return Stage.MENU, answered
    if dialled := kept.get(script.dialled, _NONE).trusted_at:
        return (Stage.RINGING if script.answered else Stage.QUEUE), dialled
    return Stage.READY, None


def dialled(script: Script, kept: Measurements) -> Moment | None:
    """Return when the call began."""
    return kept.get(script.dialled, _NONE).moment


BIG: Mapping[Stage, Step] = {
    Stage.RINGING: Step.ANSWERED,
    Stage.MENU: Step.QUEUED,
    Stage.QUEUE: Step.PERSON,
    Stage.TALK: Step.HOLD,
    Stage.HOLD: Step.RESUME,
}
_SMALL: Mapping[Stage, tuple[Step, ...]] = {
    Stage.RINGING: (Step.RING, Step.PERSON),
    Stage.MENU: (Step.PERSON,),
    Stage.QUEUE: (Step.BACK_IN_MENU,),
    Stage.TALK: (Step.TRANSFER,),
}


def small_steps(script: Script, stage: Stage) -> tuple[Step, ...]:
    """Return what else may happen now, beside the one big step."""
    needs = {Step.RING: script.rings, Step.BACK_IN_MENU: script.queued, Step.TRANSFER: script.transfers}
    return tuple(step for step in _SMALL.get(stage, ()) if needs.get(step, step))


def filled(
    script: Script, record: Assessment, sheet: Sheet, step: Step, now: datetime
) -> dict[str, Measurement | None]:
    """Return the measurements that `step` puts down, in order; None takes one away."""
    kept = record.measurements
    match step:
        case Step.ANSWERED:
            return _known({script.answered: Measurement(at=now), PROMPT: Measurement(at=now)}, sheet)
        case Step.QUEUED:
            return _known({script.queued: Measurement(at=now), **_menu(script, record, now)}, sheet)
        case Step.BACK_IN_MENU:
            return _known({script.queued: None, TO_PERSON: None}, sheet)
        case Step.PERSON:
            at_once = script.answered is not None and script.answered not in kept
            named: dict[str | None, Measurement | None] = {script.person: Measurement(at=now)}
            if at_once:
                named |= {script.answered: Measurement(at=now), script.levels: Measurement(number=0)}
            if script.transfers not in kept:
                named[script.transfers] = Measurement(number=0)
            return _known(named, sheet)
        case Step.HOLD | Step.RESUME:
            return {script.held: made.toggled(kept.get(script.held), now)}
        case Step.RING | Step.TRANSFER:
            key = (script.rings if step is Step.RING else script.transfers) or ""
            return {key: Measurement(number=(kept.get(key, _NONE).number or 0) + 1)}


def _menu(script: Script, record: Assessment, now: datetime) -> dict[str | None, Measurement | None]:
    levels = Measurement(number=levels_of(record.menu))
    longest = max((step.heard for step in record.menu), default=0)
    named: dict[str | None, Measurement | None] = {script.levels: levels, LEVELS: levels}
    if longest:
        named[LONGEST] = Measurement(number=longest)
    return {**named, TO_PERSON: Measurement(at=now)}


def levels_of(menu: tuple[MenuStep, ...]) -> int:
    """Return how many menus deep the keys led; a menu heard again is not another level."""
    return sum(not step.repeats for step in menu)


def _known(named: Mapping[str | None, Measurement | None], sheet: Sheet) -> dict[str, Measurement | None]:
    own = sheet.annex.form.measurements if sheet.annex else ()
    there = {*sheet.measurements, *(item.key for item in own)}
    return {key: measurement for key, measurement in named.items() if key in there and key is not None}


def needs_outcome(script: Script, record: Assessment) -> bool:
    """Whether the call ended before anybody was reached, and what it came to is not logged yet."""
    stage, _ = stage_of(script, record.measurements)
    return stage is Stage.ENDED and script.person not in record.measurements and record.contact is not Contact.CONNECTED


def likely(script: Script, kept: Measurements, queue_limit_s: int) -> Outcome:
    """Return what a call that reached nobody most likely came to."""
    ended = kept.get(script.ended, _NONE)
    by_caller = ended.choice in (BY_CALLER, None)
    queued, end = kept.get(script.queued or script.dialled, _NONE).moment, ended.moment
    if script.queued is None or script.queued in kept:
        waited_s = elapsed(queued, end).total_seconds() if queued and end else 0
        if not by_caller:
            return Outcome.DROPPED_BEFORE_AGENT
        return Outcome.QUEUE_TIMEOUT if waited_s >= queue_limit_s else Outcome.ABORTED_BY_ASSESSOR
    if kept.get(script.answered or "", _NONE).at:
        return Outcome.IVRS_DEAD_END if by_caller else Outcome.DROPPED_BEFORE_AGENT
    return Outcome.NO_ANSWER if by_caller else Outcome.CALLER_NETWORK_FAULT
