"""Statements of second scores: what is to be scored twice, by whom not, and what was said (panel marks hold it)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import starmap
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import Connection, and_, select

from sync_server.database.queries.driver import select_rows
from sync_server.database.queries.panel import AGAIN, BLIND
from sync_server.database.tables import assessments, assessors, assignments, branches, panel_marks, users


class Countable(NamedTuple):
    """A visit that counts and has a base."""

    id: str
    entrant_id: str
    channel: str
    assessor_id: str
    base: str
    digest: str


class PairMark(NamedTuple):
    """One final mark of a visit of a round: by whom, of which part, with its note; of the revision that is current."""

    assessment_id: str
    form: str
    judge: str
    part: str
    points: str
    note: str
    marked_at: str


def countable(db: Connection, number: int) -> Sequence[Countable]:
    """Return the visits of a round that count and have a base, by id."""
    sql = (
        "SELECT id, entrant_id, channel, assessor_id, base, digest FROM assessments WHERE round = ?"
        " AND status IN ('finished', 'returned', 'accepted') AND base IS NOT NULL"
    )
    # Put in order here: asked for it, SQLite looks every visit up by its id, which takes longer.
    return sorted(starmap(Countable, select_rows(db, sql, (number,))), key=attrgetter("id"))


def day_and_branch(db: Connection, number: int) -> Mapping[str, tuple[datetime, Mapping[str, str] | None]]:
    """Return when each visit of a round began, and the name of its branch."""
    a, s = assessments.c, assignments.c
    statement = (
        select(a.id, a.started_at, branches.c.name)
        .join_from(assessments, assignments, s.id == a.assignment_id)
        .join(branches, branches.c.id == s.branch_id, isouter=True)
        .where(a.round == number)
    )
    return {row.id: (row.started_at, row.name) for row in db.execute(statement)}


class Partner(NamedTuple):
    """A visit that may stand as the second score of another: when it was, and who made it."""

    id: str
    started_at: datetime
    assessor: str


def partners(db: Connection, assessment_id: str) -> Sequence[Partner]:
    """Return other assessors' visits of the same entry, round, form and branch that are sent, the earliest first."""
    one, other = assessments.alias(), assessments.alias()
    mine, theirs = assignments.alias(), assignments.alias()
    same = [one.c[name] == other.c[name] for name in ("entrant_id", "channel", "round", "form")]
    statement = (
        select(other.c.id, other.c.started_at, assessors.c.name)
        .select_from(one)
        .join(other, and_(*same, one.c.assessor_id != other.c.assessor_id))
        .join(mine, mine.c.id == one.c.assignment_id)
        .join(theirs, theirs.c.id == other.c.assignment_id)
        .join(assessors, assessors.c.id == other.c.assessor_id)
        .where(
            one.c.id == assessment_id,
            mine.c.branch_id.is_not_distinct_from(theirs.c.branch_id),
            other.c.base.is_not(None),
            other.c.status.in_(("finished", "returned", "accepted")),
        )
        .order_by(other.c.started_at, other.c.id)
    )
    return [Partner(*row) for row in db.execute(statement)]


def final_marks(db: Connection, number: int) -> Sequence[PairMark]:
    """Return every final mark given blind to a visit of a round, in the order of visit and moment."""
    # From the marks to their visits: a round has thousands of visits, and few were scored twice.
    sql = (
        "WITH m AS MATERIALIZED (SELECT substr(subject, 12) AS visit, version, judge, part, points, note, marked_at"
        " FROM panel_marks WHERE is_final AND subject LIKE ?)"
        " SELECT a.id, a.form, m.judge, m.part, m.points, m.note, m.marked_at FROM m JOIN assessments a"
        " ON a.id = m.visit AND a.revision = m.version"
        " WHERE a.round = ? AND a.status IN ('finished', 'returned', 'accepted') ORDER BY a.id, m.marked_at, m.judge"
    )
    return [PairMark._make(row) for row in select_rows(db, sql, ("assessment/%", number))]


def again_bases(db: Connection, number: int) -> Mapping[str, str]:
    """Return what was given after talking, by visit of a round."""
    sql = (
        "SELECT a.id, m.points FROM assessments a JOIN panel_marks m ON m.subject = 'assessment-again/' || a.id"
        " AND m.version = a.revision AND m.is_final AND m.part = 'total' WHERE a.round = ?"
    )
    return {row[0]: row[1] for row in select_rows(db, sql, (number,))}


def settled_values(db: Connection, number: int) -> Mapping[str, str]:
    """Return what the last ruling holds by which a settled pair counts, by visit of a round."""
    sql = "SELECT assessment_id, value FROM decisions WHERE round = ? AND kind = 'settled' ORDER BY id"
    return {row[0]: row[1] for row in select_rows(db, sql, (number,))}


def has_scored(db: Connection, assessment_id: str, user_id: str) -> bool:
    """Return whether somebody scored a visit a second time for good, blind or after talking, in whichever revision."""
    subjects = (BLIND + assessment_id, AGAIN + assessment_id)
    m = panel_marks.c
    statement = select(m.judge).where(m.subject.in_(subjects), m.judge == user_id, m.is_final).limit(1)
    return db.execute(statement).first() is not None


def is_closed(db: Connection, number: int) -> bool:
    """Return whether a round has a copy that stands."""
    sql = "SELECT 1 FROM publications WHERE round = ? AND withdrawn_at IS NULL LIMIT 1"
    return bool(select_rows(db, sql, (number,)))


def base_of(db: Connection, assessment_id: str) -> str | None:
    """Return the base of an assessment as it counts now, exact; None where it has none."""
    c = assessments.c
    return db.execute(select(c.base).where(c.id == assessment_id)).scalar_one_or_none()


def names_of(db: Connection, ids: Collection[str]) -> Mapping[str, str]:
    """Return the names of accounts by id."""
    return {row.id: row.name for row in db.execute(select(users.c.id, users.c.name).where(users.c.id.in_(list(ids))))}


def reviewed_by(db: Connection, assessment_id: str, user_id: str) -> bool:
    """Return whether an account gave a verdict on an assessment."""
    sql = "SELECT 1 FROM reviews WHERE assessment_id = ? AND reviewer_id = ? LIMIT 1"
    return bool(select_rows(db, sql, (assessment_id, user_id)))


def has_looked(db: Connection, assessment_id: str, user_id: str) -> bool:
    """Return whether an account opened an assessment with its answers, as the audit log has it."""
    sql = (
        "SELECT 1 FROM audit_log WHERE subject_id = ? AND subject_kind = 'assessment' AND actor_id = ?"
        " AND action = 'assessment-viewed' LIMIT 1"
    )
    return bool(select_rows(db, sql, (assessment_id, user_id)))
