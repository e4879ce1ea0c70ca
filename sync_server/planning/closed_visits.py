"""Planned visits on whose days nobody serves any more: after a suspension, a closed day, or other days of service.

PLS-6  They are those that the next plan would lose for it (PLS-3), by the same function.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache

from sqlalchemy import Connection

from checklists.record.assignment import ServiceHours
from sync_server.database.queries import season
from sync_server.database.queries.planned_conflicts import PlannedConflict, visits_of_wait, waits
from sync_server.database.queries.suspensions import suspension_rows
from sync_server.planning.suspended import is_closed_throughout, without_suspended
from sync_server.season.branch_hours import hours_at
from sync_server.season.rules import version_in_force


def closed_visits(db: Connection, rounds: Collection[int], now: datetime) -> Sequence[PlannedConflict]:
    """Return those of `rounds` whose days are all to come, the earliest first (PLS-6)."""
    zone, suspended = version_in_force(db).zone, suspension_rows(db)
    entries = {(row["entrant_id"], row["channel"]): row["service"] for row in season.rows_of(db, "entries")}
    branches = {row["id"]: row["service"] for row in season.rows_of(db, "branches")}

    @cache
    def service(entrant_id: str, channel: str, branch_id: str | None) -> ServiceHours | None:
        hours = hours_at(entries.get((entrant_id, channel)), branches.get(branch_id) if branch_id else None)
        spans = [each for each in suspended if each.entrant_id in (None, entrant_id)]
        return without_suspended(hours, spans, zone, in_part=False)

    @cache  # many visits begin at one moment
    def day(at: datetime) -> date:
        return at.astimezone(zone).date()

    tonight = datetime.combine(day(now) + timedelta(days=1), time.min, zone)
    found: list[PlannedConflict] = []
    for wait in sorted(waits(db, rounds, tonight - timedelta(microseconds=1)), key=lambda one: one.due_from):
        hours = service(wait.entrant_id, wait.channel, wait.branch_id)
        if is_closed_throughout(hours, day(wait.due_from), day(wait.due_until - timedelta(microseconds=1))):
            found += visits_of_wait(db, rounds, wait)
    return found
