"""Who comes first, and what decides between equals (R28).

R-TIE-1  Industry and Grand rank on the final rounded half up to `tie.dp` decimals; then the breakers in their order:
         a higher round ("R3"), a smaller standard deviation of a round's bases ("sd_R3_low"), fewer unreached over the
         season ("unreached_low"), all compared exactly; then joint.
R-TIE-2  A round without a score loses to any score. A deviation of fewer than two bases is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from checklists.award.entry_score import EntryScore
from checklists.language import N_, Sentence, sentence
from checklists.number import rounded, shown
from checklists.rules.ruleset import Ruleset
from checklists.rules.words import CHOICES

# Greater is better, in every place of the key.
Key = tuple[Fraction, ...]


def tie_key(entry: EntryScore, rules: Ruleset) -> Key:
    """Return what `entry`, which has a final, is ranked by."""
    if entry.final is None:
        raise ValueError("an entry without a final is not ranked")
    first = rounded(entry.final, rules.whole("tie.dp"), "half_up")
    parts = [part for name in rules.texts("tie.breakers") for part in _BREAKERS[name](entry)]
    return (first, *parts)


def decided_by(winner: EntryScore, runner_up: EntryScore, rules: Ruleset) -> Sentence | None:
    """Say which breaker put `winner` before an equal `runner_up`; None when the finals did."""
    dp = rules.whole("tie.dp")
    if winner.final is None or runner_up.final is None:
        return None
    if rounded(winner.final, dp, "half_up") != rounded(runner_up.final, dp, "half_up"):
        return None
    for name in rules.texts("tie.breakers"):
        if _BREAKERS[name](winner) != _BREAKERS[name](runner_up):
            return sentence(
                N_("tied at {final} with {other}; decided by {breaker}"),
                final=shown(winner.final, max(dp, 2)),
                other=runner_up.facts.name,
                breaker=sentence(CHOICES[name]),
            )
    return None


def _round(number: int) -> Callable[[EntryScore], Key]:
    def key(entry: EntryScore) -> Key:
        score = entry.rounds[number - 1].score
        return (Fraction(0), Fraction(0)) if score is None else (Fraction(1), score)

    return key


def _even(number: int) -> Callable[[EntryScore], Key]:
    return lambda entry: (-entry.rounds[number - 1].bases.variance,)


def _unreached(entry: EntryScore) -> Key:
    return (Fraction(-sum(round_.unreached for round_ in entry.rounds)),)


_BREAKERS: Mapping[str, Callable[[EntryScore], Key]] = {
    "R1": _round(1),
    "R2": _round(2),
    "R3": _round(3),
    "sd_R1_low": _even(1),
    "sd_R2_low": _even(2),
    "sd_R3_low": _even(3),
    "unreached_low": _unreached,
}
