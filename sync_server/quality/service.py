"""How soon an entry answers (quality control 4.7): service level, waits, and how it is reached.

SVL-1  The level is the share answered within T of those that were answered, gave up after T or were timed out. Who gave
       up sooner is left out: it was our own doing. Where nobody knows when, it counts.
SVL-2  It has Wilson's interval; beside it stand the median and the 90th percentile, never the mean alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sync_server.quality.coverage import Reach, reach
from sync_server.quality.intervals import wilson
from sync_server.quality.tally import Tally, WaitSums, tenths

CALLS = "wait_sec"  # the wait that tries which end in a queue belong to


class Waits(NamedTuple):
    """One wait: `within` of `n` by what earns full marks (`level_s`, several where channels differ), in seconds."""

    key: str
    levels_s: Sequence[float]
    answered: int
    n: int
    within: int
    median: float
    ninetieth: float

    @property
    def level(self) -> float:
        """The share within the level, 0 to 1."""
        return self.within / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval."""
        return wilson(self.within, self.n) or (0.0, 1.0)


def waits_of(tally: Tally) -> Sequence[Waits]:
    """Return each wait that was measured, as the form names it."""
    return [_waits(tally, key, sums) for key, sums in sorted(tally.waits.items()) if sums.tenths]


def reach_of(tally: Tally) -> Reach:
    """Return how an entry is reached."""
    return reach(_spread(tally.connected), _spread(tally.unreached))


def quantile_of(counts: Mapping[int, int], share: float) -> float:
    """Return the smallest value that `share` of all do not exceed; the mean of the two in the middle for a half."""
    order = _spread(counts)
    n = len(order)
    if share == 0.5 and n % 2 == 0:
        return (order[n // 2 - 1] + order[n // 2]) / 2
    return order[min(n - 1, max(0, -int(-share * n // 1) - 1))]


def _waits(tally: Tally, key: str, sums: WaitSums) -> Waits:
    answered = sum(sums.tenths.values())
    lost = 0
    if key == CALLS:
        after = tenths(max(sums.levels, default=0))
        lost = tally.timed_out + sum(count for at, count in tally.gave_up.items() if at < 0 or at > after)
    middle, late = (quantile_of(sums.tenths, share) / 10 for share in (0.5, 0.9))
    return Waits(key, sums.levels, answered, answered + lost, sums.within, middle, late)


def _spread(counts: Mapping[int, int]) -> Sequence[int]:
    return [value for value, count in sorted(counts.items()) for _ in range(count)]
