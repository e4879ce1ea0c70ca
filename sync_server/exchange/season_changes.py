"""Changing the season's rows: the verbs, each with what was there before, in sets that are written whole or not at all.

SCH-1  Every change of a row is one of three verbs of its record: add, change, withdraw. A record that knows being
       withdrawn is kept and says so; any other is taken out.
SCH-2  What is there before a change is kept with it, under the set it belongs to.
SCH-3  A set is staged in slices and written by one switch, which is refused where the season, its rules, its forms or
       the day moved since it was begun.
SCH-4  Phones are told after the switch, in slices, from the changes that are kept: nothing is told that is not so, and
       a crash in between tells nobody less.
SCH-5  What an entry is scored by is changed with the wish for that entry's standing, in the same transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Literal, NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists.language import N_, SentenceError, sentence
from checklists.record.assignment import Assignment
from checklists.rules.ruleset import RulesetError
from checklists.wire import decode, encode
from sync_server.database.queries import change_sets as queries
from sync_server.database.queries import season
from sync_server.database.queries.change_sets import ChangeRow, SetRow
from sync_server.database.queries.jobs import Job, ask_for
from sync_server.fieldwork.handing_out import tell_assignments
from sync_server.jobs.wishes import standing_job
from sync_server.season.form_versions import names_in_use
from sync_server.season.rule_changes import set_release_moments
from sync_server.season.rules import version_in_force

Record = Mapping[str, Any]
Verb = Literal["add", "change", "withdraw"]
SLICE = 250
TOLD_AT_ONCE = 100
# The column by which a record says that it is withdrawn.
WITHDRAWN: Mapping[str, str] = {
    "assignments": "withdrawn",
    "entries": "withdrawn",
    "assessors": "left_at",
    "suspensions": "withdrawn",
}


class SeasonMovedError(SentenceError, ValueError):
    """The season is no longer what the set was made against."""

    def __init__(self) -> None:
        super().__init__(sentence(N_("The season has changed since this was previewed. Preview it again.")))


class MomentRefusedError(SentenceError, ValueError):
    """A round's moment of release may not become what a set of changes says; the message says why."""


class Change(NamedTuple):
    """One verb: `after` is the whole row as it will be, `before` as it is; None: it is not there."""

    subject: str
    verb: Verb
    before: Record | None
    after: Record | None


def add(subject: str, row: Record) -> Change:
    """Return the change that brings a new row."""
    return Change(subject, "add", None, row)


def change(subject: str, before: Record, after: Record) -> Change:
    """Return the change from a row to another of the same key."""
    return Change(subject, "change", before, after)


def withdraw(subject: str, before: Record, now: datetime) -> Change:
    """Return the change that withdraws a row: kept and marked where its record can say so."""
    column = WITHDRAWN.get(subject)
    if column is None:
        return Change(subject, "withdraw", before, None)
    marked = {**before, column: now if column == "left_at" else True}
    if subject == "assignments":
        body = msgspec.structs.replace(decode(before["body"], Assignment), withdrawn=True)
        marked["body"] = encode(body).decode()
    return Change(subject, "withdraw", before, marked)


def base_of(db: Connection, now: datetime) -> Mapping[str, Any]:
    """Return what a set of changes rests on: anything of it that moves refuses the set (SCH-3)."""
    version = version_in_force(db)
    return {
        "season": queries.season_version(db),
        "rules": version.digest,
        "forms": list(names_in_use(db)),
        "today": now.astimezone(version.zone).date().isoformat(),
    }


def begin(
    db: Connection, kind: str, by: str, now: datetime, *, base: Mapping[str, Any], undoes: str | None = None
) -> str:
    """Begin a set and return its id."""
    set_id = secrets.token_hex(8)
    progress = {"step": "reading", "done": 0, "of": 0}
    queries.add_set(db, SetRow(set_id, kind, "reading", now, by, now, progress, base, {}, None, 0, undoes))
    return set_id


class Staging:
    """Turns changes into slices to write: each is ready before the writer is asked for its turn."""

    def __init__(self, set_id: str, changes: Iterable[Change]) -> None:
        self._set_id = set_id
        self._changes = iter(changes)
        self.done = 0

    def slice(self, size: int = SLICE) -> tuple[Sequence[ChangeRow], Sequence[Any]]:
        """Return the next changes and their rows; empty at the end."""
        kept: list[ChangeRow] = []
        rows: list[Any] = []
        for each in islice(self._changes, size):
            before = None if each.before is None else queries.in_text(each.subject, each.before)
            after = None if each.after is None else queries.in_text(each.subject, each.after)
            named = each.after or each.before or {}
            old, new = _differing(
                _with_beside(each.subject, before, each.before), _with_beside(each.subject, after, each.after)
            )
            key = queries.key_text(each.subject, named)
            kept.append(ChangeRow(self._set_id, self.done, each.subject, key, each.verb, old, new))
            values = after or before or {}
            rows.append(queries.staged_row(self._set_id, self.done, each.subject, values, takes_out=after is None))
            self.done += 1
        return kept, rows


def _with_beside(
    subject: str, values: Mapping[str, str | None] | None, row: Record | None
) -> Mapping[str, str | None] | None:
    return None if values is None else {**values, **queries.beside_in_text(subject, row or {})}


