"""The scorecard of a visit: the same ratings by perspective, process, ISO 9000 and knowledge management (CSKM).

SCD-1  A figure is 100 x sum / (3 n) over the applicable items that bear its tag; None where none does.
SCD-2  A place among peers, and their range, are shown only where at least `peers` companies of the industry have a
       decided level, the own one among them. Equal figures share a place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from checklists.csqs.level import Ratings, percent_of
from checklists.csqs.standard import Standard, Tags
from checklists.language import N_, Template, Text, sentence


class Figure(NamedTuple):
    """One line of the scorecard; `items` applicable ones stand behind it."""

    code: str
    name: Text
    percent: Fraction | None
    items: int
    by_stage: tuple[Fraction | None, ...]


class Scorecard(NamedTuple):
    """A visit seen by its tags."""

    whole: Figure
    perspectives: tuple[Figure, ...]
    processes: tuple[Figure, ...]
    iso9000: Figure
    cskm: Figure


class Peers(NamedTuple):
    """Where a company stands among those of its industry."""

    place: int
    companies: int
    lowest: Fraction
    highest: Fraction


WHOLE = N_("All items")
ISO_9000 = N_("ISO 9000 items")
CSKM = N_("Knowledge management (CSKM)")


def scorecard_of(standard: Standard, ratings: Ratings) -> Scorecard:
    """Return the scorecard of `ratings` (SCD-1)."""

    def figure(code: str, name: Text, bears: Callable[[Tags], bool]) -> Figure:
        own = {key: rating for key, rating in ratings.items() if bears(standard.items[key])}
        stages = tuple(
            percent_of({key: rating for key, rating in own.items() if standard.items[key].stage == stage.number})
            for stage in standard.stages
        )
        return Figure(code, name, percent_of(own), sum(rating is not None for rating in own.values()), stages)

    return Scorecard(
        figure("all", _text(WHOLE), lambda _tags: True),
        tuple(figure(one.code, one.name, _in_perspective(one.code)) for one in standard.perspectives),
        tuple(figure(one.code, one.name, _in_process(one.code)) for one in standard.processes),
        figure("iso9000", _text(ISO_9000), lambda tags: tags.iso9000),
        figure("cskm", _text(CSKM), lambda tags: tags.cskm),
    )


def peers_of(own: Fraction, others: Sequence[Fraction], least: int) -> Peers | None:
    """Return where `own` stands with `others` of its industry; None below `least` companies in all (SCD-2)."""
    every = [own, *others]
    if len(every) < least:
        return None
    return Peers(1 + sum(other > own for other in others), len(every), min(every), max(every))


def _in_perspective(code: str) -> Callable[[Tags], bool]:
    return lambda tags: tags.perspective == code


def _in_process(code: str) -> Callable[[Tags], bool]:
    return lambda tags: tags.process == code


def _text(words: Template) -> Text:
    told = sentence(words)
    return {"en": told.in_language("en"), "zh-Hant": told.in_language("zh-Hant")}
