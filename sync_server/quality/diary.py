"""The contacts of one assessor by time: which overlap, and which are near, without a look at all of them.

A season has hundreds of contacts of a person, and a trial of one phone may have thousands in an hour: each is looked
up among those that began before and after it, never compared with every other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync_server.quality.visits import Peer

DAY_S = 24 * 3600


def has_hours(visit: Peer) -> bool:
    """Return whether a contact takes hours of a day: over an e-mail days go by, and other contacts with them."""
    return visit.channel != "online" and visit.began_s is not None and visit.ended_s is not None


def began(visit: Peer) -> float:
    """Return when a contact that has hours began."""
    return visit.began_s or 0.0


def ended(visit: Peer) -> float:
    """Return when a contact that has hours ended, never before it began."""
    return visit.ended_s or 0.0


def _start(visit: Peer) -> tuple[float, str]:
    return began(visit), visit.id


class Diary:
    """Contacts that have hours, in the order they began; of those that began at once, by id."""

    def __init__(self) -> None:
        self._in_order: list[Peer] = []
        self._last: list[Peer] = []  # at each place, the one that ends last of those up to it
        self._is_in_order = True

    def add(self, visit: Peer) -> None:
        """Take a contact in."""
        self._in_order.append(visit)
        self._is_in_order = False

    def remove(self, visit: Peer) -> None:
        """Leave a contact out that was taken in."""
        self._in_order.remove(visit)
        self._is_in_order = False

    def overlapped(self, visit: Peer) -> tuple[float, Peer] | None:
        """Return the other contact that overlaps this one by most, and by how many seconds; None: none does.

        A moment without length overlaps nothing. `visit` need not be in the diary; if it is, as it is here.
        """
        self._put_in_order()
        if began(visit) == ended(visit):
            return None
        place, found = self._place(visit), None
        if place:  # a moment that came before ends before, too
            before = self._last[place - 1]
            found = (ended(before) - began(visit), before)
        for after in self._after(visit, place, ended(visit)):
            if began(after) != ended(after):  # the next that lasts begins first, so it overlaps most
                by = ended(visit) - began(after)
                found = (by, after) if found is None or by > found[0] else found
                break
        return found if found is not None and found[0] > 0 else None

    def near(self, visit: Peer) -> Iterator[Peer]:
        """Yield the other contacts with less than a day between, in the order they began."""
        self._put_in_order()
        place = self._place(visit)
        first = place
        while first and ended(self._last[first - 1]) > began(visit) - DAY_S:
            first -= 1
        yield from (one for one in self._in_order[first:place] if ended(one) > began(visit) - DAY_S)
        yield from self._after(visit, place, ended(visit) + DAY_S)

    def _place(self, visit: Peer) -> int:
        return bisect_left(self._in_order, _start(visit), key=_start)

    def _after(self, visit: Peer, place: int, until_s: float) -> Iterator[Peer]:
        """Yield those from `place` on that began before `until_s`."""
        end = bisect_right(self._in_order, (until_s, ""), lo=place, key=_start)
        return (one for one in (self._in_order[at] for at in range(place, end)) if one.id != visit.id)

    def _put_in_order(self) -> None:
        if self._is_in_order:
            return
        self._in_order.sort(key=_start)
        self._last = []
        for one in self._in_order:
            latest = self._last[-1] if self._last else one
            self._last.append(one if ended(one) > ended(latest) else latest)
        self._is_in_order = True
