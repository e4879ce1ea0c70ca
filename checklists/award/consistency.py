"""The consistency bonus of a round (R10), on the bases of all reached assessments before ease, penalty and caps.

R-CON-1  sd: the points of the best tier whose limit the sample standard deviation does not exceed, compared as
         variance with the limit squared, so that exactly 3 is 3.
R-CON-2  share_within: the points of the best tier whose share of bases within `within` points of their mean is reached.
R-CON-3  Both need `min_n` bases and a mean of at least `min_mean`. manual: the coordinator's figure. off: nothing.
R-CON-4  Never more than `consistency.max`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from checklists.award.spread import Spread
from checklists.language import N_, Sentence, sentence
from checklists.number import shown
from checklists.rules.score_rules import ConsistencyRules

NONE = Fraction(0)


class Bonus(msgspec.Struct, frozen=True, kw_only=True):
    """The points, why, and what a coordinator should know."""

    points: Fraction
    why: Sentence
    warning: Sentence | None = None


def consistency(
    bases: Sequence[Fraction], spread: Spread, rules: ConsistencyRules, manual: Fraction | None = None
) -> Bonus:
    """Return the bonus for `bases`, whose spread is `spread`. `manual` is the coordinator's figure, if any."""
    if rules.method == "off":
        return Bonus(points=NONE, why=sentence(N_("the consistency bonus is off")))
    if rules.method == "manual":
        return _manual(rules, manual)
    if spread.mean is None or spread.n < rules.min_n:
        why = sentence(N_("{n} scored assessments; at least {least} are needed"), n=spread.n, least=rules.min_n)
        return Bonus(points=NONE, why=why)
    if spread.mean < rules.min_mean:
        why = sentence(
            N_("mean {mean}; at least {least} is needed"), mean=shown(spread.mean), least=str(rules.min_mean)
        )
        return Bonus(points=NONE, why=why)
    if rules.method == "sd":
        points = [points for limit, points in rules.tiers if spread.variance <= limit * limit]
        why = sentence(
            N_("sample variance {variance} of {n} base scores; limits, squared: {limits}"),
            variance=shown(spread.variance, 4),
            n=spread.n,
            limits=tuple(f"{limit * limit} → +{worth}" for limit, worth in rules.tiers),
        )
    else:
        near = sum(abs(base - spread.mean) <= rules.within for base in bases)
        points = [points for share, points in rules.share_tiers if near >= share * spread.n]
        why = sentence(
            N_("{near} of {n} base scores lie within {within} of their mean"),
            near=near,
            n=spread.n,
            within=str(rules.within),
        )
    return Bonus(points=min(max(points, default=NONE), rules.most), why=why)


def _manual(rules: ConsistencyRules, manual: Fraction | None) -> Bonus:
    if manual is None:
        why = sentence(N_("no figure from the coordinator"))
        warning = sentence(
            N_("no consistency bonus was set: it counts as 0; set one, 0 to {most}"), most=str(rules.most)
        )
        return Bonus(points=NONE, why=why, warning=warning)
    return Bonus(points=min(manual, rules.most), why=sentence(N_("set by the coordinator")))


def refusal(points: Fraction, rules: ConsistencyRules) -> Sentence | None:
    """Say why a coordinator's figure is refused; None when it may stand."""
    if points > rules.most:
        return sentence(N_("{most} is the most per round"), most=str(rules.most))
    return sentence(N_("a bonus is not below 0")) if points < 0 else None
