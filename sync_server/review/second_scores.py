"""A visit scored by a second person, blind: from its recording and photos, or by another assessor's visit (4.2).

DBL-1  Of the visits of an entry's round that count, a tenth is scored twice, and two at least (R-DBL-4), as long as
       the round is not closed; the seed is the season's.
DBL-2  The second person is neither its assessor, nor corrected or reviewed it, nor looked at it before; a tie is said
       first (PAN-1). What is judged is judged anew, unseen; what the clock measured or a person wrote is taken over.
       Until the pair is settled no table of many visits has its answers, whoever asks (`queries/unseen.py`); its own
       page has them, and whoever opens that is not the second person any more.
DBL-3  A paired visit is another assessor's of the same entry, round, form and branch, made on its own: its answers
       stand as the second.
DBL-4  A gap of at most 5 points is settled by the mean. Over 5 and at most 10 the two talk, and the second scores once
       more with both in sight. Over 10, or still over 5, a third person scores blind, and the median is used. What
       is settled counts once a coordinator lets it (STL).
DBL-5  Marks are of the revision that was scored: another one is scored again, by somebody new. With each stands what
       the first had said at that time, so that agreement is never measured against a later correction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from checklists.number import exact
from checklists.record.assessment import Assessment
from checklists.record.sheet import Item
from checklists.score.double_scoring import DoubleScore, DoubleScored, drawn, settle
from checklists.score.scoring import Scorer
from sync_server.database.queries import second_scores as queries
from sync_server.database.queries.closing import declaration_of
from sync_server.database.queries.disputes import corrected_by
from sync_server.database.queries.panel import AGAIN, BLIND, MarkRow, marks_of
from sync_server.database.queries.reviewing import CurrentAssessment
from sync_server.database.queries.settings import REVIEW_SEED, setting
from sync_server.database.queries.standings import bodies
from sync_server.fieldwork.corrections import CountedRecords
from sync_server.panel.marking import Mark, declare, keep_marks
from sync_server.review.correcting import answer_of
from sync_server.review.outcome import By, CannotDecideError, current_assessment
from sync_server.season.forms import FormBook
from sync_server.season.rules import versions_in_force

TOTAL = "total"
CLOSED = N_("The round is closed: nothing of it is drawn for a second score any more.")


class SecondScore(NamedTuple):
    """A final score of somebody else: its base, and by question [what was answered, what the first had answered]."""

    judge: str
    name: str
    base: Fraction
    first_base: Fraction | None
    answers: Mapping[str, tuple[Any, Any]]
    at: datetime


class Pair(NamedTuple):
    """A visit with its second scores, the first made first; `again` is what the second said after talking."""

    first: Fraction
    scores: Sequence[SecondScore]
    again: SecondScore | None
    settled: DoubleScored


def pair_of(db: Connection, assessment: CurrentAssessment) -> Pair | None:
    """Return the second scores of a visit as it is now, and what they come to; None where there is none."""
    first = queries.base_of(db, assessment.id)
    scores = _scores(db, BLIND + assessment.id, assessment.revision)
    if first is None or not scores:
        return None
    again = next(iter(_scores(db, AGAIN + assessment.id, assessment.revision)), None)
    base = exact(first)
    return Pair(base, scores, again, settle(base, [one.base for one in scores], again.base if again else None))


def apart(db: Connection, number: int) -> Sequence[str]:
    """Return the visits of a round whose scores are not settled."""
    marks = queries.final_marks(db, number)
    if not marks:
        return ()
    bases = {visit.id: visit.base for visit in queries.countable(db, number)}
    again, by_visit = queries.again_bases(db, number), dict[str, list[Fraction]]()
    for mark in marks:
        if mark.part == TOTAL and mark.assessment_id in bases:
            by_visit.setdefault(mark.assessment_id, []).append(exact(mark.points))
    return [
        name
        for name, scores in by_visit.items()
        if settle(exact(bases[name]), scores, exact(again[name]) if name in again else None).base is None
    ]


def owed(db: Connection, number: int) -> Sequence[str]:
    """Return the visits of a round that are drawn for a second score, and have none."""
    by_entry, done = (
        defaultdict[tuple[str, str], list[str]](list),
        {one.assessment_id for one in queries.final_marks(db, number)},
    )
    for visit in queries.countable(db, number):
        by_entry[visit.entrant_id, visit.channel].append(visit.id)
    seed = setting(db, REVIEW_SEED) or ""
    return [name for ids in by_entry.values() for name in drawn(ids, done, seed)]


def refusal_to_score(db: Connection, assessment: CurrentAssessment, user_id: str) -> Sentence | None:
    """Return why an account may not score a visit second (DBL-2); None: it may."""
    declared = declaration_of(db, user_id)
    if declared is not None and declared.assessor_id == assessment.assessor_id:
        return sentence(N_("You made this visit: somebody else scores it."))
    if corrected_by(db, assessment.id, user_id) or queries.reviewed_by(db, assessment.id, user_id):
        return sentence(N_("You reviewed this visit or corrected it: somebody else scores it."))
    if queries.has_looked(db, assessment.id, user_id):
        return sentence(N_("You have looked at this visit with its answers: somebody else scores it."))
    return None


def say_tie(db: Connection, assessment_id: str, *, is_tied: bool, by: By) -> None:
    """Keep whether somebody is tied to the organisation, before the visit is shown (PAN-1)."""
    declare(db, BLIND + assessment_id, by.user_id, is_tied=is_tied, now=by.now)


def asked_of(scorer: Scorer, record: Assessment) -> Sequence[Item]:
    """Return the questions that are judged anew: those with answers to choose from that the visit came to."""
    return [
        item
        for item in scorer.sheet.all_items.values()
        if item.key in record.answers and not item.is_measured and is_judged(item)
    ]


def is_judged(item: Item) -> bool:
    """Whether a question's answer is chosen, not measured, counted or written."""
    return item.question.kind.value in ("yes_no", "choice", "faq", "scale")


