"""Taking an import back: what it changed is as before, and what it added is withdrawn, while nothing rests on it.

UND-1  It is refused once something rests on it: a later change of one of its rows, a record from a phone, an enrolment,
       an account or a decision about a row it added, or a row of somebody else's that names one.
UND-2  An assignment it added stays, withdrawn, where a phone may know of it: a visit that was begun is never refused.
       What such an assignment names stays too. Everything else it added goes.
UND-3  It is a set of changes like any other, with what was there before, and is told to phones the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from checklists.language import N_, Sentence, SentenceError, sentence
from sync_server.database.queries import change_sets as queries
from sync_server.database.queries import resting, season
from sync_server.database.queries.change_sets import ChangeRow, SetRow
from sync_server.database.queries.resting import Key
from sync_server.exchange.csv.season_import import kept_season
from sync_server.exchange.season_changes import WITHDRAWN, Change, change, withdraw

Named = tuple[str, Key]


class RestsOnItError(SentenceError, ValueError):
    """Something rests on the import; the message says what."""


def refusal(db: Connection, row: SetRow) -> Sentence | None:
    """Return why the written set `row` cannot be taken back, or None."""
    if row.state != "written" or row.written_at is None or row.kind != "import":
        return sentence(N_("This import cannot be taken back."))
    later = queries.changed_since(db, row.id, row.written_at)
    if later:
        return sentence(
            N_("Rows of this import were changed again since: {count}. Change them back first."), count=later
        )
    visits = resting.visits_since(db, row.id, row.written_at)
    if visits:
        return sentence(N_("Visits came for assignments of this import: {count}. It stays."), count=visits)
    added = {_named(each) for each in _all_changes(db, row.id) if each.verb == "add"}
    for named in resting.rests_on(db):
        if named in added:
            what = f"{named[0]} {_shown(named[1])}"
            return sentence(N_("A phone, an account or a decision rests on {what}. The import stays."), what=what)
    for each in resting.references(db):
        if (each.names, each.named) in added and (each.subject, each.key) not in added:
            what, other = f"{each.names} {_shown(each.named)}", f"{each.subject} {_shown(each.key)}"
            return sentence(
                N_("{other} names {what}, which this import added. The import stays."), other=other, what=what
            )
    return None


def came_since(db: Connection, row: SetRow) -> Sentence | None:
    """Return what came from phones for assignments of the written set, or None: all that no version of it shows."""
    visits = resting.visits_since(db, row.id, row.written_at or row.begun_at)
    words = N_("Visits came for assignments of this import: {count}. It stays.")
    return sentence(words, count=visits) if visits else None


def changes_back(db: Connection, row: SetRow, now: datetime) -> Iterator[Change]:
    """Yield the changes that take the written set `row` back, those of rows that name others first."""
    kept = kept_season(db).kept
    stays = _staying(db, row.id)
    for each in reversed(_all_changes(db, row.id)):
        name, key = _named(each)
        now_row = kept[name].get(key)
        if each.verb == "add":
            is_held = (name, key) in stays
            if now_row is None or (is_held and name not in WITHDRAWN):
                continue
            yield withdraw(name, now_row, now) if is_held else Change(name, "withdraw", now_row, None)
        elif now_row is None:
            yield Change(name, "add", None, _after(name, {}, each.old))
        else:
            yield change(name, now_row, _after(name, now_row, each.old))


def _staying(db: Connection, set_id: str) -> set[Named]:
    """Return the added rows that stay: assignments a phone may know of, and whatever those name (UND-2)."""
    added = {_named(each) for each in _all_changes(db, set_id) if each.verb == "add"}
    enrolled = season.assessors_with_phone(db)
    named_by: dict[Named, list[Named]] = {}
    stays: set[Named] = set()
    for each in resting.references(db):
        named_by.setdefault((each.subject, each.key), []).append((each.names, each.named))
        if each.names == "assessors" and each.named[0] in enrolled and (each.subject, each.key) in added:
            stays.add((each.subject, each.key))
    waiting = list(stays)
    while waiting:
        for named in named_by.get(waiting.pop(), ()):
            if named in added and named not in stays:
                stays.add(named)
                waiting.append(named)
    return stays


def _all_changes(db: Connection, set_id: str) -> list[ChangeRow]:
    changes: list[ChangeRow] = []
    while page := queries.changes_of(db, set_id, after=changes[-1].seq if changes else -1):
        changes += page
    return changes


def _named(change_row: ChangeRow) -> Named:
    return change_row.subject, tuple(msgspec.json.decode(change_row.key))


def _after(name: str, now_row: Mapping[str, Any], old: Mapping[str, str | None] | None) -> Mapping[str, Any]:
    return {**now_row, **queries.out_of_text(name, old or {}), **queries.beside_out_of_text(name, old or {})}


def _shown(key: Key) -> str:
    return " / ".join(map(str, key))
