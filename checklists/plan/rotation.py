"""Who should not be sent again so soon (privacy E12): turns of one assessor with one entrant, judged by their days.

R-ROT-1  No more than SHARE of an entry's round: of its quota, or of what is planned where that is more; one at least.
R-ROT-2  Days are judged by what they allow: turns that can be made ENTRANT_DAYS apart within their days are right, and
         BRANCH_DAYS apart at one branch. Only those that cannot are named, of what is planned already the last.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

import msgspec

SHARE = Fraction(1, 5)
ENTRANT_DAYS = 7
BRANCH_DAYS = 60
MOST_COMPARED = 60  # above it, turns are placed one after another, and those that then find no day are named


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One assignment as planned: any day from `first` to `last`, both included. `is_new`: it may still be moved."""

    id: str
    first: date
    last: date
    is_new: bool = True


def beyond_share(turns: Sequence[Turn], planned: int, quota: int) -> Collection[str]:
    """Return the ids of an assessor's turns in one round of an entry that go beyond the share of all `planned`."""
    most = max(1, int(SHARE * max(planned, quota)))
    return {turn.id for turn in sorted(turns, key=_fixed_first)[most:] if turn.is_new}


def too_close(turns: Sequence[Turn], days: int) -> Collection[str]:
    """Return the ids of new turns that cannot be made `days` apart from the others within their days."""
    late = _without_a_day(turns, days)
    if not late:
        return ()
    if len(turns) > MOST_COMPARED:
        return {turn.id for turn in late if turn.is_new}
    alive, named = list(turns), set()
    for begin, end in _spans(turns):
        inside = [turn for turn in alive if begin <= turn.first and turn.last <= end]
        room = (end - begin).days // days + 1
        for turn in sorted(inside, key=_fixed_first)[room:]:
            alive.remove(turn)
            if turn.is_new:
                named.add(turn.id)
    return named


def _fixed_first(turn: Turn) -> tuple[bool, date, date, str]:
    return turn.is_new, turn.last, turn.first, turn.id


def _spans(turns: Sequence[Turn]) -> Iterator[tuple[date, date]]:
    """Yield every span of days that turns begin and end, the shortest first."""
    begins, ends = {turn.first for turn in turns}, {turn.last for turn in turns}
    yield from sorted(
        ((begin, end) for begin in begins for end in ends if begin <= end), key=lambda span: (span[1] - span[0], span)
    )


def _without_a_day(turns: Sequence[Turn], days: int) -> list[Turn]:
    """Place turns as early as they may be, the most urgent first; return those left without a day."""
    coming = sorted(turns, key=lambda turn: turn.first)
    waiting: list[tuple[date, int]] = []
    late: list[Turn] = []
    day, place = date.min, 0
    while place < len(coming) or waiting:
        if not waiting:
            day = max(day, coming[place].first)
        while place < len(coming) and coming[place].first <= day:
            heapq.heappush(waiting, (coming[place].last, place))
            place += 1
        last, number = heapq.heappop(waiting)
        if last < day:
            late.append(coming[number])
        else:
            day += timedelta(days=days)
    return late
