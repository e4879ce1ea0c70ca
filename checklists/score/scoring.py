"""Answers to a base score, exactly (award-rules 1.5), compiled once for a sheet.

SC1  A section's score is 100 x earned / applicable points; the base is the mean of the sections, by weight.
SC2  N/A leaves both sides. A section with nothing applicable passes its weight on; with none left there is no score.
SC3  A failed critical item: `section_zero` zeroes its section; `flag_only` and `assessment_cap` change no base here
     (the cap is the award's step), but every failed item is named.
SC4  Recordings: own sections and the mean of the recordings are blended by weight; a side without a score passes on.
SC5  An unanswered question is never N/A: `problems` names it. `base` leaves it out, for a score in the making.
SC6  A question that its condition hides is left out on both sides, whatever answer is kept; it may be unanswered.

Inside, points are integers over one denominator a section; no float on any path.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from math import lcm
from typing import Literal, NamedTuple

import msgspec

from checklists.forms.form import Form
from checklists.language import N_, sentence
from checklists.problems import Problem
from checklists.record.assessment import NOT_APPLICABLE
from checklists.record.bare_answers import layout_key, sheet_for_answers
from checklists.record.conditions import hidden_by
from checklists.record.fitting import failed
from checklists.record.sheet import Part, Sheet
from checklists.score import explain
from checklists.score.score_table import Row, ScoredSection, compiled, problem_of, units_of
from checklists.score.working import PartWorking, QuestionWorking, SectionWorking, Working

CriticalEffect = Literal["section_zero", "flag_only", "assessment_cap"]
Answers = Mapping[str, object]


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """A base with its sections' percentages by section key, and the critical items that failed."""

    base: Fraction | None
    sections: Mapping[str, Fraction | None]
    critical_failed: tuple[str, ...]


class Earned(NamedTuple):
    """What one question counts, in units that are the same for all of a sheet; `units` None: left out on both sides."""

    key: str
    units: int | None
    possible: int


