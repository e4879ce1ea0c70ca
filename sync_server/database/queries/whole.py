"""Whole tables, row by row, without holding them in memory: for verifying and for backups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, func, insert, select, text

from sync_server.database.engine import streamed
from sync_server.database.tables import (
    assessment_revisions,
    assessments,
    changes,
    decisions,
    grades,
    media,
    media_derivatives,
    media_links,
    metadata,
)


class WholeRevision(NamedTuple):
    """One kept body. `kept_digest` is its own once its words were erased; `digest` names the record that came."""

    assessment_id: str
    revision: int
    digest: str
    conflict: bool
    body: bytes
    kept_digest: str | None


class ProjectionRow(NamedTuple):
    """What the lists show of one assessment."""

    id: str
    revision: int
    digest: str
    status: str
    base: str | None
    files_named: int
    files_held: int
    round: int


class WholeFile(NamedTuple):
    """One held file."""

    sha256: str
    size_bytes: int


def table_names() -> Sequence[str]:
    """Return every table, those that others point to first."""
    return [table.name for table in metadata.sorted_tables]


def rows_of_table(db: Connection, name: str) -> Iterator[Mapping[str, Any]]:
    """Yield every row of a table in the order of its key, as the database holds it."""
    table = metadata.tables[name]
    statement = select(table).order_by(*table.primary_key.columns)
    names = table.columns.keys()
    for row in streamed(db, statement):
        yield dict(zip(names, row, strict=True))


def add_rows(db: Connection, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows as `rows_of_table` gave them."""
    if rows:
        db.execute(insert(metadata.tables[name]), list(rows))


def is_empty(db: Connection) -> bool:
    """Say whether no table holds anything."""
    return all(db.execute(select(table).limit(1)).first() is None for table in metadata.sorted_tables)


def continue_numbers(db: Connection, name: str) -> None:
    """Have the table's growing number go on after the highest it holds. SQLite does so by itself."""
    table = metadata.tables[name]
    column = table.autoincrement_column
    if db.dialect.name == "postgresql" and column is not None:
        highest = select(func.max(column)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(name, column.name)
        db.execute(select(func.setval(sequence, func.coalesce(highest, 0) + 1, False)).where(sequence.is_not(None)))


def broken_parts(db: Connection) -> Sequence[str]:
    """Return what SQLite itself finds wrong: pages, indexes, references. PostgreSQL checks as it goes: nothing."""
    if db.dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in db.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
    return found + [f"{row[0]}: row {row[1]} points to nothing" for row in db.execute(text("PRAGMA foreign_key_check"))]


def whole_revisions(db: Connection) -> Iterator[WholeRevision]:
    """Yield every kept body, by assessment and revision."""
    c = assessment_revisions.c
    statement = select(c.assessment_id, c.revision, c.digest, c.conflict, c.body, c.kept_digest).order_by(
        c.assessment_id, c.revision
    )
    for row in streamed(db, statement):
        yield WholeRevision(*row)


def projections(db: Connection) -> Mapping[str, ProjectionRow]:
    """Return what the lists show, by assessment."""
    c = assessments.c
    statement = select(c.id, c.revision, c.digest, c.status, c.base, c.files_named, c.files_held, c.round)
    return {row.id: ProjectionRow(*row) for row in db.execute(statement)}


def feed_rows(db: Connection) -> Mapping[str, int]:
    """Return how many changes the office was told of each assessment."""
    c = changes.c
    statement = (
        select(c.subject_id, func.count()).where(c.audience == "office", c.kind == "assessment").group_by(c.subject_id)
    )
    return {row[0]: row[1] for row in db.execute(statement)}


def last_bases(db: Connection) -> Mapping[tuple[str, str], str | None]:
    """Return the newest base of each revision, by assessment and digest."""
    c = grades.c
    return {
        (row.assessment_id, row.digest): row.base
        for row in db.execute(select(c.assessment_id, c.digest, c.base).order_by(c.id))
    }


def settled_rulings(db: Connection) -> Iterator[tuple[int, str, str]]:
    """Yield number, assessment and what it holds of every ruling by which a settled double score counts."""
    c = decisions.c
    statement = select(c.id, c.assessment_id, c.value).where(c.kind == "settled").order_by(c.id)
    for row in streamed(db, statement):
        yield row[0], row[1], row[2]


def held_media(db: Connection) -> Iterator[WholeFile]:
    """Yield every file that is held and not erased, by name."""
    statement = select(media.c.sha256, media.c.size_bytes).where(media.c.erased_at.is_(None)).order_by(media.c.sha256)
    for row in streamed(db, statement):
        yield WholeFile(*row)


def derivatives(db: Connection) -> Iterator[tuple[str, WholeFile]]:
    """Yield each file that is still held with what was made of it."""
    c = media_derivatives.c
    statement = (
        select(c.sha256, c.derivative_sha256, c.size_bytes)
        .join_from(media_derivatives, media, media.c.sha256 == c.sha256)
        .where(c.derivative_sha256.is_not(None), media.c.erased_at.is_(None))
        .order_by(c.sha256, c.purpose)
    )
    for original, *derived in streamed(db, statement):
        yield original, WholeFile(*derived)


def erased_media(db: Connection) -> set[str]:
    """Return the files whose bytes were erased when their time was over."""
    return set(db.execute(select(media.c.sha256).where(media.c.erased_at.is_not(None))).scalars())


def named_files(db: Connection) -> Iterator[tuple[str, str, str]]:
    """Yield assessment, digest and file for each file that a revision names."""
    c = media_links.c
    statement = select(c.assessment_id, c.digest, c.sha256).distinct()
    for row in streamed(db, statement):
        yield row[0], row[1], row[2]


def table_of(name: str) -> Table:
    """Return a table's description."""
    return metadata.tables[name]
