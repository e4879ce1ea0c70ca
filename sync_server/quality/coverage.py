"""Was what was planned also done, by part of the week, language, branch, scenario, and over the round? (4.6, 4.7)

CVG-1  The index of what was done against what was planned (R-SHR-2) is green from .90, amber from .80, red below.
CVG-2  Each month of a round has 40 % of its quota at least, so that it is not done at the end.
CVG-3  Reachability is what was connected of all assessments; beside it the share of first tries that connected, and the
       tries a connection took. A visit without a log of tries, as at a counter, took one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

GREEN, AMBER, MONTH_SHARE = Fraction(9, 10), Fraction(8, 10), Fraction(4, 10)


class Light(StrEnum):
    """How an index is to be taken."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def light_of(index: float | Fraction) -> Light:
    """Return how an index is to be taken."""
    exact = Fraction(str(index))
    return Light.GREEN if exact >= GREEN else Light.AMBER if exact >= AMBER else Light.RED


def thin_months(by_month: Mapping[str, int], quota: int) -> Sequence[str]:
    """Return the months in which too little of a round's quota was done, in order."""
    return [month for month, count in sorted(by_month.items()) if count < MONTH_SHARE * quota]


class Reach(NamedTuple):
    """How an entry is reached. None: there is nothing to tell it from."""

    reachability: float | None
    first_try: float | None
    tries_per_connection: float | None


def reach(connected_tries: Sequence[int], unreached_tries: Sequence[int]) -> Reach:
    """Return it from the tries each connected and each unreached assessment took."""
    connected, every = len(connected_tries), len(connected_tries) + len(unreached_tries)
    if not every:
        return Reach(None, None, None)
    tries = sum(max(1, count) for count in (*connected_tries, *unreached_tries))
    return Reach(
        connected / every,
        sum(count <= 1 for count in connected_tries) / every,
        tries / connected if connected else None,
    )
