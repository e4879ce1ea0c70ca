"""What an entrant sees of its own visits: those of a published copy, one by one, redacted, and the same as a table.

OWN-1  A visit is named by a reference that says nothing of its time, its assessor or its number in any list.
OWN-2  Day and part of the week, points by section and question, and how its score was summed: nothing else. A void
       visit is there without them.
OWN-3  The order is that of days, then of references: not that of the hours in which they were made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from checklists.forms.form import Form
from checklists.language import Language, Sentence, Text, in_language
from checklists.number import shown
from checklists.score.assessment_score import AssessmentScore
from checklists.score.double_scoring import words_of_note
from sync_server.reports.round_copy import Key, RoundCopy, Visit


class OwnItem(NamedTuple):
    """One question of a visit: the share of its points it earned, each time it was asked; "–": it did not apply."""

    key: str
    text: Text
    is_critical: bool
    shares: Sequence[str]


class OwnSection(NamedTuple):
    """One section of a visit: its percentage, and its questions."""

    key: str
    title: Text
    percent: str
    items: Sequence[OwnItem]


class OwnVisit(NamedTuple):
    """One visit as its entrant sees it. `steps` are base, ease and penalty as they were summed."""

    ref: str
    on: str
    daypart: str
    language: str
    scenario: Text
    branch: Text
    tries: int
    score: AssessmentScore
    sections: Sequence[OwnSection]
    settled: Sentence | None = None  # scored by more than one: which base counts, and why

    @property
    def steps(self) -> Sequence[tuple[str, str]]:
        """The terms of its score: a name, and points with their sign."""
        if self.score.base is None:
            return ()
        terms = [("base", shown(self.score.base))]
        if self.score.ease:
            terms.append(("ease", f"+{shown(self.score.ease)}"))
        if self.score.penalty:
            terms.append(("penalty", f"−{shown(self.score.penalty)}"))
        return terms


def reference(assessment_id: str) -> str:
    """Return the reference of an assessment (OWN-1)."""
    return hashlib.sha256(f"own:{assessment_id}".encode()).hexdigest()[:10]


def own_visits(copy: RoundCopy, key: Key) -> Sequence[OwnVisit]:
    """Return the visits of an entry in the copy's round (OWN-3)."""
    form = copy.form_of(key)
    visits = [_own(visit, form) for visit in copy.visits(key)]
    return sorted(visits, key=lambda one: (one.on, one.ref))


def visit_of(copy: RoundCopy, key: Key, ref: str) -> OwnVisit | None:
    """Return one visit by its reference, or None."""
    return next((one for one in own_visits(copy, key) if one.ref == ref), None)


def assessment_of(copy: RoundCopy, key: Key, ref: str) -> str | None:
    """Return which assessment of the copy a reference is of: for the office alone."""
    return next((visit.score.id for visit in copy.visits(key) if reference(visit.score.id) == ref), None)


HEADS = ("visit", "day", "part_of_week", "language", "state", "tries", "base", "ease", "penalty", "score")


def csv_texts(visits: Sequence[OwnVisit], language: Language) -> Sequence[object]:
    """Return what the columns of sections and questions mean, under as many empty cells as need no words."""
    sections = {each.key: each.title for one in visits for each in one.sections}
    items = {item.key: item.text for one in visits for each in one.sections for item in each.items}
    return [None] * len(HEADS) + [in_language(text, language) for text in (*sections.values(), *items.values())]


def csv_rows(visits: Sequence[OwnVisit]) -> Sequence[Sequence[object]]:
    """Return the visits as a table: codes in the first row, a question a column, its share as a number of 0 to 1."""
    sections = list(dict.fromkeys(each.key for one in visits for each in one.sections))
    items = list(dict.fromkeys(item.key for one in visits for each in one.sections for item in each.items))
    rows: list[Sequence[object]] = [[*HEADS, *(f"section_{name}" for name in sections), *items]]
    for one in visits:
        percents = {each.key: each.percent for each in one.sections}
        shares = {item.key: "; ".join(item.shares) for each in one.sections for item in each.items}
        score = one.score
        own = [one.ref, one.on, one.daypart, one.language, score.state.value, one.tries]
        points = [_points(value) for value in (score.base, score.ease, score.penalty, score.score)]
        cells = [percents.get(name, "") for name in sections] + [shares.get(name, "") for name in items]
        rows.append([*own, *points, *cells])
    return rows


def _points(value: Fraction | None) -> str:
    return "" if value is None else shown(value)


def _own(visit: Visit, form: Form | None) -> OwnVisit:
    seen = visit.seen
    return OwnVisit(
        ref=reference(visit.score.id),
        on=str(seen.get("on", "")),
        daypart=str(seen.get("daypart", "")),
        language=str(seen.get("language", "")),
        scenario=seen.get("scenario", {}),
        branch=seen.get("branch", {}),
        tries=int(seen.get("tries", 0)),
        score=visit.score,
        sections=_sections(visit, form) if visit.is_reached and form is not None else (),
        settled=words_of_note(visit.settled, visit.score.base)
        if visit.settled and visit.score.base is not None
        else None,
    )


def _sections(visit: Visit, form: Form) -> Sequence[OwnSection]:
    points, shares = visit.seen.get("sections", {}), visit.seen.get("items", {})
    sections = []
    for section in form.sections:
        earned, possible = (Fraction(value) for value in points.get(section.id, ("0", "0")))
        items = [
            OwnItem(question.id, question.text, question.critical, [_share(one) for one in shares[question.id]])
            for question in section.questions
            if question.id in shares
        ]
        if items:
            sections.append(
                OwnSection(section.id, section.title, shown(100 * earned / possible) if possible else "", items)
            )
    return sections


def _share(value: str | None) -> str:
    return "–" if value is None else shown(Fraction(value))
