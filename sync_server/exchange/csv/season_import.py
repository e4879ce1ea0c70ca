"""What a checked plan changes in the season, verb by verb; and an import in one transaction.

IMP-6  The moment of release in rounds.csv is the rules' own: it is set there, and stands nowhere else.
IMP-5  What an entry is scored by (its hours, its filing, its history; its entrant's size or industry) is imported with
       the wish for that entry's standing, in the same transaction (SCH-5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection

from checklists.record.assignment import Assignment
from checklists.wire import encode
from sync_server.database.queries import season
from sync_server.database.queries.releases import release_events
from sync_server.exchange.csv.effects import Plan
from sync_server.exchange.csv.overlay import BODY_FIELDS, Overlay
from sync_server.exchange.csv.plan import Checked, check
from sync_server.exchange.csv.records import Record
from sync_server.exchange.season_changes import Change, add, change, withdraw, write_at_once
from sync_server.season.approval import approvers
from sync_server.season.form_versions import names_in_use
from sync_server.season.rules import release_moments, version_in_force


def kept_season(db: Connection) -> Overlay:
    """Return the season that the server keeps, ready to have files laid over it."""
    kept = {
        name: {tuple(row[column] for column in key): row for row in season.rows_of(db, name)}
        for name, (_, key) in season.KEYS.items()
    }
    moments, released = release_moments(db), release_events(db)
    for (number,), row in kept["rounds"].items():
        row |= {"released_at": moments.get(number), "is_released": number in released}
    return Overlay(kept, names_in_use(db), version_in_force(db).zone, approvers(db))


def import_files(
    db: Connection,
    files: Mapping[str, bytes],
    *,
    now: datetime,
    encodings: Mapping[str, str] | None = None,
    by: str = "command",
) -> Checked:
    """Check `files` (name to content) and write them, all or nothing. The same files again change nothing.

    The caller's transaction must be a writing one: what was checked is what is written. For a season being set up:
    while devices are served, an import goes by slices (`importing`).
    """
    kept = kept_season(db)
    checked = check(files, kept, version_in_force(db).programme, now.astimezone(kept.zone).date(), encodings=encodings)
    if checked.plan is not None and checked.plan.changes_anything:
        write_at_once(db, changes_of(checked.plan, kept, now), kind="import", by=by, now=now)
    return checked


def changes_of(plan: Plan, kept: Overlay, now: datetime) -> Iterator[Change]:
    """Yield the changes of `plan` over what is kept, in an order that keeps references whole."""
    bodies = {body.id: body for body in plan.assignments}
    for name, (_, key) in season.KEYS.items():
        for row in plan.added.get(name, ()):
            yield add(name, _columns(row, bodies[row["id"]]) if name == "assignments" else row)
        for row in plan.changed.get(name, ()):
            before = kept.kept[name][tuple(row[column] for column in key)]
            after = _columns(row, bodies[row["id"]]) if name == "assignments" else row
            if name == "assignments" and after["withdrawn"] and not before["withdrawn"]:
                yield withdraw(name, before, now)._replace(after=after)
            else:
                yield change(name, before, after)


def _columns(row: Record, body: Assignment) -> Record:
    columns = {name: value for name, value in row.items() if name not in BODY_FIELDS}
    return {**columns, "body": encode(body).decode()}
