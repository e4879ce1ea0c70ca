"""Answers and quantities in words, as the page of an assessment shows them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from checklists.forms.form import Kind, Question
from checklists.language import N_, Sentence, Text, sentence
from checklists.number import as_answer, exact, shown
from checklists.record.assessment import NOT_APPLICABLE, Answer, AnswerValue
from checklists.record.fitting import MATURITY_TOP, SCALE_TOP, fits
from checklists.record.sheet import Item, Sheet

Words = Sentence | Text | str


def answer_words(question: Question, answer: Answer | None, sheet: Sheet) -> Words | None:
    """Return an answer as a person reads it; None when there is none. A plain string is the assessor's own."""
    if answer is None:
        return None
    value: AnswerValue = answer.value
    if value == NOT_APPLICABLE and question.kind is not Kind.TEXT:
        return sentence(N_("Not applicable"))
    match question.kind:
        case Kind.YES_NO:
            return sentence(N_("Yes")) if value is True else sentence(N_("No"))
        case Kind.SCALE:
            return sentence(N_("{value} of 4"), value=value)
        case Kind.MATURITY:
            return sentence(N_("{value} of 3"), value=value)
        case Kind.CHOICE | Kind.FAQ:
            return next((option.label for option in question.options if option.code == value), str(value))
        case Kind.BANDS if _is_seconds(sheet, question.source) and fits(question, value) is None:
            return duration_words(exact(value))
        case _:
            return str(value)


def choices_of(question: Question) -> tuple[tuple[str, Words], ...]:
    """Return what may be answered, as a form sends it and in words; none where a number or words are typed."""
    offered: list[tuple[str, Words]] = []
    match question.kind:
        case Kind.YES_NO:
            offered = [("true", sentence(N_("Yes"))), ("false", sentence(N_("No")))]
        case Kind.SCALE:
            offered = [(str(value), sentence(N_("{value} of 4"), value=value)) for value in range(SCALE_TOP, -1, -1)]
        case Kind.MATURITY:
            steps = range(MATURITY_TOP, -1, -1)
            offered = [(str(value), sentence(N_("{value} of 3"), value=value)) for value in steps]
        case Kind.CHOICE | Kind.FAQ:
            offered = [(option.code, option.label) for option in question.options]
    is_offered = question.not_applicable and question.kind is not Kind.TEXT
    return (*offered, (NOT_APPLICABLE, sentence(N_("Not applicable")))) if is_offered else tuple(offered)


def spans_of(item: Item) -> Sequence[tuple[Words, str]]:
    """Return the spans of numbers a question tells apart, in words, each with a number of it as a form sends it."""
    say = duration_words if item.in_seconds else quantity_words
    spans: list[tuple[Words, str]] = []
    below: Fraction | None = None
    for band in item.bands:
        if band.limit is not None:
            spans.append((sentence(N_("up to {number}"), number=say(band.limit)), str(as_answer(band.limit))))
            below = band.limit
        elif below is not None:
            spans.append((sentence(N_("more than {number}"), number=say(below)), str(as_answer(below + 1))))
    return spans


def _is_seconds(sheet: Sheet, source: str | None) -> bool:
    quantity = sheet.derived.get(source or "")
    return quantity is not None and quantity.in_seconds


def duration_words(number: Fraction) -> Sentence:
    """Say a duration as exactly as decimals can, and beside it as people do."""
    whole, value = int(number), quantity_words(number)
    if whole < 120:
        return sentence(N_("{value} s"), value=value)
    minutes, seconds = divmod(whole, 60)
    if minutes < 60:
        return sentence(N_("{value} s ({minutes} min {seconds} s)"), value=value, minutes=minutes, seconds=seconds)
    hours, minutes = divmod(minutes, 60)
    return sentence(N_("{value} s ({hours} h {minutes} min)"), value=value, hours=hours, minutes=minutes)


def quantity_words(value: Fraction) -> str:
    """Return a measured quantity as text: exact where it has few decimals, else rounded to three, and said so."""
    exactly = number_words(value)
    return f"≈ {shown(value, 3)}" if "/" in exactly else exactly


def number_words(value: Fraction) -> str:
    """Return an exact number as text: an integer, else a decimal, else "1/3"."""
    return str(as_answer(value))
