"""One visit on the review bench: its story in time order, and its answers by what they cost. Values only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from checklists.forms.form import Kind
from checklists.language import N_, Text, sentence
from checklists.number import shown
from checklists.record.assessment import Assessment
from checklists.record.assignment import Assignment
from checklists.record.labels import OUTCOMES
from checklists.record.place import distance_m
from checklists.record.sheet import Sheet
from checklists.score.working import Working
from sync_server.database.queries.bench import CorrectionRow
from sync_server.pages.answers import Words, answer_words, choices_of
from sync_server.pages.assessment import AssessmentView, ShownAnswer


class Moment(NamedTuple):
    """One line of the story."""

    at: datetime
    what: Words
    value: Words
    kind: str  # "try", "stamp", "file", "record"


class CostedAnswer(NamedTuple):
    """An answer, what it cost of 100, and how it may be corrected. `width` is its bar, 0 to 100."""

    answer: ShownAnswer
    cost: str
    width: int
    is_correctable: bool
    choices: Sequence[tuple[str, Words]]
    filed_section: str


class Corrected(NamedTuple):
    """One correction in words."""

    question: str
    before: Words
    after: Words
    row: CorrectionRow


class ChangedAnswer(NamedTuple):
    """One answer that a revision changed; None: there was none."""

    key: str
    text: Text
    before: Words | None
    after: Words | None


class Changed(NamedTuple):
    """What a revision changed of `revision`: answers, and how many notes and files."""

    revision: int
    answers: Sequence[ChangedAnswer]
    notes: int
    files: int


class Near(NamedTuple):
    """How far from its branch a visit was stamped, and how sure that is, in metres."""

    distance_m: int
    accuracy_m: int


def changes_between(before: Assessment, after: Assessment, sheet: Sheet, revision: int) -> Changed:
    """Return what `after` changed of `before`, which is `revision`, in the order of the form."""
    answers = [
        ChangedAnswer(
            key, item.question.text, answer_words(item.question, before.answers.get(key), sheet),
            answer_words(item.question, after.answers.get(key), sheet),
        )
        for key, item in sheet.all_items.items()
        if _value(before, key) != _value(after, key)
    ]  # fmt: skip
    notes = {(key, kind): words for key, kinds in before.notes.items() for kind, words in kinds.items()}
    now = {(key, kind): words for key, kinds in after.notes.items() for kind, words in kinds.items()}
    files = {one.sha256 for one in before.evidence} ^ {one.sha256 for one in after.evidence}
    return Changed(revision, answers, sum(notes.get(key) != now.get(key) for key in notes.keys() | now), len(files))


def _value(record: Assessment, key: str) -> object:
    answer = record.answers.get(key)
    return None if answer is None else (type(answer.value), answer.value)


def near_branch(record: Assessment, assignment: Assignment) -> Near | None:
    """Return how far from its branch a visit was stamped, by its surest stamp; None where nobody knows."""
    positions = [one.position for one in record.measurements.values() if one.position is not None]
    surest = min(positions, key=lambda one: one.accuracy_m, default=None)
    distance = None if surest is None else distance_m(assignment.branch, surest)
    return None if surest is None or distance is None else Near(distance, surest.accuracy_m)


def story_of(view: AssessmentView) -> Sequence[Moment]:
    """Return what happened, in time order."""
    return sorted(_moments(view), key=lambda moment: moment.at)


def _moments(view: AssessmentView) -> Iterator[Moment]:
    record = view.record
    for judged in view.tries.tries:
        outcome = sentence(OUTCOMES[judged.attempt.outcome])
        yield Moment(judged.attempt.trusted_at, sentence(N_("Try")), outcome, "try")
    for one in view.measurements:
        if one.at is not None:
            yield Moment(one.at, one.name, one.note or one.value, "stamp")
    for file in (*view.files, *(file for section in view.sections for each in section.answers for file in each.files)):
        if file.taken_at is not None:
            yield Moment(file.taken_at, file.name, file.question or "", "file")
    if record.end is not None:
        yield Moment(record.end.corrected, sentence(N_("Finished")), "", "record")


def by_cost(view: AssessmentView, sheet: Sheet | None) -> Sequence[CostedAnswer]:
    """Return every answer, those that cost most first, then in the order they are asked."""
    costs = costs_of(view.working)
    most = max(costs.values(), default=Fraction(0))
    answers = [
        _costed(answer, costs.get(answer.key, Fraction(0)), most, sheet, section.key)
        for section in view.sections
        for answer in section.answers
    ]
    return sorted(answers, key=lambda one: -costs.get(one.answer.key, Fraction(0)))


def costs_of(working: Working) -> Mapping[str, Fraction]:
    """Return, by question, what it took off the base, of 100; a section zeroed by a critical item is lost as a whole.

    Parts (the form's own, recordings) count as the base blends them; together the costs are what the base lacks of 100.
    """
    lost: dict[str, Fraction] = {}
    for part in working.parts:
        weights = sum((Fraction(one.weight) for one in part.sections if one.percent is not None), Fraction(0))
        for section in part.sections:
            if section.percent is None or not section.possible or not weights:
                continue
            worth = 100 * section.weight / weights
            missing = [(one.key, (one.possible or 0) - (one.earned or 0)) for one in section.questions if one.possible]
            whole = sum((gap for _, gap in missing), Fraction(0))
            taken = worth * (100 - section.percent) / 100
            for key, gap in missing:
                if whole and gap:
                    lost[key] = taken * gap / whole
    if working.base is None or not lost:
        return lost
    scale = (100 - working.base) / sum(lost.values())
    return {key: cost * scale for key, cost in lost.items()}


def _costed(answer: ShownAnswer, cost: Fraction, most: Fraction, sheet: Sheet | None, section: str) -> CostedAnswer:
    item = sheet.all_items.get(answer.key) if sheet else None
    return CostedAnswer(
        answer,
        shown(cost) if cost else "",
        int(100 * cost / most) if most else 0,
        item is not None and item.question.kind is not Kind.TEXT and answer.answer is not None,
        choices_of(item.question) if item else (),
        section,
    )


def in_words(rows: Sequence[CorrectionRow], sheet: Sheet | None) -> Sequence[Corrected]:
    """Return corrections as people read them."""

    def word(row: CorrectionRow, value: object) -> Words:
        item = sheet.all_items.get(row.question) if sheet else None
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return dict(choices_of(item.question)).get(text, text) if item else text

    return [Corrected(row.question, word(row, row.before), word(row, row.after), row) for row in rows]
