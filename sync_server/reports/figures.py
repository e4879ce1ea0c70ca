"""The figures of one entry's visits: items, waits, dayparts, branches, and which of them are strong or weak.

FIG-1  An item's share is that of full marks among the visits it applied to; N/A is told apart.
FIG-2  Strengths are the items with the highest share of their points, actions those that cost the most points.
FIG-3  A wait's level is the share within 20 seconds of those that were answered, with Wilson's interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from statistics import fmean, median
from typing import NamedTuple

from checklists.forms.form import Form, Kind, Question
from checklists.language import Text
from sync_server.quality.intervals import wilson
from sync_server.reports.round_copy import Visit

LEVEL_S = 20
MET = ("right", "partly", "wrong", "unanswered")


class Item(NamedTuple):
    """One question over all visits: how often it applied, how often it had full marks or none, its mean share."""

    question: Question
    section: str
    asked: int
    full: int
    none: int
    not_applicable: int
    share: float


class Faq(NamedTuple):
    """A filed question, its filed answer, and how often it was met how. Without the answer, nobody is told apart."""

    question: Text
    filed: Text | None
    right: int
    partly: int
    wrong: int
    unanswered: int

    @property
    def asked(self) -> int:
        """How often it was asked."""
        return self.right + self.partly + self.wrong + self.unanswered


Step = tuple[str, int, bool]  # a key of a voice menu, how many options were heard, whether the same menu came again


class Route(NamedTuple):
    """A way through a voice menu, and how many calls took it."""

    steps: Sequence[Step]
    calls: int

    @property
    def levels(self) -> int:
        """How many menus deep it leads; one heard again is not another."""
        return sum(not again for _, _, again in self.steps)


class Waits(NamedTuple):
    """What was measured in seconds; `within` of n were no longer than LEVEL_S."""

    n: int
    median: float
    ninetieth: float
    within: int
    longest: float

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the share within LEVEL_S."""
        return wilson(self.within, self.n)


def items_of(visits: Sequence[Visit], form: Form) -> Sequence[Item]:
    """Return every question with points that was asked, in the form's order."""
    shares: dict[str, Counter[str | None]] = {}  # a question has few different shares, and thousands of visits
    for visit in visits:
        if visit.is_reached:
            for key, values in visit.seen.get("items", {}).items():
                shares.setdefault(key, Counter()).update(values)
    items = []
    for section in form.sections:
        for question in section.questions:
            found = shares.get(question.id)
            if not question.points or not found:
                continue
            applied = [(Fraction(value), count) for value, count in found.items() if value is not None]
            asked = sum(count for _, count in applied)
            items.append(
                Item(
                    question, section.id, asked, sum(count for value, count in applied if value == 1),
                    sum(count for value, count in applied if value == 0), found.total() - asked,
                    float(sum(value * count for value, count in applied) / asked) if asked else 0.0,
                )
            )  # fmt: skip
    return items


def strongest(items: Sequence[Item], count: int = 3) -> Sequence[Item]:
    """Return the items with the highest share, the weightier first."""
    asked = [item for item in items if item.asked]
    return sorted(asked, key=lambda item: (-item.share, -item.question.points, item.question.id))[:count]


def costliest(items: Sequence[Item], count: int = 3) -> Sequence[Item]:
    """Return the items that cost the most points."""
    lost = [item for item in items if item.asked and item.share < 1]
    return sorted(lost, key=lambda item: (-(1 - item.share) * item.question.points, item.question.id))[:count]


def faqs_of(visits: Sequence[Visit], filed: Mapping[str, Mapping[str, Text]], items: Sequence[Item]) -> Sequence[Faq]:
    """Return every filed question that was asked, in the order of its words.

    Copies of an earlier release have none of them: there it is told by the question of the form.
    """
    counts: dict[str, Counter[str]] = {}
    for ref, met in (faq for visit in visits if visit.is_reached for faq in visit.seen.get("faqs", ())):
        counts.setdefault(ref, Counter())[met] += 1
    if not counts:
        asked = [item for item in items if item.question.kind is Kind.FAQ]
        return [Faq(one.question.text, None, one.full, one.asked - one.full - one.none, one.none, 0) for one in asked]
    told = [Faq(filed[ref]["question"], filed[ref]["filed"], *(counts[ref][met] for met in MET)) for ref in counts]
    return sorted(told, key=lambda one: (str(one.question), str(one.filed)))


def waits_of(visits: Sequence[Visit], key: str) -> Waits | None:
    """Return what was measured under `key`; None where nothing was."""
    values = sorted(
        float(Fraction(visit.seen["measured"][key]))
        for visit in visits
        if visit.is_reached and key in visit.seen.get("measured", {})
    )
    if not values:
        return None
    middle, ninetieth = middle_and_ninetieth(values)
    return Waits(len(values), middle, ninetieth, sum(value <= LEVEL_S for value in values), values[-1])


def middle_and_ninetieth(values: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 90th percentile of values in their order."""
    return median(values), values[min(len(values) - 1, -(-9 * len(values) // 10) - 1)]


def counts_of(visits: Sequence[Visit], key: str) -> Sequence[float]:
    """Return what was counted under `key`, in order."""
    return sorted(
        visit.seen["counted"][key] for visit in visits if visit.is_reached and key in visit.seen.get("counted", {})
    )


def routes_of(visits: Sequence[Visit]) -> Sequence[Route]:
    """Return every route through a voice menu that was taken, the most taken first."""
    found: dict[tuple[str, ...], list[Sequence[Step]]] = {}
    for visit in visits:
        steps = [(key, heard, again) for key, heard, again in visit.seen.get("menu", ())]
        if steps:
            found.setdefault(tuple(key for key, _, _ in steps), []).append(steps)
    routes = [Route(_together(taken), len(taken)) for taken in found.values()]
    return sorted(routes, key=lambda route: (-route.calls, [key for key, _, _ in route.steps]))


def _together(taken: Sequence[Sequence[Step]]) -> Sequence[Step]:
    """Return the steps of one route: the most options heard at each, and whether a menu ever came again there."""
    return [
        (steps[0][0], max(heard for _, heard, _ in steps), any(again for _, _, again in steps))
        for steps in zip(*taken, strict=True)
    ]


def counted(visits: Sequence[Visit], what: Callable[[Visit], str]) -> Mapping[str, int]:
    """Return how many visits there are of each kind, in the order of their names; void ones are left out."""
    found = Counter(what(visit) for visit in visits if visit.score.is_made and what(visit))
    return dict(sorted(found.items()))


def means(visits: Sequence[Visit], what: Callable[[Visit], str]) -> Mapping[str, tuple[int, float]]:
    """Return count and mean base of each kind."""
    found: dict[str, list[float]] = {}
    for visit in visits:
        if visit.score.base is not None and visit.is_reached and what(visit):
            found.setdefault(what(visit), []).append(float(visit.score.base))
    return {name: (len(values), fmean(values)) for name, values in sorted(found.items())}


def spread_of(bases: Sequence[float], width: int = 5, lowest: int = 60) -> Sequence[tuple[int, int, int]]:
    """Return (from, to, count) of bases in steps of `width`; all below `lowest` together."""
    bins = [(0, lowest), *((edge, edge + width) for edge in range(lowest, 100, width))]
    return [
        (low, high, sum(low <= value < high or (high == 100 and value == 100) for value in bases)) for low, high in bins
    ]
