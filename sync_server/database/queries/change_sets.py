"""Sets of changes of the season's rows: begun, staged in slices, switched in one statement a table.

CHG-1  Staged rows are seen by nobody. The switch copies them inside the database, so it takes a moment whatever their
       number, and all of them come or none.
CHG-2  `season_version` grows with each switch: what was made against an older one is refused.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    Table,
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.types import TypeDecorator

from sync_server.database.columns import Moment, moment_text
from sync_server.database.queries.driver import insert_rows
from sync_server.database.queries.portable import insert_or_update
from sync_server.database.queries.season import KEYS
from sync_server.database.queries.settings import keep_setting, setting
from sync_server.database.tables import change_sets, season_changes, staged_files, staged_rows
from sync_server.database.tables.season_changes import WIDTH

SEASON_VERSION = "season-version"
BORN = ("created_at", "filed_at")  # given once, when a row is added
TOUCHED = "updated_at"  # given at each change


class SetRow(NamedTuple):
    """A set of changes as it is kept."""

    id: str
    kind: str
    state: str
    begun_at: datetime
    begun_by: str
    heard_at: datetime
    progress: Mapping[str, Any]
    base: Mapping[str, Any]
    report: Mapping[str, Any]
    written_at: datetime | None
    told_seq: int
    undoes: str | None


class ChangeRow(NamedTuple):
    """One change. `old` and `new` hold the columns that differ, as the database does."""

    set_id: str
    seq: int
    subject: str
    key: str
    verb: str
    old: Mapping[str, str | None] | None
    new: Mapping[str, str | None] | None


_named: Any = namedtuple  # its columns are numbered, and so many that writing them out says nothing
_Staged = _named("_Staged", ["set_id", "seq", "subject", "takes_out", *(f"c{number:02d}" for number in range(WIDTH))])


def staged_row(set_id: str, seq: int, subject: str, values: Mapping[str, str | None], *, takes_out: bool) -> Any:
    """Return a row to stage: `values` are all staged columns of its table, in their order."""
    held = [*values.values(), *[None] * (WIDTH - len(values))]
    return _Staged(set_id, seq, subject, int(takes_out), *held)


def staged_columns(name: str) -> Sequence[str]:
    """Return the columns of the table `name` that are staged, its key first."""
    table, key = KEYS[name]
    others = [column.name for column in table.columns if column.name not in (*key, *BORN, TOUCHED)]
    return (*key, *others)


def in_text(name: str, row: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the staged columns of `row` as the database holds them, in text."""
    table, _ = KEYS[name]
    return {column: _text(table, column, row[column]) for column in staged_columns(name)}


def out_of_text(name: str, values: Mapping[str, str | None]) -> dict[str, Any]:
    """Return columns in text as the values they stand for."""
    table, _ = KEYS[name]
    return {column: _value(table, column, text) for column, text in values.items() if column in table.c}


# What is kept with a row and changed with it, though it stands elsewhere.
_BESIDE: Mapping[str, str] = {"rounds": "released_at"}


def beside_in_text(name: str, row: Mapping[str, Any]) -> dict[str, str | None]:
    """Return what of `row` stands beside its table, in text: a round's moment of release, which the rules hold."""
    column = _BESIDE.get(name)
    at = row.get(column) if column else None
    return {column: None if at is None else moment_text(at)} if column else {}


def beside_out_of_text(name: str, values: Mapping[str, str | None]) -> dict[str, Any]:
    """Return what stands beside the table as the values it stands for."""
    text = values.get(_BESIDE.get(name, ""))
    return {column: text and datetime.fromisoformat(text) for column in values if column == _BESIDE.get(name)}


def _text(table: Table, column: str, value: Any) -> str | None:
    if value is None:
        return None
    kind = table.c[column].type
    if isinstance(kind, TypeDecorator):
        made: str | None = kind.process_bind_param(value, None)  # type: ignore[arg-type]
        return made
    return str(int(value)) if isinstance(value, bool) else str(value)