def record_of(db: Connection, assessment: CurrentAssessment) -> Assessment:
    """Return the visit as it counts."""
    kept = bodies(db, [assessment.id])[assessment.id]
    return CountedRecords(db, [assessment.id]).read(kept.body, kept.digest)


def scorer_of(db: Connection, book: FormBook, assessment: CurrentAssessment, record: Assessment) -> Scorer:
    """Return what scores the visit in its round. Raises SheetError where its form cannot be laid out."""
    return book.scorer_of(record, versions_in_force(db).of_round(assessment.round).critical_effect, db)


def score(
    db: Connection, book: FormBook, assessment_id: str, typed: Mapping[str, str], *, is_final: bool, by: By
) -> None:
    """Keep what the second person answered, for now or for good; a third does the same.

    Raises:
        CannotDecideError: this person may not, an answer is none, or some are missing for good.
        CannotMarkError: tied, not said whether, or final already.
    """
    assessment = current_assessment(db, assessment_id)
    before = pair_of(db, assessment)
    is_again = before is not None and before.settled.step is DoubleScore.SCORE_AGAIN and before.again is None
    is_own = before is not None and by.user_id in [one.judge for one in before.scores]
    if before is not None and is_again != is_own:
        raise CannotDecideError(
            sentence(N_("The two who scored it talk first, and the second scores it once more."))
            if is_again
            else sentence(N_("Your marks are final: they stay as they are."))
        )
    if before is None and queries.is_closed(db, assessment.round):
        raise CannotDecideError(sentence(CLOSED))
    if before is not None and not is_own and before.settled.step is not DoubleScore.THIRD_ASSESSOR:
        raise CannotDecideError(sentence(N_("It is scored and settled: nobody else needs to.")))
    refused = None if is_own else refusal_to_score(db, assessment, by.user_id)
    if refused is not None:
        raise CannotDecideError(refused)
    record = record_of(db, assessment)
    scorer = scorer_of(db, book, assessment, record)
    items = asked_of(scorer, record)
    answers = {item.key: answer_of(item, typed[item.key]) for item in items if typed.get(item.key)}
    missing = [item.key for item in items if item.key not in answers]
    if is_final and missing:
        raise CannotDecideError(sentence(N_("Answer every question first: {keys}."), keys=tuple(missing)))
    subject = (AGAIN if is_own else BLIND) + assessment_id
    if is_own:
        declare(db, subject, by.user_id, is_tied=False, now=by.now)
    marks = _marks(scorer, record, answers, is_final=is_final, first=queries.base_of(db, assessment_id))
    keep_marks(db, (subject, assessment.revision), by.user_id, marks, is_final=is_final, now=by.now)


