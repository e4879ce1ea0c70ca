"""TDY, SMP: what must be done now and where the season stands, read from a season in the middle of its first round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, insert, update

from checklists.forms.form import Channel
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.releases import ReleaseRow, append_release
from sync_server.pages.season_map import AssignedBook, season_map
from sync_server.pages.today import Today, today_view
from tests.builders import NOON, an_assignment, an_attempt, both
from tests.sync_server.season_kit import ASSESSOR, a_call, add_assignment, add_season, keep_record

LATER = NOON + timedelta(days=30)


@pytest.fixture
def db(database: Database) -> Iterator[Connection]:
    with database.transaction() as db:
        add_season(db)
        yield db


def seen(db: Connection, now=LATER) -> Today:
    return today_view(db, now)


def test_an_empty_day_has_no_figure_but_what_is_behind(db) -> None:
    view = seen(db)
    assert view.round is not None
    assert (view.round.number, view.round.day, view.round.days, view.round.done) == (1, 32, 60, 0)
    assert (view.waiting_count, list(view.returned), list(view.closing)) == (0, [], [])


def test_tdy_2_an_entry_is_behind_by_so_many_and_the_free_stand_beside_it_without_conflicts(db) -> None:
    db.execute(
        insert(tables.conflicts).values(
            assessor_id=ASSESSOR, organisation="harbour-ferry", until=None, reason="Worked there."
        )
    )
    behind = {each.channel: each for each in seen(db).behind}
    assert behind["phone_in"].quota == 40
    assert behind["phone_in"].by == 21
    assert [name for name, _ in behind["phone_in"].free] == ["Name of assessor-2"]
    assert list(seen(db, NOON).behind) == [], "on the second day nobody is behind"


def test_what_was_due_is_overdue_by_assessor_until_it_is_finished(db) -> None:
    db.execute(update(tables.assignments).values(due_until=NOON + timedelta(days=1)))
    late = {each.assessor_id: (each.visits, each.begun) for each in seen(db).late}
    assert late == {"assessor-1": (2, 0), "assessor-2": (1, 0)}
    keep_record(db, a_call())
    assert {each.assessor_id: each.visits for each in seen(db).late} == {"assessor-1": 1, "assessor-2": 1}


def test_tdy_3_a_phone_is_silent_while_its_assessor_has_visits_to_make(db) -> None:
    db.execute(update(tables.devices).values(last_seen_at=LATER))
    assert list(seen(db).silent) == []
    db.execute(
        update(tables.devices)
        .where(tables.devices.c.assessor_id == ASSESSOR)
        .values(last_seen_at=LATER - timedelta(hours=49))
    )
    assert {(each.assessor_id, each.to_do) for each in seen(db).silent} == {(ASSESSOR, 2)}


def test_waiting_visits_stand_by_their_age(db) -> None:
    keep_record(db, a_call())
    db.execute(update(tables.assessments).values(received_at=LATER - timedelta(days=5)))
    ages = {each.since: each.waiting for each in seen(db).waiting}
    assert ages == {0: 0, 1: 0, 2: 0, 3: 0, 4: 1, 6: 0}


def test_tdy_1_a_window_that_closes_today_says_how_many_tries_are_missing_and_whether_they_fit(db) -> None:
    opened = tuple(an_attempt(-60 * 24 * days) for days in (2, 1))
    draft = a_call(attempts=opened, contact="open", status="draft")
    keep_record(db, draft)
    morning, midnight = NOON.replace(hour=2), NOON.replace(hour=15, minute=40)
    found = [list(seen(db, now).closing) for now in (morning, midnight, NOON + timedelta(days=1))]
    assert [[(each.counted, each.missing, each.can_be_filled) for each in rows] for rows in found] == [
        [(2, 4, True)], [(2, 4, False)], [],
    ]  # fmt: skip
    days = [((NOON.date() - day.on).days, day.counted, day.left) for day in found[0][0].days]
    assert days == [(2, 1, 0), (1, 1, 0), (0, 0, 4)]


def test_tdy_4_a_released_round_stands_with_its_clock_until_its_window_has_ended(db) -> None:
    append_release(db, ReleaseRow(1, LATER, LATER, "system"))
    clocks = {days: list(seen(db, LATER + timedelta(days=days)).disputes) for days in (0, 19, 20)}
    assert [(each.round, each.days) for each in clocks[0]] == [(1, 19)], "Easter and Ching Ming lie between"
    assert [each.days for each in clocks[19]] == [0]
    assert clocks[20] == []


def test_smp_3_the_eighteen_districts_stand_where_they_lie(db) -> None:
    branch = {"id": "central-pier", "entrant_id": "harbour-ferry", "name": both("Pier", "碼頭")}
    db.execute(delete(tables.branches))
    db.execute(insert(tables.branches).values(**branch, address=both("-", "-"), district="油尖旺"))
    add_assignment(db, an_assignment(id="on-site", channel=Channel.ONSITE))
    db.execute(update(tables.assignments).where(tables.assignments.c.id == "on-site").values(branch_id="central-pier"))
    tiles = season_map(db, LATER, AssignedBook()).tiles
    assert len({tile.place for tile in tiles}) == 18
    assert {tile.name["en"]: tile.planned for tile in tiles if tile.planned} == {"Yau Tsim Mong": 1}


def test_smp_1_the_map_counts_what_came_by_entry_and_round(db) -> None:
    keep_record(db, a_call())
    view = season_map(db, LATER, AssignedBook())
    cells = {line.channel: line.cells for group in view.groups for line in group.lines}
    assert [(cell.done, cell.quota, cell.is_open) for cell in cells["phone_in"]] == [
        (1, 40, True), (0, 40, False), (0, 40, False),
    ]  # fmt: skip
    assert (cells["phone_in"][0].is_behind, cells["phone_in"][0].mark, cells["phone_in"][0].shade) == (True, "", 0), (
        "SMP-2"
    )
    assert (view.rounds[0].done, view.rounds[0].quota, view.shown) == (1, 60, 1)
