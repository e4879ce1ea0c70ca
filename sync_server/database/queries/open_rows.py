"""Rows of the open tables, a page at a time and in any order, as far as a reader may see them.

ROW-1  A row is kept apart by its key, and every order ends with the key: a page goes on where the one before ended,
       whatever has arrived meanwhile. Null comes first going up, and last going down.
ROW-2  An entrant's reader has the rows of its Sight (PERM-3) and no assessor.
ROW-3  Of answers only coded ones are rows: words may name people and are read on the assessment's own page. Those of a
       visit that somebody is still to judge unseen are none yet (UNS).
ROW-4  Answers in an order of their visits alone are read for some visits at a time; in any other order all there are
       are put in order for each page, so more than MOST_SORTED of them are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    cast,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)

from checklists.record.sheet import RECORDING_MARK
from sync_server.database.queries.narrowing import Term, condition
from sync_server.database.queries.open_tables import Column, OpenSet, open_sets
from sync_server.database.queries.sight import Sight, seen
from sync_server.database.queries.unseen import unseen_visits
from sync_server.database.tables import assessments

FEWEST_OWNERS, MOST_OWNERS = 60, 20_000
MOST_NAMED = 4_000  # owners in one statement
MOST_SKIPPED = 10_000
MOST_SORTED = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """Which rows, in which order: (field, descending), without the key at the end. `within` binds key fields."""

    sight: Sight
    term: Term | None = None
    within: Mapping[str, str | int] = field(default_factory=dict)
    order: tuple[tuple[str, bool], ...] = ()
    without_questions: Collection[str] = ()
    unseen: frozenset[str] | None = None  # filled by each function here, once


def open_set(db: Connection, name: str) -> OpenSet | None:
    """Return the table of that name as this engine has it."""
    return open_sets(db.dialect.name).get(name)


def count_open(db: Connection, of: OpenSet, narrowed: Narrowed) -> int:
    """Return how many rows there are."""
    statement = _where(select(func.count()).select_from(of.source), of, _blinded(db, of, narrowed))
    return int(db.execute(statement).scalar_one())


def open_page(
    db: Connection,
    of: OpenSet,
    narrowed: Narrowed,
    names: Sequence[str],
    *,
    after: Sequence[Any] | None = None,
    skip: int = 0,
    limit: int,
) -> Sequence[Sequence[Any]]:
    """Return at most `limit` rows of the fields `names`, after the row whose `order_of` values are `after`."""
    narrowed = _blinded(db, of, narrowed)
    if of.owners is not None and skip <= MOST_SKIPPED and is_in_order_of_owners(of, narrowed):
        by_owners = _by_owners if is_in_key_order(of, narrowed) else _by_owners_in_order
        return by_owners(db, of, narrowed, names, after=after, limit=skip + limit)[skip:]
    return db.execute(_page(of, narrowed, names, after).offset(skip or None).limit(limit)).all()


def _by_owners(
    db: Connection, of: OpenSet, narrowed: Narrowed, names: Sequence[str], *, after: Sequence[Any] | None, limit: int
) -> list[Sequence[Any]]:
    """Do the same for so many owners at once that only their rows are put in order, not those of the whole table."""
    owner = _fields(of, narrowed.sight)[of.key[0]]
    rows: list[Sequence[Any]] = []
    start: Any = after[0] if after is not None else ""
    size = FEWEST_OWNERS
    while start is not None and len(rows) < limit:
        following = (
            select(owner)
            .select_from(of.source if of.owners is None else of.owners)
            .where(owner >= literal(start))
            .order_by(owner)
        )
        end = db.execute(following.offset(size).limit(1)).scalar_one_or_none()
        statement = _page(of, narrowed, names, after).where(owner >= literal(start))
        if end is not None:
            statement = statement.where(owner < literal(end))
        rows += db.execute(statement.limit(limit - len(rows))).all()
        start, after, size = end, None, min(size * 4, MOST_OWNERS)
    return rows


def _by_owners_in_order(
    db: Connection, of: OpenSet, narrowed: Narrowed, names: Sequence[str], *, after: Sequence[Any] | None, limit: int
) -> list[Sequence[Any]]:
    """Do the same where the owners have an order of their own: each block names its owners."""
    fields = _fields(of, narrowed.sight)
    order = order_of(of, narrowed)[: -len(of.key) + 1]  # without what keeps the rows of one owner apart
    terms = [(fields[name], down, of.fields[name].may_be_null) for name, down in order]
    owners = select(*(fields[name] for name, _ in order)).select_from(of.source if of.owners is None else of.owners)
    owners = owners.order_by(*(fields[name].desc() if down else fields[name].asc() for name, down in order))
    if of.key[0] in narrowed.within:
        owners = owners.where(fields[of.key[0]] == narrowed.within[of.key[0]])
    which = next(place for place, (name, _) in enumerate(order) if name == of.key[0])
    rows: list[Sequence[Any]] = []
    last, size = None if after is None else list(after[: len(order)]), FEWEST_OWNERS
    # Of the owner that the page before ended in, more rows may follow.
    own = [] if last is None else [last[which]]
    while len(rows) < limit:
        following = owners if last is None else owners.where(_after(terms, last))
        block = db.execute(following.limit(size)).all()
        held = [*own, *(one[which] for one in block)]
        statement = _page(of, narrowed, names, after).where(fields[of.key[0]].in_(held))
        rows += db.execute(statement.limit(limit - len(rows))).all()
        if len(block) < size:
            break
        last, after, own, size = list(block[-1]), None, [], min(size * 4, MOST_NAMED)
    return rows


def _page(of: OpenSet, narrowed: Narrowed, names: Sequence[str], after: Sequence[Any] | None) -> Select[Any]:
    fields = _fields(of, narrowed.sight)
    statement = _where(select(*(fields[name].label(name) for name in names)).select_from(of.source), of, narrowed)
    order = order_of(of, narrowed)
    if after is not None:
        terms = [(fields[name], down, of.fields[name].may_be_null) for name, down in order]
        statement = statement.where(_after(terms, after))
    for name, down in order:
        by = fields[name].desc() if down else fields[name].asc()
        may_be_null = of.fields[name].may_be_null
        statement = statement.order_by((by.nulls_last() if down else by.nulls_first()) if may_be_null else by)
    return statement


def rows_of_owners(
    db: Connection, of: OpenSet, narrowed: Narrowed, names: Sequence[str], owners: Sequence[str]
) -> Sequence[Sequence[Any]]:
    """Return the rows that belong to `owners`, each its owner and then `names`. What narrows the owners counts not."""
    fields, owner = _fields(of, narrowed.sight), of.key[0]
    bare = _blinded(db, of, Narrowed(sight=narrowed.sight, without_questions=narrowed.without_questions))
    columns = [fields[owner].label("owner"), *(fields[name].label(name) for name in names)]
    statement = _where(select(*columns).select_from(of.source), of, bare).where(fields[owner].in_(list(owners)))
    return db.execute(statement.order_by(*(fields[name] for name in of.key))).all()


def is_in_key_order(of: OpenSet, narrowed: Narrowed) -> bool:
    """Say whether the rows are wanted in the order of their key alone, whether or not the order names it."""
    return order_of(of, narrowed) == tuple((name, False) for name in of.key)


def is_in_order_of_owners(of: OpenSet, narrowed: Narrowed) -> bool:
    """Say whether the order says nothing of the rows of one owner but their key."""
    order, apart = order_of(of, narrowed), of.key[1:]
    return order[-len(apart) :] == tuple((name, False) for name in apart) and all(
        name in of.owner_fields for name, _ in order[: -len(apart)]
    )


def is_too_much_to_sort(db: Connection, of: OpenSet, narrowed: Narrowed, most: int = MOST_SORTED) -> bool:
    """Say whether more rows than `most` would have to be put in order for each page (ROW-4)."""
    if of.owners is None or is_in_order_of_owners(of, narrowed):
        return False
    some = _where(select(literal(1)).select_from(of.source), of, _blinded(db, of, narrowed)).limit(most + 1).subquery()
    return int(db.execute(select(func.count()).select_from(some)).scalar_one()) > most


def order_of(of: OpenSet, narrowed: Narrowed) -> tuple[tuple[str, bool], ...]:
    """Return the whole order, with the key at its end."""
    named = {name for name, _ in narrowed.order}
    return (*narrowed.order, *((name, False) for name in of.key if name not in named))


def _blinded(db: Connection, of: OpenSet, narrowed: Narrowed) -> Narrowed:
    """Return `narrowed` with what is not to be read yet, where answers are rows."""
    return replace(narrowed, unseen=unseen_visits(db)) if "Question" in of.fields else narrowed


def _where(statement: Select[Any], of: OpenSet, narrowed: Narrowed) -> Select[Any]:
    fields = _fields(of, narrowed.sight)
    wanted = [fields[name] == value for name, value in narrowed.within.items()]
    if of.is_within_sight:
        wanted += seen(narrowed.sight)
    if "Question" in of.fields:
        assert narrowed.unseen is not None  # noqa: S101 - nothing goes out that was not looked at
        wanted.append(assessments.c.id.not_in(sorted(narrowed.unseen)))
        wanted += [
            and_(fields["Question"] != name, not_(_begins(fields["Question"], name + RECORDING_MARK)))
            for name in sorted(narrowed.without_questions)
        ]
    if narrowed.term is not None:
        wanted.append(condition(narrowed.term, fields))
    return statement.where(*wanted)


def _begins(text: Column, start: str) -> ColumnElement[bool]:
    return func.substr(text, 1, len(start)) == start


def _fields(of: OpenSet, sight: Sight) -> dict[str, Column]:
    nobody = cast(null(), Text)
    return {name: nobody if one.names_assessor and sight.is_entrant else one.sql for name, one in of.fields.items()}


def _after(order: Sequence[tuple[Column, bool, bool]], last: Sequence[Any]) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for (column, down, may_be_null), value in zip(order, last, strict=True):
        held = literal(value)
        if value is None:
            beyond: ColumnElement[bool] = false() if down else column.is_not(None)
        elif down:
            beyond = or_(column < held, column.is_(None)) if may_be_null else column < held
        else:
            beyond = column > held
        ways.append(and_(*same, beyond))
        same.append(column.is_(None) if value is None else column == held)
    first, down, may_be_null = order[0]
    if last[0] is None or (down and may_be_null):
        return or_(*ways)
    # Said once more for the first alone: an index is entered by it, where a choice of ways would read every row.
    bound = first <= literal(last[0]) if down else first >= literal(last[0])
    return and_(bound, or_(*ways))
