"""A section compiled for scoring: each question's answers become integer units over one denominator of the section.

`scoring` reads these tables for the base, for problems and for the working alike, so that the three cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm

import msgspec

from checklists.forms.form import Kind
from checklists.language import N_, sentence
from checklists.number import exact
from checklists.problems import Problem
from checklists.record.assessment import NOT_APPLICABLE
from checklists.record.fitting import MATURITY_TOP, SCALE_TOP, fits
from checklists.record.sheet import Item, SheetSection


class Row(msgspec.Struct, frozen=True):
    """One question, compiled. `units` maps a good answer to earned units of its section; anything else is left out."""

    key: str
    item: Item
    answer_type: type | None  # exactly this type; None: a measured number, read by `steps`
    units: Mapping[object, int]
    steps: tuple[tuple[int | Fraction | None, int], ...]
    possible: int
    critical: bool
    may_be_na: bool


class ScoredSection(msgspec.Struct, frozen=True):
    """One section, compiled."""

    section: SheetSection
    scale: int  # units to a point
    rows: tuple[Row, ...]
    scored: tuple[Row, ...]  # those with points


def compiled(section: SheetSection) -> ScoredSection:
    """Return the tables of `section`."""
    shares = [share for item in section.items for share in _shares(item)]
    scale = lcm(*(share.denominator for share in shares))
    rows = tuple(_row(item, scale) for item in section.items)
    return ScoredSection(section=section, scale=scale, rows=rows, scored=tuple(row for row in rows if row.possible))


def _shares(item: Item) -> list[Fraction]:
    tops = {Kind.SCALE: SCALE_TOP, Kind.MATURITY: MATURITY_TOP}
    scale_step = [Fraction(1, tops[item.question.kind])] if item.question.kind in tops else []
    return [o.share for o in item.question.options] + [b.share for b in item.bands] + scale_step


def _row(item: Item, scale: int) -> Row:
    question = item.question
    possible = question.points * scale

    def units(share: Fraction) -> int:
        return int(share * possible)

    tables: Mapping[Kind, tuple[type | None, Mapping[object, int]]] = {
        Kind.YES_NO: (bool, {True: possible, False: 0}),
        Kind.SCALE: (int, {value: units(Fraction(value, SCALE_TOP)) for value in range(SCALE_TOP + 1)}),
        Kind.MATURITY: (int, {value: units(Fraction(value, MATURITY_TOP)) for value in range(MATURITY_TOP + 1)}),
        Kind.CHOICE: (str, {option.code: units(option.share) for option in question.options}),
        Kind.FAQ: (str, {option.code: units(option.share) for option in question.options}),
        Kind.BANDS: (None, {}),
        Kind.TEXT: (str, {}),
    }
    answer_type, table = tables[question.kind]
    return Row(
        key=item.key,
        item=item,
        answer_type=answer_type,
        units=table,
        steps=tuple((_plain(band.limit), units(band.share)) for band in item.bands),
        possible=possible,
        critical=question.critical,
        may_be_na=question.not_applicable is not None,
    )


def _plain(limit: Fraction | None) -> int | Fraction | None:
    return limit.numerator if limit is not None and limit.denominator == 1 else limit


def units_of(row: Row, value: object) -> int | None:
    """Return what `value` earns; None where it is N/A, missing or does not fit: left out on both sides."""
    if type(value) is row.answer_type:
        return row.units.get(value)
    if row.answer_type is not None or value is None:
        return None
    return _stepped(row, value)


def _stepped(row: Row, value: object) -> int | None:
    """Return the units of the first limit not exceeded."""
    if type(value) is not int:
        if fits(row.item.question, value) or value == NOT_APPLICABLE:
            return None
        value = exact(value)  # type: ignore[arg-type]
    for limit, units in row.steps:
        if limit is None or value <= limit:
            return units
    return 0


def problem_of(row: Row, value: object, place: str) -> Problem | None:
    """Return what is wrong with `value` as the answer to this question, None when it can be scored."""
    if value is None:
        message = sentence(N_("No answer; every applicable question needs one."))
        return Problem(place=f"{place}.{row.key}", code="answer-missing", message=message)
    misfit = fits(row.item.question, value)
    if misfit is None:
        return None
    code = "na-not-allowed" if value == NOT_APPLICABLE else "answer-wrong"
    return Problem(place=f"{place}.{row.key}", code=code, message=misfit)
