"""REV, directly: what a verdict keeps, changes and tells. Ids are those in sync_server/review/verdicts.py."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from checklists.record.transitions import NotAllowedError
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.changes import changes_for_assessor
from sync_server.jobs.wishes import standing_job
from sync_server.review.outcome import By, CannotDecideError
from sync_server.review.verdicts import Verdict, review
from tests.sync_server.season_kit import ASSESSOR, CALL

RETURNED = Verdict("returned", "digest-1", "Please look again.", {"PA1": "Which page?"})
ACCEPTED = Verdict("accepted", "digest-1", "", {})


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
