"""TLK: what visits add to the quality pages, and the sums of an entry's round."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from checklists import wire
from checklists.record.assessment import Attempt, Contact, Outcome
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import tallies as queries
from sync_server.database.queries.jobs import forget_job, subjects_asked_for
from sync_server.database.queries.tallies import CountedVisit
from sync_server.jobs.wishes import standing_job
from sync_server.quality.tally import Tally
from sync_server.review.figures import jobs_missing
from sync_server.review.outcome import By
from sync_server.review.rulings import void
from sync_server.review.tallies import Tallies, interval_of
from tests.builders import NOON
from tests.sync_server.closed_season import BOOK, add_person
from tests.sync_server.review.review_kit import KEY, LATER, a_visit, correct, measure
from tests.sync_server.season_kit import ANSWERS, add_season


@pytest.fixture
def by(database: Database) -> By:
    with database.transaction() as db:
        add_season(db)
        return By(add_person(db, "wong"), LATER)


def tally(database: Database) -> tuple[queries.TallyRow, Tally]:
    with database.reading() as db:
        (row,) = queries.tallies_of(db, 1)
    return row, wire.decode(row.body, Tally)


def marks_kept(database: Database) -> list[Any]:
    with database.reading() as db:
        return list(db.execute(select(tables.visit_marks)).all())


def test_visits_are_added_up_once_and_again_when_one_was_corrected_or_is_void(database: Database, by: By) -> None:
    """TLK-1"""
    with database.transaction() as db:
        first, second = a_visit(db, 1), a_visit(db, 2, answers=ANSWERS | {"PC1": 0})
        assert standing_job(*KEY) in jobs_missing(db)
    measure(database)
    row, sums = tally(database)
    assert (sums.visits, row.scores, sums.connected) == (2, 2, {0: 2})
    item = sums.items["phone_in@1"]["PC1"]
    assert (item.asked, item.full, item.none, item.share) == (2, 1, 1, 1.0)
    wait = sums.waits["wait_sec"]
    assert (sum(wait.tenths.values()), wait.levels) == (2, [20.0])
    with database.transaction() as db:
        assert standing_job(*KEY) not in jobs_missing(db)
        correct(db, first, "PC1", "0", by)
    measure(database)
    assert tally(database)[1].items["phone_in@1"]["PC1"].none == 2
    with database.transaction() as db:
        void(db, second, "Made twice.", By(by.user_id, LATER + timedelta(hours=1)))
    measure(database)
    assert (tally(database)[1].visits, len(marks_kept(database))) == (1, 2)
    measure(database)
    assert tally(database)[1].visits == 1


def test_what_cannot_be_laid_out_adds_its_tries_alone(database: Database, by: By) -> None:
    """TLK-2"""
    log = (
        Attempt(at=NOON, outcome=Outcome.QUEUE_TIMEOUT),
        Attempt(at=NOON, outcome=Outcome.DROPPED_BEFORE_AGENT, ended_at=NOON + timedelta(seconds=31)),
        Attempt(at=NOON, outcome=Outcome.BUSY, taken_back_at=NOON),
    )
    with database.transaction() as db:
        a_visit(db, 1, variant="no-such-variant", attempts=log)
        a_visit(db, 2, contact=Contact.UNREACHABLE, attempts=log[:1])
    measure(database)
    sums = tally(database)[1]
    assert (sums.visits, sums.connected, sums.unreached, sums.timed_out) == (2, {2: 1}, {1: 1}, 2)
    assert (sums.gave_up, sums.items["phone_in@1"]) == ({310: 1}, {})


@pytest.mark.parametrize(
    ("branches", "groups"),
    [
        pytest.param(["a", "a", "b"], 2, id="TLK-3 of two branches"),
        pytest.param(["a", "a", "a"], 3, id="TLK-3 of one"),
        pytest.param([None, None, None], 3, id="TLK-3 of calls"),
    ],
)
def test_the_error_of_a_round_goes_by_branches(branches: list[str | None], groups: int) -> None:
    visits = [
        CountedVisit(str(uuid.UUID(int=number)), 1, "", 0, (80 + number) * 1_000_000, branch, None)
        for number, branch in enumerate(branches)
    ]
    sure = interval_of(visits)
    assert sure is not None
    assert sure.n == groups
    assert interval_of(visits[:1]) is None


def test_of_many_new_visits_the_first_are_marked_and_a_round_is_summed_once_all_are(database: Database, by: By) -> None:
    """TLK-4"""
    with database.transaction() as db:
        for number in (1, 2, 3):
            a_visit(db, number)
    works, kept = Tallies(database, BOOK, most=2), []
    for _ in range(2):
        with database.transaction() as db:
            works(["/".join(KEY)])(db)
        with database.reading() as db:
            visits = [wire.decode(row.body, Tally).visits for row in queries.tallies_of(db, 1)]
            kept.append((len(marks_kept(database)), visits, subjects_asked_for(db, "standing")))
        with database.transaction() as db:
            forget_job(db, standing_job(*KEY))
    assert kept == [(2, [], ["/".join(KEY)]), (3, [3], [])]
