"""Write a checked plan: rows, assignments with their bodies, and one entry of the feed for each phone concerned.

IMP-6  The moment of release in rounds.csv is the rules' own: it is set there, and stands nowhere else.
IMP-5  What an entry is scored by (its hours, its filing, its history; its entrant's size or industry) is imported with
       the wish for that entry's standing, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection

from checklists.record.assignment import Assignment
from checklists.wire import encode
from sync_server.database.queries import season
from sync_server.database.queries.jobs import Job, ask_for
from sync_server.database.queries.releases import release_events
from sync_server.exchange.csv.overlay import BODY_FIELDS, Overlay
from sync_server.exchange.csv.plan import Checked, Plan, check
from sync_server.exchange.csv.records import Record
from sync_server.fieldwork.handing_out import tell_assignment
from sync_server.jobs.wishes import standing_job
from sync_server.season.rule_changes import set_release_moments
from sync_server.season.rules import release_moments, version_in_force

# The moment of birth a row is given once, when it is added.
_BORN: Mapping[str, str] = {"entrants": "created_at", "assessors": "created_at", "faqs": "filed_at"}


def kept_season(db: Connection) -> Overlay:
    """Return the season that the server keeps, ready to have files laid over it."""
    kept = {
        name: {tuple(row[column] for column in key): row for row in season.rows_of(db, name)}
        for name, (_, key) in season.KEYS.items()
    }
    moments, released = release_moments(db), release_events(db)
    for (number,), row in kept["rounds"].items():
        row |= {"released_at": moments.get(number), "is_released": number in released}
    return Overlay(kept, season.form_names(db), version_in_force(db).zone)


def import_files(
    db: Connection,
    files: Mapping[str, bytes],
    *,
    now: datetime,
    by: str = "command",
    encodings: Mapping[str, str] | None = None,
) -> Checked:
    """Check `files` (name to content) and write them, all or nothing. The same files again change nothing.

    `by` is whose account the import is. The caller's transaction must be a writing one: what was checked is what is
    written.
    """
    kept = kept_season(db)
    checked = check(files, kept, version_in_force(db).programme, now.astimezone(kept.zone).date(), encodings=encodings)
    if checked.plan is not None:
        write(db, checked.plan, now, by=by)
    return checked


def write(db: Connection, plan: Plan, now: datetime, *, by: str = "command") -> None:
    """Write `plan`, append what phones are told, and ask for the standings concerned.

    Only inside the transaction it was checked in.
    """
    for name in season.KEYS:
        if name == "assignments":
            continue
        for row in plan.added.get(name, ()):
            born = {_BORN[name]: now} if name in _BORN else {}
            season.add_row(db, name, {**_row(name, row), **born})
        for row in plan.changed.get(name, ()):
            season.change_row(db, name, _row(name, row))
    rounds = [*plan.added.get("rounds", ()), *plan.changed.get("rounds", ())]
    set_release_moments(db, {row["number"]: row["released_at"] for row in rounds}, created_by=by, now=now)
    ask_for(db, _standings(db, plan), now)
    bodies = {body.id: body for body in plan.assignments}
    for row in plan.added.get("assignments", ()):
        season.add_row(db, "assignments", {**_columns(row, bodies[row["id"]]), "created_at": now, "updated_at": now})
        tell_assignment(db, bodies[row["id"]], now)
    for row in plan.changed.get("assignments", ()):
        season.change_row(db, "assignments", {**_columns(row, bodies[row["id"]]), "updated_at": now})
        tell_assignment(db, bodies[row["id"]], now)


def _standings(db: Connection, plan: Plan) -> Collection[Job]:
    """Return the jobs of the entries that came or changed, themselves or in their entrant."""
    touched = [*plan.added.get("entries", ()), *plan.changed.get("entries", ())]
    keys = {(row["entrant_id"], row["channel"]) for row in touched}
    entrants = {row["id"] for row in plan.changed.get("entrants", ())}
    if entrants:
        kept = season.rows_of(db, "entries")
        keys |= {(row["entrant_id"], row["channel"]) for row in kept if row["entrant_id"] in entrants}
    return [standing_job(*key) for key in keys]


def _row(name: str, row: Record) -> Record:
    if name != "rounds":
        return row
    return {column: value for column, value in row.items() if column not in ("released_at", "is_released")}


def _columns(row: Record, body: Assignment) -> Record:
    columns = {name: value for name, value in row.items() if name not in BODY_FIELDS}
    return {**columns, "body": encode(body).decode()}
