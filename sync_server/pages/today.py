"""What must be done now: seven figures, and what each is made of.

TDY-2  An entry is behind where its share of the quota lies BEHIND or more below the share of the round that is gone;
       with it stand those who are free: they may go there, and have least to do.
TDY-4  A round that was released stands here with its clock until its window for disputes has ended (LIFE-3).
TDY-5  A dispute that waits for its decision stands here with the working days it has waited, the oldest first.
TDY-6  Rules that somebody proposed for what has opened stand here for everybody else who may confirm them.
TDY-3  A phone is silent that was not heard of for SILENT, while its assessor has visits of the round to make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from checklists.language import Template, Text
from sync_server.database.queries import desk_day as queries
from sync_server.database.queries import hand_ins, season
from sync_server.database.queries.desk_day import Late, Returned, SilentPhone
from sync_server.database.queries.disputes import all_disputes
from sync_server.database.queries.proposed_rules import ProposedRow, all_proposed
from sync_server.database.queries.releases import release_events, round_rows
from sync_server.pages.today_windows import Closing, closing_windows
from sync_server.planning.coverage import visits_wanted
from sync_server.publication.working_days import DISPUTE_DAYS, window, working_days
from sync_server.season.edition import MILESTONES, current_edition
from sync_server.season.opening import is_kept_from_opening
from sync_server.season.rules import Rules, rules_in_force, version_in_force

BEHIND = Fraction(12, 100)
SILENT = timedelta(hours=48)
MOST_SHOWN = 8
LONGEST_WINDOW = timedelta(days=45)  # no window for disputes is longer, holidays included
FREE_NAMED = 2
_AGES = (0, 1, 2, 3, 4, 6)  # days from which each line of ages begins


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


class DisputeClock(NamedTuple):
    """A round that entrants may still dispute: until the last moment of `last`, in so many days."""

    round: int
    last: date
    days: int


class OpenDispute(NamedTuple):
    """A dispute that waits for its decision, and for how many working days it has."""

    id: int
    name: Text
    round: int
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
    disputes: Sequence[DisputeClock]
    disputed: Sequence[OpenDispute]
    hand_ins: Mapping[str, int]
    proposed: Sequence[ProposedRow]

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
        closing=closing_windows(db, now, rules, entrants, {row["id"]: row["name"] for row in people}),
        waiting=_ages(waiting, today, zone),
        oldest_waiting=waiting[0][0] if waiting else None,
        returned=queries.returned_not_back(db),
        late=queries.late_by_assessor(db, now),
        silent=_silent(db, now, to_do),
        behind=_behind(db, current, rows, done=done, entrants=entrants, people=people, to_do=to_do) if current else (),
        dates=_dates(db, today),
        disputes=_disputes(db, now, zone),
        disputed=[
            OpenDispute(one.id, one.entrant_name, one.round, working_days(one.opened_at, now, zone))
            for one in all_disputes(db)
            if one.outcome is None
        ],
        hand_ins={kind: hand_ins.count_waiting(db, kind) for kind in ("enrolment", "faq")},
        proposed=[one for one in all_proposed(db) if one.waits],
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
        by = max(1, int(current.gone * quota) - made)
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


def _disputes(db: Connection, now: datetime, zone: ZoneInfo) -> Sequence[DisputeClock]:
    today, clocks = now.astimezone(zone).date(), []
    for number, event in release_events(db).items():
        if event.released_at > now - LONGEST_WINDOW:
            _, ends_at = window(event.released_at, DISPUTE_DAYS, zone)
            last = (ends_at - timedelta(microseconds=1)).astimezone(zone).date()
            if ends_at > now:
                clocks.append(DisputeClock(number, last, (last - today).days))
    return sorted(clocks, key=lambda each: each.last)