class Scorer:
    """Scores every set of answers given on one sheet. Built once, used many thousand times; holds no state between."""

    def __init__(self, sheet: Sheet, *, critical_effect: CriticalEffect = "section_zero") -> None:
        self.sheet = sheet
        self._zeroes = critical_effect == "section_zero"
        self._parts = [(part, [compiled(section) for section in part.sections]) for part in sheet.parts]
        self._rows = [row for _, sections in self._parts for section in sections for row in section.rows]
        self._criticals = [row for row in self._rows if row.critical]
        self._units = lcm(*(section.scale for _, sections in self._parts for section in sections))

    def base(self, answers: Answers) -> Fraction | None:
        """Return the base score, 0..100, or None when nothing is applicable. What does not fit is left out."""
        if self._is_left_out(answers):
            return None
        answers, _ = self._counting(answers)
        return _blended(self.sheet, [(part, self._part(sections, answers)) for part, sections in self._parts])

    def score(self, answers: Answers) -> Score:
        """Return `base` with the percentage of each section."""
        counting, _ = self._counting(answers)
        counted = {
            table.section.key: self._counted(table, counting) for _, sections in self._parts for table in sections
        }
        return Score(
            base=self.base(answers),
            sections={key: Fraction(100 * earned, of) if of else None for key, (earned, of) in counted.items()},
            critical_failed=self.critical_failed(answers),
        )

    def points(self, answers: Answers) -> Mapping[str, tuple[Fraction, Fraction]]:
        """Return the points that count as earned and those possible, by the key of each section."""
        counting, _ = self._counting(answers)
        points = {}
        for _, sections in self._parts:
            for table in sections:
                earned, possible = self._counted(table, counting)
                points[table.section.key] = (Fraction(earned, table.scale), Fraction(possible, table.scale))
        return points

    def earned(self, answers: Answers) -> Iterator[Earned]:
        """Yield what each question with points counts as it is answered, in the order asked."""
        answers, _ = self._counting(answers)
        for _, sections in self._parts:
            for table in sections:
                finer = self._units // table.scale
                for row in table.scored:
                    got = units_of(row, answers.get(row.key))
                    yield Earned(row.key, None if got is None else got * finer, row.possible * finer)

    def critical_failed(self, answers: Answers) -> tuple[str, ...]:
        """Return the keys of the critical items that failed, in the order asked."""
        answers, _ = self._counting(answers)
        return tuple(row.key for row in self._criticals if failed(row.item.question, answers.get(row.key)))

    def is_fatal(self, answers: Answers) -> bool:
        """Whether a critical item earned nothing, so that the base depends on what such an item does."""
        return any(units_of(row, answers.get(row.key)) == 0 for row in self._criticals if row.possible)

    def problems(self, answers: Answers, *, place: str = "answers") -> tuple[Problem, ...]:
        """Return what keeps `answers` from being scored: a missing or unfit answer, a key that is not on the sheet.

        Words have no points, so a short text is no problem here. `place` stands before the key in each problem.
        """
        bad: list[Problem] = []
        _, hidden = self._counting(answers)
        answered = 0
        for row in self._rows:
            value = answers.get(row.key)
            if value is not None:
                answered += 1
            if (value in row.units) if type(value) is row.answer_type else (value == NOT_APPLICABLE and row.may_be_na):
                continue
            if row.answer_type is None and type(value) is int and value >= 0:
                continue
            if value is None and (row.key in hidden or row.item.question.optional):
                continue
            problem = problem_of(row, value, place)
            if problem:
                bad.append(problem)
        if answered != len(answers):
            bad.extend(_unknown(key, self.sheet, place) for key in answers if not self.knows(key))
        if self.sheet.needs_recordings and not self.sheet.recordings:
            message = sentence(N_('No recording is judged; answer its questions under keys such as "PB1#1".'))
            bad.append(Problem(place=place, code="recordings-missing", message=message))
        return tuple(bad)

    def working(self, answers: Answers) -> Working:
        """Return how `base` is reached, from the same tables."""
        parts = []
        answers, hidden = self._counting(answers)
        for part, sections in self._parts:
            worked_sections = tuple(self._section_working(table, answers, hidden) for table in sections)
            score = self._part(sections, answers)
            parts.append(
                PartWorking(
                    sections=worked_sections,
                    score=score,
                    why=explain.part(worked_sections, score),
                    recording=part.recording,
                )
            )
        base = _blended(
            self.sheet, [(part, worked.score) for (part, _), worked in zip(self._parts, parts, strict=True)]
        )
        return Working(
            base=base,
            why=explain.whole(self.sheet, parts, base),
            parts=tuple(parts),
            critical_failed=self.critical_failed(answers),
        )

    def knows(self, key: str) -> bool:
        """Whether an answer may stand under `key`: a question of the sheet, or the whole annex."""
        annex = self.sheet.annex
        return key in self.sheet.all_items or bool(annex and key == annex.form.name)

    def _is_left_out(self, answers: Answers) -> bool:
        """Whether there was nothing for this annex to assess."""
        return self.sheet.form.annex and answers.get(self.sheet.form.name) == NOT_APPLICABLE

    def _counting(self, answers: Answers) -> tuple[Answers, Collection[str]]:
        """Return the answers that count, and the keys that are hidden (SC6)."""
        if not self.sheet.conditions:
            return answers, ()
        hidden = hidden_by(self.sheet.conditions, answers)
        return {key: value for key, value in answers.items() if key not in hidden}, hidden

    def _part(self, sections: list[ScoredSection], answers: Answers) -> Fraction | None:
        # One running fraction of integers, reduced once at the end: what makes a season of 21,600 quick.
        above, below, weights = 0, 1, 0
        for table in sections:
            earned, possible = self._counted(table, answers)
            if possible:
                weight = table.section.weight
                weights += weight
                if earned:
                    above = above * possible + weight * earned * below
                    below *= possible
        return Fraction(100 * above, below * weights) if weights else None

    def _counted(self, table: ScoredSection, answers: Answers) -> tuple[int, int]:
        """Return the units that count as earned, and those possible."""
        earned = possible = 0
        fatal = False
        for row in table.scored:
            value = answers.get(row.key)
            # Most answers are of the very type asked for: looked up here, without another call.
            got = row.units.get(value) if type(value) is row.answer_type else units_of(row, value)
            if got is None:
                continue
            possible += row.possible
            earned += got
            if row.critical and not got:
                fatal = True
        return (0 if fatal and self._zeroes else earned), possible

    def _section_working(self, table: ScoredSection, answers: Answers, hidden: Collection[str]) -> SectionWorking:
        counted, possible = self._counted(table, answers)
        questions = tuple(_question_working(table, row, answers, hidden) for row in table.rows)
        section = table.section
        earned = sum((question.earned for question in questions if question.earned is not None), Fraction(0))
        percent = Fraction(100 * counted, possible) if possible else None
        points = Fraction(possible, table.scale)
        fatal = [question.key for question in questions if question.critical_failed]
        is_begun = any(row.key in answers for row in table.scored)
        return SectionWorking(
            key=section.key,
            title=section.title,
            weight=section.weight,
            earned=earned,
            possible=points,
            percent=percent,
            why=explain.section(earned, points, percent, fatal=fatal, zeroed=self._zeroes, is_begun=is_begun),
            questions=questions,
            recording=section.recording,
        )


