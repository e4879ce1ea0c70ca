"""PLW, PLS: plans kept, written and refused, and what of a season is lost or stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec import UNSET
from sqlalchemy import Connection, insert, update

from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.queries.audit_log import AuditRow, audit_page
from sync_server.database.queries.plans import PlanRow
from sync_server.database.queries.round_rules import RoundRules, append_round_rules, name_of
from sync_server.database.queries.season import rows_of
from sync_server.exchange.csv.archive import Gathered
from sync_server.exchange.csv.importing import Importing
from sync_server.exchange.csv.planning import OtherSeedError, Planning, RedListError
from sync_server.exchange.csv.sheets import BY_FILE
from sync_server.exchange.season_changes import SeasonMovedError
from sync_server.exchange.withdrawing import take_out
from sync_server.planning.season import PlanError, question_of
from tests.sync_server.databases import migrated
from tests.sync_server.enrolment_kit import add_edition
from tests.sync_server.plan_season import YEAR, season_to_plan
from tests.sync_server.season_files import as_file, changed

NOW = datetime(YEAR, 3, 9, 2, 0, tzinfo=UTC)
AUDIT = AuditRow(NOW, "user", "u", "plan-written", "plan", "p", {})


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return migrated(Config(data_dir=tmp_path).database)


def brought_in(database: Database, files: Mapping[str, bytes]) -> Planning:
    def write(do: Callable[[Connection], Any]) -> Any:
        with database.transaction() as db:
            return do(db)

    importing = Importing(database, write, lambda: NOW)
    set_id = importing.begin("u")
    importing.preview(set_id, Gathered(files=files))
    importing.confirm(set_id, AUDIT)
    return Planning(database, write, lambda: NOW, importing)


@pytest.fixture
def planning(database: Database) -> Planning:
    return brought_in(database, season_to_plan(entrants=1, people=6))


@pytest.mark.parametrize(
    ("file", "cells", "why"),
    [
        pytest.param("entrants.csv", {"staff_notice_on": ""}, "its staff have not been told (E1)", id="no notice"),
        pytest.param("scenarios.csv", {"approved_by": "Chan"}, "no scenario of this channel is approved", id="no name"),
        pytest.param("scenarios.csv", {"faqs": "lost"}, "no scenario of this channel is approved", id="no FAQ"),
        pytest.param(
            "scenarios.csv", {"briefing_en": "Say it was a suicide."}, "names no red line (E13)", id="a red line"
        ),
        pytest.param("contact_points.csv", {"channel": "onsite"}, "no contact point of it is filed", id="no number"),
    ],
)
def test_what_an_import_would_refuse_is_not_planned(
    database: Database, file: str, cells: dict[str, str], why: str
) -> None:
    """PLS-2."""
    brought_in(database, changed(season_to_plan(entrants=1, scenarios=1), file, **cells))
    with database.reading() as db:
        (line,) = question_of(db, 1, "1", NOW).lines
    assert line.blocked is not None
    assert why in line.blocked[0]["en"]


def test_certificates_of_a_round_are_asked_with_its_plan_and_can_be_taken_out(database: Database) -> None:
    """PLS-1, SFT-4."""
    rows = [
        {"assessor": name, "channel": on, "round": "1", "passed_on": "2031-02-20", "note": "Three trial calls."}
        for name, on in (("A-02", "phone_in"), ("A-01", "phone_in"), ("A-03", "online"))
    ]
    files = season_to_plan(entrants=1, people=3)
    brought_in(database, {**files, "certificates.csv": as_file(rows)})
    with database.transaction() as db:
        assert question_of(db, 1, "1", NOW).certified == {"online": ("A-03",), "phone_in": ("A-01", "A-02")}
        for row in rows:
            take_out(db, BY_FILE["certificates.csv"], (row["assessor"], row["channel"], "1"), by="u", now=NOW)
        assert question_of(db, 1, "1", NOW).certified is UNSET
        assert rows_of(db, "certificates") == []


def test_recordings_are_planned_where_they_can_be_reached(database: Database) -> None:
    """PLS-1: 20 recordings are ten sessions, at the one branch with a contact point of its own."""
    files = season_to_plan(entrants=1, branches=3)
    for file in ("entries.csv", "contact_points.csv", "scenarios.csv"):
        files = changed(files, file, channel="onsite")
    brought_in(database, changed(files, "contact_points.csv", branch="unit-01-b1"))
    with database.reading() as db:
        line = next(line for line in question_of(db, 1, "1", NOW).lines if line.channel == "onsite")
    assert (line.variant, line.visits, line.recordings, line.blocked) == ("recording", 10, 2, None)
    assert ([place.id for place in line.places], line.branches) == (["unit-01-b1"], 1)


def test_of_two_coordinators_who_plan_at_once_the_second_plans_again(planning: Planning, database: Database) -> None:
    """PLW-2, PLW-1."""
    first = planning.seal(1, "u")
    assert planning.seal(1, "v") == first, "one seal waits"
    with pytest.raises(OtherSeedError, match=first.seed_hash):
        planning.seal(1, "v", "a seed of one's own")
    made = planning.make(first.id)
    with pytest.raises(LookupError):
        planning.make(first.id)
    second = planning.seal(1, "v")
    assert second.seed_hash != first.seed_hash
    planning.make(second.id)
    planning.confirm(first.id, AUDIT)
    planning.confirm(first.id, AUDIT)
    with pytest.raises(SeasonMovedError):
        planning.confirm(second.id, AUDIT)
    with database.reading() as db:
        assert [row["id"] for row in rows_of(db, "assignments")] == sorted(visit.code for visit in made.visits)
    written, refused = row_of(planning, first), row_of(planning, second)
    assert written.written_at is not None
    assert refused.written_at is None


def test_a_plan_that_two_confirm_at_the_same_moment_is_written_once(planning: Planning, database: Database) -> None:
    """PLW-3."""
    sealed = planning.seal(1, "u")
    planning.make(sealed.id)
    audit = AUDIT._replace(subject_id=sealed.id)

    def write_after_the_other(do: Callable[[Connection], Any]) -> Any:
        planning.confirm(sealed.id, audit)
        with database.transaction() as db:
            return do(db)

    slower = Importing(database, write_after_the_other, lambda: NOW)
    Planning(database, write_after_the_other, lambda: NOW, slower).confirm(sealed.id, audit)
    with database.reading() as db:
        assert [row.subject_id for row in audit_page(db)].count(sealed.id) == 1


def row_of(planning: Planning, row: PlanRow) -> PlanRow:
    kept = planning.row(row.id)
    assert kept is not None
    return kept


def test_what_stands_in_the_way_is_kept_with_the_plan(planning: Planning) -> None:
    sealed = planning.seal(5, "u")
    with pytest.raises(PlanError, match="There is no round 5"):
        planning.make(sealed.id)
    failure = row_of(planning, sealed).failure
    assert failure is not None
    assert "回合" in failure["zh-Hant"]


def test_what_is_under_way_stays_and_what_is_lost_is_planned_again(planning: Planning, database: Database) -> None:
    """PLS-3."""
    sealed = planning.seal(1, "u")
    planning.make(sealed.id)
    planning.confirm(sealed.id, AUDIT)
    with database.transaction() as db:
        rows = [row for row in rows_of(db, "assignments") if row["assessor_id"] == "A-01"]
        begun, void, *rest = (row["id"] for row in rows)
        add_record(db, begun, "draft")
        add_record(db, void, "void")
        db.execute(update(tables.assessors).where(tables.assessors.c.id == "A-01").values(left_at=NOW))
        question = question_of(db, 1, "1", NOW)
    assert [lost.id for lost in question.lost] == sorted(rest)
    kept = {one.id: one.counts for one in question.kept}
    assert (kept[begun], kept[void]) == (True, False)
    assert "A-01" not in {person.id for person in question.people}
    with database.reading() as db:
        others = question_of(db, 1, "1", NOW, ["A-02"])
    assert {lost.id for lost in others.lost} > {lost.id for lost in question.lost}
    with database.transaction() as db:
        conflict = {"assessor_id": "A-03", "organisation": "unit-01", "reason": "worked there"}
        db.execute(insert(tables.conflicts).values(conflict))
        barred = question_of(db, 1, "1", NOW)
    assert len(barred.lost) > len(question.lost)


def test_an_assessor_who_leaves_with_forty_visits_loses_those_alone_that_are_not_under_way(database: Database) -> None:
    """PLS-3, PLN-3."""
    planning = brought_in(database, season_to_plan(entrants=12, people=5, scenarios=10))
    first = planning.seal(1, "u")
    planning.make(first.id)
    planning.confirm(first.id, AUDIT)
    with database.transaction() as db:
        before = {row["id"]: dict(row) for row in rows_of(db, "assignments")}
        begun, *rest = (code for code, row in before.items() if row["assessor_id"] == "A-01")
        assert len(rest) >= 39
        add_record(db, begun, "draft")
        db.execute(update(tables.assessors).where(tables.assessors.c.id == "A-01").values(left_at=NOW))
    second = planning.seal(1, "u")
    plan = planning.make(second.id)
    planning.confirm(second.id, AUDIT)
    with database.reading() as db:
        after = {row["id"]: dict(row) for row in rows_of(db, "assignments")}
    assert after.keys() == before.keys()
    moved = {code for code in before if after[code] != before[code]}
    assert moved == {visit.code for visit in plan.visits} <= set(rest)
    told = [one.what["en"] for one in plan.missed if one.rule == "lost"]
    assert all(any(code in words for words in told) for code in set(rest) - moved), "SFT-5"
    assert sum(one.count for one in plan.unmet) == len(rest) - len(moved)


def test_visits_to_a_branch_that_closed_in_mid_round_are_made_at_the_others(database: Database) -> None:
    """PLS-3."""
    planning = brought_in(database, season_to_plan(entrants=1, people=6, branches=3))
    first = planning.seal(1, "u")
    planning.make(first.id)
    planning.confirm(first.id, AUDIT)
    with database.reading() as db:
        closed = next(row["branch_id"] for row in rows_of(db, "assignments") if row["branch_id"])
        lost = {row["id"] for row in rows_of(db, "assignments") if row["branch_id"] == closed}
    second = planning.seal(1, "u")
    plan = planning.make(second.id, [closed])
    assert {visit.code for visit in plan.visits} == lost
    assert closed not in {visit.branch for visit in plan.visits}
    planning.confirm(second.id, AUDIT)
    with database.reading() as db:
        assert closed not in {row["branch_id"] for row in rows_of(db, "assignments")}


def add_record(db: Connection, assignment_id: str, status: str) -> None:
    values: dict[str, Any] = {
        "id": f"record-of-{assignment_id}", "assignment_id": assignment_id, "entrant_id": "unit-01",
        "channel": "phone_in", "round": 1, "assessor_id": "A-01", "device_id": "d", "revision": 1, "digest": "0" * 64,
        "form": "phone_in@1", "status": status, "contact": "connected", "started_at": NOW, "first_received_at": NOW,
        "received_at": NOW,
    }  # fmt: skip
    if status == "draft":
        device = {"id": "d", "assessor_id": "A-01", "name": "p", "token_hash": "0" * 64}
        db.execute(insert(tables.devices).values(**device, enrolled_at=NOW, last_seen_at=NOW))
    db.execute(insert(tables.assessments).values(values))


@pytest.mark.parametrize(
    ("milestones", "opens_at", "has_opened", "is_written"),
    [
        pytest.param({}, NOW + timedelta(days=1), False, False, id="red lines, and its moment is to come"),
        pytest.param({}, NOW, False, False, id="red lines, and its moment passed: they keep it from opening"),
        pytest.param({}, NOW, True, True, id="red lines, but it had opened"),
        pytest.param(None, NOW + timedelta(days=1), False, True, id="no edition, as earlier releases kept a season"),
    ],
)
def test_plw_4_round_1_is_not_written_while_the_check_list_is_red(
    planning: Planning, database: Database, milestones, opens_at, *, has_opened, is_written
) -> None:
    with database.transaction() as db:
        if has_opened:
            append_round_rules(db, [RoundRules(name_of(1), 1, "", (), "system", NOW)])
        if milestones is not None:
            add_edition(db, YEAR, **milestones)
        db.execute(update(tables.rounds).values(opens_at=opens_at))
    sealed = planning.seal(1, "u")
    planning.make(sealed.id)
    if is_written:
        planning.confirm(sealed.id, AUDIT)
    else:
        with pytest.raises(RedListError, match="Red lines"):
            planning.confirm(sealed.id, AUDIT)
    with database.reading() as db:
        assert bool(rows_of(db, "assignments")) is is_written


def test_pls_5_nothing_is_planned_on_a_suspended_day_and_only_a_whole_one_loses_what_is(
    planning: Planning, database: Database
) -> None:
    def days() -> set[date]:
        with database.reading() as db:
            rows = rows_of(db, "assignments")
        zone = ZoneInfo("Asia/Hong_Kong")
        return {row["due_from"].astimezone(zone).date() for row in rows if not row["withdrawn"]}

    def suspend(name: str, begins: datetime, hours: int) -> None:
        values = {"entrant_id": None, "ends_at": begins + timedelta(hours=hours), "reason": {"en": "A typhoon"}}
        with database.transaction() as db:
            db.execute(insert(tables.suspensions).values(id=name, begins_at=begins, **values))

    morning = datetime(YEAR, 3, 15, 1, tzinfo=UTC)
    for number in range(5):
        suspend(f"part-{number}", morning + timedelta(days=7 * number), 2)
    sealed = planning.seal(1, "u", "seed")
    planning.make(sealed.id)
    planning.confirm(sealed.id, AUDIT)
    mondays = {(morning + timedelta(days=7 * number)).date() for number in range(5)}
    planned = days()
    assert planned
    assert not planned & mondays
    with database.reading() as db:
        assert question_of(db, 1, "other", NOW).lost == ()
    suspend("whole", datetime.combine(min(planned), time.min, UTC) - timedelta(hours=8), 24)
    with database.reading() as db:
        assert question_of(db, 1, "other", NOW).lost
