"""The pages of a plan: sealed, made, previewed, written; and many assignments changed at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, insert, update

from sync_server import clock
from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.queries.audit_log import audit_page
from sync_server.database.queries.plans import recent_plans
from sync_server.database.queries.season import rows_of
from sync_server.exchange.csv.season_import import import_files
from sync_server.pages.plan import Called, plan_view
from sync_server.people.permissions import Role
from sync_server.planning.closed_visits import closed_visits
from sync_server.planning.season import question_of
from sync_server.season.set_up import set_up
from tests.builders import both
from tests.sync_server.conftest import Running, run_server
from tests.sync_server.desk import add_account, form_token, signed_in
from tests.sync_server.enrolment_kit import add_edition
from tests.sync_server.plan_season import YEAR, a_plan, season_to_plan


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    for running in run_server(Config(data_dir=tmp_path_factory.mktemp("plan"))):
        with running.services.database.transaction() as db:
            set_up(db, clock.now())
            import_files(db, season_to_plan(entrants=1, people=6, branches=3), now=clock.now())
            for role in (Role.COORDINATOR, Role.VIEWER):
                add_account(db, role)
        yield running


@pytest.fixture
def coordinator(server: Running) -> Iterator[httpx.Client]:
    with signed_in(server, Role.COORDINATOR) as client:
        yield client


def press(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    return client.post(path, data={"csrf": form_token(client, "/plan"), **fields}, follow_redirects=True)


def kept(server: Running) -> list[dict[str, object]]:
    with server.services.database.reading() as db:
        return [dict(row) for row in rows_of(db, "assignments")]


def made(client: httpx.Client, **fields: str) -> httpx.Response:
    """Seal and make a plan, and wait until it is there."""
    sealed = press(client, "/plan", round="1")
    assert "Hash of the seed (SHA-256), published" in sealed.text
    page = press(client, f"{sealed.url.path}/make", **fields)
    while "The plan is being made." in page.text:
        page = client.get(page.url.path)
    return page


def test_a_round_is_planned_previewed_written_and_changed_at_once(server: Running, coordinator: httpx.Client) -> None:
    """PLW-3, BLK-1, BLK-2."""
    assert '<option value="1" selected>' in coordinator.get("/plan").text, "the round that is to be planned next"
    preview = made(coordinator)
    assert "26 of 26 missing visits are planned." in preview.text
    assert "Branches drawn" in preview.text
    assert kept(server) == []
    with server.services.database.reading() as db:
        (plan,) = recent_plans(db)
    assert plan.seed not in preview.text
    table = coordinator.get(f"{preview.url.path}/assignments.csv").text
    assert len(table.splitlines()) == 27
    written = press(coordinator, f"{preview.url.path}/confirm")
    assert plan.seed in written.text
    assert len(kept(server)) == 26
    assert press(coordinator, f"{preview.url.path}/confirm").status_code == 200, "twice is once"
    with server.services.database.reading() as db:
        actions = [row.action for row in audit_page(db)]
    assert actions.count("plan-written") == actions.count("plan-sealed") == 1
    assert "0 of 0 missing visits are planned." in made(coordinator).text

    own = [row["id"] for row in kept(server) if row["assessor_id"] == "A-01"]
    shown = press(coordinator, "/plan/many", round="1", assessor="A-01", give_to="")
    assert f"Phones are told of {len(own)} assignment" in shown.text
    press(coordinator, f"{shown.url.path}/confirm")
    assert {row["id"] for row in kept(server) if row["withdrawn"]} == set(own)
    assert "Nothing that is still to do fits this choice." in press(coordinator, "/plan/many", assessor="A-01").text
    again = made(coordinator)
    assert f"{len(own)} of {len(own)} missing visits are planned." in again.text
    without = made(coordinator, assessor="A-02")
    assert "Planned without: A-02" in without.text
    press(coordinator, f"{again.url.path}/confirm")
    refused = press(coordinator, f"{without.url.path}/confirm")
    assert (refused.status_code, "Preview it again." in refused.text) == (409, True)


def test_giving_away_is_held_to_the_rules_of_an_import(server: Running, coordinator: httpx.Client) -> None:
    made_first = made(coordinator)
    if "Write" in made_first.text:
        press(coordinator, f"{made_first.url.path}/confirm")
    refused = press(coordinator, "/plan/many", assessor="A-03", give_to="A-04")
    assert "comes to this entrant again within 7 days" in refused.text
    assert press(coordinator, "/plan", round="9").status_code == 404
    assert coordinator.get("/plan/nothing").status_code == 404


def test_a_viewer_plans_nothing(server: Running) -> None:
    with signed_in(server, Role.VIEWER) as client:
        assert client.get("/plan").status_code == 403


def test_a_calendar_and_the_weeks_of_assessors() -> None:
    """PLP-1."""
    view = plan_view(a_plan(), Called({"assessor-1": "Wong", "assessor-2": "Chan"}))
    assert [month.first for month in view.months] == [date(2021, 3, 1), date(2021, 4, 1)]
    assert all(len(week) == 7 for month in view.months for week in month.weeks)
    assert sum(day.visits for month in view.months for week in month.weeks for day in week) == 40
    assert [load.name for load in view.loads] == ["Chan", "Wong"]
    assert sum(load.total for load in view.loads) == 40
    assert {shade for load in view.loads for _, shade in load.weeks} <= set(range(5))
    assert view.lowest["daypart"].index["daypart"] == 98
    named = [day for month in view.months for week in month.weeks for day in week if day.holiday]
    assert [(day.number, day.holiday["en"], day.holiday["zh-Hant"]) for day in named[:2]] == [
        (2, "Good Friday", "耶穌受難節"),
        (3, "The day following Good Friday", "耶穌受難節翌日"),
    ]


def test_pages_of_plans_are_in_both_languages(server: Running) -> None:
    with signed_in(server, Role.COORDINATOR, language="zh-Hant") as client:
        page = client.get("/plan").text
    assert "公布種子的雜湊值" in page
    assert not re.search(r">[^<]*Publish the seed", page)


def test_the_pages_say_that_round_1_waits_for_the_check_list(server: Running, coordinator: httpx.Client) -> None:
    with server.services.database.transaction() as db:
        add_edition(db, YEAR)
    try:
        assert 'href="/edition">' in coordinator.get("/plan").text.partition("is not written before the check list")[2]
    finally:
        with server.services.database.transaction() as db:
            db.execute(delete(tables.editions))
    assert "is not written before the check list" not in coordinator.get("/plan").text


def test_plp_2_entries_and_branches_are_called_what_people_call_them() -> None:
    called = Called({}, {"harbour-ferry": both("Harbour Ferry", "港灣渡輪")}, {"central-pier": both("Pier", "碼頭")})
    names = plan_view(a_plan(), called).names
    assert names["harbour-ferry/phone_in"] == {"en": "Harbour Ferry · Phone-in", "zh-Hant": "港灣渡輪 · 電話"}
    assert names["harbour-ferry/onsite (branch)"]["en"] == "Harbour Ferry · Onsite · Visits to branches"
    assert names["central-pier"]["zh-Hant"] == "碼頭"


def test_plp_3_who_may_not_go_any_more_is_listed_until_their_visits_are_planned_again(
    server: Running, coordinator: httpx.Client
) -> None:
    planned = made(coordinator)
    if "Write" in planned.text:
        press(coordinator, f"{planned.url.path}/confirm")
    assert "Conflicts in the plan" not in coordinator.get("/plan").text
    with server.services.database.transaction() as db:
        db.execute(update(tables.assessors).where(tables.assessors.c.id == "A-05").values(left_at=clock.now()))
        barred = {"assessor_id": "A-06", "organisation": "unit-01", "reason": "Worked there."}
        db.execute(insert(tables.conflicts).values(barred))
    own = in_conflict(server)
    page = coordinator.get("/plan").text
    listed = page.partition('id="conflicts"')[2].partition("</section>")[0]
    assert ("Has left" in listed, "Worked there." in listed) == (True, True)
    assert sum(map(int, re.findall(r'class="number"[^>]*><span>(\d+)', listed))) == len(own)
    assert "Plan these of round 1 again" in listed
    again = press(coordinator, f"{made(coordinator).url.path}/confirm")
    assert all(str(row["id"]) in again.text for row in in_conflict(server)), "SFT-5"


def in_conflict(server: Running) -> list[dict[str, Any]]:
    """The visits of A-05, who left, and of A-06, but for those that were given a reason.

    A reason lets a visit break the rules that may be broken, whatever it was given for.
    """
    held = [row for row in kept(server) if not row["withdrawn"]]
    return [
        one for one in held if one["assessor_id"] == "A-05" or (one["assessor_id"] == "A-06" and not one["exception"])
    ]


def test_pls_6_visits_on_whose_days_nobody_serves_are_listed_and_lost_by_the_next_plan(
    server: Running, coordinator: httpx.Client
) -> None:
    planned = made(coordinator)
    if "Write" in planned.text:
        press(coordinator, f"{planned.url.path}/confirm")
    assert "No service" not in coordinator.get("/plan").text
    now, entrant = clock.now(), min(row["entrant_id"] for row in kept(server) if not row["withdrawn"])
    around = {"begins_at": datetime(YEAR, 2, 1, tzinfo=UTC), "ends_at": datetime(YEAR, 6, 1, tzinfo=UTC)}
    closed = {"id": "strike", "entrant_id": entrant, "reason": both("A strike"), **around}
    with server.services.database.transaction() as db:
        db.execute(insert(tables.suspensions).values(**closed))
    try:
        with server.services.database.reading() as db:
            found = closed_visits(db, {1}, now)
            lost = {one.id for one in question_of(db, 1, "0" * 64, now).lost}
        own = {row["id"] for row in kept(server) if row["entrant_id"] == entrant and not row["withdrawn"]}
        assert {one.rule for one in found} == {"closed"}
        assert len(found) == len(own & lost) > 0
        listed = coordinator.get("/plan").text.partition('id="conflicts"')[2].partition("</section>")[0]
        assert "No service (PLS-3)" in listed
    finally:
        with server.services.database.transaction() as db:
            db.execute(delete(tables.suspensions))
