"""Which level a site visit comes to, with why: under either reading of "three stages".

LVL-1  Under `stages`, a stage is the sum of its items' ratings over three times their number, as a percentage.
LVL-2  Under `dimensions`, stage k is the share of all applicable items that are rated at least k.
LVL-3  A stage passes at `pass` per cent, exactly met. The level is the highest stage passed with every one below it.
LVL-4  An item that is not applicable leaves both sides. A stage of which nothing is applicable is not passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from checklists.csqs.standard import Model, Standard
from checklists.language import N_, Sentence, Template, Text, sentence
from checklists.number import shown
from checklists.record.assessment import NOT_APPLICABLE, AnswerValue
from checklists.record.fitting import MATURITY_TOP

Ratings = Mapping[str, int | None]  # by item; None: not applicable


class StageResult(NamedTuple):
    """What one stage came to. `percent` None: nothing of it was applicable."""

    number: int
    earned: int
    possible: int
    percent: Fraction | None
    is_passed: bool
    why: Sentence


class Level(NamedTuple):
    """The level, 0 for none, with the three stages in order and the reason."""

    model: Model
    number: int
    stages: tuple[StageResult, ...]
    why: Sentence


def ratings_of(standard: Standard, answers: Mapping[str, AnswerValue]) -> dict[str, int | None]:
    """Return the ratings among the answers of a record, by item in the order of the form."""
    rated: dict[str, int | None] = {}
    for key in standard.items:
        value = answers.get(key)
        if value == NOT_APPLICABLE:
            rated[key] = None
        elif type(value) is int:
            rated[key] = value
    return rated


def percent_of(ratings: Ratings) -> Fraction | None:
    """Return 100 x sum / (3 n) of the applicable ones; None where none is (LVL-4)."""
    rated = [rating for rating in ratings.values() if rating is not None]
    return Fraction(100 * sum(rated), MATURITY_TOP * len(rated)) if rated else None


def level_of(standard: Standard, ratings: Ratings, model: Model | None = None) -> Level:
    """Return the level that `ratings` come to, read as the programme says or by `model`."""
    chosen = model or standard.level.model
    make = _stage if chosen == "stages" else _step
    stages = tuple(make(standard, ratings, stage.number) for stage in standard.stages)
    number = 0
    for stage in stages:
        if not stage.is_passed:
            break
        number = stage.number
    return Level(chosen, number, stages, _why(standard, stages, number))


def _stage(standard: Standard, ratings: Ratings, number: int) -> StageResult:
    own = {key: rating for key, rating in ratings.items() if standard.items[key].stage == number}
    rated = [rating for rating in own.values() if rating is not None]
    words = N_("Stage {number}, {name}: {earned} of {possible} = {percent}%")
    return _result(standard, number, sum(rated), MATURITY_TOP * len(rated), (words, standard.stages[number - 1].name))


def _step(standard: Standard, ratings: Ratings, number: int) -> StageResult:
    rated = [rating for rating in ratings.values() if rating is not None]
    reached = sum(rating >= number for rating in rated)
    words = N_("Step {number}, {name}: {earned} of {possible} items reach it = {percent}%")
    return _result(standard, number, reached, len(rated), (words, standard.stages[number - 1].step))


def _result(standard: Standard, number: int, earned: int, possible: int, naming: tuple[Template, Text]) -> StageResult:
    words, name = naming
    percent = Fraction(100 * earned, possible) if possible else None
    is_passed = percent is not None and percent >= standard.passing
    if percent is None:
        told = sentence(N_("Stage {number}, {name}: nothing of it is applicable"), number=number, name=name)
    else:
        told = sentence(words, number=number, name=name, earned=earned, possible=possible, percent=shown(percent))
    verdict = N_("{stage}: passed, at {least}% or more.") if is_passed else N_("{stage}: not passed, below {least}%.")
    why = sentence(verdict, stage=told, least=standard.passing)
    return StageResult(number, earned, possible, percent, is_passed, why)


def _why(standard: Standard, stages: tuple[StageResult, ...], number: int) -> Sentence:
    if number == 0:
        return sentence(N_("No level: the first stage is not passed, and no later one counts without it."))
    name = standard.name_of(number)
    if number == len(stages):
        return sentence(N_("Level {level}, {name}: every stage is passed."), level=number, name=name)
    words = N_("Level {level}, {name}: passed up to stage {level}; stage {next} is not.")
    return sentence(words, level=number, name=name, next=number + 1)
