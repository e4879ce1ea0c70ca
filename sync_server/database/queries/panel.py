"""What a panel says: who is tied to what, and the marks of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, literal, select, update

from checklists.record.assessment import ERASED
from sync_server.database.queries.portable import insert_or_update
from sync_server.database.tables import assessments, panel_marks, panel_ties, users

BLIND, AGAIN = "assessment/", "assessment-again/"  # of second scores: the record follows; `again` is after talking
SITE_VISIT = "site-visit/"  # what the subject of a second rating begins with; the record and its revision follow


class MarkRow(NamedTuple):
    """One judge's mark of one part of a subject, as it was in a version."""

    subject: str
    judge: str
    part: str
    points: str
    note: str
    version: int
    is_final: bool
    marked_at: datetime


def declare_tie(db: Connection, subject: str, judge: str, *, is_tied: bool, now: datetime) -> None:
    """Append what a judge says of a tie to the subject."""
    db.execute(insert(panel_ties).values(subject=subject, judge=judge, is_tied=is_tied, declared_at=now))


def tie_of(db: Connection, subject: str, judge: str) -> bool | None:
    """Return what a judge said last; None: nothing yet."""
    statement = (
        select(panel_ties.c.is_tied)
        .where(panel_ties.c.subject == subject, panel_ties.c.judge == judge)
        .order_by(panel_ties.c.id.desc())
        .limit(1)
    )
    return db.execute(statement).scalar_one_or_none()


def keep_mark(db: Connection, row: MarkRow) -> None:
    """Keep a mark in the place of an earlier one of the same judge and part."""
    key, changed = ["subject", "judge", "part"], ["points", "note", "version", "is_final", "marked_at"]
    db.execute(insert_or_update(db, panel_marks, key, changed).values(**row._asdict()))


def marks_of(db: Connection, subject: str, judge: str = "") -> Sequence[MarkRow]:
    """Return the marks of a subject, of one judge when given."""
    columns = [panel_marks.c[name] for name in MarkRow._fields]
    statement = select(*columns).where(panel_marks.c.subject == subject).order_by(panel_marks.c.judge)
    if judge:
        statement = statement.where(panel_marks.c.judge == judge)
    return [MarkRow(*row) for row in db.execute(statement)]


def visits_with_notes(db: Connection) -> Sequence[tuple[str, str]]:
    """Return record and entrant wherever somebody who rated a site visit a second time left a note."""
    m, a = panel_marks.c, assessments.c
    is_of = m.subject.like(literal(SITE_VISIT) + a.id + "/%")
    statement = select(a.id, a.entrant_id).join(panel_marks, is_of).where(m.note.not_in(("", ERASED)))
    return [(row.id, row.entrant_id) for row in db.execute(statement.distinct().order_by(a.id))]


def erase_notes(db: Connection, assessment_id: str) -> int:
    """Put a sign in the place of every such note about a record; return how many there were."""
    m = panel_marks.c
    where = (m.subject.like(f"{SITE_VISIT}{assessment_id}/%"), m.note.not_in(("", ERASED)))
    return db.execute(update(panel_marks).where(*where).values(note=ERASED)).rowcount


def judge_names(db: Connection) -> dict[str, str]:
    """Return the names of all accounts that judge, by id."""
    return {row.id: row.name for row in db.execute(select(users.c.id, users.c.name).where(users.c.role == "judge"))}
