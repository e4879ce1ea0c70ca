"""When rounds run, when each is to be released, and the event of its release: one row, appended once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, delete, select

from sync_server.database.columns import moment_text
from sync_server.database.queries.award_rows import of_award
from sync_server.database.queries.portable import insert_ignoring_duplicates
from sync_server.database.queries.settings import keep_setting, setting
from sync_server.database.tables import releases, rounds, settings

MOMENTS_OF_CSV = "release-moments-of-csv"  # {"1": moment or null}: what an earlier release kept beside its rules


class RoundRow(NamedTuple):
    """When a round opens, and the moment (exclusive) it ends."""

    number: int
    opens_at: datetime
    closes_at: datetime


class ReleaseRow(NamedTuple):
    """The event: `release_at` is the moment it had, `released_at` when the server saw that it had passed.

    `round` None: of the results.
    """

    round: int | None
    release_at: datetime
    released_at: datetime
    released_by: str


def round_rows(db: Connection) -> Sequence[RoundRow]:
    """Return every round, by number."""
    c = rounds.c
    statement = select(c.number, c.opens_at, c.closes_at).where(of_award(rounds)).order_by(c.number)
    return [RoundRow(*row) for row in db.execute(statement)]


def release_events(db: Connection) -> Mapping[int, ReleaseRow]:
    """Return the releases of rounds there were, by round."""
    statement = _events().where(releases.c.round.is_not(None)).order_by(releases.c.round)
    return {row.round: ReleaseRow(*row) for row in db.execute(statement)}


def results_event(db: Connection) -> ReleaseRow | None:
    """Return the release of the results, if there was one."""
    row = db.execute(_events().where(releases.c.what == "results")).first()
    return None if row is None else ReleaseRow(*row)


def append_release(db: Connection, event: ReleaseRow) -> bool:
    """Keep that something was released. True if it was not yet; never overwrites."""
    what = "results" if event.round is None else f"round-{event.round}"
    statement = insert_ignoring_duplicates(db, releases).values(what=what, **event._asdict())
    return db.execute(statement).rowcount == 1


def append_issue(db: Connection, what: str, at: datetime, by: str) -> bool:
    """Keep that something that is no round was issued. True if it was not yet; never overwrites."""
    statement = insert_ignoring_duplicates(db, releases)
    values = {"what": what, "round": None, "release_at": at, "released_at": at, "released_by": by}
    return db.execute(statement.values(**values)).rowcount == 1


def moments_of_csv(db: Connection) -> Mapping[int, datetime | None]:
    """Return the moments that an earlier release kept beside its rules: they hold until moments are set anew."""
    kept = setting(db, MOMENTS_OF_CSV) or {}
    return {int(number): None if at is None else datetime.fromisoformat(at) for number, at in kept.items()}


def forget_moments_of_csv(db: Connection) -> None:
    """Drop them: the rules hold every moment from now on."""
    db.execute(delete(settings).where(settings.c.name == MOMENTS_OF_CSV))


def keep_moments_of_csv(db: Connection, moments: Mapping[int, datetime | None], now: datetime) -> None:
    """Keep what an earlier release had beside its rules, and the events of the rounds that entrants saw by `now`.

    The migration did the same to the data it found; this is for rows that come out of an old backup.
    """
    plain = {str(number): None if at is None else moment_text(at) for number, at in moments.items()}
    keep_setting(db, MOMENTS_OF_CSV, plain, now)
    for row in round_rows(db):
        at = moments.get(row.number)
        if at is not None and max(at, row.closes_at) <= now:
            append_release(db, ReleaseRow(row.number, at, max(at, row.closes_at), "upgrade"))


def _events() -> Select[Any]:
    c = releases.c
    return select(c.round, c.release_at, c.released_at, c.released_by)