class Scorers:
    """One Scorer for each layout of each form, built when first asked for: bare answers in, their scorer out."""

    def __init__(
        self,
        forms: Mapping[str, Form],
        *,
        critical_effect: CriticalEffect = "section_zero",
    ) -> None:
        self._forms = forms
        self._critical_effect = critical_effect
        self._built: dict[tuple[str, str | None, str | None, int], Scorer] = {}

    def for_answers(self, form: Form, answers: Collection[str], subchannel: str | None = None) -> Scorer:
        """Return the scorer of the sheet these answers (their keys) were given on.

        Raises:
            SheetError: as `sheet_for_answers`.
        """
        key = layout_key(form, answers, subchannel)
        scorer = self._built.get(key)
        if scorer is None:
            layout = sheet_for_answers(form, answers, subchannel, self._forms)
            scorer = self._built[key] = self.for_sheet(layout)
        return scorer

    def for_sheet(self, layout: Sheet) -> Scorer:
        """Return a scorer of `layout` under these rules."""
        return Scorer(layout, critical_effect=self._critical_effect)


def _blended(sheet: Sheet, scores: list[tuple[Part, Fraction | None]]) -> Fraction | None:
    own = scores[0][1]
    judged = [score for part, score in scores if part.recording is not None and score is not None]
    if not judged:
        return own
    mean = sum(judged, Fraction(0)) / len(judged)
    if own is None:
        return mean
    weights = sheet.own_weight + sheet.recordings_weight
    return (sheet.own_weight * own + sheet.recordings_weight * mean) / weights


def _unknown(key: str, sheet: Sheet, place: str) -> Problem:
    message = sentence(N_("{form} does not ask this here; remove it."), form=sheet.form.id)
    return Problem(place=f"{place}.{key[:60]}", code="question-unknown", message=message)


def _question_working(table: ScoredSection, row: Row, answers: Answers, hidden: Collection[str]) -> QuestionWorking:
    value = answers.get(row.key)
    got = units_of(row, value)
    counts = got is not None and row.possible > 0
    return QuestionWorking(
        key=row.key,
        text=row.item.question.text,
        earned=Fraction(got, table.scale) if counts and got is not None else None,
        possible=Fraction(row.possible, table.scale) if counts else None,
        why=explain.question(row.item, value, is_hidden=row.key in hidden),
        critical_failed=row.critical and counts and not got,
    )