def _value(table: Table, column: str, text: str | None) -> Any:
    if text is None:
        return None
    kind = table.c[column].type
    if isinstance(kind, TypeDecorator):
        return kind.process_result_value(text, None)  # type: ignore[arg-type]
    if kind.python_type is bool:
        return text == "1"
    return kind.python_type(text) if kind.python_type in (int, float) else text


def key_text(name: str, row: Mapping[str, Any]) -> str:
    """Return what names `row`, as changes keep it."""
    _, key = KEYS[name]
    return msgspec.json.encode([row[column] for column in key]).decode()


def season_version(db: Connection) -> int:
    """Return the number of the season's last switch."""
    return int(setting(db, SEASON_VERSION) or 0)


def add_set(db: Connection, row: SetRow) -> None:
    """Begin a set."""
    insert_rows(db, change_sets, [row])


def set_of(db: Connection, set_id: str) -> SetRow | None:
    """Return one set, or None."""
    row = db.execute(
        select(*(change_sets.c[name] for name in SetRow._fields)).where(change_sets.c.id == set_id)
    ).first()
    return SetRow(*row) if row else None


def recent_sets(db: Connection, limit: int = 30) -> Sequence[SetRow]:
    """Return the sets that were written or wait for somebody, newest first."""
    columns = [change_sets.c[name] for name in SetRow._fields]
    statement = select(*columns).order_by(change_sets.c.begun_at.desc(), change_sets.c.id.desc()).limit(limit)
    return [SetRow(*row) for row in db.execute(statement)]


def note(db: Connection, set_id: str, now: datetime, **values: Any) -> None:
    """Write columns of a set, and that it went on."""
    db.execute(update(change_sets).where(change_sets.c.id == set_id).values(heard_at=now, **values))


def stage(db: Connection, changes: Sequence[ChangeRow], rows: Sequence[Any]) -> None:
    """Add changes and the rows they will make."""
    insert_rows(db, season_changes, changes)
    insert_rows(db, staged_rows, rows)


def switch(db: Connection, set_id: str, now: datetime) -> None:
    """Make every staged row of the set the season's, in an order that keeps references whole (CHG-1)."""
    for name in KEYS:
        _put_in(db, set_id, name, now)
    for name in reversed(list(KEYS)):
        _take_out(db, set_id, name)
    keep_setting(db, SEASON_VERSION, season_version(db) + 1, now)


def _put_in(db: Connection, set_id: str, name: str, now: datetime) -> None:
    table, key = KEYS[name]
    columns = staged_columns(name)
    stamps = [column.name for column in table.columns if column.name in (*BORN, TOUCHED)]
    stamp = literal(now, Moment())
    values = [
        *(_typed(table, column, staged_rows.c[f"c{at:02d}"]) for at, column in enumerate(columns)),
        *(stamp for _ in stamps),
    ]
    which = and_(staged_rows.c.set_id == set_id, staged_rows.c.subject == name, staged_rows.c.takes_out == 0)
    rows = select(*values).where(which).order_by(staged_rows.c.seq)
    changed = [column for column in (*columns, *stamps) if column not in (*key, *BORN)]
    statement = insert_or_update(db, table, key, changed)
    db.execute(statement.from_select([*columns, *stamps], rows, include_defaults=False))


def _typed(table: Table, column: str, staged: Column[Any]) -> Any:
    """Return a staged column as its own column holds it: text as it is, numbers and flags made of it."""
    kind = table.c[column].type
    return staged if isinstance(kind, (TypeDecorator, Text)) else cast(staged, kind)


def _take_out(db: Connection, set_id: str, name: str) -> None:
    table, key = KEYS[name]
    named = [_typed(table, column, staged_rows.c[f"c{at:02d}"]) for at, column in enumerate(key)]
    which = and_(staged_rows.c.set_id == set_id, staged_rows.c.subject == name, staged_rows.c.takes_out == 1)
    goes = tuple_(*(table.c[column] for column in key)).in_(select(*named).where(which))
    db.execute(delete(table).where(goes))


