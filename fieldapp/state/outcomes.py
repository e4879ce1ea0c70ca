"""What each outcome of a try would come to, said before it is tapped. Pure.

OUT-1  Whether an outcome counts is judged as the server will judge it: with everybody's tries, hours and gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checklists.language import Sentence
from checklists.record.assessment import Assessment, Attempt, Outcome
from checklists.record.attempts import Verdict
from fieldapp.state.reading import Context, tries_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One outcome, and how a try with it would stand. `number`: of the counted tries of its window."""

    outcome: Outcome
    verdict: Verdict | None  # None: the rules are not here, nothing can be said
    why: Sentence | None = None
    number: int | None = None


def previews(assessment: Assessment, context: Context, at: datetime) -> tuple[Preview, ...]:
    """Return every outcome as a try at the aware moment `at` would have it."""
    return tuple(_preview(outcome, assessment, context, at) for outcome in Outcome)


def _preview(outcome: Outcome, assessment: Assessment, context: Context, at: datetime) -> Preview:
    tried = Attempt(at=at, outcome=outcome)
    series = tries_of((*assessment.attempts, tried), context)
    judged = next((one for one in series.tries if one.attempt is tried), None) if series else None
    if judged is None:
        return Preview(outcome=outcome, verdict=None)
    return Preview(outcome=outcome, verdict=judged.verdict, why=judged.why, number=judged.number)
