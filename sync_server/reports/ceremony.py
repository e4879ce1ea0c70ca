"""Who goes on stage, in which order, and who sits where: from the results, before anything is worded.

CER-1  Grades come first, bronze, silver, gold, each by channel; then marks, the shortest run first; Most Improved and
       Best IVRS; the Industry Awards in the programme's order; the Grand Award last. What nobody won is not on stage.
CER-2  Whoever shares an award comes together. Within an item the order is that of industries, then of names.
CER-3  Each entry that takes part has one free seat. An organisation sits together, and a table is shared until it is
       full; only one that is larger than a table is divided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from checklists.award.entry_score import EntryScore
from checklists.award.grades import Grade
from checklists.award.result import Award
from checklists.forms.form import Channel
from sync_server.reports.marks import shows
from sync_server.reports.results_copy import ResultsCopy
from sync_server.reports.round_copy import Key

SEATS_AT_A_TABLE = 12
_GRADES = (Grade.BRONZE, Grade.SILVER, Grade.GOLD)
_LAST = (Award.MOST_IMPROVED, Award.BEST_IVRS, Award.INDUSTRY, Award.GRAND)


class Item(NamedTuple):
    """One item of the ceremony: a grade of a channel, a mark of a run, or an award; who goes up."""

    kind: str  # "grade", "mark", "award"
    code: str  # of the grade or the award; of a mark how many golds
    about: str  # a channel, or an industry group; "": neither
    entries: Sequence[EntryScore]


class Seat(NamedTuple):
    """One entry's seat: its table, from 1, and the items in which it goes on stage."""

    entry: EntryScore
    table: int
    items: Sequence[int]


def running_order(copy: ResultsCopy) -> Sequence[Item]:
    """Return the items in the order of the ceremony (CER-1)."""
    return [*_grades(copy.taking_part), *_marks(copy.taking_part), *_awards(copy)]


def seating(copy: ResultsCopy) -> Sequence[Seat]:
    """Return the seats, by table (CER-3)."""
    items = _items_of(running_order(copy))
    entries = sorted(copy.taking_part, key=lambda one: (copy.organisation(one).get("en", ""), one.key))
    seats: list[Seat] = []
    table, taken = 1, 0
    for _, group in groupby(entries, key=lambda one: one.facts.organisation):
        own = list(group)
        if taken and taken + len(own) > SEATS_AT_A_TABLE:
            table, taken = table + 1, 0
        for entry in own:
            if taken == SEATS_AT_A_TABLE:
                table, taken = table + 1, 0
            seats.append(Seat(entry, table, items.get(entry.key, ())))
            taken += 1
    return seats


def _grades(entries: Sequence[EntryScore]) -> Iterable[Item]:
    for grade in _GRADES:
        for channel in Channel:
            own = [one for one in entries if one.grade is grade and one.facts.channel is channel]
            if own:
                yield Item("grade", grade.value, channel.value, own)


def _marks(entries: Sequence[EntryScore]) -> Iterable[Item]:
    marked = [(one.badge.run, one) for one in entries if one.badge is not None and shows(one.badge)]
    for run in sorted({run for run, _ in marked}):
        yield Item("mark", str(run), "", [one for each, one in marked if each == run])


def _awards(copy: ResultsCopy) -> Iterable[Item]:
    order = [one.code for one in copy.scored.season.programme.industries]
    given = [award for award in copy.scored.awards if award.winners]
    by_name = {one.key: place for place, one in enumerate(copy.taking_part)}
    for award in sorted(given, key=lambda one: (_LAST.index(one.award), order.index(one.industry or order[0]))):
        winners = sorted(award.winners, key=lambda key: by_name.get(key, len(by_name)))
        entries = [copy.entries[key] for key in winners]
        yield Item("award", award.award.value, award.industry or award.channel or "", entries)


def _items_of(items: Sequence[Item]) -> Mapping[Key, Sequence[int]]:
    places: dict[Key, list[int]] = {}
    for number, item in enumerate(items, 1):
        for entry in item.entries:
            places.setdefault(entry.key, []).append(number)
    return places
