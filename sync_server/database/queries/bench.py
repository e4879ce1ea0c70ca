"""Statements of the review bench: figures of visits, corrections, queries, second readings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from sync_server.database.queries.driver import each_row, insert_rows, select_listed, select_rows
from sync_server.database.tables import assessments, corrections, queries, second_readings, users, visit_figures

AT_ONCE = 500  # figures read together


class NewFigures(NamedTuple):
    """Figures of one revision, to be kept; `corrections` of it had been made by then."""

    assessment_id: str
    digest: str
    corrections: int
    body: str


class FiguresTaken(NamedTuple):
    """That figures of a revision are kept, and whether a critical item failed in it."""

    number: int
    assessment_id: str
    digest: str
    is_critical: bool


class Unmeasured(NamedTuple):
    """A current revision whose figures are not kept."""

    id: str
    revision: int
    digest: str
    assessor_id: str
    form: str
    received_at: str
    clock_offset_ms: int | None
    corrections: int
    base_millionths: int | None


class WaitingRow(NamedTuple):
    """A visit that waits for somebody: for a review, or for a second reader of what was accepted."""

    id: str
    entrant_id: str
    channel: str
    round: int
    assessor_id: str
    status: str
    digest: str
    base_shown: str
    received_at: str


class CorrectionRow(NamedTuple):
    """One answer the office corrected."""

    assessment_id: str
    digest: str
    question: str
    before: Any
    after: Any
    reason: str
    by: str
    corrected_at: datetime


class QueryRow(NamedTuple):
    """One question to the other reviewers. `answer` "": it is open."""

    id: int
    question: str
    words: str
    asked_by: str
    asked_at: datetime
    answer: str
    answered_by: str | None
    answered_at: datetime | None


class Reading(NamedTuple):
    """What a second reader found of a revision."""

    digest: str
    agrees: bool
    words: str
    read_by: str
    name: str
    read_at: datetime


_COUNTED = "(SELECT COUNT(*) FROM corrections c WHERE c.assessment_id = a.id AND c.digest = a.digest)"
_UNMEASURED = (
    "SELECT a.id, a.revision, a.digest, a.assessor_id, a.form, a.received_at, r.clock_offset_ms, "  # noqa: S608 - our own words
    f"{_COUNTED}, a.base_millionths FROM assessments a JOIN assessment_revisions r"
    " ON r.assessment_id = a.id AND r.revision = a.revision AND r.digest = a.digest"
    " WHERE a.status IN ('finished', 'returned', 'accepted') AND NOT EXISTS (SELECT 1 FROM visit_figures f"
    f" WHERE f.assessment_id = a.id AND f.digest = a.digest AND f.corrections = {_COUNTED})"
)


def unmeasured(db: Connection, key: tuple[str, str]) -> Sequence[Unmeasured]:
    """Return what of an entry has no figures yet, the first received first."""
    sql = f"{_UNMEASURED} AND a.entrant_id = ? AND a.channel = ? ORDER BY a.first_received_at, a.id"
    return [Unmeasured._make(row) for row in select_rows(db, sql, key)]


def entries_unmeasured(db: Connection) -> Mapping[tuple[str, str], int]:
    """Return the entries of which something has no figures yet, each with how many visits."""
    rows = select_rows(
        db,
        "SELECT a.entrant_id, a.channel, COUNT(*) FROM assessments a WHERE a.status IN ('finished', 'returned',"
        " 'accepted') AND NOT EXISTS (SELECT 1 FROM visit_figures f WHERE f.assessment_id = a.id)"
        " GROUP BY a.entrant_id, a.channel",
        (),
    )
    return {(row[0], row[1]): row[2] for row in rows}


def keep_figures(db: Connection, rows: Sequence[NewFigures]) -> None:
    """Keep figures; those of a revision that are there already are followed, not overwritten."""
    insert_rows(db, visit_figures, rows)


def figures_after(db: Connection, number: int) -> Iterator[FiguresTaken]:
    """Yield what names the figures kept after `number`, in that order."""
    sql = "SELECT number, assessment_id, digest, body LIKE ? FROM visit_figures WHERE number > ? ORDER BY number"
    for row in each_row(db, sql, ('%"critical_failed"%', number)):
        yield FiguresTaken(row[0], row[1], row[2], bool(row[3]))


def figures_that_count(db: Connection, numbers: Collection[int]) -> Collection[int]:
    """Return those of `numbers` that are of the current revision of a visit that is finished, returned or accepted."""
    sql = (
        "SELECT f.number FROM visit_figures f JOIN assessments a ON a.id = f.assessment_id AND a.digest = f.digest"
        " WHERE a.status IN ('finished', 'returned', 'accepted') AND f.number IN LISTED"
    )
    return {row[0] for row in select_listed(db, sql, numbers)}


def figures_numbered(db: Connection, numbers: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    """Yield number, digest and body of figures in the order of their number, some hundreds in memory at once."""
    sql = "SELECT number, digest, body FROM visit_figures WHERE number IN LISTED ORDER BY number"
    ordered = sorted(numbers)
    for start in range(0, len(ordered), AT_ONCE):
        yield from map(tuple, select_listed(db, sql, ordered[start : start + AT_ONCE]))


def accepted_figures(db: Connection, number: int, word: str) -> Sequence[tuple[str, str]]:
    """Return assessment and newest figures of the accepted visits of a round whose figures have `word` in them."""
    sql = (
        "SELECT a.id, f.body FROM assessments a JOIN visit_figures f ON f.assessment_id = a.id"
        " AND f.digest = a.digest WHERE a.round = ? AND a.status = 'accepted' AND f.body LIKE ?"
        " AND NOT EXISTS (SELECT 1 FROM visit_figures n WHERE n.assessment_id = a.id AND n.digest = a.digest"
        " AND n.number > f.number) ORDER BY f.number"
    )
    return [(row[0], row[1]) for row in select_rows(db, sql, (number, f"%{word}%"))]


def changed_after(db: Connection, seq: int) -> Sequence[tuple[int, str]]:
    """Return number and assessment of what the office was told of assessments after entry `seq` of the feed."""
    sql = (
        "SELECT seq, subject_id FROM changes WHERE audience = 'office' AND assessor_id IS NULL AND seq > ?"
        " AND kind = 'assessment' ORDER BY seq"
    )
    return [(row[0], row[1]) for row in select_rows(db, sql, (seq,))]


def accepted_digests(db: Connection, ids: Collection[str]) -> Mapping[str, str]:
    """Return the current digest of those of `ids` that are accepted."""
    sql = "SELECT id, digest FROM assessments WHERE status = 'accepted' AND id IN LISTED"
    return {row[0]: row[1] for row in select_listed(db, sql, ids)} if ids else {}


def first_forms(db: Connection, many: int, assessors: Collection[str] | None = None) -> Mapping[str, Sequence[str]]:
    """Return the first `many` assessments of each assessor (of `assessors`), by when they first came."""
    of = "" if assessors is None else " AND assessor_id IN LISTED"
    sql = (
        "SELECT assessor_id, id FROM (SELECT assessor_id, id, ROW_NUMBER() OVER (PARTITION BY assessor_id"  # noqa: S608 - our own words
        f" ORDER BY first_received_at, id) AS place FROM assessments WHERE status <> 'draft'{of}) AS ordered"
        f" WHERE place <= {int(many)}"
    )
    found: dict[str, list[str]] = {name: [] for name in assessors or ()}
    for row in select_rows(db, sql, ()) if assessors is None else select_listed(db, sql, assessors):
        found.setdefault(row[0], []).append(row[1])
    return found


def waiting_rows(db: Connection, accepted: Collection[str]) -> Sequence[WaitingRow]:
    """Return what waits for review, and those of the `accepted`, the first received first."""
    columns = ", ".join(WaitingRow._fields)
    sql = f"SELECT {columns} FROM assessments"  # noqa: S608 - our own words
    rows = list(select_rows(db, f"{sql} WHERE status = 'finished'", ()))
    if accepted:
        rows += select_listed(db, f"{sql} WHERE status = 'accepted' AND id IN LISTED", accepted)
    return sorted((WaitingRow._make(row) for row in rows), key=lambda row: (row.received_at, row.id))


def newest_of(db: Connection, assessor_id: str, form: str, most: int) -> Sequence[tuple[str, str]]:
    """Return assessment and digest of an assessor's current revisions on a form, the newest first."""
    sql = (
        "SELECT id, digest FROM assessments WHERE assessor_id = ? AND form = ? AND status <> 'draft'"
        " ORDER BY received_at DESC, id LIMIT ?"
    )
    return [(row[0], row[1]) for row in select_rows(db, sql, (assessor_id, form, most))]


