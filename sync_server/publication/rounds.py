"""Where every round and the results stand, as pages and commands show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from sync_server.database.queries.closing import has_records
from sync_server.database.queries.publications import Publication, copies_of, what_of
from sync_server.database.queries.releases import release_events, results_event, round_rows
from sync_server.publication.life import Happened, RoundState, life
from sync_server.publication.working_days import DISPUTE_DAYS, window
from sync_server.season.observed_time import observed_now
from sync_server.season.opening import is_kept_from_opening
from sync_server.season.rules import release_moments, results_moment, version_in_force


class Standing(NamedTuple):
    """One round, or the results (`round` None): its state, its dates, every copy there was, and the one that stands."""

    what: str
    round: int | None
    state: RoundState
    opens_at: datetime
    closes_at: datetime
    release_at: datetime | None
    released_at: datetime | None
    window_ends_at: datetime | None
    copies: Sequence[Publication]

    @property
    def copy(self) -> Publication | None:
        """The newest copy that was not withdrawn."""
        return next((one for one in reversed(self.copies) if one.withdrawn_at is None), None)

    @property
    def published(self) -> Publication | None:
        """What is out of it."""
        return next((one for one in reversed(self.copies) if one.published_at is not None), None)


def standings_of(db: Connection, now: datetime) -> Sequence[Standing]:
    """Return every round by number, then the results."""
    version = version_in_force(db)
    rows = {row.number: row for row in round_rows(db) if row.number in version.rounds}
    moments, events, observed = release_moments(db), release_events(db), observed_now(db, now)
    copies = copies_of(db)
    standings = []
    for number, row in sorted(rows.items()):
        event = events.get(number)
        begun = Happened(
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            has_records=has_records(db, number),
            is_kept_from_opening=is_kept_from_opening(db, number),
        )
        kept = _happened(db, begun, copies, what_of(number), event.released_at if event else None)
        standings.append(_standing(number, kept, moments.get(number), copies, observed))
    if rows:
        event = results_event(db)
        begun = Happened(
            opens_at=min(row.opens_at for row in rows.values()),
            closes_at=max(row.closes_at for row in rows.values()),
            has_records=any(one.state not in (RoundState.PLANNED, RoundState.OPEN) for one in standings),
        )
        kept = _happened(db, begun, copies, what_of(None), event.released_at if event else None)
        standings.append(_standing(None, kept, results_moment(db), copies, observed))
    return standings


def standing_of_what(db: Connection, what: str, now: datetime) -> Standing | None:
    """Return one of them, or None."""
    return next((one for one in standings_of(db, now) if one.what == what), None)


def _happened(
    db: Connection, begun: Happened, copies: Sequence[Publication], what: str, released_at: datetime | None
) -> Happened:
    first = next((one for one in copies if one.what == what and one.correction == 0 and one.withdrawn_at is None), None)
    opens_at = ends_at = None
    if released_at is not None:
        opens_at, ends_at = window(released_at, DISPUTE_DAYS, version_in_force(db).zone)
    return replace(
        begun,
        is_copied=first is not None,
        is_signed=first is not None and first.is_signed,
        released_at=released_at,
        window_opens_at=opens_at,
        window_ends_at=ends_at,
    )


def _standing(
    number: int | None,
    kept: Happened,
    release_at: datetime | None,
    copies: Sequence[Publication],
    observed: datetime,
) -> Standing:
    what = what_of(number)
    return Standing(
        what=what,
        round=number,
        state=life(kept, observed),
        opens_at=kept.opens_at,
        closes_at=kept.closes_at,
        release_at=release_at,
        released_at=kept.released_at,
        window_ends_at=kept.window_ends_at,
        copies=[one for one in copies if one.what == what],
    )
