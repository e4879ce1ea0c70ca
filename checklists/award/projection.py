"""Where an entry is heading: the final so far, and what the rounds still to come must bring for a better band.

R-PRJ-1  The final so far weighs the rounds that have a score, by their weights alone: (0.2 R1 + 0.3 R2) / 0.5.
R-PRJ-2  A band needs (its lowest final - what is earned) / the weight to come, rounded up to two decimals: 89.98.
R-PRJ-3  With several rounds to come, the figure is what each of them must bring. Above the cap it is out of reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from checklists.award.grades import Grade, grade_of, threshold
from checklists.award.rounds import RoundScore
from checklists.number import shown_up
from checklists.rules.score_rules import ScoreRules

BANDS = (Grade.GOLD, Grade.SILVER, Grade.BRONZE)


class Needed(msgspec.Struct, frozen=True, kw_only=True):
    """What a band needs in each of `rounds`. `shown` is rounded up; `is_reachable` under the cap of a round."""

    grade: Grade
    rounds: tuple[int, ...]
    score: Fraction
    shown: str
    is_reachable: bool
    is_certain: bool


class Projection(msgspec.Struct, frozen=True, kw_only=True):
    """The final so far (None before any round has a score), its band, and what better or equal bands still need."""

    final: Fraction | None
    grade: Grade | None
    needed: tuple[Needed, ...]


def projection(rounds: Sequence[RoundScore], rules: ScoreRules, *, open_rounds: Sequence[int] = ()) -> Projection:
    """Project an entry. `open_rounds` are rounds that have a score but are not over; their score may still move."""
    done = [
        (weight, round_.score) for weight, round_ in zip(rules.weights, rounds, strict=True) if round_.score is not None
    ]
    weight = sum((weight for weight, _ in done), Fraction(0))
    so_far = sum((weight * score for weight, score in done), Fraction(0)) / weight if weight else None
    to_come = tuple(round_.number for round_ in rounds if round_.score is None or round_.number in open_rounds)
    return Projection(
        final=None if so_far is None else rules.final_limits.clamp(so_far),
        grade=None if so_far is None else grade_of(rules.final_limits.clamp(so_far), rules.grades),
        needed=_needed(rounds, rules, to_come) if to_come else (),
    )


def _needed(rounds: Sequence[RoundScore], rules: ScoreRules, to_come: tuple[int, ...]) -> tuple[Needed, ...]:
    earned = left = Fraction(0)
    for weight, round_ in zip(rules.weights, rounds, strict=True):
        if round_.number in to_come:
            left += weight
        elif round_.score is not None:
            earned += weight * round_.score
    if not left:
        return ()
    cap, floor = rules.round_limits.cap, rules.round_limits.floor
    final_cap = rules.final_limits.cap
    told_bands = []
    for grade in BANDS:
        edge = threshold(grade, rules.grades)
        score = (edge.final - earned) / left
        words = shown_up(score)
        if not edge.is_inside and Fraction(words) == score:
            words = shown_up(score + Fraction(1, 100))
        told_bands.append(
            Needed(
                grade=grade,
                rounds=to_come,
                score=score,
                shown=words,
                is_reachable=(cap is None or score <= cap) and (final_cap is None or edge.final <= final_cap),
                is_certain=floor is not None and score <= floor,
            )
        )
    return tuple(told_bands)