def bodies_by_digest(db: Connection, names: Collection[tuple[str, str]]) -> Mapping[str, bytes]:
    """Return the bodies of revisions, given as assessment and digest, by digest."""
    rows = select_listed(
        db,
        "SELECT digest, body FROM assessment_revisions WHERE assessment_id IN LISTED",
        [assessment_id for assessment_id, _ in names],
    )
    wanted = {digest for _, digest in names}
    return {row[0]: row[1] for row in rows if row[0] in wanted}


def returned_body(db: Connection, assessment_id: str, before: int) -> bytes | None:
    """Return the revision before number `before` that a reviewer returned last, or None."""
    sql = (
        "SELECT r.body FROM reviews v JOIN assessment_revisions r ON r.assessment_id = v.assessment_id"
        " AND r.revision = v.revision AND NOT r.conflict"
        " WHERE v.assessment_id = ? AND v.verdict = 'returned' AND v.revision < ? ORDER BY v.id DESC LIMIT 1"
    )
    row = next(iter(select_rows(db, sql, (assessment_id, before))), None)
    return None if row is None else row[0]


def corrections_of(db: Connection, ids: Collection[str] | None = None) -> Mapping[str, Sequence[CorrectionRow]]:
    """Return the corrections of each of `ids` (None: of all) by assessment, the first made first."""
    c = corrections.c
    statement = select(
        c.assessment_id, c.digest, c.question, c.before, c.after, c.reason, users.c.name, c.corrected_at
    ).join_from(corrections, users, users.c.id == c.corrected_by)  # fmt: skip
    if ids is not None:  # hundreds are asked about at once, and few were ever corrected
        sql = "SELECT DISTINCT assessment_id FROM corrections WHERE assessment_id IN LISTED"
        names = [row[0] for row in select_listed(db, sql, ids)]
        if not names:
            return {}
        statement = statement.where(c.assessment_id.in_(names))
    found: dict[str, list[CorrectionRow]] = {}
    for row in db.execute(statement.order_by(c.id)):
        found.setdefault(row[0], []).append(CorrectionRow._make(row))
    return found


