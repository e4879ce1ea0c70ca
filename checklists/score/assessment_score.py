"""From one assessment's base to its score (award-rules 1.5, R11, R12, R29).

R-ASC-1  score = base + ease - penalty, then the critical cap where one is in force, then cap and floor.
R-ASC-2  Ease earns nothing on a channel whose `ease.points` is null, and may stand beside a penalty.
R-ASC-3  A base makes an assessment reached; its log gives only the penalty. Without a base the log decides: the rule
         met and nobody ever connected is unreachable, anything else is open.
R-ASC-4  Never reached, open and void have no score of their own; the round decides how an unreached one counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from checklists.forms.form import Channel
from checklists.language import N_, Sentence, sentence
from checklists.record.assessment import Attempt, Contact
from checklists.record.assignment import ServiceHours
from checklists.record.attempts import applies, may_fill_a_window, penalty, tally
from checklists.rules.attempt_rules import AttemptRules
from checklists.rules.score_rules import ScoreRules

ZERO = Fraction(0)


class Facts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One assessment as the award sees it. `penalty` is points off, 0 or more; `why` says why there is no base."""

    id: str
    state: Contact
    base: Fraction | None = None
    ease_met: bool = False
    penalty: Fraction = ZERO
    critical_failed: bool = False
    why: Sentence | None = None


class AssessmentScore(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One assessment scored. `raw` is the sum before any cap or floor, kept for audit."""

    id: str
    state: Contact
    base: Fraction | None
    ease: Fraction
    penalty: Fraction
    raw: Fraction | None
    score: Fraction | None
    capped_for_critical: bool = False
    why_no_score: Sentence | None = None

    @property
    def is_made(self) -> bool:
        """Whether it counts towards the quota: connected or written off."""
        return self.state in (Contact.CONNECTED, Contact.UNREACHABLE)


OPEN = sentence(N_("still open: neither connected nor written off"))
NEVER_REACHED = sentence(N_("never reached: it has no score of its own, and enters the round as the rules say"))


def log_came_to(
    attempts: Sequence[Attempt],
    rules: AttemptRules,
    service: ServiceHours | None,
    channel: Channel,
    subchannel: str | None,
    *,
    has_base: bool,
) -> tuple[Contact, Fraction]:
    """Return what the contact came to by its log, and the penalty (0 or more), in figures only."""
    if not applies(rules, channel, subchannel):
        return (Contact.CONNECTED if has_base else Contact.OPEN), ZERO
    if not may_fill_a_window(attempts, rules):
        return (Contact.CONNECTED if has_base else Contact.OPEN), ZERO
    figures = tally(attempts, rules, service)
    # The log alone gives the penalty (season-file "Assessments"): a base beside it waives nothing.
    cost = penalty(figures.windows_met, connected=figures.connected, rules=rules)
    if has_base:
        return Contact.CONNECTED, cost
    if figures.windows_met and not figures.connected:
        return Contact.UNREACHABLE, cost
    return Contact.OPEN, ZERO


def score_assessment(facts: Facts, channel: Channel, rules: ScoreRules) -> AssessmentScore:
    """Score one assessment."""
    if facts.state is not Contact.CONNECTED or facts.base is None:
        return AssessmentScore(
            id=facts.id,
            state=facts.state,
            base=facts.base,
            ease=ZERO,
            penalty=facts.penalty if facts.state is not Contact.VOID else ZERO,
            raw=None,
            score=None,
            why_no_score=facts.why or (NEVER_REACHED if facts.state is Contact.UNREACHABLE else OPEN),
        )
    ease = (rules.ease_points[channel] or ZERO) if facts.ease_met else ZERO
    raw = facts.base
    if ease or facts.penalty:
        raw = _added(raw, ease - facts.penalty if facts.penalty else ease)
    score, capped = raw, False
    if facts.critical_failed and rules.critical_cap is not None and score > rules.critical_cap:
        score, capped = rules.critical_cap, True
    return AssessmentScore(
        id=facts.id,
        state=facts.state,
        base=facts.base,
        ease=ease,
        penalty=facts.penalty,
        raw=raw,
        score=rules.assessment_limits.clamp(score),
        capped_for_critical=capped,
    )


def _added(base: Fraction, points: Fraction) -> Fraction:
    # What `base + points` is, three times as quick: a season asks this for most assessments.
    top, bottom = base.as_integer_ratio()
    more, of = points.as_integer_ratio()
    return Fraction(top * of + more * bottom, bottom * of)
