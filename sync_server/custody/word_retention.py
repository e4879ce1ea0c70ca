"""How long words are kept, and taking them out of the kept bodies after that, with proof (privacy E22).

RET-7   Words are kept as long as photos: for `files` after the last round was released; under a legal hold longer.
RET-8   All bodies of an assessment, the current one and the others, give way in one transaction to what
        `without_words` leaves. What was read out of them and what other phones were told of its tries lose their words
        too. The audit log says how many words of each sort went, never which.
RET-9   A record keeps the digest it came with: the same revision sent again is answered as before and brings nothing
        back. A revision that comes late is a body like any other, and loses its words on the next day.
RET-10  Scores stay, and so do the reasons of reviewers and coordinators: they are what a mark is defended with.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists import wire
from checklists.record.assessment import ERASED, Assessment, Attempt
from checklists.record.sheet import Sheet, SheetError
from sync_server.custody.erased_record import without_words
from sync_server.custody.file_retention import DEFAULT_PERIODS, RETENTION, Periods, after_results, held_entrants
from sync_server.database.engine import Database
from sync_server.database.queries import retention as queries
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.season.forms import FormBook

logger = logging.getLogger(__name__)


class WordsDue(NamedTuple):
    """An assessment whose words' time is over: since when, and by which rule ("words-365-days")."""

    assessment_id: str
    entrant_id: str
    since: datetime
    rule: str


class _AttemptsTold(msgspec.Struct):
    attempts: list[Attempt]


def due_words(database: Database, now: datetime, periods: Periods = DEFAULT_PERIODS) -> list[WordsDue]:
    """Return the assessments whose words are to be erased at `now`."""
    with database.reading() as db:
        end = after_results(queries.release_moments(db), periods.files, "words")
        if end is None or end[0] > now:
            return []
        held_back = held_entrants(db)
        return [WordsDue(*found, *end) for found in queries.assessments_with_words(db) if found[1] not in held_back]


def erase_words(database: Database, book: FormBook, due: WordsDue, now: datetime, *, by: str = "command") -> bool:
    """Erase the words of one assessment. True once that is durable; False: a legal hold, or a body cannot be read.

    A repeat is harmless.
    """
    gone: Counter[str] = Counter()
    with database.transaction() as db:
        if due.entrant_id in held_entrants(db):
            return False
        rows = queries.revisions_with_words(db, due.assessment_id)
        done = [row for row in rows if _erase_body(db, book, due.assessment_id, row, gone=gone, now=now)]
        for assignment_id in sorted({row.assignment_id for row in done}):
            gone["told"] += _erase_told(db, assignment_id)
        if done:
            queries.forget_facts(db, due.assessment_id)
            told = {"rule": due.rule, "due_since": due.since.isoformat(), "revisions": len(done), **gone}
            append_audit(db, [AuditRow(now, by, RETENTION, "words-erased", "assessment", due.assessment_id, told)])
    return bool(done)


def _erase_body(
    db: Connection,
    book: FormBook,
    assessment_id: str,
    row: queries.WordyRevision,
    *,
    gone: Counter[str],
    now: datetime,
) -> bool:
    try:
        record = wire.decode(row.body, Assessment)
    except wire.NotReadableError:
        logger.error("assessment %s revision %d cannot be read; its words stay", assessment_id, row.revision)
        return False
    bare, counts = without_words(record, _sheet(db, book, record))
    body = wire.encode(bare)
    gone.update(counts)
    queries.keep_without_words(db, assessment_id, row, body=body, kept_digest=wire.digest(body), now=now)
    return True


def _sheet(db: Connection, book: FormBook, record: Assessment) -> Sheet | None:
    try:
        return book.sheet_of(record, db)
    except SheetError:
        return None  # it never scored either


def _erase_told(db: Connection, assignment_id: str) -> int:
    """Take the words out of what other phones were told of the tries on an assignment; return how many went."""
    gone = 0
    for seq, body in queries.attempts_told(db, assignment_id):
        told = wire.decode(body, _AttemptsTold)
        worded = [attempt for attempt in told.attempts if attempt.note and attempt.note != ERASED]
        if worded:
            gone += len(worded)
            bare = [msgspec.structs.replace(one, note=ERASED) if one.note else one for one in told.attempts]
            queries.keep_told(db, seq, wire.encode(_AttemptsTold(bare)).decode())
    return gone
