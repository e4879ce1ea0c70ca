"""How large an entrant is, and how much of it is to be assessed (R6, R23-R25). A quota never changes a score.

R-QTA-1  The group follows seats; an entrant without seats has the group of its branches; with neither, none.
R-QTA-2  Contacts by seats; onsite by branches, at most as many distinct branches as there are, visits unchanged.
R-QTA-3  Face-to-face counts as contacts, or as visits, as `quota.face_to_face` says.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import msgspec

from checklists.forms.form import Channel
from checklists.language import N_, Sentence, sentence
from checklists.rules.ruleset import Ruleset

GROUPS = ("A", "B", "C", "D")


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done in one round (two months). `branches` is how many distinct ones; None for contacts."""

    per_round: int
    branches: int | None = None


class Completion(StrEnum):
    """What closing a round takes."""

    COMPLETE = "complete"
    NEEDS_REASON = "needs_reason"
    NEEDS_SECOND_PERSON = "needs_second_person"


def size_group(seats: int | None, branches: int | None, rules: Ruleset) -> str | None:
    """Return A to D, or None of an entrant with neither seats nor branches."""
    if seats:
        return seat_group(seats, rules)
    return branch_group(branches, rules) if branches else None


def seat_group(seats: int, rules: Ruleset) -> str:
    """Return the group of so many seats: 10 is A, 11 is B."""
    return _group(seats, rules.wholes("size.bands"))


def branch_group(branches: int, rules: Ruleset) -> str:
    """Return the group of so many branches: 5 is A, 6 is B."""
    return _group(branches, rules.wholes("size.branch_bands"))


def fee_group(seats: int | None, branches: int | None, rules: Ruleset) -> str | None:
    """Return the higher of the groups by seats and by branches, which the fee follows."""
    groups = [seat_group(seats, rules)] if seats else []
    groups += [branch_group(branches, rules)] if branches else []
    return max(groups, default=None)


def quota(channel: Channel, seats: int | None, branches: int | None, rules: Ruleset) -> Quota | None:
    """Return what one round of an entry asks for; None of an entrant without a size."""
    group = size_group(seats, branches, rules)
    visits = channel is Channel.ONSITE or (
        channel is Channel.FACE_TO_FACE and rules.text("quota.face_to_face") == "visits"
    )
    if visits and branches:
        group = branch_group(branches, rules)
    if group is None:
        return None
    place = GROUPS.index(group)
    if not visits:
        return Quota(per_round=rules.wholes("quota.contacts")[place])
    assessed = rules.wholes("quota.branches")[place]
    return Quota(
        per_round=rules.wholes("quota.visits")[place], branches=min(assessed, branches) if branches else assessed
    )


def completion(done: int, quota_of_round: Quota, rules: Ruleset) -> Completion:
    """Return what closing a round with `done` assessments takes (R25)."""
    if done >= quota_of_round.per_round:
        return Completion.COMPLETE
    if Fraction(done) < rules.number("quota.close_min") * quota_of_round.per_round:
        return Completion.NEEDS_SECOND_PERSON
    return Completion.NEEDS_REASON


def shortfall(number: int, done: int, quota_of_round: Quota | None) -> Sentence | None:
    """Warn of a round below its quota; None when it is met or there is none."""
    if quota_of_round is None or done >= quota_of_round.per_round:
        return None
    return sentence(
        N_("round {number}: {done} of {asked} assessments"), number=number, done=done, asked=quota_of_round.per_round
    )


def _group(size: int, bands: tuple[int, ...]) -> str:
    for group, most in zip(GROUPS, bands, strict=False):
        if size <= most:
            return group
    return GROUPS[-1]
