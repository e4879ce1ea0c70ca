"""What an award decision is, and the parts every award shares."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction

import msgspec

from checklists.award.entry_score import EntryScore
from checklists.language import N_, Sentence, sentence


class Award(StrEnum):
    """The awards there are."""

    INDUSTRY = "industry"
    GRAND = "grand"
    MOST_IMPROVED = "most_improved"
    BEST_IVRS = "best_ivrs"


class NotEligible(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that cannot have the award, and why."""

    entrant: str
    channel: str
    why: Sentence


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """An eligible entry in its place (joint places share a number), with the figure it is ranked on."""

    entrant: str
    channel: str
    place: int
    figure: Fraction


class AwardResult(msgspec.Struct, frozen=True, kw_only=True):
    """One award decided. No winners: not awarded. Two or more: joint. `ranked` is best first."""

    award: Award
    winners: tuple[tuple[str, str], ...]  # (entrant, channel)
    why: Sentence
    industry: str | None = None
    channel: str | None = None
    warnings: tuple[Sentence, ...] = ()
    not_eligible: tuple[NotEligible, ...] = ()
    ranked: tuple[Ranked, ...] = ()


def not_eligible(entry: EntryScore, why: Sentence) -> NotEligible:
    """Say why `entry` cannot have the award."""
    return NotEligible(entrant=entry.facts.entrant, channel=entry.facts.channel.value, why=why)


def without_final(entry: EntryScore) -> Sentence | None:
    """Say why an entry without a final is out of every award; None when it has one."""
    if entry.final is not None:
        return None
    return sentence(N_("no final: {why}"), why=entry.why_no_final or "")


def ranked(candidates: Iterable[tuple[EntryScore, Fraction, tuple[Fraction, ...]]]) -> tuple[Ranked, ...]:
    """Rank (entry, figure, key) by key, greater first; equal keys share a place, in the order given."""
    listed = sorted(candidates, key=lambda candidate: candidate[2], reverse=True)
    places: list[Ranked] = []
    place, previous = 0, None
    for number, (entry, figure, key) in enumerate(listed, 1):
        place = place if key == previous else number
        previous = key
        places.append(
            Ranked(entrant=entry.facts.entrant, channel=entry.facts.channel.value, place=place, figure=figure)
        )
    return tuple(places)


def first(places: Iterable[Ranked]) -> tuple[tuple[str, str], ...]:
    """Return the entries in first place."""
    return tuple((entry.entrant, entry.channel) for entry in places if entry.place == 1)
