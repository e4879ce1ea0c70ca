"""A round's life, and that of the results: one table of steps, and where something stands after what happened to it.

LIFE-1  planned, open, collecting, closing, closed, signed, released, disputed, final: in this order, each by its event.
LIFE-2  Only a copy that was not released yet can be withdrawn; the round is closing again, and nothing of it was seen.
LIFE-3  Disputed is the time in which entrants may dispute it: from the day after its release until the last moment of
        the tenth working day, each round its own. Then it is final.
LIFE-4  A round that an earlier release of this server released without a copy is closing until one is taken and signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from checklists.language import N_, SentenceError, Template, sentence


class RoundState(StrEnum):
    """Where a round, or the results, stands."""

    PLANNED = "planned"
    OPEN = "open"
    COLLECTING = "collecting"
    CLOSING = "closing"
    CLOSED = "closed"
    SIGNED = "signed"
    RELEASED = "released"
    DISPUTED = "disputed"
    FINAL = "final"


class RoundEvent(StrEnum):
    """What happens to it."""

    OPEN = "open"  # its first moment passed, and nothing keeps it from opening
    ARRIVE = "arrive"  # the first record of it came
    END = "end"  # its last moment passed
    CLOSE = "close"  # somebody closed it: the copy is taken
    WITHDRAW = "withdraw"  # somebody took the copy back
    SIGN = "sign"  # the second person signed
    RELEASE = "release"  # its moment passed
    DISPUTE = "dispute"  # its window opened
    SETTLE = "settle"  # its window ended


ROUND_TRANSITIONS: Mapping[tuple[RoundState, RoundEvent], RoundState] = MappingProxyType(
    {
        (RoundState.PLANNED, RoundEvent.OPEN): RoundState.OPEN,
        (RoundState.OPEN, RoundEvent.ARRIVE): RoundState.COLLECTING,
        (RoundState.OPEN, RoundEvent.END): RoundState.CLOSING,
        (RoundState.COLLECTING, RoundEvent.END): RoundState.CLOSING,
        (RoundState.CLOSING, RoundEvent.CLOSE): RoundState.CLOSED,
        (RoundState.CLOSED, RoundEvent.WITHDRAW): RoundState.CLOSING,
        (RoundState.CLOSED, RoundEvent.SIGN): RoundState.SIGNED,
        (RoundState.SIGNED, RoundEvent.WITHDRAW): RoundState.CLOSING,
        (RoundState.SIGNED, RoundEvent.RELEASE): RoundState.RELEASED,
        (RoundState.RELEASED, RoundEvent.DISPUTE): RoundState.DISPUTED,
        (RoundState.DISPUTED, RoundEvent.SETTLE): RoundState.FINAL,
    }
)

STATE_WORDS: Mapping[str, Template] = {
    RoundState.PLANNED: N_("planned"),
    RoundState.OPEN: N_("open"),
    RoundState.COLLECTING: N_("collecting"),
    RoundState.CLOSING: N_("closing"),
    RoundState.CLOSED: N_("closed"),
    RoundState.SIGNED: N_("signed"),
    RoundState.RELEASED: N_("released"),
    RoundState.DISPUTED: N_("open to dispute"),
    RoundState.FINAL: N_("final"),
}
OUT = frozenset({RoundState.RELEASED, RoundState.DISPUTED, RoundState.FINAL})

_REFUSED: Mapping[RoundEvent, Template] = {
    RoundEvent.CLOSE: N_("It cannot be closed: it is “{state}”."),
    RoundEvent.WITHDRAW: N_("There is no copy that could be withdrawn: it is “{state}”."),
    RoundEvent.SIGN: N_("There is nothing to sign: it is “{state}”."),
}


class CannotStepError(SentenceError, ValueError):
    """That cannot happen where the round stands; `message` says where that is."""


def step(state: RoundState, event: RoundEvent) -> RoundState:
    """Return where `event` leads from `state`.

    Raises:
        CannotStepError: the table has no such step.
    """
    try:
        return ROUND_TRANSITIONS[state, event]
    except KeyError:
        words = _REFUSED.get(event, N_("That is not possible: it is “{state}”."))
        raise CannotStepError(sentence(words, state=sentence(STATE_WORDS[state]))) from None


@dataclass(frozen=True, kw_only=True)
class Happened:
    """What is kept of a round. `closes_at` and `window_ends_at` are exclusive; None: it has not come to that."""

    opens_at: datetime
    closes_at: datetime
    has_records: bool
    is_kept_from_opening: bool = False  # by a red line of the edition's check list
    is_copied: bool = False
    is_signed: bool = False
    released_at: datetime | None = None
    window_opens_at: datetime | None = None
    window_ends_at: datetime | None = None


def life(kept: Happened, observed: datetime) -> RoundState:
    """Return where it stands when time has come to `observed`."""
    state = RoundState.PLANNED
    for event in _events(kept, observed):
        state = step(state, event)
    return state


def _events(kept: Happened, observed: datetime) -> Iterator[RoundEvent]:
    if observed < kept.opens_at or kept.is_kept_from_opening:
        return
    yield RoundEvent.OPEN
    if kept.has_records:
        yield RoundEvent.ARRIVE
    if observed < kept.closes_at:
        return
    yield RoundEvent.END
    if not kept.is_copied:
        return
    yield RoundEvent.CLOSE
    if not kept.is_signed:
        return
    yield RoundEvent.SIGN
    if kept.released_at is None:
        return
    yield RoundEvent.RELEASE
    if kept.window_opens_at is not None and observed >= kept.window_opens_at:
        yield RoundEvent.DISPUTE
        if kept.window_ends_at is not None and observed >= kept.window_ends_at:
            yield RoundEvent.SETTLE
