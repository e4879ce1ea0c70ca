"""SLP: a decision that was a slip is undone for ten minutes, by whoever made it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Connection, select, update

from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.assessment_pages import verdicts_of
from sync_server.database.queries.changes import changes_for_assessor
from sync_server.review import rulings
from sync_server.review.outcome import By, CannotDecideError
from sync_server.review.undo import WITHIN, undo
from sync_server.review.verdicts import Verdict, review
from tests.sync_server.closed_season import add_person, sign_off
from tests.sync_server.review.review_kit import LATER, a_visit, correct, digest_of
from tests.sync_server.season_kit import ASSESSOR, add_season

Act = Callable[[Connection, str, By], None]


@pytest.fixture
def by(database: Database) -> By:
    with database.transaction() as db:
        add_season(db)
        return By(add_person(db, "wong"), LATER)


def accept(db: Connection, visit: str, by: By) -> None:
    review(db, visit, Verdict("accepted", digest_of(db, visit), "", {}), by)


def send_back(db: Connection, visit: str, by: By) -> None:
    review(db, visit, Verdict("returned", digest_of(db, visit), "Look again.", {}), by)


def make_void(db: Connection, visit: str, by: By) -> None:
    rulings.void(db, visit, "Made twice.", by)


def status_of(db: Connection, visit: str) -> str:
    return db.execute(select(tables.assessments.c.status).where(tables.assessments.c.id == visit)).scalar_one()


def after(by: By, minutes: float) -> By:
    return By(by.user_id, by.now + timedelta(minutes=minutes))


@pytest.mark.parametrize("act", [accept, send_back, make_void], ids=["accepted", "returned", "void"])
def test_slp_1_a_decision_is_undone_once_within_ten_minutes(database: Database, by: By, act: Act) -> None:
    """SLP-2"""
    with database.transaction() as db:
        visit = a_visit(db)
        act(db, visit, by)
        undo(db, visit, after(by, 10))
        assert status_of(db, visit) == "finished"
        with pytest.raises(CannotDecideError, match="no decision to undo"):
            undo(db, visit, after(by, 10))
        bodies = [msgspec.json.decode(row.body or "") for row in changes_for_assessor(db, ASSESSOR, 0)]
        assert [body["decision"] for body in bodies if "decision" in body][-1] == "taken-back"
        if act is not make_void:
            assert verdicts_of(db, visit)[0].taken_back_by == "Name of wong"
        act(db, visit, after(by, 11))
        assert status_of(db, visit) != "finished"


def by_somebody_else(db: Connection, visit: str, by: By) -> By:
    return By(add_person(db, "ho"), by.now)


def too_late(db: Connection, visit: str, by: By) -> By:
    return By(by.user_id, by.now + WITHIN + timedelta(seconds=1))


def after_a_correction(db: Connection, visit: str, by: By) -> By:
    correct(db, visit, "PC1", "0", after(by, 1))
    return after(by, 2)


def after_a_revision(db: Connection, visit: str, by: By) -> By:
    db.execute(update(tables.assessments).where(tables.assessments.c.id == visit).values(revision=2))
    return by


def after_a_copy(db: Connection, visit: str, by: By) -> By:
    sign_off(db, "round-1", at=by.now)
    return by


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        pytest.param(by_somebody_else, "Somebody else decided", id="SLP-1 somebody else's"),
        pytest.param(too_late, "Ten minutes are over", id="SLP-1 too late"),
        pytest.param(after_a_correction, "something came after", id="SLP-1 after a correction"),
        pytest.param(after_a_revision, "something came after", id="SLP-1 after a revision"),
        pytest.param(after_a_copy, "A copy of this round stands", id="SLP-3 after a copy"),
    ],
)
def test_what_others_rest_on_is_not_undone(
    database: Database, by: By, meanwhile: Callable[[Connection, str, By], By], why: str
) -> None:
    with database.transaction() as db:
        visit = a_visit(db)
        accept(db, visit, by)
        who = meanwhile(db, visit, by)
        with pytest.raises(CannotDecideError, match=why):
            undo(db, visit, who)
        assert status_of(db, visit) == "accepted"
