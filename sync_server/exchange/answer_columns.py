"""Answers as columns of the exported table: which there are, and what stands in them.

COL-1  A column for each question of the forms that occur, by its id, in the order of the forms; two versions share it.
COL-2  Its cell holds the answer as the form codes it ("correct_complete", 3, "na"); yes and no are 1 and 0.
COL-3  Answers about several drawn recordings stand in one cell, in their order.
COL-4  Words that an assessor wrote are left out: they may name people, and are read on the assessment's own page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

import msgspec

from checklists import wire
from checklists.forms.form import Form, Kind
from checklists.language import Language, in_language
from checklists.record.assessment import AnswerValue
from checklists.record.sheet import RECORDING_MARK

BETWEEN = "; "

NONE: Mapping[str, AnswerValue] = MappingProxyType({})


class _Value(msgspec.Struct):
    value: AnswerValue


class _Answered(msgspec.Struct):
    answers: dict[str, _Value] = {}


def answer_columns(forms: Mapping[str, Form], used: Collection[str], *, words: bool = False) -> Sequence[str]:
    """Return the columns for assessments on the forms `used`, with what those judge recordings on and their annexes.

    `words`: those of words too, for whoever may read them (COL-4).
    """
    listed = [forms[form_id] for form_id in sorted(used) if form_id in forms]
    judged_on = {v.recordings.form for form in listed for v in form.variants if v.recordings}
    listed += [forms[form_id] for form_id in sorted(judged_on - set(used)) if form_id in forms]
    listed += [form for form_id, form in sorted(forms.items()) if form.annex and form_id not in used]
    asked = (question for form in listed for section in form.sections for question in section.questions)
    return tuple(dict.fromkeys(question.id for question in asked if words or question.kind is not Kind.TEXT))


def question_texts(forms: Mapping[str, Form], columns: Sequence[str], language: Language) -> list[object]:
    """Return what each column asks, in a language; the newest version that has the question says it."""
    asked = {
        question.id: question.text
        for form in forms.values()
        for section in form.sections
        for question in section.questions
    }
    return [in_language(asked[column], language) if column in asked else None for column in columns]


def answer_cells(body: bytes, columns: Sequence[str], corrected: Mapping[str, AnswerValue] = NONE) -> list[object]:
    """Return the cells of one record with what the office `corrected`, None where a question was not answered.

    Raises:
        wire.NotReadableError: the body is no record.
    """
    answers = {key: answer.value for key, answer in wire.decode(body, _Answered).answers.items()} | dict(corrected)
    cells: dict[str, object] = {key: int(value) if isinstance(value, bool) else value for key, value in answers.items()}
    for key in sorted((key for key in cells if RECORDING_MARK in key), key=_recording):
        question = key.partition(RECORDING_MARK)[0]
        cells[question] = f"{cells[question]}{BETWEEN}{cells[key]}" if question in cells else cells[key]
    return [cells.get(column) for column in columns]


def _recording(key: str) -> int:
    number = key.partition(RECORDING_MARK)[2]
    return int(number) if number.isascii() and number.isdigit() else 0
