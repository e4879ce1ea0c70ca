"""How large an entry is, and how much of it is to be assessed (R4, R6, R23-R25). A quota never changes a score.

R-QTA-1  `quota.basis` says by channel, onsite by variant, what an entry is measured by: seats give the contacts row,
         branches the visits row. Onsite `both` has one of each, and its group by the first, the recordings' basis.
R-QTA-2  What gives the quota gives the size group, which the fee follows. Where that figure is missing (or 0) the
         other stands in, with a warning; with neither there is no group and no quota.
R-QTA-3  At most as many distinct branches are drawn as there are; the visits stay. A recording is a contact.
R-QTA-4  An onsite entry that does not say its variant is `recording`, or `branch` where only branches are filed;
         `branch` under the first release's rules. One that `onsite.variants` does not allow gives way to the first.
R-QTA-5  Rules of the first release show the group by seats on every channel, the branches' where there are no seats.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction

import msgspec

from checklists.forms.form import AWARD_CHANNELS, Channel
from checklists.language import N_, Sentence, sentence
from checklists.rules.ruleset import Ruleset

GROUPS = ("A", "B", "C", "D")
SEATS, BRANCHES = "seats", "branches"


class Variant(StrEnum):
    """How an onsite entry is assessed."""

    RECORDING = "recording"
    BRANCH = "branch"
    BOTH = "both"


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """What an entrant filed of itself; None and 0 both mean that it has none, or did not say."""

    seats: int | None = None
    branches: int | None = None

    def figure(self, basis: str) -> int | None:
        """Return the seats or the branches; None where there are none."""
        return (self.seats if basis == SEATS else self.branches) or None


class Quota(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done in one round (two months). `branches` is how many distinct ones are visited."""

    contacts: int = 0
    visits: int = 0
    branches: int | None = None

    @property
    def per_round(self) -> int:
        """Contacts and visits together."""
        return self.contacts + self.visits


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What of a round was done: contacts (an onsite session counts its recordings) and visits."""

    contacts: int = 0
    visits: int = 0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How large an entry is, A to D, and what a round of it asks for. `warning`: another figure stood in."""

    group: str | None
    quota: Quota | None
    warning: Sentence | None = None


class Completion(StrEnum):
    """What closing a round takes."""

    COMPLETE = "complete"
    NEEDS_REASON = "needs_reason"
    NEEDS_SECOND_PERSON = "needs_second_person"


def variant_of(stated: str | None, size: Size, rules: Ruleset) -> Variant:
    """Return the variant of an onsite entry that says `stated`, or nothing."""
    if stated is not None:
        return Variant(stated)
    only_branches = size.figure(BRANCHES) is not None and size.figure(SEATS) is None
    unsaid = Variant.BRANCH if only_branches or rules.are_of_first_release else Variant.RECORDING
    allowed = rules.texts("onsite.variants")
    return unsaid if unsaid in allowed else Variant(allowed[0])


def plan_of(channel: Channel, size: Size, rules: Ruleset, *, variant: str | None = None) -> Plan:
    """Return the size group and the quota of an entry; `variant` is that of an onsite entry, None when unsaid.

    A channel that is not one of the award's has neither.
    """
    if channel not in AWARD_CHANNELS:
        return Plan(group=None, quota=None)
    if size.figure(SEATS) is None and size.figure(BRANCHES) is None:
        return Plan(group=None, quota=None)
    bases = _bases(channel, variant_of(variant, size, rules), rules)
    groups = {basis: group_by(basis, size, rules) for basis in bases}
    quota = Quota(
        contacts=_of_group("quota.contacts", groups[SEATS], rules) if SEATS in groups else 0,
        visits=_of_group("quota.visits", groups[BRANCHES], rules) if BRANCHES in groups else 0,
        branches=_drawn(groups[BRANCHES], size, rules) if BRANCHES in groups else None,
    )
    if rules.are_of_first_release:
        return Plan(group=group_by(SEATS, size, rules), quota=quota)
    missing = next((basis for basis in bases if size.figure(basis) is None), None)
    return Plan(group=groups[bases[0]], quota=quota, warning=None if missing is None else _STOOD_IN[missing])


def group_by(basis: str, size: Size, rules: Ruleset) -> str:
    """Return the group by seats or by branches, 10 seats A and 11 B; where that figure is missing, by the other."""
    own = size.figure(basis)
    figure, by_seats = (own, basis == SEATS) if own else (size.seats or size.branches or 0, basis != SEATS)
    for group, most in zip(GROUPS, rules.wholes("size.bands" if by_seats else "size.branch_bands"), strict=False):
        if figure <= most:
            return group
    return GROUPS[-1]


def completion(made: Made, asked: Quota, rules: Ruleset) -> Completion:
    """Return what closing a round takes in which so much was `made` (R25); of two rows the poorer one decides."""
    pairs = [(done, of) for done, of in ((made.contacts, asked.contacts), (made.visits, asked.visits)) if done < of]
    if not pairs:
        return Completion.COMPLETE
    if any(Fraction(done) < rules.number("quota.close_min") * of for done, of in pairs):
        return Completion.NEEDS_SECOND_PERSON
    return Completion.NEEDS_REASON


def shortfalls(number: int, made: Made, asked: Quota | None) -> Iterator[Sentence]:
    """Warn of each row of round `number` that is below its quota."""
    if asked is None:
        return
    is_both = bool(asked.contacts and asked.visits)
    if made.contacts < asked.contacts:
        template = N_("round {number}: {done} of {asked} assessments")
        if is_both:
            template = N_("round {number}: {done} of {asked} recordings")
        yield sentence(template, number=number, done=made.contacts, asked=asked.contacts)
    if made.visits < asked.visits:
        template = N_("round {number}: {done} of {asked} assessments")
        if is_both:
            template = N_("round {number}: {done} of {asked} visits")
        yield sentence(template, number=number, done=made.visits, asked=asked.visits)


_STOOD_IN = {
    SEATS: sentence(N_("the number of seats is missing: size and quota follow the branches")),
    BRANCHES: sentence(N_("the number of branches is missing: size and quota follow the seats")),
}


def _bases(channel: Channel, variant: Variant, rules: Ruleset) -> tuple[str, ...]:
    if channel is not Channel.ONSITE:
        return (rules.text(f"quota.basis.{channel.value}"),)
    asked = (Variant.RECORDING, Variant.BRANCH) if variant is Variant.BOTH else (variant,)
    return tuple(dict.fromkeys(rules.text(f"quota.basis.onsite.{part.value}") for part in asked))


def _of_group(row: str, group: str, rules: Ruleset) -> int:
    return rules.wholes(row)[GROUPS.index(group)]


def _drawn(group: str, size: Size, rules: Ruleset) -> int:
    assessed = _of_group("quota.branches", group, rules)
    owned = size.figure(BRANCHES)
    return assessed if owned is None else min(assessed, owned)