def changes_of(
    db: Connection, set_id: str, *, subject: str = "", after: int = -1, limit: int = 1_000
) -> Sequence[ChangeRow]:
    """Return changes of a set in their order, of one subject when given, after the number `after`."""
    statement = select(season_changes).where(season_changes.c.set_id == set_id, season_changes.c.seq > after)
    if subject:
        statement = statement.where(season_changes.c.subject == subject)
    return [ChangeRow(*row) for row in db.execute(statement.order_by(season_changes.c.seq).limit(limit))]


def changed_since(db: Connection, set_id: str, written_at: datetime) -> int:
    """Return how many rows of the set were changed again by a set written after it."""
    first, later = season_changes.alias("first"), season_changes.alias("later")
    statement = (
        select(func.count(func.distinct(first.c.seq)))
        .select_from(first)
        .join(later, and_(later.c.subject == first.c.subject, later.c.key == first.c.key))
        .join(change_sets, change_sets.c.id == later.c.set_id)
        .where(first.c.set_id == set_id, later.c.set_id != set_id)
        .where(change_sets.c.state.in_(("written", "undone")), change_sets.c.written_at > written_at)
    )
    return int(db.execute(statement).scalar_one())


def forget_staged(db: Connection, set_id: str, limit: int = 500) -> bool:
    """Take out some staged rows of a set, then its files; return whether more are left."""
    numbers = select(staged_rows.c.subject, staged_rows.c.seq).where(staged_rows.c.set_id == set_id).limit(limit)
    taken = [(row.subject, row.seq) for row in db.execute(numbers)]
    for subject in {subject for subject, _ in taken}:
        seqs = [seq for of, seq in taken if of == subject]
        which = and_(staged_rows.c.subject == subject, staged_rows.c.seq.between(min(seqs), max(seqs)))
        db.execute(delete(staged_rows).where(staged_rows.c.set_id == set_id, which))
    if len(taken) < limit:
        db.execute(delete(staged_files).where(staged_files.c.set_id == set_id))
    return len(taken) == limit


def forget_changes(db: Connection, set_id: str, limit: int = 500) -> bool:
    """Take out some changes of a set that was never written; return whether more are left."""
    which = season_changes.c.set_id == set_id
    last = (
        db.execute(select(season_changes.c.seq).where(which).order_by(season_changes.c.seq).limit(limit))
        .scalars()
        .all()
    )
    if last:
        db.execute(delete(season_changes).where(which, season_changes.c.seq <= max(last)))
    return len(last) == limit


def stale_sets(db: Connection, before: datetime) -> Sequence[str]:
    """Return the sets nobody wrote and that last went on before a moment."""
    waiting = change_sets.c.state.in_(("reading", "asked", "refused", "previewed", "failed"))
    return db.execute(select(change_sets.c.id).where(waiting, change_sets.c.heard_at < before)).scalars().all()


def forget_set(db: Connection, set_id: str) -> None:
    """Take out a set that was never written, once nothing of it is left."""
    never = and_(change_sets.c.id == set_id, change_sets.c.written_at.is_(None))
    db.execute(delete(change_sets).where(never))


def keep_files(db: Connection, set_id: str, files: Mapping[str, bytes]) -> None:
    """Keep the files of a set until somebody has said what they are in."""
    rows = [{"set_id": set_id, "name": name, "content": content} for name, content in files.items()]
    if rows:
        db.execute(insert(staged_files), rows)


def files_of(db: Connection, set_id: str) -> Mapping[str, bytes]:
    """Return the files kept with a set."""
    statement = select(staged_files.c.name, staged_files.c.content).where(staged_files.c.set_id == set_id)
    return {row.name: row.content for row in db.execute(statement)}
