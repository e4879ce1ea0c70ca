"""Assessments as a workbook: a sheet a form, a row each, made in one pass so that memory stays flat.

VWB-1  The first row has codes and headings, the second the text of each question and section in the reader's language.
VWB-2  After what the table has (`visit_table`) come base, ease, penalty and the counted score, then the share of each
       section in per cent, then the answers (COL). What the office corrected counts (COR).
VWB-3  A cell without anything is not written. Text is text whatever it begins with; figures and 1 or 0 are numbers.
VWB-4  Notes and verbatims are there only when they were asked for, by whoever may read them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter  # constant_memory: rows go to disk as they come, whatever a season holds
from sqlalchemy import Connection

from checklists.forms.form import Form
from checklists.language import N_, Template, in_language
from checklists.record.assessment import Assessment, Contact
from checklists.record.sheet import RECORDING_MARK, SheetError
from checklists.score.assessment_score import AssessmentScore
from checklists.score.scoring import CriticalEffect
from checklists.workbook.writing import MOST_CHARACTERS
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import read_entry
from sync_server.database.queries import assessment_export as queries
from sync_server.database.queries.assessment_export import ExportRow
from sync_server.database.queries.assessment_lists import Filter
from sync_server.database.queries.unseen import UnseenInFile
from sync_server.exchange.answer_columns import answer_cells, answer_columns, question_texts
from sync_server.exchange.visit_table import Words, heads, in_words, own_cells, words_of
from sync_server.exchange.visits_wanted import Wanted
from sync_server.fieldwork.corrections import CountedRecords

POINTS: Sequence[Template] = (N_("Base"), N_("Ease of access"), N_("Penalty"), N_("Counted score"))
NOTHING = (Fraction(0), Fraction(0))
WIDTH = 14


class _Sheet(NamedTuple):
    """One form's worksheet: where its next row goes is `down`."""

    page: Any
    sections: Sequence[str]
    questions: Sequence[str]
    down: list[int]


