"""Which assessments another program may see by its token (PERM-3): the office's all, an entrant's its own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from sync_server.database.tables import assessments, releases

# What somebody looked at and stands by. All else is between the organiser and the assessor.
SHOWN_TO_ENTRANTS = ("accepted",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a reader may see: everything, or one entrant's accepted assessments of rounds that were released."""

    entrant_id: str | None = None

    @property
    def is_entrant(self) -> bool:
        """Whether it is an entrant's: no voice, no earlier revision, nobody's name."""
        return self.entrant_id is not None


def seen(sight: Sight) -> list[ColumnElement[bool]]:
    """Return what an assessment must be for the reader to see it."""
    if sight.entrant_id is None:
        return []
    a, released = assessments.c, select(releases.c.round)
    return [a.entrant_id == sight.entrant_id, a.round.in_(released), a.status.in_(SHOWN_TO_ENTRANTS)]