def pair_visits(db: Connection, book: FormBook, assessment_id: str, other_id: str, by: By) -> None:
    """Let another assessor's visit stand as the second score (DBL-3).

    Raises:
        CannotDecideError: it is no such visit, or there is a second score already.
    """
    one, other = current_assessment(db, assessment_id), current_assessment(db, other_id.strip())
    mine, theirs = record_of(db, one), record_of(db, other)
    same = (one.entrant_id, one.channel, one.round, mine.form, mine.branch_id)
    if one.assessor_id == other.assessor_id or same != (
        other.entrant_id, other.channel, other.round, theirs.form, theirs.branch_id
    ):  # fmt: skip
        words = N_("A paired visit is another assessor’s, of the same entry, round, form and branch.")
        raise CannotDecideError(sentence(words))
    if pair_of(db, one) is not None:
        raise CannotDecideError(sentence(N_("It has a second score already.")))
    refused = refusal_to_score(db, one, by.user_id)
    if refused is not None:
        raise CannotDecideError(refused)
    scorer = scorer_of(db, book, other, theirs)
    answers = {item.key: theirs.answers[item.key].value for item in asked_of(scorer, theirs)}
    marks = _marks(scorer, theirs, answers, is_final=True, first=queries.base_of(db, one.id), beside=mine)
    declare(db, BLIND + one.id, by.user_id, is_tied=False, now=by.now)
    keep_marks(db, (BLIND + one.id, one.revision), by.user_id, marks, is_final=True, now=by.now)


def _marks(
    scorer: Scorer,
    record: Assessment,
    answers: Mapping[str, Any],
    *,
    is_final: bool,
    first: str | None,
    beside: Assessment | None = None,
) -> Mapping[str, Mark]:
    """Return the marks by question, with the share each earns; and for good the base they come to."""
    said = (beside or record).answers
    whole = {key: answer.value for key, answer in record.answers.items()} | dict(answers)
    earned = {
        one.key: one.earned / one.possible if one.earned is not None and one.possible else Fraction(0)
        for section in scorer.working(whole).sections
        for one in section.questions
    }
    marks = {
        key: Mark(earned.get(key, Fraction(0)), _note(value, said[key].value if key in said else None))
        for key, value in answers.items()
    }
    base = scorer.base(whole)
    if is_final and base is not None:
        marks[TOTAL] = Mark(base, _note(None, first))
    return marks


def _note(second: Any, first: Any) -> str:
    return msgspec.json.encode([second, first]).decode()


def _scores(db: Connection, subject: str, revision: int) -> Sequence[SecondScore]:
    by_judge: dict[str, list[MarkRow]] = {}
    for row in marks_of(db, subject):
        if row.is_final and row.version == revision:
            by_judge.setdefault(row.judge, []).append(row)
    names = queries.names_of(db, by_judge)
    found = []
    for judge, rows in by_judge.items():
        total = next((row for row in rows if row.part == TOTAL), None)
        if total is not None:
            answers = {row.part: tuple(msgspec.json.decode(row.note)) for row in rows if row.part != TOTAL}
            first = msgspec.json.decode(total.note)[1]
            found.append(
                SecondScore(
                    judge, names.get(judge, judge), exact(total.points), None if first is None else exact(first),
                    answers, total.marked_at,
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: (one.at, one.judge))