def write_visits(desk: SeasonDesk, wanted: Wanted, path: Path) -> int:
    """Write the workbook to `path` and return how many assessments are in it. Blocks for seconds."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False})
    making = _Making(desk, wanted, book)
    count = 0
    for row, record in _records(desk.db, wanted.narrowed):
        making.add(row, record)
        count += 1
    if not count:
        book.add_worksheet()
    book.close()
    return count


def _records(db: Connection, narrowed: Filter) -> Iterator[tuple[ExportRow, Assessment]]:
    after, left_out = "", UnseenInFile()
    while rows := queries.export_page(db, narrowed, after=after, limit=queries.PAGE, left_out=left_out):
        counted = CountedRecords(db, [row.id for row in rows])
        yield from ((row, counted.read(row.body, row.digest)) for row in rows)
        after = rows[-1].id


class _Making:
    def __init__(self, desk: SeasonDesk, wanted: Wanted, book: Any) -> None:
        self._desk = desk
        self._wanted = wanted
        self._book = book
        self._bold = book.add_format({"bold": True})
        self._quiet = book.add_format({"text_wrap": True, "font_color": "#5c6762", "valign": "top"})
        self._words: Words = words_of(wanted.language, desk.in_force)
        self._heads = [*heads(self._words, wanted.language), *(in_words(one, wanted.language) for one in POINTS)]
        self._forms = desk.book.forms(desk.db)
        self._sheets: dict[str, _Sheet] = {}
        self._scores: dict[tuple[str, str], Mapping[str, Sequence[float | None]]] = {}
        self._effects: dict[int, CriticalEffect] = {}

    def add(self, row: ExportRow, record: Assessment) -> None:
        """Write one assessment under its form."""
        sheet = self._sheets.get(row.form) or self._begin(row.form)
        if row.is_unseen:
            self._write(sheet, own_cells(row, self._words))
            return
        answers = {key: answer.value for key, answer in record.answers.items()}
        cells = [
            *own_cells(row, self._words),
            *self._points(row),
            *self._shares(row, record, answers, sheet.sections),
            *answer_cells(row.body, sheet.questions, answers),
        ]
        self._write(sheet, cells)

    def _begin(self, form_id: str) -> _Sheet:
        form = self._forms.get(form_id)
        sections = [section.id for section in form.sections] if form is not None else []
        questions = answer_columns(self._forms, {form_id}, words=self._wanted.words) if form is not None else ()
        page = self._book.add_worksheet(form_id[:31])
        page.set_column(0, len(self._heads) - 1, WIDTH)
        page.set_column(len(self._heads), len(self._heads) + len(sections) + len(questions), WIDTH)
        page.freeze_panes(2, 1)
        sheet = self._sheets[form_id] = _Sheet(page, sections, questions, [0])
        codes = [*self._heads, *(f"section_{one}" for one in sections), *questions]
        texts = self._texts(form, sections, questions)
        for cells, form_of in ((codes, self._bold), ([None] * len(self._heads) + texts, self._quiet)):
            for right, cell in enumerate(cells):
                if cell:
                    page.write_string(sheet.down[0], right, str(cell)[:MOST_CHARACTERS], form_of)
            sheet.down[0] += 1
        return sheet

    def _texts(self, form: Form | None, sections: Sequence[str], questions: Sequence[str]) -> list[object]:
        named = {section.id: section.title for section in form.sections} if form is not None else {}
        forms = self._forms if form is None else {**self._forms, form.id: form}
        language = self._wanted.language
        return [in_language(named[one], language) for one in sections] + question_texts(forms, questions, language)

    def _points(self, row: ExportRow) -> Sequence[object]:
        key = (row.entrant_id, row.channel)
        if key not in self._scores:
            self._scores[key] = self._scores_of(key)
        return self._scores[key].get(row.id, (None,) * len(POINTS))

    def _scores_of(self, key: tuple[str, str]) -> Mapping[str, Sequence[float | None]]:
        rows = self._desk.entry_rows([key])
        if not rows:
            return {}
        entry = self._desk.score(read_entry(self._desk, rows[0]).entrant)
        return {one.id: _points_of(one) for round_ in entry.rounds for one in round_.assessments}

    def _shares(
        self, row: ExportRow, record: Assessment, answers: Mapping[str, Any], sections: Collection[str]
    ) -> Sequence[object]:
        if record.contact is not Contact.CONNECTED:
            return [None] * len(sections)
        try:
            scorer = self._desk.book.scorer_of(record, self._effect(row.round), self._desk.db)
            points = scorer.points(answers)
        except SheetError:
            return [None] * len(sections)
        summed: dict[str, tuple[Fraction, Fraction]] = {}
        for key, (earned, of) in points.items():
            name = key.partition(RECORDING_MARK)[0]
            before = summed.get(name)
            summed[name] = (earned, of) if before is None else (before[0] + earned, before[1] + of)
        shares = (summed.get(one, NOTHING) for one in sections)
        return [_number(100 * earned / of) if of else None for earned, of in shares]

    def _effect(self, number: int) -> CriticalEffect:
        if number not in self._effects:
            text = self._desk.rules_of(number).text("critical.effect")
            self._effects[number] = "section_zero" if text == "section_zero" else "flag_only"
        return self._effects[number]

    def _write(self, sheet: _Sheet, cells: Sequence[object]) -> None:
        down, page = sheet.down[0], sheet.page
        for right, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, int | float):
                page.write_number(down, right, cell)
            else:
                page.write_string(down, right, str(cell)[:MOST_CHARACTERS])
        sheet.down[0] = down + 1


def _points_of(score: AssessmentScore) -> Sequence[float | None]:
    """Return what a row has of a score: figures, not fractions with their reasons, for there are thousands."""
    points = (score.base, score.ease, -score.penalty if score.penalty else score.penalty, score.score)
    return tuple(None if one is None else _number(one) for one in points)


def _number(value: Fraction) -> float:
    return round(float(value), 6)