def add_correction(
    db: Connection, *, assessment_id: str, digest: str, question: str, before: object, after: object, reason: str,
    by: str, now: datetime,
) -> None:  # fmt: skip
    """Keep one correction."""
    row = {"assessment_id": assessment_id, "digest": digest, "question": question, "before": before, "after": after}
    db.execute(insert(corrections).values(**row, reason=reason, corrected_by=by, corrected_at=now))


def change_base(db: Connection, assessment_id: str, base: tuple[str | None, str, int | None]) -> None:
    """Let lists show another base."""
    changed = dict(zip(("base", "base_shown", "base_millionths"), base, strict=True))
    db.execute(update(assessments).where(assessments.c.id == assessment_id).values(**changed))


def queries_of(db: Connection, assessment_id: str) -> Sequence[QueryRow]:
    """Return what reviewers asked each other about an assessment, the first first."""
    asker, answerer = users.alias(), users.alias()
    q = queries.c
    statement = (
        select(q.id, q.question, q.words, asker.c.name, q.asked_at, q.answer, answerer.c.name, q.answered_at)
        .select_from(queries.join(asker, asker.c.id == q.asked_by).outerjoin(answerer, answerer.c.id == q.answered_by))
        .where(q.assessment_id == assessment_id)
        .order_by(q.id)
    )
    return [QueryRow._make(row) for row in db.execute(statement)]


