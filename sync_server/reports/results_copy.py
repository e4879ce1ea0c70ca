"""A copy of the results read once for everything that is made of it: scored, with its awards and who won them.

RSC-1  Letters, certificates and the papers of the ceremony come from the copy alone, as reports do (RPC-1).
RSC-2  Before two people signed it, it is a draft and says so; from then until its moment it is under embargo.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from checklists.award.entry_score import EntryScore
from checklists.award.result import AwardResult
from checklists.forms.form import Form
from checklists.language import Text
from checklists.season.score import SeasonScore
from sync_server.publication.packed import Json
from sync_server.publication.scored import CopyScorer
from sync_server.reports.round_copy import Key


@dataclass(frozen=True)
class ResultsCopy:
    """The copy of the results. `release_at` is its moment, `released_at` None until that has come."""

    file: Json
    forms: Mapping[str, Form]
    id: str = ""
    digest: str = ""
    rules_version: int = 0
    is_signed: bool = False
    correction: int = 0
    reason: str = ""
    release_at: datetime | None = None
    released_at: datetime | None = None

    @cached_property
    def scored(self) -> SeasonScore:
        """The copy scored, without its visits (SCR-1)."""
        return CopyScorer(self.file, self.forms).whole()

    @cached_property
    def entries(self) -> Mapping[Key, EntryScore]:
        """Every entry by entrant and channel, without its visits."""
        return {entry.key: entry for entry in self.scored.entries}

    @property
    def taking_part(self) -> Sequence[EntryScore]:
        """The entries that did not withdraw, in the order of industries, then of names."""
        order = [one.code for one in self.scored.season.programme.industries]
        return sorted(
            (entry for entry in self.scored.entries if not entry.facts.is_withdrawn),
            key=lambda entry: (order.index(entry.facts.industry), entry.facts.name.get("en", ""), entry.key),
        )

    def won(self, key: Key) -> Sequence[AwardResult]:
        """Return the awards that an entry won."""
        return [award for award in self.scored.awards if key in award.winners]

    def industry(self, code: str) -> Text:
        """Return the name of an industry group."""
        known = self.scored.season.programme.industries
        return next((one.name for one in known if one.code == code), {"en": code})

    @property
    def about(self) -> Json:
        """What the copy says beside its figures: the organiser, the ceremony, organisations, groups changed."""
        said: Json = self.file.get("x_results", {})
        return said

    def organisation(self, entry: EntryScore) -> Text:
        """Return the name of an entry's organisation; its entrant's, where it has none of its own."""
        name: Text = self.about.get("organisations", {}).get(entry.facts.organisation) or entry.facts.name
        return name

    @property
    def year(self) -> int:
        """The year of the edition."""
        year: int = self.file.get("x_edition", {}).get("year") or self.scored.season.year
        return year
