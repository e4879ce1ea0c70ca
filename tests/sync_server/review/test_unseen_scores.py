"""DBL-2, UNS-2, UNS-3, UNS-4: no table of many visits has the answers of one that somebody is still to score unseen.

Each door is tried by each role, before the second score is final and after it; the page of the visit has its answers,
and whoever was shown it is not the second person any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from checklists.language import SentenceError
from checklists.score.double_scoring import LEAST
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.unseen import UnseenInFile, unseen_visits
from sync_server.people.permissions import Role
from sync_server.review import second_scores
from sync_server.review.outcome import By
from tests.sync_server.closed_season import BOOK, a_round_that_ended, add_person, closed
from tests.sync_server.desk import push, send, signed_in
from tests.sync_server.review.review_kit import KEY, LATER, a_visit, judged, score_second
from tests.sync_server.season_kit import a_call, add_season, score_all_twice
from tests.sync_server.unseen_kit import (
    FILE,
    NEVER,
    NOT,
    RATERS,
    Doors,
    archive,
    odata,
    sheet,
    table,
    tried_all,
    whole,
    workbook,
)

SIGN = "asked_and_used"  # what the call answers to PB4
DOORS: Doors = {
    "table": (table("/assessments/export"), FILE),
    "table as a workbook": (sheet, FILE),
    "workbook": (workbook, FILE),
    "how it was filled in": (table("/assessments/audit.csv"), FILE),
    "OData answers": (odata("Answers?$filter=Channel eq 'phone_in'"), NEVER),
    "OData answers counted": (odata("Answers/$count?$filter=Value eq 'asked_and_used'"), NEVER),
    "OData answers of one": (odata("Assessments('{visit}')/Answers"), NEVER),
    "OData answers of each": (odata("Assessments?$expand=Answers"), NEVER),
}
NO_ANSWER_EVER: Doors = {
    "places": (whole("/assessments/places.geojson"), FILE),
    "photos and sound": (archive, FILE),
    "season file": (whole("/season.json"), FILE),
    "list": (whole("/assessments"), NEVER),
    "agreement": (whole("/quality/agreement"), NEVER),
    "second score": (whole("/quality/second-scores/{visit}"), NOT | dict.fromkeys(RATERS, False)),
}


def _has_answers(text: str) -> bool:
    return SIGN in text or text.isdigit()


def test_dbl_2_no_door_shows_an_answer_before_the_second_score_and_each_does_after(desk: Any) -> None:
    """One server for all doors: what is read of it costs little, and making it much."""
    record = a_call()
    push(desk, record)
    before = tried_all(desk, {**DOORS, **NO_ANSWER_EVER}, record.id, _has_answers)
    with desk.services.database.transaction() as db:
        score_all_twice(db)
    after = tried_all(desk, DOORS, record.id, _has_answers)

    assert before == {name: dict(expected) for name, (_, expected) in {**DOORS, **NO_ANSWER_EVER}.items()}
    assert after == {
        name: {role: None if may is None else True for role, may in expected.items()}
        for name, (_, expected) in DOORS.items()
    }


def test_dbl_2_whoever_was_shown_the_page_by_a_refused_form_has_looked_at_it(desk: Any) -> None:
    record = a_call()
    push(desk, record)
    with signed_in(desk, Role.REVIEWER) as client:
        fields = {"verdict": "accepted", "digest": "x"}
        assert "question-PB4" in send(client, f"/assessments/{record.id}/review", fields).text
        page = client.get(f"/quality/second-scores/{record.id}").text
    assert "You have looked at this visit" in page


FAR = dict.fromkeys(("PA1", "PA4", "PB1", "PB2", "PB3", "PC3", "PC4", "PE5"), "false") | {"PC1": "0", "PC2": "0"}


def test_uns_2_a_visit_waits_until_its_scores_are_settled(database: Database) -> None:
    with database.transaction() as db:
        add_season(db)
        visit = a_visit(db)
        assert unseen_visits(db) == {visit}
        second, third = (By(add_person(db, name), LATER + timedelta(hours=1)) for name in ("ho", "lam"))
        score_second(db, visit, second, **FAR)
        assert unseen_visits(db) == {visit}  # a third person is to score it
        score_second(db, visit, third)
        assert unseen_visits(db) == frozenset()


def test_uns_2_of_a_closed_round_nothing_is_drawn_any_more(database: Database) -> None:
    with database.transaction() as db:
        first, second = a_round_that_ended(db)
        visit = min(unseen_visits(db))
        assert len(unseen_visits(db)) == LEAST
        closed(db, first)
        assert unseen_visits(db) == frozenset()
        second_scores.say_tie(db, visit, is_tied=False, by=second)
        with pytest.raises(SentenceError, match="round is closed"):
            second_scores.score(db, BOOK, visit, judged(), is_final=True, by=second)


def test_uns_4_a_file_leaves_out_what_came_while_it_was_read(database: Database) -> None:
    with database.transaction() as db:
        add_season(db)
        first, file = a_visit(db), UnseenInFile()
        began = _received(db, first)
        assert file.among(db, [began]) == {first}
        second = a_visit(db, 2)
        assert file.among(db, [began]) == {first}  # nothing newer on this page: not all visits are read again
        db.execute(update(tables.assessments).where(tables.assessments.c.id == second).values(received_at=LATER))
        assert file.among(db, [began, LATER]) == {first, second}
        assert unseen_visits(db, KEY) == {first, second}
        assert unseen_visits(db, ("nobody", "phone_in")) == frozenset()


def _received(db: Connection, name: str) -> datetime:
    return db.execute(select(tables.assessments.c.received_at).where(tables.assessments.c.id == name)).scalar_one()
