"""Where a season is read and scored: one view of the database, the rules in force in it, and the forms."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from checklists.award.decide import AwardResult, decide_awards
from checklists.award.entry_score import EntryScore
from checklists.rules.ruleset import Ruleset
from checklists.season.model import SeasonEntrant
from checklists.season.score import EntryDesk
from sync_server.database.queries import standings as queries
from sync_server.database.queries.standings import EntryRow
from sync_server.database.queries.suspensions import SuspensionRow, suspension_rows
from sync_server.season.forms import FormBook
from sync_server.season.observed_time import is_ahead
from sync_server.season.rules import Rules, rules_in_force


@dataclass(frozen=True)
class SeasonDesk:
    """What every reader of the season needs. Scoring goes on after `db` is closed; reading does not."""

    db: Connection
    in_force: Rules
    book: FormBook

    @classmethod
    def of(cls, db: Connection, book: FormBook) -> SeasonDesk:
        """Return the desk of the season in `db`.

        Raises:
            sync_server.season.rules.UnreadableRulesError: another release kept the rules in force.
        """
        return cls(db, rules_in_force(db), book)

    @property
    def rules(self) -> Ruleset:
        """The season's own rules, which finals, grades, marks and awards follow."""
        return self.in_force.rules

    @property
    def zone(self) -> ZoneInfo:
        """The season's time zone."""
        return self.rules.zone("tz")

    def rules_of(self, number: int) -> Ruleset:
        """Return the rules that a round is scored under."""
        return self.in_force.rules_of(number)

    def entry_rows(self, keys: Collection[tuple[str, str]] | None = None) -> Sequence[EntryRow]:
        """Return every entry, or those named by (entrant, channel), each FAQ in time or late as it stands now.

        One that is not yet filed is late once observed time has passed the deadline, and not before.
        """
        deadline = self.rules_of(self.rules.whole("faq.round")).moment_or_none("faq.deadline")
        is_open = deadline is not None and is_ahead(self.db, deadline)
        suspended = suspension_rows(self.db)
        return [
            _suspended(
                row._replace(faq_awaited=False, faq_filing="in_time" if is_open else "never")
                if row.faq_awaited
                else row,
                suspended,
            )
            for row in queries.entry_rows(self.db, keys)
        ]

    def inputs(self, row: EntryRow) -> str:
        """Name everything but the assessments that the standing of an entry is made of."""
        entry = row._asdict()
        del entry["faq_awaited"]
        for name in ("last_ruling", "onsite_variant"):  # as earlier releases named it
            if entry[name] is None:
                del entry[name]
        return hashlib.sha256(msgspec.json.encode([entry, self.in_force.digest], order="sorted")).hexdigest()

    def score(self, entrant: SeasonEntrant) -> EntryScore:
        """Score the first entry of `entrant` with all its assessments."""
        return self._entry_desk.entry(entrant, entrant.entries[0])

    @cached_property
    def _entry_desk(self) -> EntryDesk:
        return EntryDesk(
            self.rules,
            year=self.in_force.year,
            editions_held=self.in_force.editions,
            rules_by_round=self.in_force.rules_by_round,
        )

    def awards(self, scores: Sequence[EntryScore]) -> tuple[AwardResult, ...]:
        """Decide the awards among `scores`, those of every entry."""
        return decide_awards(scores, self.rules, year=self.in_force.year)


def _suspended(row: EntryRow, suspended: Sequence[SuspensionRow]) -> EntryRow:
    """Return the entry with its hours as they were suspended, as its assignments show them."""
    spans = [
        (each.begins_at.isoformat(), each.ends_at.isoformat())
        for each in suspended
        if each.entrant_id in (None, row.entrant_id)
    ]
    return row._replace(service={**(row.service or {}), "suspended": spans}) if spans else row
