"""Do two people who score the same visit agree? Totals, questions, and each pair with what to do (4.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

import msgspec

from checklists.forms.form import Form, Kind, Question
from checklists.language import N_, Template, Text
from checklists.number import exact
from checklists.record.assessment import NOT_APPLICABLE
from checklists.score.double_scoring import DoubleScore, DoubleScored, drawn, settle, wanted
from sync_server.database.queries.second_scores import Countable, PairMark
from sync_server.pages.plot import CORRELATION, SCORES, Scale, Spot, spot
from sync_server.quality.agreement import (
    ICC_READINGS,
    KAPPA_READINGS,
    REWRITE_BELOW,
    Icc,
    icc,
    kappa,
    reading,
    weighted_kappa,
)
from sync_server.review.second_scores import TOTAL

FEW = 10  # below as many pairs a kappa is told, and nothing said of it
STEPS: Mapping[DoubleScore, Template] = {
    DoubleScore.AGREED: N_("agreed: the mean is used"),
    DoubleScore.SCORE_AGAIN: N_("talk, and score it once more"),
    DoubleScore.THIRD_ASSESSOR: N_("a third person scores it"),
    DoubleScore.MEDIAN: N_("settled: the median is used"),
}
FEW_WORDS, NOTHING = N_("too few pairs to tell"), N_("everybody answers alike: chance alone would")


class PairLine(NamedTuple):
    """One visit scored twice: both bases, and what to do."""

    id: str
    name: Text
    channel: str
    first: Fraction
    second: Fraction
    how: DoubleScored
    spot: Spot

    @property
    def words(self) -> Template:
        """What to do."""
        return STEPS[self.how.step]

    @property
    def is_apart(self) -> bool:
        """Whether it is not settled: a third person may come to score it, and sees neither figure (DBL-2)."""
        return self.how.base is None


class ItemAgreement(NamedTuple):
    """One question: kappa (of a scale the weighted one), PABAK, how often both said the same."""

    key: str
    text: Text
    n: int
    observed: float
    kappa: float | None
    is_weighted: bool
    pabak: float
    words: Template
    is_flagged: bool
    spot: Spot


class Drawn(NamedTuple):
    """A visit that is drawn: when it began, where."""

    id: str
    at: datetime | None
    branch: Text | None


class OwedLine(NamedTuple):
    """An entry whose visits are not scored twice often enough, and which are drawn."""

    key: tuple[str, str]
    name: Text
    done: int
    wanted: int
    drawn: Sequence[Drawn]


class AgreementView(NamedTuple):
    """The page of one round."""

    pairs: Sequence[PairLine]
    totals: Icc | None
    totals_words: Template | None
    items: Sequence[ItemAgreement]
    owed: Sequence[OwedLine]
    waiting: int = 0  # settled, and not counted yet
    scale: Scale = CORRELATION
    scores: Scale = SCORES

    @property
    def apart(self) -> int:
        """How many pairs are not settled."""
        return sum(line.is_apart for line in self.pairs)

    @property
    def weak(self) -> int:
        """How many questions are to be rewritten."""
        return sum(line.is_flagged for line in self.items)

    @property
    def told(self) -> Sequence[ItemAgreement]:
        """The questions of which enough pairs are there to say something."""
        return [line for line in self.items if line.n >= FEW]

    @property
    def few(self) -> Sequence[ItemAgreement]:
        """The others."""
        return [line for line in self.items if line.n < FEW]

    @property
    def left(self) -> int:
        """How many visits are still to be scored twice."""
        return sum(len(line.drawn) for line in self.owed)


def agreement_view(
    visits: Sequence[Countable],
    marks: Sequence[PairMark],
    again: Mapping[str, str],
    *,
    names: Mapping[str, Text],
    forms: Mapping[str, Form],
    seed: str,
    waiting: int = 0,
    is_closed: bool = False,
    places: Mapping[str, tuple[datetime, Text | None]] | None = None,
) -> AgreementView:
    """Return the page of a round from its visits and the marks given to them; `waiting` settled pairs do not count.

    Of a closed round none is owed. `places`: when each visit began, and its branch.
    """
    by_id = {visit.id: visit for visit in visits}
    totals: dict[str, list[PairMark]] = defaultdict(list)
    answered: dict[tuple[str, str], list[tuple[Any, Any]]] = defaultdict(list)
    seconds: dict[str, str] = {}
    for mark in marks:
        if mark.assessment_id not in by_id:
            continue
        if mark.part == TOTAL:
            totals[mark.assessment_id].append(mark)
        elif seconds.setdefault(mark.assessment_id, mark.judge) == mark.judge:  # agreement is of the first two
            second, first = msgspec.json.decode(mark.note)
            answered[mark.form, mark.part.partition("#")[0]].append((first, second))
    pairs = [_pair(by_id[name], rows, again.get(name), names) for name, rows in totals.items()]
    whole = icc([(float(base), float(exact(rows[0].points))) for rows in totals.values() for base in _first(rows[0])])
    return AgreementView(
        sorted(pairs, key=lambda line: (not line.is_apart, -abs(line.first - line.second), line.id)),
        whole,
        None if whole is None else reading(whole.icc, ICC_READINGS),
        sorted(
            _items(answered, forms), key=lambda line: (not line.is_flagged, 2.0 if line.kappa is None else line.kappa)
        ),
        [] if is_closed else _owed(visits, totals.keys(), names, seed, places or {}),
        waiting,
    )


def _first(total: PairMark) -> Sequence[Fraction]:
    base = msgspec.json.decode(total.note)[1]
    return [] if base is None else [exact(base)]


def _pair(visit: Countable, rows: Sequence[PairMark], again: str | None, names: Mapping[str, Text]) -> PairLine:
    first, scores = exact(visit.base), [exact(row.points) for row in rows]
    how = settle(first, scores, None if again is None else exact(again))
    is_apart = how.base is None
    return PairLine(
        visit.id, names.get(visit.entrant_id, {"en": visit.entrant_id}), visit.channel, first, scores[0], how,
        Spot() if is_apart else Spot(full=SCORES.along(float(scores[0])), hollow=SCORES.along(float(first))),
    )  # fmt: skip


def _items(
    answered: Mapping[tuple[str, str], Sequence[tuple[Any, Any]]], forms: Mapping[str, Form]
) -> Sequence[ItemAgreement]:
    questions: dict[tuple[str, str], Question] = {
        (name, one.id): one for name, form in forms.items() for section in form.sections for one in section.questions
    }
    anywhere = {key: question for (_, key), question in questions.items()}  # of an annex, beside the form that is named
    return [
        _item(key, pairs, questions.get((form, key)) or anywhere.get(key)) for (form, key), pairs in answered.items()
    ]


def _item(key: str, pairs: Sequence[tuple[Any, Any]], question: Question | None) -> ItemAgreement:
    found = kappa([(str(first), str(second)) for first, second in pairs])
    assert found is not None  # noqa: S101 - a question is here because it was answered
    value, is_scale = found.kappa, question is not None and question.kind is Kind.SCALE
    if is_scale:
        value = weighted_kappa([pair for pair in pairs if NOT_APPLICABLE not in pair])
    is_weak = value is not None and value < REWRITE_BELOW and found.n >= FEW
    words = NOTHING if value is None else FEW_WORDS if found.n < FEW else reading(value, KAPPA_READINGS)
    return ItemAgreement(
        key, question.text if question else {"en": key}, found.n, found.observed, value, is_scale, found.pabak, words,
        is_weak, spot(CORRELATION, value),
    )  # fmt: skip


def _owed(
    visits: Sequence[Countable],
    done: Any,
    names: Mapping[str, Text],
    seed: str,
    places: Mapping[str, tuple[datetime, Text | None]],
) -> Sequence[OwedLine]:
    by_entry: dict[tuple[str, str], list[str]] = defaultdict(list)
    for visit in visits:
        by_entry[visit.entrant_id, visit.channel].append(visit.id)
    lines = [
        OwedLine(
            key,
            names.get(key[0], {"en": key[0]}),
            len(set(ids) & set(done)),
            wanted(len(ids)),
            [Drawn(name, *places.get(name, (None, None))) for name in drawn(ids, done, seed)],
        )
        for key, ids in sorted(by_entry.items())
    ]
    return [line for line in lines if line.drawn]
