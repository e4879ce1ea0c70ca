"""What a record still has to answer of its sheet: the one place that knows when a part of it is left out.

ASK-1  An annex whose form's name is answered "na" is left out whole: nothing of it is asked, counted or led to.
ASK-2  A measurement that only questions left out of a sheet are read from is not asked for on it.
ASK-3  What happens on some sub-channels alone is asked on those alone, and N/A is offered on its own; an answer or a
       measurement that stands all the same stays.
ASK-4  A question that its condition hides is not asked, and a section of which nothing is left is not led to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec.structs import replace

from checklists.forms.form import MeasurementItem, Question
from checklists.record.assessment import NOT_APPLICABLE, AnswerValue, Assessment
from checklists.record.conditions import hidden_by
from checklists.record.sheet import Item, Sheet, SheetSection


def annex_is_left_out(assessment: Assessment, sheet: Sheet) -> bool:
    """Whether there is an annex, and nothing for it to assess."""
    held = assessment.answers.get(sheet.annex.form.name) if sheet.annex else None
    return held is not None and held.value == NOT_APPLICABLE


def hidden_keys(assessment: Assessment, sheet: Sheet) -> frozenset[str]:
    """Return the keys of the questions of `sheet` and its annex that their conditions hide."""
    parts = [part for part in (sheet, sheet.annex) if part is not None and part.conditions]
    if not parts:
        return frozenset()
    answers = {key: answer.value for key, answer in assessment.answers.items()}
    return hidden_by([each for part in parts for each in part.conditions], answers)


def asked_sections(assessment: Assessment, sheet: Sheet) -> tuple[SheetSection, ...]:
    """Return the sections that are asked, each with the questions that are, in their order."""
    sections = sheet.sections if annex_is_left_out(assessment, sheet) else sheet.all_sections
    hidden = hidden_keys(assessment, sheet)
    if not hidden:
        return sections
    shown = (replace(s, items=tuple(item for item in s.items if item.key not in hidden)) for s in sections)
    return tuple(section for section in shown if section.items)


def asked_items(assessment: Assessment, sheet: Sheet) -> Mapping[str, Item]:
    """Return the questions that are asked by key, in their order."""
    items = sheet.items if annex_is_left_out(assessment, sheet) else sheet.all_items
    hidden = hidden_keys(assessment, sheet)
    return {key: item for key, item in items.items() if key not in hidden} if hidden else items


def asked_measurements(sheet: Sheet) -> tuple[MeasurementItem, ...]:
    """Return what the form has measured here, in its order; the annex's is asked of the annex."""
    asked = {item.question.source for item in sheet.items.values() if item.recording is None}
    left_out = {question.source for section in sheet.form.sections for question in section.questions} - asked
    inputs = {quantity.key: quantity.inputs for quantity in sheet.form.derived}
    unused = {key for source in left_out if source for key in inputs.get(source, (source,))}
    return tuple(
        item
        for item in sheet.form.measurements
        if (item.key not in unused or sheet.read_from(item.key)) and _is_of(item.subchannels, sheet)
    )


def offered(question: Question, sheet: Sheet, value: AnswerValue | None = None) -> Question:
    """Return `question` as it is put on `sheet`: without N/A on another sub-channel, unless that is its answer."""
    if question.not_applicable is None or value == NOT_APPLICABLE or _is_of(question.not_applicable_on, sheet):
        return question
    return replace(question, not_applicable=None)


def _is_of(subchannels: Collection[str], sheet: Sheet) -> bool:
    return not subchannels or sheet.subchannel in subchannels
