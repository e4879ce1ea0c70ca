"""What a reviewer puts down beside an answer: a correction, or a question to the other reviewers.

CRR-1  A correction is of a scored answer of the current revision, finished, returned or accepted; words are their
       author's and are never corrected. It keeps what was there, what is there now, who, when and why (E21).
CRR-2  The base follows at once: a new row beside the old ones, and the entry's standing is asked for. What is signed
       stays as it was signed: a copy changes by a numbered correction alone.
CRR-3  A question to others is answered once, by anybody; while it is open, its round is not closed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from checklists.forms.form import Kind
from checklists.language import N_, sentence
from checklists.record.assessment import AnswerValue, RecordStatus
from checklists.record.fitting import fits
from checklists.record.sheet import Item, SheetError
from sync_server.database.queries import bench as queries
from sync_server.database.queries.grades import BaseRow, append_bases
from sync_server.database.queries.standings import bodies
from sync_server.fieldwork.base_scores import BaseScorer
from sync_server.fieldwork.corrections import CountedRecords
from sync_server.review.outcome import By, CannotDecideError, current_assessment, tell_office
from sync_server.season.forms import FormBook
from sync_server.season.rules import versions_in_force

MAX_WORDS = 2000
WHOLE = (Kind.SCALE, Kind.MATURITY, Kind.BANDS)
CORRECTABLE = (RecordStatus.FINISHED, RecordStatus.RETURNED, RecordStatus.ACCEPTED)


def answer_of(item: Item, typed: str) -> AnswerValue:
    """Return what was typed as an answer to a question.

    Raises:
        CannotDecideError: it is no such answer, with what to write instead.
    """
    text = typed.strip()
    value: AnswerValue = text
    if item.question.kind is Kind.YES_NO and text in ("true", "false"):
        value = text == "true"
    elif item.question.kind in WHOLE and text.isascii() and text.isdigit() and len(text) < 10:
        value = int(text)
    misfit = fits(item.question, value)
    if misfit is not None:
        raise CannotDecideError(misfit)
    return value


def correct(
    db: Connection, book: FormBook, assessment_id: str, key: str, typed: str, *, digest: str, reason: str, by: By
) -> None:
    """Correct the answer under `key` of the revision named by `digest`, and score it anew.

    Raises:
        CannotDecideError: another revision is current, the answer is no scored one, nothing changes, or no reason.
    """
    assessment = current_assessment(db, assessment_id)
    if assessment.digest != digest:
        raise CannotDecideError(sentence(N_("Another revision arrived meanwhile. Look at it and review that one.")))
    if assessment.status not in CORRECTABLE:
        raise CannotDecideError(sentence(N_("This assessment does not count; there is nothing to correct.")))
    if not reason.strip():
        raise CannotDecideError(sentence(N_("Give a reason: it is kept with the correction.")))
    body = bodies(db, [assessment_id])[assessment_id].body
    record = CountedRecords(db, [assessment_id]).read(body, digest)
    try:
        item = book.sheet_of(record, db).all_items.get(key)
    except SheetError as error:
        raise CannotDecideError(error.message) from error
    if item is None or item.question.kind is Kind.TEXT or key not in record.answers:
        raise CannotDecideError(sentence(N_("Only an answer that scores is corrected here.")))
    before, after = record.answers[key].value, answer_of(item, typed)
    if before == after and type(before) is type(after):
        raise CannotDecideError(sentence(N_("That is the answer already: choose another one.")))
    queries.add_correction(
        db,
        assessment_id=assessment_id,
        digest=digest,
        question=key,
        before=before,
        after=after,
        reason=reason.strip()[:MAX_WORDS],
        by=by.user_id,
        now=by.now,
    )
    _score_anew(db, book, assessment_id, body, by.now)
    tell_office(db, assessment, by.now)


def _score_anew(db: Connection, book: FormBook, assessment_id: str, body: bytes, now: datetime) -> None:
    assessment = current_assessment(db, assessment_id)
    record = CountedRecords(db, [assessment_id]).read(body, assessment.digest)
    version = versions_in_force(db).of_round(assessment.round)
    base = BaseScorer(book).bases_of(record, db).under(version)
    row = BaseRow(
        assessment_id, assessment.revision, assessment.digest, record.form, version.digest, base.exact, base.why_not,
        now,
    )  # fmt: skip
    append_bases(db, [row])
    queries.change_base(db, assessment_id, (base.exact, base.shown, base.millionths))


def ask(db: Connection, assessment_id: str, key: str, words: str, by: By) -> None:
    """Put a question to the other reviewers, at the answer under `key` ("": at the whole visit).

    Raises:
        CannotDecideError: there is no such assessment, or nothing is asked.
    """
    current_assessment(db, assessment_id)
    if not words.strip():
        raise CannotDecideError(sentence(N_("Write what you want to ask.")))
    queries.ask_query(db, assessment_id, key[:40], words=words.strip()[:MAX_WORDS], by=by.user_id, now=by.now)


def answer(db: Connection, assessment_id: str, query_id: int, words: str, by: By) -> None:
    """Answer a question of another reviewer.

    Raises:
        CannotDecideError: it is answered already, or nothing is said.
    """
    if not words.strip():
        raise CannotDecideError(sentence(N_("Write an answer.")))
    said = words.strip()[:MAX_WORDS]
    if not queries.answer_query(db, assessment_id, query_id, answer=said, by=by.user_id, now=by.now):
        raise CannotDecideError(sentence(N_("This question was answered already.")))
