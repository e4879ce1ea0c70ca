"""Handing a visit on from phone to phone, with no server between them: what the one gives, what the other goes on with.

HND-1  A draft that was given keeps everything, says when, and is sent as it stands; working on takes the word back.
HND-2  Whoever takes it over begins a record of their own, which names the one it came from and carries its tries, so
       that six tries stay six tries. Nothing else is taken along: what one saw is one's own.
HND-3  Nobody takes over from themselves, nor what is finished, nor what they have begun themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from checklists.language import N_, sentence
from checklists.record import verbs
from checklists.record.assessment import Assessment, Attempt, RecordStatus, TakenOver
from checklists.record.assignment import Assignment
from checklists.record.attempts import in_order
from checklists.record.transitions import NotAllowedError
from checklists.record.trusted_time import ClockReading


def given(assessment: Assessment, *, at: datetime, clock: ClockReading | None = None) -> Assessment:
    """Return the draft as handed on `at`; one that was handed on before keeps its first moment (HND-1).

    Raises:
        NotAllowedError: it is no draft.
    """
    if assessment.status is not RecordStatus.DRAFT:
        raise NotAllowedError(sentence(N_("Only a visit that is not finished can be handed on.")))
    if assessment.is_given:
        return assessment
    return replace(assessment, given_at=at, given_clock=clock, updated_at=at)


def kept_on(assessment: Assessment, *, at: datetime) -> Assessment:
    """Return the draft as not handed on: its own assessor goes on with it."""
    return replace(assessment, given_at=None, given_clock=None, revision=assessment.revision + 1, updated_at=at)


def taken_over(
    assignment: Assignment,
    assessment_id: str,
    came: Assessment,
    *,
    giver: str,
    at: datetime,
    app_version: str,
    clock: ClockReading | None = None,
) -> Assessment:
    """Return a new draft of the assignment that goes on from `came`, which is of the assessor `giver` (HND-2)."""
    tries = in_order((*(came.taken_over.attempts if came.taken_over else ()), *came.attempts))
    from_before = TakenOver(
        assessor=giver,
        assessment=came.id,
        at=at,
        attempts=tuple(replace(each, note="") for each in tries if each.taken_back_at is None),
        clock=clock,
    )
    begun = verbs.begin(assignment, assessment_id, at=at, app_version=app_version, clock=clock)
    return replace(begun, taken_over=from_before, updated_at=at)


def tries_before(record: Assessment, earlier: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """Return the tries of others that count beside the record's own: `earlier` and those it carries, each once."""
    if record.taken_over is None:
        return tuple(earlier)
    return in_order((*earlier, *not_among(record.taken_over.attempts, earlier)))


def not_among(tries: Sequence[Attempt], known: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """Return those of `tries` that are not `known` yet: a try is what came of a moment."""
    have = {(each.trusted_at, each.outcome) for each in known}
    return tuple(each for each in tries if (each.trusted_at, each.outcome) not in have)


def check_not_given(before: Assessment, updated: Assessment) -> None:
    """Let nothing change a visit that somebody else goes on with (HND-1).

    Raises:
        NotAllowedError: it was handed on, and would stay so.
    """
    if before.is_given and updated.is_given and updated is not before:
        raise NotAllowedError(sentence(N_("You handed this visit on. To change it, go on with it yourself first.")))
