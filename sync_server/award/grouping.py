"""What another industry group of an entrant would change: worked out on the season as it is kept, nothing is written.

GRE-1  The effects are every figure, mark and award that changes, and how many entrants each of the two groups has
       against the number that the Industry Award takes. No fee changes: it follows size, not industry (R26).
"""

from __future__ import annotations

import msgspec

from checklists.season.model import Season
from checklists.season.what_if import what_if
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import season_of
from sync_server.award.rule_effects import Effects, effects_of


def effects_of_group(desk: SeasonDesk, entrant_id: str, industry: str) -> Effects:
    """Return what changes with `industry` as the group of an entrant (GRE-1).

    Raises:
        LookupError: there is no such entrant.
    """
    now = season_of(desk)
    before = next((each.industry for each in now.entrants if each.id == entrant_id), None)
    if before is None:
        raise LookupError(entrant_id)
    other = msgspec.structs.replace(
        now,
        entrants=tuple(
            msgspec.structs.replace(each, industry=industry) if each.id == entrant_id else each for each in now.entrants
        ),
    )
    least = desk.rules.whole("award.industry.min_entrants")
    sizes = [
        [code, f"entrants (of {least} needed)", *(str(_size(season, code)) for season in (now, other))]
        for code in dict.fromkeys((before, industry))
        if before != industry
    ]
    fees = [[entrant_id, "fee", "unchanged", "unchanged"]] if before != industry else []
    return [*sizes, *fees, *effects_of(what_if(now, other))]


def _size(season: Season, industry: str) -> int:
    return sum(
        each.industry == industry and any(not entry.is_withdrawn for entry in each.entries) for each in season.entrants
    )
