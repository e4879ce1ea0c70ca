"""A season as read: what was assessed, by whom nobody asks. Nothing here is scored yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

import msgspec

from checklists.award.badge import PastResult, edition_year
from checklists.forms.form import Channel, Form
from checklists.language import Text
from checklists.record.assessment import Attempt
from checklists.record.assignment import ServiceHours
from checklists.rules.programme import Programme
from checklists.rules.ruleset import Ruleset


class SeasonAssessment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One assessment. At most one of `base` and `answers`; `attempts` None when no log was given.

    Of one scored elsewhere (kept grades) `base` may stand with the base that no failed critical item zeroes, and with
    whether one failed: so that it can be scored under any effect of critical items. `notes` score nothing, and are
    written with the file under keys that start with x_; of a file that is read only what its working says is kept.
    """

    id: str
    base: Fraction | None = None
    ease: bool = False
    penalty: bool = False
    unreached: bool = False
    attempts: tuple[Attempt, ...] | None = None
    form: Form | None = None
    answers: Mapping[str, object] | None = None
    subchannel: str | None = None
    variant: str | None = None  # onsite: recording, branch or both; None: the entry's
    recordings: int | None = None  # onsite: how many were checked; None: one
    void: str | None = None
    base_unzeroed: Fraction | None = None
    critical_failed: bool = False
    notes: Mapping[str, object] = {}


class SeasonRound(msgspec.Struct, frozen=True, kw_only=True):
    """One round. `consistency` is the coordinator's figure."""

    assessments: tuple[SeasonAssessment, ...] = ()
    ivrs: tuple[Fraction, ...] = ()
    consistency: Fraction | None = None


class SeasonEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entrant on one channel. `faq_filed_at` None means never filed, unless it is `faq_in_time`."""

    channel: Channel
    rounds: tuple[SeasonRound, ...]
    faq_filed_at: datetime | None = None
    faq_in_time: bool = True
    is_withdrawn: bool = False
    service: ServiceHours | None = None
    history: Mapping[int, PastResult] = {}
    onsite_variant: str | None = None  # recording, branch or both; None: not said
    ivrs_panel: Fraction | None = None  # what a panel's marks of the voice menu came to, once somebody fixed it


class SeasonEntrant(msgspec.Struct, frozen=True, kw_only=True):
    """One participating unit."""

    id: str
    organisation: str
    name: Text
    industry: str
    entries: tuple[SeasonEntry, ...]
    seats: int | None = None
    branches: int | None = None


class Season(msgspec.Struct, frozen=True, kw_only=True):
    """A whole season under the rules of `programme`. `editions_held` are past editions.

    `rules_by_round` has the rounds that are scored under other rules: those in force when they opened. Finals, grades,
    marks, sizes and awards follow the season's own rules, which are the programme's.
    """

    programme: Programme
    entrants: tuple[SeasonEntrant, ...]
    editions_held: frozenset[int] = frozenset()
    forms: Mapping[str, Form] = {}
    rules_by_round: Mapping[int, Ruleset] = {}

    def with_overrides(self, overrides: Mapping[str, object], place: str = "rules") -> Season:
        """Return the season with `overrides` laid over its own rules and those of every round.

        Raises:
            checklists.rules.ruleset.RulesetError: a name or value that may not stand there.
        """
        rules = self.programme.rules.with_overrides(overrides, place)
        others = {number: each.with_overrides(overrides, place) for number, each in self.rules_by_round.items()}
        return msgspec.structs.replace(
            self, programme=msgspec.structs.replace(self.programme, rules=rules), rules_by_round=others
        )

    @property
    def year(self) -> int:
        """The year of the edition being decided."""
        return edition_year(self.programme.year, self.editions_held)
