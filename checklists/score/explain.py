"""The sentences of a working: why a question, a section, a part and the whole are worth what they are.

Values are exact; a sentence shows them as decimal text where that is exact, else as a fraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from checklists.forms.form import Band, Kind
from checklists.language import N_, Sentence, Text, sentence
from checklists.number import as_answer, exact, shown
from checklists.record.assessment import NOT_APPLICABLE
from checklists.record.fitting import MATURITY_TOP, SCALE_TOP, fits
from checklists.record.sheet import Item, Sheet
from checklists.score.working import PartWorking, SectionWorking

YES: Text = {"en": "Yes", "zh-Hant": "是"}
NO: Text = {"en": "No", "zh-Hant": "否"}


def question(item: Item, value: object, *, is_hidden: bool = False) -> Sentence:
    """Say why `value` earns its share, or why the question is left out."""
    asked = item.question
    if is_hidden:
        return sentence(N_("Not asked after the other answers; left out on both sides."))
    if value is None and asked.optional:
        return sentence(N_("Carries no points."))
    if value is None:
        return sentence(N_("Not answered yet; left out on both sides."))
    if fits(asked, value) is not None:
        return sentence(N_("The answer does not fit the question; left out on both sides."))
    if value == NOT_APPLICABLE and asked.kind is not Kind.TEXT:
        return sentence(N_("Not applicable ({reason}); left out on both sides."), reason=asked.not_applicable or "")
    if not asked.points:
        return sentence(N_("Carries no points."))
    return _earned(item, value)


def _earned(item: Item, value: object) -> Sentence:
    match item.question.kind:
        case Kind.YES_NO:
            share = 100 if value else 0
            return sentence(N_("{answer}: {percent}% of the points."), answer=YES if value else NO, percent=share)
        case Kind.SCALE:
            return sentence(N_("{value} of {top} on the scale."), value=value, top=SCALE_TOP)
        case Kind.MATURITY:
            return sentence(N_("{value} of {top} on the scale."), value=value, top=MATURITY_TOP)
        case Kind.BANDS:
            return _band(item, exact(value))  # type: ignore[arg-type]
        case _:
            option = next(option for option in item.question.options if option.code == value)
            percent = as_answer(100 * option.share)
            return sentence(N_("{answer}: {percent}% of the points."), answer=option.label, percent=percent)


def _band(item: Item, number: Fraction) -> Sentence:
    band = next((b for b in item.bands if b.limit is None or number <= b.limit), Band(limit=None, share=Fraction(0)))
    percent = as_answer(100 * band.share)
    value = as_answer(number)
    if band.limit is not None:
        template = (
            N_("{value} s is not above {limit} s: {percent}% of the points.")
            if item.in_seconds
            else N_("{value} is not above {limit}: {percent}% of the points.")
        )
        return sentence(template, value=value, limit=as_answer(band.limit), percent=percent)
    limits = [band.limit for band in item.bands if band.limit is not None]
    if not limits:
        return sentence(N_("{value}: {percent}% of the points."), value=value, percent=percent)
    template = (
        N_("{value} s is above {limit} s: {percent}% of the points.")
        if item.in_seconds
        else N_("{value} is above {limit}: {percent}% of the points.")
    )
    return sentence(template, value=value, limit=as_answer(limits[-1]), percent=percent)


def section(
    earned: Fraction,
    possible: Fraction,
    percent: Fraction | None,
    *,
    fatal: Sequence[str],
    zeroed: bool,
    is_begun: bool,
) -> Sentence:
    """Say what a section came to, and what a failed critical item did to it."""
    if percent is None and not is_begun:
        return sentence(N_("Nothing here is answered yet."))
    if percent is None:
        return sentence(N_("Nothing here was applicable; its weight passes to the other sections."))
    points, of = as_answer(earned), as_answer(possible)
    if fatal and zeroed:
        template = N_("{points} of {of} points, but critical item {failed} failed: the section counts 0%.")
        return sentence(template, points=points, of=of, failed=tuple(fatal))
    if fatal:
        template = N_("{points} of {of} points: {percent}%. Critical item {failed} failed.")
        return sentence(template, points=points, of=of, percent=shown(percent), failed=tuple(fatal))
    return sentence(N_("{points} of {of} points: {percent}%."), points=points, of=of, percent=shown(percent))


def part(sections: Sequence[SectionWorking], score: Fraction | None) -> Sentence:
    """Say how the sections of one part are averaged."""
    if score is None:
        return sentence(N_("No question was applicable, so there is no score."))
    counted = [s for s in sections if s.percent is not None]
    working = " + ".join(f"{s.weight} × {shown(s.percent or Fraction(0))}" for s in counted)
    weights = sum(s.weight for s in counted)
    template = N_("({working}) / {weights} = {score}")
    return sentence(template, working=working, weights=weights, score=shown(score))


def whole(sheet: Sheet, parts: Sequence[PartWorking], base: Fraction | None) -> Sentence:
    """Say how the parts become the base."""
    if base is None:
        return sentence(N_("No question was applicable, so there is no score."))
    own = parts[0].score
    judged = [p.score for p in parts[1:] if p.score is not None]
    if not judged:
        return parts[0].why
    mean = sum(judged, Fraction(0)) / len(judged)
    if own is None:
        return sentence(N_("Mean of {count} recordings: {mean}"), count=len(judged), mean=shown(mean))
    template = N_("({own_weight} × {own} + {weight} × {mean}, the mean of {count} recordings) / {weights} = {score}")
    return sentence(
        template,
        own_weight=sheet.own_weight,
        own=shown(own),
        weight=sheet.recordings_weight,
        mean=shown(mean),
        count=len(judged),
        weights=sheet.own_weight + sheet.recordings_weight,
        score=shown(base),
    )
