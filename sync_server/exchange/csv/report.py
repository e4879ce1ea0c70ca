"""What an import found, in words that can be kept: counts, problems by their cause, remarks and doubts.

RPT-1  Problems of one cause (one file, one column, one code) are one line, with how many there are and examples.
RPT-2  What is kept is in both languages: whoever looks at it later reads it in theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec

from checklists.language import LANGUAGES, Sentence, Text
from sync_server.database.queries.season import KEYS
from sync_server.exchange.csv.effects import Plan
from sync_server.exchange.csv.plan import Checked
from sync_server.exchange.csv.problems import SheetProblem
from sync_server.exchange.csv.sheets import meaning_of

MOST_LISTED = 2_000
EXAMPLES = 5
MOST_GONE = 20


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """What an import does to one kind of row."""

    name: str
    added: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    gone_keys: tuple[str, ...] = ()


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One problem, as a list of all of them has it."""

    file: str
    row: int | None
    column: str
    code: str
    message: Text


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Problems of one cause: the first of them, how many there are, and the rows of some."""

    first: Listed
    meaning: Text
    count: int
    rows: tuple[int, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a page shows of an import."""

    files: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    staged: int = 0
    assignments: int = 0
    phones: int = 0
    remarks: tuple[Text, ...] = ()
    problem_count: int = 0
    causes: tuple[Cause, ...] = ()
    problems: tuple[Listed, ...] = ()
    doubts: Mapping[str, Mapping[str, tuple[str, ...]]] = {}
    note: Text = {}


def in_both(sentence: Sentence) -> Text:
    """Return a sentence in every language."""
    return {language: sentence.in_language(language) for language in LANGUAGES}


def report_of(checked: Checked, files: Collection[str], remarks: Sequence[Sentence] = ()) -> Report:
    """Return the report of what was checked; `remarks` come before its own."""
    plan = checked.plan
    return Report(
        files=tuple(sorted(files)),
        counts=counts_of(plan) if plan else (),
        staged=sum(map(len, [*plan.added.values(), *plan.changed.values()])) if plan else 0,
        assignments=len(plan.assignments) if plan else 0,
        remarks=tuple(in_both(remark) for remark in (*remarks, *checked.remarks)),
        problem_count=len(checked.problems),
        causes=tuple(causes_of(checked.problems)),
        problems=tuple(_listed(problem) for problem in checked.problems[:MOST_LISTED]),
        doubts={file: doubt.samples() for file, doubt in checked.doubts.items()},
    )


def counts_of(plan: Plan) -> tuple[Count, ...]:
    """Return what `plan` does to each kind of row it names, in the order of the tables."""
    counts = (
        Count(
            name=name,
            added=len(plan.added.get(name, ())),
            changed=len(plan.changed.get(name, ())),
            same=plan.unchanged.get(name, 0),
            gone=len(plan.gone.get(name, ())),
            gone_keys=tuple(" / ".join(map(str, key)) for key in plan.gone.get(name, ())[:MOST_GONE]),
        )
        for name in KEYS
    )
    return tuple(count for count in counts if count.added or count.changed or count.same or count.gone)


def causes_of(problems: Sequence[SheetProblem]) -> Sequence[Cause]:
    """Return the problems by their cause, in the order in which each was found first (RPT-1)."""
    by_cause: dict[tuple[str, str, str], list[SheetProblem]] = {}
    for problem in problems:
        by_cause.setdefault((problem.at.file, problem.at.column, problem.code), []).append(problem)
    return [
        Cause(
            first=_listed(same[0]),
            meaning=in_both_if(meaning_of(same[0].at)),
            count=len(same),
            rows=tuple(problem.at.row for problem in same[: EXAMPLES + 1] if problem.at.row is not None),
        )
        for same in by_cause.values()
    ]


def in_both_if(template: str) -> Text:
    """Return what a column means in every language; nothing where there is no such column."""
    return {language: _said(template, language) for language in LANGUAGES} if template else {}


def _said(template: str, language: str) -> str:
    said = getattr(template, "in_language", None)
    return str(said(language)) if said else template


def _listed(problem: SheetProblem) -> Listed:
    at = problem.at
    return Listed(file=at.file, row=at.row, column=at.column, code=problem.code, message=in_both(problem.message))
