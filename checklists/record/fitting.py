"""Does a value fit its question, and does it fail it? Of the question alone, whatever else a record holds."""

from __future__ import annotations

from collections.abc import Mapping

from checklists.forms.form import Kind, Question
from checklists.language import N_, Sentence, sentence
from checklists.number import MAX_DIGITS, NotANumberError, exact
from checklists.record.assessment import NOT_APPLICABLE, AnswerValue

SCALE_TOP, MATURITY_TOP = 4, 3
LONGEST = 10**MAX_DIGITS
NOT_OFFERED = N_('"na" is not offered for this question; answer it.')


def fits(question: Question, value: object) -> Sentence | None:
    """Return what is wrong with `value` as an answer to `question` and what to write instead; None: it fits.

    `value` may be anything a file holds. Length of a text and must-be-yes are findings, not misfits.
    """
    if value == NOT_APPLICABLE and question.kind is not Kind.TEXT:
        return None if question.not_applicable else sentence(NOT_OFFERED)
    match question.kind:
        case Kind.YES_NO:
            return None if isinstance(value, bool) else sentence(N_("Answer true or false."))
        case Kind.SCALE:
            whole = type(value) is int and 0 <= value <= SCALE_TOP
            return None if whole else sentence(N_("Answer a whole number from 0 to 4."))
        case Kind.MATURITY:
            whole = type(value) is int and 0 <= value <= MATURITY_TOP
            return None if whole else sentence(N_("Answer a whole number from 0 to 3."))
        case Kind.CHOICE | Kind.FAQ:
            codes = [option.code for option in question.options]
            if isinstance(value, str) and value in codes:
                return None
            return sentence(N_("Answer one of {codes}."), codes=tuple(codes))
        case Kind.BANDS:
            return _measured_misfit(value)
        case Kind.TEXT:
            return None if isinstance(value, str) else sentence(N_("Answer in words."))


def _measured_misfit(value: object) -> Sentence | None:
    if type(value) is int and 0 <= value < LONGEST:  # what is nearly always measured, without making a fraction of it
        return None
    if isinstance(value, (bool, float)):
        return sentence(N_("Answer the measured number, as a whole number or decimal text."))
    try:
        number = exact(value)  # type: ignore[arg-type]
    except (NotANumberError, TypeError):
        return sentence(N_("Answer the measured number, as a whole number or decimal text."))
    return sentence(N_("A measured number is never below 0; write 0 or more.")) if number < 0 else None


def failed(question: Question, value: object) -> bool:
    """Whether an answer that fits earns nothing: what makes a critical item fail."""
    if question.kind is Kind.YES_NO:
        return value is False
    return any(option.code == value and option.share == 0 for option in question.options)


def settled(question: Question) -> Mapping[AnswerValue, type]:
    """Return every value, with its type, that fits and, but for its evidence, needs nothing beside it.

    No question takes both of two values that are equal, as True and 1 are.
    """
    candidates: list[AnswerValue] = [True, False, *range(SCALE_TOP + 1), *(option.code for option in question.options)]
    alone = [value for value in candidates if _stands_alone(question, value)]
    return {value: type(value) for value in (*alone, NOT_APPLICABLE) if fits(question, value) is None}


def _stands_alone(question: Question, value: AnswerValue) -> bool:
    if question.kind in (Kind.BANDS, Kind.TEXT):
        return False
    if question.must_be_yes and value is not True:
        return False
    return not (question.critical and failed(question, value))