def open_queries(db: Connection, number: int | None = None) -> Mapping[str, int]:
    """Return how many questions are open, by assessment, of a round or of all."""
    q, a = queries.c, assessments.c
    statement = (
        select(q.assessment_id, func.count())
        .join_from(queries, assessments, a.id == q.assessment_id)
        .where(q.answered_at.is_(None), a.status != "void")
        .group_by(q.assessment_id)
    )
    rows = db.execute(statement if number is None else statement.where(a.round == number))
    return {row[0]: row[1] for row in rows}


def ask_query(db: Connection, assessment_id: str, question: str, *, words: str, by: str, now: datetime) -> None:
    """Keep a question to the other reviewers."""
    row = {"assessment_id": assessment_id, "question": question, "words": words}
    db.execute(insert(queries).values(**row, asked_by=by, asked_at=now))


def answer_query(db: Connection, assessment_id: str, query_id: int, *, answer: str, by: str, now: datetime) -> bool:
    """Answer an open question. False: there is no such open one."""
    q = queries.c
    here = (q.id == query_id, q.assessment_id == assessment_id, q.answered_at.is_(None))
    changed = {"answer": answer, "answered_by": by, "answered_at": now}
    return db.execute(update(queries).where(*here).values(**changed)).rowcount == 1


def readings_of(db: Connection, assessment_id: str) -> Sequence[Reading]:
    """Return every second reading of an assessment, the first first."""
    return readings(db, [assessment_id]).get(assessment_id, ())


def readings(db: Connection, ids: Collection[str]) -> Mapping[str, Sequence[Reading]]:
    """Return every second reading of `ids` by assessment, the first first."""
    s = second_readings.c
    statement = (
        select(s.assessment_id, s.digest, s.agrees, s.words, s.read_by, users.c.name, s.read_at)
        .join_from(second_readings, users, users.c.id == s.read_by)
        .where(s.assessment_id.in_(list(ids)))
        .order_by(s.id)
    )
    found: dict[str, list[Reading]] = {}
    for row in db.execute(statement):
        found.setdefault(row[0], []).append(Reading._make(row[1:]))
    return found


def add_reading(
    db: Connection, assessment_id: str, digest: str, *, words: str, by: str, now: datetime, agrees: bool
) -> None:
    """Keep what a second reader found."""
    row = {"assessment_id": assessment_id, "digest": digest, "agrees": agrees, "words": words}
    db.execute(insert(second_readings).values(**row, read_by=by, read_at=now))


class Effect(NamedTuple):
    """What accepting a visit does to the mean base of its entry's round.

    The round's score needs more: ease, penalties, what was settled, bonuses, which the entry's standing works out.
    """

    before: float | None
    after: float | None
    accepted: int


def effect_of_accepting(db: Connection, assessment_id: str) -> Effect:
    """Return the mean base of the accepted visits of the same entry and round, without this one and with it."""
    sql = (
        "SELECT o.id, o.base_millionths FROM assessments a JOIN assessments o ON o.entrant_id = a.entrant_id"
        " AND o.channel = a.channel AND o.round = a.round WHERE a.id = ? AND (o.status = 'accepted' OR o.id = a.id)"
    )
    rows = [(row[0], row[1]) for row in select_rows(db, sql, (assessment_id,))]
    before = [base / 1_000_000 for name, base in rows if base is not None and name != assessment_id]
    with_it = [base / 1_000_000 for _, base in rows if base is not None]
    return Effect(_mean(before), _mean(with_it), sum(name != assessment_id for name, _ in rows))


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def accepted_in_words(db: Connection, ids: Collection[str]) -> Collection[str]:
    """Return those of `ids` whose last acceptance says something."""
    sql = "SELECT assessment_id, reason FROM reviews WHERE verdict = 'accepted' AND assessment_id IN LISTED ORDER BY id"
    last = {row[0]: row[1] for row in select_listed(db, sql, ids)} if ids else {}
    return [name for name, reason in last.items() if reason.strip()]


def accepted_by(db: Connection, ids: Collection[str]) -> Mapping[str, str]:
    """Return who accepted each of `ids` last."""
    sql = (
        "SELECT assessment_id, reviewer_id FROM reviews"
        " WHERE verdict = 'accepted' AND assessment_id IN LISTED ORDER BY id"
    )
    return {row[0]: row[1] for row in select_listed(db, sql, ids)}
