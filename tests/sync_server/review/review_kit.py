"""Visits as the review bench meets them, without a server: arrived, scored, measured, corrected."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries import bench as queries
from sync_server.fieldwork.base_scores import BaseScorer
from sync_server.review import correcting, second_scores
from sync_server.review.figures import Figures, in_turn
from sync_server.review.outcome import By
from sync_server.review.tallies import Tallies
from sync_server.review.verdicts import Verdict, review
from sync_server.season.rules import versions_in_force
from tests.builders import NOON
from tests.sync_server.closed_season import BOOK, add_accepted
from tests.sync_server.season_kit import ANSWERS, a_call

KEY = ("harbour-ferry", "phone_in")
LATER = NOON + timedelta(days=2)


def a_visit(db: Connection, number: int = 1, *, status: str = "finished", **changes: Any) -> str:
    """A call as it arrived and was scored."""
    name = str(uuid.UUID(int=number))
    record = a_call(id=name, assignment_id=f"a-{number}", **changes)
    add_accepted(db, record, status=status)
    base = BaseScorer(BOOK).bases_of(record, db).under(versions_in_force(db).of_round(1))
    queries.change_base(db, name, (base.exact, base.shown, base.millionths))
    return name


def digest_of(db: Connection, name: str) -> str:
    return db.execute(select(tables.assessments.c.digest).where(tables.assessments.c.id == name)).scalar_one()


def measure(database: Database) -> None:
    with database.transaction() as db:
        write = in_turn(Figures(database, BOOK), Tallies(database, BOOK))(["/".join(KEY)])
        write(db)


def shown(db: Connection, name: str) -> tuple[str, int]:
    c = tables.assessments.c
    row = db.execute(select(c.base_shown, c.base_millionths).where(c.id == name)).one()
    return row[0], row[1]


def correct(
    db: Connection, name: str, key: str, typed: str, by: By, *, reason: str = "Heard.", digest: str = ""
) -> None:
    correcting.correct(db, BOOK, name, key, typed, digest=digest or digest_of(db, name), reason=reason, by=by)


def judged(**changes: str) -> dict[str, str]:
    """The answers of the call as a second person would choose them, with changes."""
    words = {True: "true", False: "false"}
    return {
        key: words.get(value, str(value)) if isinstance(value, bool) else str(value) for key, value in ANSWERS.items()
    } | changes


def score_second(db: Connection, visit: str, by: By, **changes: str) -> None:
    """Let somebody who is tied to nobody score a visit for good."""
    second_scores.say_tie(db, visit, is_tied=False, by=by)
    second_scores.score(db, BOOK, visit, judged(**changes), is_final=True, by=by)


def body_kept(db: Connection, name: str) -> bytes:
    return db.execute(
        select(tables.assessment_revisions.c.body).where(tables.assessment_revisions.c.assessment_id == name)
    ).scalar_one()


def failing(db: Connection) -> str:
    """A question whose failing is critical, of the form itself."""
    items = BOOK.sheet_of(a_call(), db).items
    return next(key for key, item in items.items() if item.question.critical and ANSWERS[key] is True)


def a_failed_visit(db: Connection, by: By) -> str:
    """A visit whose critical item failed, accepted by `by`."""
    name = a_visit(db, answers=ANSWERS | {failing(db): False})
    review(db, name, Verdict("accepted", digest_of(db, name), "", {}), by)
    return name
