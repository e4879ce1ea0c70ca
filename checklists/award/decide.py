"""The awards of a season, each with why and, for every entry that cannot have it, why not (R14-R17, R19).

R-AWD-1  Order: industries alphabetically, grand, most improved, best IVRS. Each is always listed, won or not.
R-AWD-2  Withdrawn entries, and entries without a final, are not eligible for anything and count for nothing.
R-AWD-3  Equal first is joint. Nothing depends on the order of the entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checklists.award.entry_score import EntryScore
from checklists.award.improved import most_improved
from checklists.award.ivrs import best_ivrs
from checklists.award.ranked import grand, industry_awards
from checklists.award.result import Award, AwardResult
from checklists.rules.ruleset import Ruleset

__all__ = ["Award", "AwardResult", "decide_awards"]


def decide_awards(
    entries: Iterable[EntryScore], rules: Ruleset, *, year: int, industries: Iterable[str] = ()
) -> tuple[AwardResult, ...]:
    """Decide every award over all `entries`. `industries` are those present, even without an entry of their own."""
    listed: Sequence[EntryScore] = sorted(entries, key=lambda entry: entry.key)
    present = {entry.facts.industry for entry in listed} | set(industries)
    return (
        *industry_awards(listed, sorted(present), rules),
        grand(listed, rules),
        most_improved(listed, rules, year=year),
        best_ivrs(listed, rules),
    )
