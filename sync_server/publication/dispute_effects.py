"""What a decision of a dispute would do to the score of its round, worked out on the entry as it counts now.

DSP-7  Beside each decision stands the round score it makes, of the settled bases and with bonus and deductions: what
       the entrant's report says, and no mean of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import msgspec

from checklists.season.model import SeasonAssessment
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import read_entry
from sync_server.database.queries.disputes import Dispute


class RoundIf:
    """The round score of a dispute's entry: as it is, and with its visit otherwise. None: there is none then."""

    def __init__(self, desk: SeasonDesk, dispute: Dispute) -> None:
        self._desk, self._dispute = desk, dispute
        (row,) = desk.entry_rows([(dispute.entrant_id, dispute.channel)])
        self._entrant = read_entry(desk, row).entrant

    def now(self) -> Fraction | None:
        """Return it as it is."""
        return self._score(lambda visit: visit)

    def with_base(self, base: Fraction | None) -> Fraction | None:
        """Return it were `base` what counts of the visit; it is now for a visit without one."""
        return self._score(lambda visit: msgspec.structs.replace(visit, base=base, base_unzeroed=None))

    def voided(self) -> Fraction | None:
        """Return it were the visit void."""
        return self._score(lambda visit: msgspec.structs.replace(visit, void="void"))

    def _score(self, change: Callable[[SeasonAssessment], SeasonAssessment]) -> Fraction | None:
        entry, number = self._entrant.entries[0], self._dispute.round
        rounds = list(entry.rounds)
        held = rounds[number - 1]
        visits = [change(one) if one.id == self._dispute.assessment_id else one for one in held.assessments]
        rounds[number - 1] = msgspec.structs.replace(held, assessments=tuple(visits))
        changed = msgspec.structs.replace(entry, rounds=tuple(rounds))
        scored = self._desk.score(msgspec.structs.replace(self._entrant, entries=(changed,)))
        return scored.rounds[number - 1].score
