"""The sustainability badge (R18-R20): the run of gold editions, and the stars and crowns it shows.

R-MRK-1  The run counts this season; a season that is not gold has run, crowns and stars 0.
R-MRK-2  editions_held: each past edition that took place, latest first, must be a gold of this entry. A held edition
         skipped breaks the run. calendar_years: every calendar year must.
R-MRK-3  A gold under another industry or channel breaks the run where `badge.same` names it, unless carried over.
R-MRK-4  Every `crown_every` golds are a crown; left-over golds show as stars from `star_min`. A single crown keeps
         counting stars beside itself. Below `min_run` nothing shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import msgspec

from checklists.award.grades import Grade
from checklists.rules.ruleset import Ruleset


class PastResult(msgspec.Struct, frozen=True, kw_only=True):
    """The published result of this entry in an earlier edition."""

    year: int
    industry: str
    channel: str
    final: Fraction
    grade: Grade


class Badge(msgspec.Struct, frozen=True, kw_only=True):
    """What the badge shows."""

    run: int
    crowns: int
    stars: int


NO_BADGE = Badge(run=0, crowns=0, stars=0)


class BadgeRules(msgspec.Struct, frozen=True, kw_only=True):
    """`badge.*`, read once."""

    min_run: int
    star_min: int
    crown_every: int
    crown_repeat: bool
    basis: str
    same: tuple[str, ...]
    carry_over: bool

    @classmethod
    def of(cls, rules: Ruleset) -> BadgeRules:
        """Read the parameters from `rules`."""
        return cls(
            min_run=rules.whole("badge.min_run"),
            star_min=rules.whole("badge.star_min"),
            crown_every=rules.whole("badge.crown_every"),
            crown_repeat=rules.flag("badge.crown_repeat"),
            basis=rules.text("badge.basis"),
            same=rules.texts("badge.same"),
            carry_over=rules.flag("badge.carry_over"),
        )


def badge_of(
    grade: Grade | None,
    history: Mapping[int, PastResult],
    *,
    industry: str,
    channel: str,
    editions_held: Iterable[int],
    year: int,
    rules: BadgeRules,
) -> Badge:
    """Return the badge of an entry graded `grade` in the edition of `year`; `editions_held` are past editions only."""
    if grade is not Grade.GOLD:
        return NO_BADGE
    run = 1
    for past in _looked_at(editions_held, history, year, rules):
        result = history.get(past)
        if result is None or result.grade is not Grade.GOLD:
            break
        if not rules.carry_over and not is_same(result, industry, channel, rules.same):
            break
        run += 1
    return shown_for(run, rules)


def edition_year(programme_year: int, editions_held: Iterable[int]) -> int:
    """Return the year of the edition being decided: the programme's, or the one after the last that was held."""
    return max(programme_year, max(editions_held, default=0) + 1)


def is_same(past: PastResult, industry: str, channel: str, same: Iterable[str]) -> bool:
    """Was `past` in the same industry and channel, as far as `same` asks?"""
    return ("industry" not in same or past.industry == industry) and ("channel" not in same or past.channel == channel)


def shown_for(run: int, rules: BadgeRules) -> Badge:
    """Return the crowns and stars of `run` consecutive golds."""
    if run < rules.min_run:
        return Badge(run=run, crowns=0, stars=0)
    crowns = run // rules.crown_every if rules.crown_repeat else min(run // rules.crown_every, 1)
    left = run - crowns * rules.crown_every
    return Badge(run=run, crowns=crowns, stars=left if left >= rules.star_min else 0)


def _looked_at(
    editions_held: Iterable[int], history: Mapping[int, PastResult], year: int, rules: BadgeRules
) -> Iterator[int]:
    if rules.basis == "editions_held":
        yield from sorted(set(editions_held), reverse=True)
    else:
        yield from range(year - 1, year - 2 - len(history), -1)
