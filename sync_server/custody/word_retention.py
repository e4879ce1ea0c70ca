"""How long words are kept, and taking them out of the kept bodies after that, with proof (privacy E22).

RET-7   Words are kept as long as photos: for `files` after the last round was released; under a legal hold longer.
RET-8   All bodies of an assessment, the current one and the others, give way in one transaction to what
        `without_words` leaves. What was read out of them and what other phones were told of its tries lose their words
        too. The audit log says how many words of each sort went, never which.
RET-15  A visit taken over that nobody confirmed is such a body, too: it goes whole.
RET-16  So do the notes of whoever rated a site visit a second time; the ratings stay.
RET-9   A record keeps the digest it came with: the same revision sent again is answered as before and brings nothing
        back. A revision that comes late is a body like any other, and loses its words on the next day.
RET-10  Scores stay, and so do the reasons of reviewers and coordinators: they are what a score is defended with.
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
from sync_server.custody.file_retention import (
    DEFAULT_PERIODS,
    RETENTION,
    Periods,
    after_results,
    held_entrants,
    released_at,
)
from sync_server.database.engine import Database
from sync_server.database.queries import panel
from sync_server.database.queries import retention as queries
from sync_server.database.queries.audit_log import AuditRow, append_audit
from sync_server.database.queries.hand_overs import forget_bodies
from sync_server.database.queries.submissions import documents_with_words, forget_documents
from sync_server.season.forms import FormBook

logger = logging.getLogger(__name__)


class WordsDue(NamedTuple):
    """An assessment whose words' time is over: since when, and by which rule ("words-365-days")."""

    assessment_id: str
    entrant_id: str
    since: datetime
    rule: str


class _Tries(msgspec.Struct):
    attempts: list[Attempt]


def due_words(database: Database, now: datetime, periods: Periods = DEFAULT_PERIODS) -> list[WordsDue]:
    """Return the assessments whose words are to be erased at `now`."""
    with database.reading() as db:
        end = after_results(released_at(db), periods.files, "words")
        if end is None or end[0] > now:
            return []
        held_back = held_entrants(db)
        return [
            WordsDue(assessment_id, entrant_id, *end)
            for assessment_id, entrant_id in {
                **dict(queries.claims_with_words(db)),
                **dict(documents_with_words(db)),
                **dict(panel.visits_with_notes(db)),
                **dict(queries.assessments_with_words(db)),
            }.items()
            if entrant_id not in held_back
        ]


class WordErasure:
    """Erases words. `by` is who does it, for the audit log: "command" or "system"."""

    def __init__(self, database: Database, forms: FormBook, *, by: str = "command") -> None:
        self._database = database
        self._forms = forms
        self._by = by

    def erase(self, due: WordsDue, now: datetime) -> bool:
        """Erase the words of one assessment. True once that is durable.

        False: its entrant is under a legal hold, or a body cannot be read. A repeat is harmless.
        """
        gone: Counter[str] = Counter()
        with self._database.transaction() as db:
            if due.entrant_id in held_entrants(db):
                return False
            rows = queries.revisions_with_words(db, due.assessment_id)
            done = [row for row in rows if self._erase_body(db, due.assessment_id, row, gone=gone, now=now)]
            for assignment_id in sorted({row.assignment_id for row in done}):
                gone["told"] += _erase_tries(db, assignment_id)
            claims = forget_bodies(db, due.assessment_id) + forget_documents(db, due.assessment_id)
            notes = panel.erase_notes(db, due.assessment_id)
            gone["notes"] += notes
            if done or claims or notes:
                queries.forget_facts(db, due.assessment_id)
                details = {
                    "rule": due.rule,
                    "due_since": due.since.isoformat(),
                    "revisions": len(done) + claims,
                    **gone,
                }
                entry = AuditRow(now, self._by, RETENTION, "words-erased", "assessment", due.assessment_id, details)
                append_audit(db, [entry])
        return bool(done or claims or notes)

    def _erase_body(
        self, db: Connection, assessment_id: str, row: queries.WordyRevision, *, gone: Counter[str], now: datetime
    ) -> bool:
        try:
            record = wire.decode(row.body, Assessment)
        except wire.NotReadableError:
            logger.error("assessment %s revision %d cannot be read; its words stay", assessment_id, row.revision)
            return False
        bare, counts = without_words(record, self._sheet(db, record))
        body = wire.encode(bare)
        gone.update(counts)
        queries.keep_without_words(db, assessment_id, row, body=body, kept_digest=wire.digest(body), now=now)
        return True

    def _sheet(self, db: Connection, record: Assessment) -> Sheet | None:
        try:
            return self._forms.sheet_of(record, db)
        except SheetError:
            return None  # it never scored either


def _erase_tries(db: Connection, assignment_id: str) -> int:
    """Take the words out of what other phones were told of the tries on an assignment; return how many went."""
    gone = 0
    for seq, body in queries.attempts_told(db, assignment_id):
        tries = wire.decode(body, _Tries).attempts
        worded = [attempt for attempt in tries if attempt.note and attempt.note != ERASED]
        if worded:
            gone += len(worded)
            bare = [msgspec.structs.replace(attempt, note=ERASED) if attempt.note else attempt for attempt in tries]
            queries.keep_told(db, seq, wire.encode(_Tries(bare)).decode())
    return gone
