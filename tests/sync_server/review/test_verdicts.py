"""REV, directly: what a verdict keeps, changes and tells. Ids are those in sync_server/review/verdicts.py."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from checklists.record.transitions import NotAllowedError
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.assessment_pages import verdicts_of
from sync_server.database.queries.changes import changes_for_assessor
from sync_server.database.queries.desk_day import returned_not_back
from sync_server.jobs.wishes import standing_job
from sync_server.review.outcome import By, CannotDecideError
from sync_server.review.verdicts import Verdict, review
from tests.sync_server.season_kit import ASSESSOR, CALL

RETURNED = Verdict("returned", "digest-1", "Please look again.", {"PA1": "Which page?"})
ACCEPTED = Verdict("accepted", "digest-1", "", {})
BACK = Verdict("taken-back", "digest-1", "It was the other branch.", {})


def set_status(database: Database, status: str) -> None:
    with database.transaction() as db:
        db.execute(update(tables.assessments).values(status=status))


def everything(database: Database) -> tuple[Any, ...]:
    """The status, and how many verdicts, changes and jobs there are."""
    with database.reading() as db:
        counts = [len(db.execute(select(table)).all()) for table in (tables.reviews, tables.changes, tables.jobs)]
        return db.execute(select(tables.assessments.c.status)).scalar_one(), *counts


@pytest.mark.parametrize(
    ("before", "verdict", "why_not"),
    [
        pytest.param("finished", RETURNED._replace(digest="digest-0"), "Another revision", id="REV-1"),
        pytest.param("finished", RETURNED._replace(reason="", comments={}), "Say what", id="a return says nothing"),
        pytest.param("finished", RETURNED._replace(verdict="praised"), "accept or to return", id="no verdict"),
        pytest.param("void", ACCEPTED, "", id="REV-2 a void record is not accepted"),
        pytest.param("draft", RETURNED, "", id="REV-2 a draft is not returned"),
    ],
)
def test_a_verdict_that_cannot_be_changes_nothing(
    database: Database, by: By, before: str, verdict: Verdict, why_not: str
) -> None:
    set_status(database, before)
    with pytest.raises((CannotDecideError, NotAllowedError), match=why_not or None), database.transaction() as db:
        review(db, CALL, verdict, by)
    assert everything(database) == (before, 0, 0, 0)


@pytest.mark.parametrize(
    ("verdict", "comments"),
    [
        pytest.param(RETURNED, {"PA1": "Which page?"}, id="REV-3 returned"),
        pytest.param(ACCEPTED, {}, id="REV-3 accepted"),
    ],
)
def test_a_verdict_is_kept_and_told_in_one_transaction(
    database: Database, by: By, verdict: Verdict, comments: dict[str, str]
) -> None:
    set_status(database, "finished")
    with database.transaction() as db:
        review(db, CALL, verdict, by)
    with database.reading() as db:
        (row,) = db.execute(select(tables.reviews)).all()
        (change,) = changes_for_assessor(db, ASSESSOR, 0)
        office = db.execute(select(tables.changes.c.kind).where(tables.changes.c.audience == "office")).scalars().all()
        jobs = db.execute(select(tables.jobs.c.name)).scalars().all()
    assert (row.verdict, row.revision, row.comments, row.reviewer_id) == (verdict.verdict, 1, comments, by.user_id)
    body = msgspec.json.decode(change.body or "")
    assert (body["decision"], body["reason"], body["comments"]) == (verdict.verdict, verdict.reason, comments)
    assert body["id"] == str(row.id)
    assert list(office) == ["assessment"]
    assert list(jobs) == [standing_job("harbour-ferry", "phone_in").name]
    assert everything(database)[0] == verdict.verdict


def told_phone(database: Database) -> list[str]:
    with database.reading() as db:
        changes = changes_for_assessor(db, ASSESSOR, 0)
    return [msgspec.json.decode(change.body or "")["decision"] for change in changes]


def test_a_return_is_taken_back_and_stays_in_the_log(database: Database, by: By) -> None:
    """REV-4"""
    set_status(database, "finished")
    with database.transaction() as db:
        review(db, CALL, RETURNED, by)
        review(db, CALL, BACK, by)
    with database.reading() as db:
        (kept,) = verdicts_of(db, CALL)
    assert (kept.verdict, kept.reason, kept.taken_back_because) == (
        "returned", "Please look again.", "It was the other branch."
    )  # fmt: skip
    assert (everything(database)[0], told_phone(database)) == ("finished", ["returned", "taken-back"])
    with database.transaction() as db:
        review(db, CALL, ACCEPTED, by)
    assert everything(database)[0] == "accepted"


@pytest.mark.parametrize(
    ("status", "back", "why_not"),
    [
        pytest.param("returned", BACK._replace(reason=""), "Give a reason", id="REV-4 without a reason"),
        pytest.param("returned", BACK._replace(digest="2"), "Another revision", id="REV-4 the next revision is there"),
        pytest.param("draft", BACK, "no return", id="REV-4 the assessor has begun another"),
        pytest.param("accepted", BACK, "no return", id="REV-4 an acceptance is no return"),
    ],
)
def test_a_return_that_cannot_be_taken_back_stays(
    database: Database, by: By, status: str, back: Verdict, why_not: str
) -> None:
    set_status(database, "finished")
    with database.transaction() as db:
        review(db, CALL, RETURNED, by)
    set_status(database, status)
    before = everything(database)
    with (
        pytest.raises(CannotDecideError, match=why_not),
        database.transaction() as db,
    ):
        review(db, CALL, back, by)
    assert everything(database) == before


def test_a_return_is_taken_back_once(database: Database, by: By) -> None:
    """REV-4"""
    set_status(database, "finished")
    with database.transaction() as db:
        review(db, CALL, RETURNED, by)
        review(db, CALL, BACK, by)
    with pytest.raises(CannotDecideError, match="no return"), database.transaction() as db:
        review(db, CALL, BACK, by)


def test_tdy_what_was_asked_at_single_questions_stands_on_today_too(database: Database, by: By) -> None:
    set_status(database, "finished")
    with database.transaction() as db:
        review(db, CALL, RETURNED._replace(reason=""), by)
        assert [(one.reason, one.comments) for one in returned_not_back(db)] == [("", {"PA1": "Which page?"})]
