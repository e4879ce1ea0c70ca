"""What to do now: the one visit that comes next, and the visits that some words name. Pure.

TOD-1  Next is the first visit of the list that can be done at this moment; where none can, the first that will.
TOD-2  A call cannot be made while a failure would not count: before the gap is over, or outside service hours.
TOD-3  Search finds what names the entrant, the branch or the scenario, in either language.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from checklists.language import Text
from fieldapp.state.rows import Due, VisitRow

TO_DO = frozenset({Due.RETURNED, Due.OVERDUE, Due.CLOSING, Due.TODAY, Due.WEEK, Due.LATER})


def next_row(rows: Sequence[VisitRow], now: datetime) -> VisitRow | None:
    """Return the visit to do next; `rows` are in the order of the list."""
    left = [row for row in rows if row.due in TO_DO and not row.withdrawn]
    return next((row for row in left if can_be_done(row, now)), left[0] if left else None)


def can_be_done(row: VisitRow, now: datetime) -> bool:
    """Whether it makes sense to begin at `now`."""
    if row.due is Due.RETURNED:
        return True
    upcoming = row.upcoming
    if upcoming is not None and not upcoming.rule_met:
        rested = upcoming.counts_from is None or upcoming.counts_from <= now
        return rested and upcoming.in_service_hours
    return row.serves is None or row.serves[0] <= now


def matching(rows: Sequence[VisitRow], words: str) -> tuple[VisitRow, ...]:
    """Return the visits that have every word of `words` in a name."""
    wanted = words.casefold().split()
    return tuple(row for row in rows if all(word in _names(row) for word in wanted))


def _names(row: VisitRow) -> str:
    texts: tuple[Text, ...] = (row.entrant, row.scenario, row.branch or {})
    return "\n".join(name for text in texts for name in text.values()).casefold()