def _differing(
    before: Mapping[str, str | None] | None, after: Mapping[str, str | None] | None
) -> tuple[Mapping[str, str | None] | None, Mapping[str, str | None] | None]:
    """Return the columns that differ, as they were and as they will be."""
    if before is None:
        return None, _beside_alone(after or {})
    if after is None:
        return before, None
    columns = [column for column in after if before.get(column) != after[column]]
    return {column: before[column] for column in columns}, {column: after[column] for column in columns}


def _beside_alone(after: Mapping[str, str | None]) -> Mapping[str, str | None] | None:
    """Return what of a new row stands in no row of its table; None where that is nothing."""
    return {"released_at": after["released_at"]} if after.get("released_at") else None


def switch(db: Connection, set_id: str, now: datetime, *, state: str = "written") -> SetRow:
    """Write a staged set: all of it, in the caller's transaction, or nothing.

    Raises:
        SeasonMovedError: what it was made against has moved.
        MomentRefusedError: a round's moment of release may not become what the set says.
        LookupError: there is no such set, or it does not wait to be written.
    """
    row = queries.set_of(db, set_id)
    if row is None or row.state != "previewed":
        raise LookupError(set_id)
    if msgspec.json.encode(base_of(db, now), order="sorted") != msgspec.json.encode(dict(row.base), order="sorted"):
        raise SeasonMovedError
    queries.switch(db, set_id, now)
    _set_moments(db, row, now)
    queries.note(db, set_id, now, state=state, written_at=now)
    ask_for(db, _standings(db, set_id), now)
    if tell_some(db, set_id, now) or row.report.get("staged", 0) > SLICE:
        ask_for(db, [import_job(set_id)], now)
    else:
        queries.forget_staged(db, set_id)
    return row


def _set_moments(db: Connection, row: SetRow, now: datetime) -> None:
    """Set the moments of release that the set changes, in the rules, which alone hold them (IMP-6)."""
    moments: dict[int, datetime | None] = {}
    zone = version_in_force(db).zone
    for each in queries.changes_of(db, row.id, subject="rounds"):
        number = int(msgspec.json.decode(each.key)[0])
        if each.verb == "add" and each.new is None:
            moments[number] = None
        elif each.new is not None and "released_at" in each.new:
            at = queries.beside_out_of_text("rounds", each.new)["released_at"]
            moments[number] = at and at.astimezone(zone)  # as the rules write it
        elif each.old is not None and each.new is None:
            moments[number] = None
    if moments:
        try:
            set_release_moments(db, moments, created_by=row.begun_by, now=now)
        except RulesetError as error:
            raise MomentRefusedError(error.problems[0].message) from error


def import_job(set_id: str) -> Job:
    """Return the job that tells phones of a set that was written, and clears away what was staged for it."""
    return Job("import", set_id)


def tell_some(db: Connection, set_id: str, now: datetime, limit: int = TOLD_AT_ONCE) -> bool:
    """Tell phones of the next assignments of a written set; return whether more are left. Repeating it is harmless."""
    row = queries.set_of(db, set_id)
    if row is None or row.written_at is None:
        return False
    changes = queries.changes_of(db, set_id, subject="assignments", after=row.told_seq - 1, limit=limit)
    kept = season.bodies_of_assignments(db, [msgspec.json.decode(each.key)[0] for each in changes])
    taken_out = {
        name: msgspec.structs.replace(decode(str(each.old["body"]), Assignment), withdrawn=True)
        for each in changes
        if (name := str(msgspec.json.decode(each.key)[0])) not in kept and each.old and each.old.get("body")
    }
    told = [*(decode(body, Assignment) for body in kept.values()), *taken_out.values()]
    tell_assignments(db, told, now, taken_out=taken_out)
    if changes:
        queries.note(db, set_id, now, told_seq=changes[-1].seq + 1)
    return len(changes) == limit


def _standings(db: Connection, set_id: str) -> list[Job]:
    """Return the jobs of the entries that came or changed, themselves or in their entrant (SCH-5)."""
    keys: set[tuple[str, str]] = set()
    entrants: set[str] = set()
    for subject in ("entries", "entrants"):
        after = -1
        while page := queries.changes_of(db, set_id, subject=subject, after=after):
            after = page[-1].seq
            for each in page:
                key = msgspec.json.decode(each.key)
                if subject == "entries":
                    keys.add((key[0], key[1]))
                elif each.verb == "change":
                    entrants.add(key[0])
    if entrants:
        keys |= {key for key in season.entry_keys(db) if key[0] in entrants}
    if queries.changes_of(db, set_id, subject="suspensions", limit=1):
        keys |= set(season.entry_keys(db))  # hours and windows may be others for everybody
    return [standing_job(*key) for key in keys & set(season.entry_keys(db))]


def write_at_once(
    db: Connection,
    changes: Iterable[Change],
    *,
    kind: str,
    by: str,
    now: datetime,
    report: Mapping[str, Any] | None = None,
) -> str:
    """Stage and write changes in the caller's transaction, tell every phone, and return the set's id."""
    set_id = begin(db, kind, by, now, base=base_of(db, now))
    staging = Staging(set_id, changes)
    while True:
        kept, rows = staging.slice()
        if not kept:
            break
        queries.stage(db, kept, rows)
    queries.note(db, set_id, now, state="previewed", report=dict(report or {}))
    switch(db, set_id, now)
    while tell_some(db, set_id, now):
        continue
    while queries.forget_staged(db, set_id):
        continue
    return set_id
