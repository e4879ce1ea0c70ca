"""The small season to its end: three rounds signed, released and final, then its results closed, signed, released."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert

from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.publications import Publication
from sync_server.publication import closing
from sync_server.review.outcome import By
from sync_server.season.observed_time import confirm_clock
from sync_server.season.release import release_due
from sync_server.season.rule_changes import add_version, freeze_opened
from tests.builders import NOON, both
from tests.sync_server.closed_season import ENDED, ENTRIES, a_round_that_ended, add_calls, closed, signed
from tests.sync_server.databases import migrated
from tests.sync_server.season_kit import SET_UP_AT

DAY = timedelta(days=1)
LAST_ENDED = NOON + 180 * DAY
CEREMONY = NOON + 210 * DAY  # the moment of the results
THIRD_REPORT = CEREMONY + 3 * DAY
SIGNED_AT = NOON + 200 * DAY
MOMENTS = {1: ENDED + DAY, 2: ENDED + 61 * DAY, 3: THIRD_REPORT}


def rounds_before_the_results(db: Connection, *, calls: int = 3) -> tuple[By, By]:
    """All rounds signed, the first two final, the third waiting for its moment; return two people, at SIGNED_AT."""
    people = a_round_that_ended(db, calls=calls)
    texts = [MOMENTS[number].isoformat() for number in (1, 2, 3)]
    moments = {"report.release_at": texts, "results.release_at": CEREMONY.isoformat()}
    add_version(db, moments, "Dates.", created_by="admin", now=SET_UP_AT)
    db.execute(
        insert(tables.editions).values(
            year=2021, title=both("2021 Award", "2021年大獎"), organiser=both("Organiser", "主辦機構"),
            contact={"email": "desk@example.org"}, milestones={}, created_at=SET_UP_AT,
        )
    )  # fmt: skip
    for number, at in ((1, ENDED), (2, ENDED + 60 * DAY), (3, LAST_ENDED)):
        by = [one._replace(now=at) for one in people]
        confirm_clock(db, at)
        freeze_opened(db, at, at)
        if number > 1:
            add_calls(db, calls, round_number=number)
            for key in ENTRIES:
                for one in by:
                    closing.explain_shortfall(db, number, key, reason="A small season.", by=one)
        signed(db, closed(db, by[0], f"round-{number}", reason="The phones' calls are of one day."), *by)
        if number < 3:
            confirm_clock(db, MOMENTS[number])
            assert release_due(db, MOMENTS[number], MOMENTS[number]) == [number]
    return at_moment(db, people, SIGNED_AT)


def at_moment(db: Connection, people: tuple[By, By], at: datetime) -> tuple[By, By]:
    """The same people later, the server's clock believed."""
    confirm_clock(db, at)
    return people[0]._replace(now=at), people[1]._replace(now=at)


def results_signed(db: Connection, people: tuple[By, By]) -> Publication:
    """The results closed and signed."""
    return signed(db, closed(db, people[0], "results"), *people)


def finished(db: Connection) -> tuple[By, By]:
    """A season whose results are out; return two people at that moment."""
    return released(db, rounds_before_the_results(db))


def released(db: Connection, people: tuple[By, By]) -> tuple[By, By]:
    """The results signed by `people` and out; return them at that moment."""
    results_signed(db, people)
    people = at_moment(db, people, CEREMONY)
    assert release_due(db, CEREMONY, CEREMONY) == [None]
    return people


def a_database(folder: Path) -> Database:
    """An empty database of this release in `folder`."""
    (folder / "data").mkdir()
    return migrated(f"sqlite:///{folder}/data/sync.sqlite3")


@contextmanager
def taken_back(database: Database) -> Iterator[Connection]:
    """A write transaction that leaves nothing: one season serves every test."""
    with suppress(_TakenBackError), database.transaction() as db:
        yield db
        raise _TakenBackError


class _TakenBackError(Exception): ...
