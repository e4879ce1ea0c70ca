"""What must be done now: seven figures, and what each is made of.

TDY-1  A window of tries that closes today is named with how many more tries it takes, and whether they can be made.
TDY-2  An entry is behind where its share of the quota lies BEHIND or more below the share of the round that is gone;
       with it stand those who are free: they may go there, and have least to do.
TDY-3  A phone is silent that was not heard of for SILENT, while its assessor has visits of the round to make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import Connection

from checklists import wire
from checklists.forms.form import Channel
from checklists.language import Template, Text
from checklists.record.assessment import Assessment, Contact
from checklists.record.assignment import Assignment
from checklists.record.attempts import in_order, judge, next_try
from checklists.record.service_hours import open_minutes
from checklists.rules.attempt_rules import AttemptRules
from sync_server.database.queries import desk_day as queries
from sync_server.database.queries import hand_ins, season
from sync_server.database.queries.desk_day import Late, Returned, SilentPhone
from sync_server.database.queries.releases import round_rows
from sync_server.planning.coverage import visits_wanted
from sync_server.season.edition import MILESTONES, current_edition
from sync_server.season.opening import is_kept_from_opening
from sync_server.season.rules import Rules, rules_in_force, version_in_force

BEHIND = Fraction(12, 100)
SILENT = timedelta(hours=48)
MOST_SHOWN = 8
FREE_NAMED = 2
_AGES = (0, 1, 2, 3, 4, 6)  # days from which each line of ages begins


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

    @property
    def missing(self) -> int:
        """How many more tries it takes."""
        return self.needed - self.counted


class BehindEntry(NamedTuple):
    """An entry that is behind, and who is free to go there: name, and how many visits each has to make (TDY-2)."""

    entrant_id: str
    channel: str
    name: Text
    done: int
    quota: int
    by: int
    free: Sequence[tuple[str, int]]

    @property
    def share(self) -> int:
        """Done of the quota, in percent."""
        return 100 * self.done // self.quota


class Current(NamedTuple):
    """The round that is under way: day `day` of `days`."""

    number: int
    day: int
    days: int
    done: int
    quota: int

    @property
    def gone(self) -> Fraction:
        """The share of it that is over."""
        return Fraction(self.day, self.days)


class Ages(NamedTuple):
    """How many wait that came `since` days ago up to, without, `until` (None: or longer)."""

    since: int
    until: int | None
    waiting: int


class NextDate(NamedTuple):
    """A date of the calendar that is to come."""

    on: date
    name: Template
    round: int | None
    days: int


class Today(NamedTuple):
    """The page."""

    now: datetime
    round: Current | None
    closing: Sequence[Closing]
    waiting: Sequence[Ages]
    oldest_waiting: datetime | None
    returned: Sequence[Returned]
    late: Sequence[Late]
    silent: Sequence[SilentPhone]
    behind: Sequence[BehindEntry]
    dates: Sequence[NextDate]
    hand_ins: Mapping[str, int]

    @property
    def waiting_count(self) -> int:
        """How many visits wait for their review."""
        return sum(each.waiting for each in self.waiting)

    @property
    def late_count(self) -> int:
        """How many visits are overdue."""
        return sum(each.visits for each in self.late)


def today_view(db: Connection, now: datetime) -> Today:
    """Return what must be done now. Reads the season in one view."""
    zone, rules = version_in_force(db).zone, rules_in_force(db)
    today = now.astimezone(zone).date()
    entrants = {row["id"]: row for row in season.rows_of(db, "entrants")}
    people = season.rows_of(db, "assessors")
    around = next((row for row in round_rows(db) if row.opens_at <= now < row.closes_at), None)
    if around is not None and is_kept_from_opening(db, around.number):
        around = None
    to_do = queries.to_do_by_assessor(db, around.number) if around else {}
    rows = _entry_rows(db, entrants, rules) if around else []
    done = queries.done_by_round(db)
    current = None
    if around is not None:
        first = around.opens_at.astimezone(zone).date()
        days = (around.closes_at.astimezone(zone).date() - first).days or 1
        made = sum(min(done.get((entrant, channel, around.number), 0), quota) for entrant, channel, quota in rows)
        current = Current(around.number, (today - first).days + 1, days, made, sum(quota for *_, quota in rows))
    waiting = queries.waiting_since(db)
    return Today(
        now=now,
        round=current,
        closing=_closing(db, now, rules, entrants, {row["id"]: row["name"] for row in people}),
        waiting=_ages(waiting, today, zone),
        oldest_waiting=waiting[0][0] if waiting else None,
        returned=queries.returned_not_back(db),
        late=queries.late_by_assessor(db, now),
        silent=_silent(db, now, to_do),
        behind=_behind(db, current, rows, done=done, entrants=entrants, people=people, to_do=to_do) if current else (),
        dates=_dates(db, today),
        hand_ins={kind: hand_ins.count_waiting(db, kind) for kind in ("enrolment", "faq")},
    )


def _entry_rows(db: Connection, entrants: Mapping[str, Any], rules: Rules) -> list[tuple[str, str, int]]:
    """Return entrant, channel and quota of every entry that takes part and has a size."""
    rows = []
    for entry in season.rows_of(db, "entries"):
        if entry["withdrawn"]:
            continue
        entrant = entrants[entry["entrant_id"]]
        quota = visits_wanted(
            entry["channel"], entrant["seats"], entrant["branches"], entry["onsite_variant"], rules.rules
        )
        if quota:
            rows.append((entry["entrant_id"], entry["channel"], quota))
    return rows


def _closing(
    db: Connection, now: datetime, rules: Rules, entrants: Mapping[str, Any], names: Mapping[str, str]
) -> Sequence[Closing]:
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
            )
        )
    return sorted(found, key=lambda each: (not each.can_be_filled, -each.counted, each.entrant_id))


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


def _ages(waiting: Sequence[tuple[datetime, int]], today: date, zone: Any) -> Sequence[Ages]:
    days: Counter[int] = Counter()
    for at, count in waiting:
        days[max(0, (today - at.astimezone(zone).date()).days)] += count
    lines = []
    for place, since in enumerate(_AGES):
        until = _AGES[place + 1] if place + 1 < len(_AGES) else None
        count = sum(n for age, n in days.items() if since <= age and (until is None or age < until))
        lines.append(Ages(since, until, count))
    return lines


def _silent(db: Connection, now: datetime, to_do: Mapping[str, int]) -> Sequence[SilentPhone]:
    rows = queries.phones_not_heard(db, now - SILENT)
    return [SilentPhone(*row, to_do[row[2]]) for row in rows if to_do.get(row[2])]


def _behind(
    db: Connection,
    current: Current,
    rows: Sequence[tuple[str, str, int]],
    *,
    done: Mapping[tuple[str, str, int], int],
    entrants: Mapping[str, Any],
    people: Sequence[Mapping[str, Any]],
    to_do: Mapping[str, int],
) -> Sequence[BehindEntry]:
    barred = {(row["assessor_id"], row["organisation"]) for row in season.rows_of(db, "conflicts")}
    free = sorted((to_do.get(row["id"], 0), row["id"], row["name"]) for row in people if row["left_at"] is None)
    found = []
    for entrant_id, channel, quota in rows:
        made = done.get((entrant_id, channel, current.number), 0)
        if current.gone - Fraction(made, quota) < BEHIND:
            continue
        owner = entrants[entrant_id]["organisation"]
        able = [(name, count) for count, code, name in free if (code, owner) not in barred][:FREE_NAMED]
        by = int(current.gone * quota) - made
        found.append(BehindEntry(entrant_id, channel, entrants[entrant_id]["name"], made, quota, by, able))
    return sorted(found, key=lambda each: (Fraction(each.done, each.quota), each.entrant_id, each.channel))


def _dates(db: Connection, today: date) -> Sequence[NextDate]:
    edition = current_edition(db)
    coming = [
        NextDate(session.on, MILESTONES[code], session.round, (session.on - today).days)
        for code, sessions in (edition.calendar.items() if edition else ())
        for session in sessions
        if session.on >= today
    ]
    return sorted(coming, key=lambda each: (each.on, str(each.name)))[:MOST_SHOWN]
