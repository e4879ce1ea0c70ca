"""MOV: one visit given to somebody else or another day by hand; each rule that forbids it is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, select

from sync_server.database.engine import Database
from sync_server.database.queries.audit_log import AuditRow
from sync_server.database.tables import assignments
from sync_server.exchange.csv.importing import Importing
from sync_server.exchange.csv.plan import Checked
from sync_server.exchange.moving import Move, NotMovableError, move
from sync_server.exchange.typed_rows import MovedError, Outcome
from sync_server.people.permissions import Role
from tests.sync_server.conftest import Running
from tests.sync_server.desk import push, send, signed_in
from tests.sync_server.exchange.conftest import NOW
from tests.sync_server.season_files import example_season, with_row
from tests.sync_server.season_kit import a_call

Import = Callable[[Mapping[str, bytes]], Checked]
VISIT = "r1-harbour-ferry-01"
WAS = ("A-07", "2021-03-08")
PLACE = "/assignments/week"


@pytest.fixture
def planned(bring_in: Import) -> None:
    """The example season with a visit of A-07, and colleagues who may not make it, or may."""
    files = example_season()
    files = with_row(files, "assessors.csv", assessor="A-08", name="Lee", languages="cmn")
    files = with_row(files, "assessors.csv", assessor="A-09", name="Ho", languages="yue")
    files = with_row(files, "assessors.csv", assessor="A-10", name="Ng", languages="yue")
    files = with_row(files, "conflicts.csv", assessor="A-09", organisation="harbour", until="")
    later = {"assignment": "r1-harbour-ferry-02", "due_from": "2021-04-12", "due_until": "2021-04-23"}
    files = with_row(files, "assignments.csv", **later, withdrawn="yes")
    assert not bring_in(files).problems


def moved(database: Database, visit: str, assessor: str, day: str, was: tuple[str, str] = WAS) -> Outcome:
    def write(work: Callable[[Connection], Any]) -> Any:
        with database.transaction() as db:
            return work(db)

    audit = AuditRow(NOW, "user", "u-1", "record-typed", "import", "", {})
    return move(
        database, Importing(database, write, lambda: NOW), Move(visit, assessor, date.fromisoformat(day), was), audit
    )


@pytest.mark.parametrize(
    ("assessor", "day", "code"),
    [
        pytest.param("A-08", "2021-03-08", "language-not-spoken", id="a language that is not spoken"),
        pytest.param("A-09", "2021-03-08", "conflict-of-interest", id="a conflict"),
        pytest.param("A-07", "2021-06-01", "due-outside-round", id="a day outside the round"),
        pytest.param("A-99", "2021-03-08", "reference-unknown", id="nobody"),
    ],
)
@pytest.mark.usefixtures("planned")
def test_mov_1_what_forbids_a_move_is_named_and_nothing_is_written(
    season: Database, assessor: str, day: str, code: str
) -> None:
    outcome = moved(season, VISIT, assessor, day)
    assert outcome.state == "refused"
    assert code in [problem.code for problem in outcome.report.problems]
    with season.reading() as db:
        assert db.scalar(select(assignments.c.assessor_id).where(assignments.c.id == VISIT)) == "A-07"


@pytest.mark.usefixtures("planned")
def test_mov_2_its_days_move_together_and_mov_3_not_twice_from_one_page(season: Database) -> None:
    assert moved(season, VISIT, "A-10", "2021-03-15").state in ("written", "previewed")
    with pytest.raises(NotMovableError):
        moved(season, "r1-harbour-ferry-02", "A-10", "2021-04-13", ("A-07", "2021-04-12"))
    with pytest.raises(MovedError):
        moved(season, VISIT, "A-10", "2021-03-22", ("A-07", "2021-03-01"))
    with season.reading() as db:
        a = assignments.c
        row = db.execute(select(a.assessor_id, a.due_from, a.due_until).where(a.id == VISIT)).one()
    assert (row.assessor_id, row.due_from.isoformat()[:10], row.due_until.isoformat()[:10]) == (
        "A-10", "2021-03-14", "2021-03-26",
    )  # fmt: skip


@pytest.mark.usefixtures("planned")
def test_mov_4_no_visit_is_moved_to_days_that_are_over(season: Database) -> None:
    with pytest.raises(NotMovableError, match=r"choose \d+ \w+ 2021"):
        moved(season, VISIT, "A-10", "2020-12-01")


@pytest.mark.parametrize(
    "day",
    [
        pytest.param("0001-01-01", id="no week before it"),
        pytest.param("9999-12-31", id="no week after it"),
        pytest.param("soon", id="no day"),
    ],
)
def test_a_week_that_cannot_be_shown_is_this_one(desk: Running, day: str) -> None:
    with signed_in(desk, Role.VIEWER) as client:
        assert client.get(f"{PLACE}?on={day}").status_code == 200


def test_the_weeks_page_offers_what_is_still_to_do_and_says_what_forbids_a_move(desk: Running) -> None:
    """MOV-2"""
    push(desk, a_call())
    week = f"{PLACE}?on=2021-02-28"
    with signed_in(desk, Role.COORDINATOR) as client:
        page = client.get(week).text
        assert 'value="assignment-2 2021-02-28 assessor-2"' in page
        assert 'value="assignment-1 ' not in page, "a visit that was sent is shown, and not offered"
        fields = {"on": "2021-02-28", "visit": "assignment-2 2021-02-28 assessor-2", "assessor": "assessor-1"}
        refused = send(client, PLACE, {**fields, "day": "2021-03-03"}, page=week)
        assert refused.status_code == 422
        assert "has not told its staff" in refused.text
        assert 'value="assignment-2 2021-02-28 assessor-2" checked' in refused.text
        assert send(client, PLACE, {**fields, "day": ""}, page=week).status_code == 422
    with signed_in(desk, Role.VIEWER) as client:
        assert '<input type="radio"' not in client.get(week).text
