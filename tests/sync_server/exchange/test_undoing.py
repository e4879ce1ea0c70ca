"""UND: an import is taken back, as far as nothing rests on it and no phone may know of it; on SQLite."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from checklists.record.assignment import Assignment
from checklists.wire import decode
from sync_server.database import tables
from sync_server.database.queries.change_sets import SetRow
from sync_server.exchange.csv.undoing import RestsOnItError
from tests.sync_server.exchange.change_desk import CONTACT, NOW, Desk
from tests.sync_server.season_files import changed, example_season, with_row


@pytest.fixture
def desk(change_desk: Desk) -> Desk:
    return change_desk


def test_und_3_what_an_import_changed_is_as_before(desk: Desk) -> None:
    desk.write(example_season())
    before = desk.season()
    row = desk.write(changed(CONTACT, "contact_points.csv"))
    desk.undo(row)
    after = desk.season()
    for each in (*before["assignments"], *after["assignments"]):
        del each["updated_at"]
    assert after == before
    assert [body.contact_points[0].value for body in desk.told()] == [
        "+852 2000 0001", "+852 2000 0002", "+852 2000 0001",
    ]  # fmt: skip


def test_und_2_what_no_phone_may_know_of_goes(desk: Desk) -> None:
    row = desk.write(example_season())
    undo_id = desk.undo(row)
    assert all(not rows for rows in desk.season().values())
    assert [body.withdrawn for body in desk.told()] == [False, True]  # a phone enrolled later learns of both
    assert {verb for _, _, verb in desk.changes(undo_id)} == {"withdraw"}
    desk.write(example_season())  # and can come again
    assert all(desk.season().values())


def a_phone(db: Any) -> None:
    db.execute(
        insert(tables.devices).values(
            id="device-1", assessor_id="A-07", name="phone", token_hash="0" * 64, enrolled_at=NOW, last_seen_at=NOW
        )
    )


def test_und_2_an_assignment_a_phone_may_know_of_stays_withdrawn_with_what_it_names(desk: Desk) -> None:
    people = {"assessors.csv": example_season()["assessors.csv"]}
    desk.write(people)
    with desk.database.transaction() as db:
        a_phone(db)
    files = with_row(example_season(), "entrants.csv", entrant="kite")
    desk.undo(desk.write(files))
    (assignment,) = desk.rows("assignments")
    assert (assignment["withdrawn"], decode(assignment["body"], Assignment).withdrawn) == (True, True)
    assert [row["id"] for row in desk.rows("entrants")] == ["harbour-ferry"]
    assert [row["withdrawn"] for row in desk.rows("entries")] == [True]
    assert desk.rows("faqs") == []


def a_later_import(desk: Desk, row: SetRow) -> None:
    desk.write(changed(example_season(), "assessors.csv", name="Somebody else"))


def a_row_that_names_one(desk: Desk, row: SetRow) -> None:
    desk.write({"branches.csv": changed(example_season(), "branches.csv", branch="other-pier")["branches.csv"]})


def an_enrolment(desk: Desk, row: SetRow) -> None:
    with desk.database.transaction() as db:
        a_phone(db)


def a_record(desk: Desk, row: SetRow) -> None:
    with desk.database.transaction() as db:
        a_phone(db)
        db.execute(
            insert(tables.assessment_revisions).values(
                assessment_id="v", revision=1, digest="0" * 64, conflict=False, assignment_id="r1-harbour-ferry-01",
                assessor_id="A-07", device_id="device-1", received_at=NOW + timedelta(hours=1), status="draft",
                contact="open", form="phone_in@1", body=b"{}",
            )
        )  # fmt: skip


@pytest.mark.parametrize("rest", [a_later_import, a_row_that_names_one, an_enrolment, a_record])
def test_und_1_an_import_on_which_something_rests_stays(desk: Desk, rest: Callable[[Desk, SetRow], None]) -> None:
    row = desk.write(example_season())
    rest(desk, row)
    before = desk.season()
    with pytest.raises(RestsOnItError):
        desk.undo(row)
    assert desk.season() == before


def test_und_1_an_import_is_taken_back_after_the_later_one_was(desk: Desk) -> None:
    first, later = desk.write(example_season()), desk.write(changed(CONTACT, "contact_points.csv"))
    desk.undo(later)
    desk.undo(first)
    assert all(not rows for rows in desk.season().values())


def test_und_1_an_import_is_taken_back_once(desk: Desk) -> None:
    row = desk.write(example_season())
    desk.undo(row)
    with pytest.raises(RestsOnItError):
        desk.undo(row)
