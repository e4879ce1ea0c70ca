"""Which assessments a reader may see (PERM-3). The list, its export, the page of one and its files all ask here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from sync_server.database.tables import assessments, rounds

# What counts. Drafts, returned and void records are between the organiser and the assessor.
SHOWN_TO_ENTRANTS = ("finished", "accepted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a reader may see: everything, or one entrant's assessments of rounds released by `now`."""

    entrant_id: str | None = None
    now: datetime | None = None

    @property
    def is_entrant(self) -> bool:
        """Whether it is an entrant's: no voice, no earlier revision, nobody's name."""
        return self.entrant_id is not None


def seen(sight: Sight) -> list[ColumnElement[bool]]:
    """Return what an assessment must be for the reader to see it."""
    if sight.entrant_id is None:
        return []
    a, released = assessments.c, select(rounds.c.number).where(rounds.c.released_at <= sight.now)
    return [a.entrant_id == sight.entrant_id, a.round.in_(released), a.status.in_(SHOWN_TO_ENTRANTS)]
