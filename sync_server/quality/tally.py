"""What visits add up to: one visit as marks, the marks of an entry's round as sums, sums of several as one.

TLY-1  A tally of tallies is that of all their visits: pages add what is kept by entry and round, and read no visit.
TLY-2  A question's marks are sums of its share, of the visit's share without it, and of their products: a mean and a
       correlation need no more.
TLY-3  A wait is kept in tenths of a second, rounded up, with how often: medians and percentiles are exact to a tenth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

NOT_REACHED = "unreached"


class ItemMark(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One question of one visit: its share of its points (None: it did not apply), and that of all others together."""

    key: str
    share: float | None
    rest: float | None = None


class WaitMark(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One wait of one visit, and what earns full marks; both in seconds."""

    key: str
    seconds: float
    level_s: float


class VisitMarks(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one visit adds. `gave_up_s` are the tries that were cut off while waiting; None: nobody knows when."""

    form: str
    connected: bool
    tries: int = 0
    items: tuple[ItemMark, ...] = ()
    waits: tuple[WaitMark, ...] = ()
    timed_out: int = 0
    gave_up_s: tuple[float | None, ...] = ()


class ItemSums(msgspec.Struct, array_like=True):
    """A question over visits: how often it applied, had full marks, none, did not apply; sums of n pairs (TLY-2)."""

    asked: int = 0
    full: int = 0
    none: int = 0
    not_applicable: int = 0
    share: float = 0.0
    n: int = 0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0


class WaitSums(msgspec.Struct, array_like=True):
    """A wait over visits: how often each number of tenths was measured, how many earn full marks, what earns them."""

    tenths: dict[int, int] = {}
    within: int = 0
    levels: list[float] = []


class Tally(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The sums of some visits. Items go by form and question; tries by how many a visit took."""

    visits: int = 0
    items: dict[str, dict[str, ItemSums]] = {}
    waits: dict[str, WaitSums] = {}
    connected: dict[int, int] = {}
    unreached: dict[int, int] = {}
    timed_out: int = 0
    gave_up: dict[int, int] = {}  # by tenths of a second; -1: nobody knows when


def tally_of(visits: Iterable[VisitMarks]) -> Tally:
    """Return the sums of visits."""
    tally = Tally()
    for visit in visits:
        tally.visits += 1
        tries = tally.connected if visit.connected else tally.unreached
        _add(tries, visit.tries)
        tally.timed_out += visit.timed_out
        for seconds in visit.gave_up_s:
            _add(tally.gave_up, -1 if seconds is None else tenths(seconds))
        items = tally.items.setdefault(visit.form, {})
        for mark in visit.items:
            _add_item(items.setdefault(mark.key, ItemSums()), mark)
        for wait in visit.waits:
            sums = tally.waits.setdefault(wait.key, WaitSums())
            _add(sums.tenths, tenths(wait.seconds))
            sums.within += wait.seconds <= wait.level_s
            sums.levels = sorted({*sums.levels, wait.level_s})
    return tally


def merged(tallies: Sequence[Tally]) -> Tally:
    """Return the sums of all together (TLY-1)."""
    whole = Tally()
    for one in tallies:
        whole.visits += one.visits
        whole.timed_out += one.timed_out
        for into, counts in (
            (whole.connected, one.connected), (whole.unreached, one.unreached), (whole.gave_up, one.gave_up)
        ):  # fmt: skip
            _merge(into, counts)
        for form, items in one.items.items():
            of_form = whole.items.setdefault(form, {})
            for key, sums in items.items():
                of_form[key] = _plus(of_form[key], sums) if key in of_form else sums
        for key, wait in one.waits.items():
            kept = whole.waits.setdefault(key, WaitSums())
            _merge(kept.tenths, wait.tenths)
            kept.within += wait.within
            kept.levels = sorted({*kept.levels, *wait.levels})
    return whole


def tenths(seconds: float) -> int:
    """Return seconds in tenths, rounded up: what took longer than a level never counts as within it."""
    return -int(-round(seconds * 10, 6) // 1)


def _add_item(sums: ItemSums, mark: ItemMark) -> None:
    if mark.share is None:
        sums.not_applicable += 1
        return
    sums.asked += 1
    sums.full += mark.share == 1
    sums.none += mark.share == 0
    sums.share += mark.share
    if mark.rest is not None:
        sums.n += 1
        sums.x += mark.share
        sums.y += mark.rest
        sums.xx += mark.share * mark.share
        sums.yy += mark.rest * mark.rest
        sums.xy += mark.share * mark.rest


def _plus(one: ItemSums, other: ItemSums) -> ItemSums:
    names = ItemSums.__struct_fields__
    return ItemSums(*(getattr(one, name) + getattr(other, name) for name in names))


def _add(counts: dict[int, int], key: int) -> None:
    counts[key] = counts.get(key, 0) + 1


def _merge(into: dict[int, int], counts: Mapping[int, int]) -> None:
    for key, count in counts.items():
        into[key] = into.get(key, 0) + count
