"""Windows of tries that close today: what is counted of them on which day, and what can still be made.

TDY-1  A window of tries that closes today is named with how many more tries it takes, and whether they can be made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from checklists import wire
from checklists.forms.form import Channel
from checklists.language import Text
from checklists.record.assessment import Assessment, Contact
from checklists.record.assignment import Assignment
from checklists.record.attempts import in_order, judge, next_try
from checklists.record.service_hours import open_minutes
from checklists.rules.attempt_rules import AttemptRules
from sync_server.database.queries import desk_day as queries
from sync_server.season.rules import Rules


class TryDay(NamedTuple):
    """A day of a window: so many tries counted, and today so many that can still be made."""

    on: date
    counted: int
    left: int


class Closing(NamedTuple):
    """A window of tries that closes today (TDY-1)."""

    assessment_id: str
    entrant_id: str
    name: Text
    channel: str
    assessor: str
    counted: int
    needed: int
    closes_at: datetime
    can_be_filled: bool
    days: Sequence[TryDay]

    @property
    def missing(self) -> int:
        """How many more tries it takes."""
        return self.needed - self.counted


def closing_windows(
    db: Connection, now: datetime, rules: Rules, entrants: Mapping[str, Any], names: Mapping[str, str]
) -> Sequence[Closing]:
    """Return the windows that close today, those that can still be filled first, then by what is counted already."""
    found = []
    for series in queries.open_series(db):
        record, assignment = wire.decode(series.body, Assessment), wire.decode(series.assignment, Assignment)
        tries = in_order(
            each for each in (*assignment.earlier_attempts, *record.attempts) if each.taken_back_at is None
        )
        own = AttemptRules.of(rules.rules_of(series.round))
        judged = judge(tries, own, assignment.service, Channel(series.channel), record.subchannel)
        upcoming = next_try(judged, now)
        if upcoming is None or upcoming.closes_at is None or judged.state is not Contact.OPEN:
            continue
        today = now.astimezone(own.tz).date()
        if (upcoming.closes_at - timedelta(microseconds=1)).astimezone(own.tz).date() != today:
            continue
        counted = upcoming.number - 1
        last = judged.counted_at[-1]
        room = _tries_left(assignment, own, max(now, last + own.min_gap))
        found.append(
            Closing(
                series.assessment_id,
                series.entrant_id,
                entrants[series.entrant_id]["name"],
                series.channel,
                names.get(series.assessor_id, series.assessor_id),
                counted,
                own.needed,
                upcoming.closes_at,
                own.needed - counted <= room,
                _strip(judged.counted_at[-counted:] if counted else (), today, own, min(room, own.needed - counted)),
            )
        )
    return sorted(found, key=lambda each: (not each.can_be_filled, -each.counted, each.entrant_id))


def _strip(counted_at: Sequence[datetime], today: date, rules: AttemptRules, left: int) -> Sequence[TryDay]:
    tried = Counter(at.astimezone(rules.tz).date() for at in counted_at)
    days = [today - timedelta(days=ago) for ago in reversed(range(rules.days))]
    return [TryDay(day, tried[day], left if day == today else 0) for day in days]


def _tries_left(assignment: Assignment, rules: AttemptRules, begin: datetime) -> int:
    """Return how many counted tries still fit into what is open today from `begin` on."""
    local = begin.astimezone(rules.tz)
    minute, gap = local.hour * 60 + local.minute, max(1, int(rules.min_gap.total_seconds() // 60))
    spans = open_minutes(assignment.service, local.date()) if rules.in_service_hours else ((0, 24 * 60),)
    count, free_from = 0, minute
    for first, last in spans:
        start = max(first, free_from)
        if start < last:
            more = (last - 1 - start) // gap + 1
            count, free_from = count + more, start + more * gap
    return count
