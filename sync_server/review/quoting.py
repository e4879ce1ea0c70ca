"""What an assessor wrote, quoted for the report of its entrant by a reviewer who read it.

QTE-1  Quoted is a note or an answer in words of the current revision, finished or accepted, in words that an entrant
       may read (EWD) and in the language they are in; the revision keeps its own words beside them.
QTE-2  The last decision about the words at one place holds; each is kept with who and when. Words are taken back by
       quoting none.
QTE-3  One more than fit into a report is refused (FRP-3): somebody takes another back first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from checklists import wire
from checklists.forms.form import Kind
from checklists.language import LANGUAGES, N_, Sentence, sentence
from checklists.record.assessment import ERASED, NOT_APPLICABLE, Assessment
from checklists.record.sheet import SheetError
from sync_server.database.queries import quotes as queries
from sync_server.database.queries.assessment_pages import body_of
from sync_server.database.queries.bench import corrections_of
from sync_server.database.queries.quotes import QuoteRow
from sync_server.review.entrants_words import Unnamed, refused_quote
from sync_server.review.for_report import HOLDS, MOST_QUOTES, held_beside, why_fallen
from sync_server.review.outcome import By, CannotDecideError, current_assessment
from sync_server.season.forms import FormBook

ANSWER = ""  # the kind of what was written as the answer itself
Place = tuple[str, str]  # the key of a question, and the kind of the note


class Said(NamedTuple):
    """What an assessor wrote at one place, and what became of it. `row`: it was quoted; `fallen`: and holds no more."""

    words: str
    row: QuoteRow | None = None
    fallen: Sentence | None = None


def said_in(db: Connection, book: FormBook, assessment_id: str) -> Mapping[Place, Said]:
    """Return everything in the current revision that can be quoted, by its place.

    Raises:
        CannotDecideError: there is no such assessment.
    """
    assessment = current_assessment(db, assessment_id)
    record = _record(db, assessment_id, assessment.digest)
    rows = {(row.question, row.kind): row for row in queries.quotes_of(db, [assessment_id]).get(assessment_id, ())}
    state = queries.reviewed(db, [assessment_id])[assessment_id]
    corrected = corrections_of(db, [assessment_id]).get(assessment_id, ())
    said = {}
    for place, words in _written(db, book, record):
        row = rows.get(place)
        is_quoted = row is not None and bool(row.words)
        fallen = why_fallen(row, state, corrected) if row is not None and is_quoted else None
        said[place] = Said(words, row if is_quoted else None, fallen)
    return said


def quote(
    db: Connection, book: FormBook, assessment_id: str, place: Place, words: str, *, language: str, digest: str, by: By
) -> None:
    """Quote what stands at `place` of the revision named by `digest` as `words`; "": take it back.

    Raises:
        CannotDecideError: another revision is current, nothing is written there, it may not be quoted so, or enough is.
    """
    assessment = current_assessment(db, assessment_id)
    words = " ".join(words.split())
    if assessment.digest != digest:
        raise CannotDecideError(sentence(N_("Another revision arrived meanwhile. Look at it and review that one.")))
    said = said_in(db, book, assessment_id).get(place)
    if said is None or (not words and said.row is None):
        raise CannotDecideError(sentence(N_("Nothing is written there that could be quoted.")))
    if words:
        if assessment.status not in HOLDS:
            raise CannotDecideError(sentence(N_("This assessment does not count: nothing of it is in a report.")))
        if language not in LANGUAGES:
            raise CannotDecideError(sentence(N_("Choose the language that the words are in.")))
        refused = refused_quote(words, said.words, unnamed_of(db, _record(db, assessment_id, digest)))
        if refused is not None:
            raise CannotDecideError(refused)
        holds = said.row is not None and said.fallen is None
        if not holds and held_beside(db, assessment_id)[0] >= MOST_QUOTES:
            told = N_("{most} quotes stand in this report already: take one back first.")
            raise CannotDecideError(sentence(told, most=MOST_QUOTES))
    kept = language if words or said.row is None else said.row.language
    queries.add_quote(db, QuoteRow(assessment_id, digest, *place, words, kept, "", by.now), by.user_id)


def unnamed_of(db: Connection, record: Assessment) -> Unnamed:
    """Return whom words about a visit must not name (EWD-2)."""
    people = queries.everybody(db)
    codes = [(one.code or "").strip() for one in record.measurements.values()]
    return Unnamed([name for _, name in people], [*(code for code, _ in people), *filter(None, codes)])


def _record(db: Connection, assessment_id: str, digest: str) -> Assessment:
    body = body_of(db, assessment_id, digest)
    if body is None:
        raise LookupError(assessment_id)
    return wire.decode(body.body, Assessment)


def _written(db: Connection, book: FormBook, record: Assessment) -> Iterator[tuple[Place, str]]:
    """Yield every place where something was written, with what; words that were erased are none."""
    for key, kinds in sorted(record.notes.items()):
        yield from (((key, kind), words) for kind, words in kinds.items() if words.strip() and words != ERASED)
    try:
        items = book.sheet_of(record, db).all_items
    except SheetError:
        return
    for key, answer in record.answers.items():
        is_words = key in items and items[key].question.kind is Kind.TEXT and isinstance(answer.value, str)
        if is_words and str(answer.value).strip() and answer.value not in (ERASED, NOT_APPLICABLE):
            yield (key, ANSWER), str(answer.value)
