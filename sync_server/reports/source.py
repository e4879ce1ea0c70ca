"""What every part of a participant report reads."""

from __future__ import annotations

from typing import NamedTuple

from checklists.award.entry_score import EntryScore
from checklists.award.rounds import RoundScore
from checklists.forms.form import Form
from sync_server.reports.cleared import NOTHING, Cleared
from sync_server.reports.round_copy import Key, RoundCopy, Visit
from sync_server.reports.words import DAYPARTS, Say


class Source(NamedTuple):
    """One entry of a copy, in one language."""

    copy: RoundCopy
    key: Key
    entry: EntryScore
    round: RoundScore
    form: Form | None
    say: Say
    cleared: Cleared = NOTHING

    @property
    def visits(self) -> tuple[Visit, ...]:
        """Those of the round, void ones among them."""
        return tuple(self.copy.visits(self.key))

    def daypart(self, visit: Visit) -> str:
        """Return the part of the week that a visit fell into; "" where it is not told."""
        code = visit.seen.get("daypart", "")
        return self.say(DAYPARTS[code]) if code in DAYPARTS else ""

    def branch(self, visit: Visit) -> str:
        """Return the branch; "" of none."""
        return self.say.text(visit.seen["branch"]) if "branch" in visit.seen else ""
