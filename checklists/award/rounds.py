"""From the assessments of a round to its score (award-rules 1.5, R7-R12).

R-RND-1  The mean over reached assessments; unreached ones enter by `unreachable.score_mode`: impute_minus_penalty puts
         each at the mean of the reached minus its penalty, zero at 0; exclude leaves them out; round_deduct takes each
         penalty off the round.
R-RND-2  No reached assessment, none at all included: no score, unless `unreachable.all` is zero: then the mean is 0.
R-RND-3  Plus consistency, minus the FAQ deduction in its round; added first, capped last.
R-RND-4  Rules of the round alone are tried on its figures, without its assessments, where those say enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import msgspec

from checklists.award.consistency import Bonus, consistency
from checklists.award.spread import Spread, mean, spread, total
from checklists.language import N_, Sentence, sentence
from checklists.record.assessment import Contact
from checklists.rules.score_rules import ScoreRules
from checklists.score.assessment_score import AssessmentScore

ZERO = Fraction(0)


class RoundScore(msgspec.Struct, frozen=True, kw_only=True):
    """One round scored. `faq`, `deducted` and `lost` (of the unreached) are points off, 0 or more.

    `raw` is the sum before cap and floor. An earlier release kept rounds without `lost`.
    """

    number: int
    assessments: tuple[AssessmentScore, ...]
    bases: Spread
    reached: int
    unreached: int
    reached_mean: Fraction | None
    mean: Fraction | None
    bonus: Bonus
    faq: Fraction
    deducted: Fraction
    raw: Fraction | None
    score: Fraction | None
    why_no_score: Sentence | None
    ivrs: tuple[Fraction, ...] = ()
    lost: Fraction | None = None

    @property
    def made(self) -> int:
        """How many assessments count towards the quota: connected or written off."""
        return sum(scored.is_made for scored in self.assessments)


def score_round(
    number: int,
    assessments: Iterable[AssessmentScore],
    rules: ScoreRules,
    *,
    is_faq_late: bool = False,
    manual_consistency: Fraction | None = None,
    ivrs: Sequence[Fraction] = (),
) -> RoundScore:
    """Score round `number` (from 1)."""
    listed = tuple(assessments)
    scored = [assessment for assessment in listed if assessment.score is not None]
    scores = [assessment.score for assessment in scored if assessment.score is not None]
    bases = [assessment.base for assessment in scored if assessment.base is not None]
    lost = [assessment.penalty for assessment in listed if assessment.state is Contact.UNREACHABLE]
    base_spread, reached_mean = spread(bases), mean(scores)
    return _summed(
        RoundScore(
            number=number,
            assessments=listed,
            bases=base_spread,
            reached=len(scores),
            unreached=len(lost),
            reached_mean=reached_mean,
            mean=None,
            bonus=consistency(bases, base_spread, rules.consistency, manual_consistency),
            faq=rules.faq_penalty if is_faq_late and number == rules.faq_round else ZERO,
            deducted=ZERO,
            raw=None,
            score=None,
            why_no_score=_why_none(listed, lost),
            ivrs=tuple(ivrs),
            lost=total(lost),
        ),
        rules,
    )


def score_again(kept: RoundScore, before: ScoreRules, rules: ScoreRules) -> RoundScore | None:
    """Return a round kept under `before` as it is under `rules` that change nothing of its assessments or its FAQ.

    None: its figures do not say, and its assessments are to be looked at (R-RND-4).
    """
    bonus = kept.bonus
    if rules.consistency != before.consistency:
        if rules.consistency.method not in ("sd", "off"):
            return None
        bonus = consistency((), kept.bases, rules.consistency)
    if kept.lost is None and kept.unreached:
        return None
    again = _summed(msgspec.structs.replace(kept, bonus=bonus), rules)
    return None if again.score is None and again.why_no_score is None else again


def _summed(round_: RoundScore, rules: ScoreRules) -> RoundScore:
    """Return a round with what its figures come to."""
    lost = round_.lost or ZERO
    middle = _mean(round_, lost, rules)
    deducted = lost if rules.unreached_mode == "round_deduct" else ZERO
    raw = None if middle is None else middle + round_.bonus.points - round_.faq - deducted
    return msgspec.structs.replace(
        round_,
        mean=middle,
        deducted=deducted,
        raw=raw,
        score=None if raw is None else rules.round_limits.clamp(raw),
        why_no_score=round_.why_no_score if raw is None else None,
    )


def _mean(round_: RoundScore, lost: Fraction, rules: ScoreRules) -> Fraction | None:
    if round_.reached_mean is None:
        return ZERO if rules.unreached_all == "zero" else None
    everybody = round_.reached + round_.unreached
    if rules.unreached_mode == "impute_minus_penalty":
        return round_.reached_mean - lost / everybody
    if rules.unreached_mode == "zero":
        return round_.reached_mean * round_.reached / everybody
    return round_.reached_mean


def _why_none(listed: Sequence[AssessmentScore], lost: Sequence[Fraction]) -> Sentence:
    if lost:
        return sentence(N_("nobody was reached in this round: the coordinator decides"))
    if not listed:
        return sentence(N_("no assessment in this round"))
    return sentence(N_("no assessment in this round has a score"))
