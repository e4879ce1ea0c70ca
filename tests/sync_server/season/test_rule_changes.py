"""RSV-2 and RSV-6 to RSV-8: what a changed rule is in force for. Ids are those in sync_server/season/."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sync_server.database import tables
from sync_server.database.queries.round_rules import OWN, decisions_on_rules, name_of
from sync_server.season.observed_time import confirm_clock
from sync_server.season.release import dated_rounds
from sync_server.season.rule_changes import Decision, add_version, freeze_opened
from sync_server.season.rules import rules_in_force, version_in_force, versions_in_force
from tests.sync_server.season_kit import SET_UP_AT, add_season

DAY = timedelta(days=1)
ZERO = {"unreachable.score_mode": "zero", "grade.dp": 2}


@pytest.fixture
def season(database: Any) -> Any:
    with database.transaction() as db:
        add_season(db)
    return database


def day_in(database: Any, number: int) -> datetime:
    with database.reading() as db:
        return dated_rounds(db)[number].opens_at + DAY


def change(database: Any, now: datetime, *about: str, rules: Any = ZERO) -> None:
    with database.transaction() as db:
        confirm_clock(db, now)
        add_version(db, rules, "agreed", created_by="admin", now=now, decision=Decision(frozenset(about), [["x"] * 4]))


def modes(database: Any) -> tuple[int, list[str]]:
    """Decimals that finals are graded on, and each round's way with the unreached."""
    with database.reading() as db:
        rules = rules_in_force(db)
    return rules.rules.whole("grade.dp"), [rules.rules_of(n).text("unreachable.score_mode")[:4] for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("in_round", "about", "expected"),
    [
        pytest.param(None, (), (2, ["zero", "zero", "zero"]), id="RSV-2 before anything opened"),
        pytest.param(1, (), (1, ["impu", "zero", "zero"]), id="RSV-2 round 1 is open"),
        pytest.param(2, (), (1, ["impu", "impu", "zero"]), id="RSV-2 round 2 is open"),
        pytest.param(2, ("round-2",), (1, ["impu", "zero", "zero"]), id="RSV-8 by decision, about round 2"),
        pytest.param(2, (OWN,), (2, ["impu", "impu", "zero"]), id="RSV-8 by decision, about the season's own"),
        pytest.param(1, ("round-3",), (1, ["impu", "zero", "zero"]), id="RSV-8 what has not opened needs none"),
    ],
)
def test_a_changed_rule_is_for_what_has_not_opened(
    season: Any, in_round: int | None, about: tuple[str, ...], expected: tuple[int, list[str]]
) -> None:
    change(season, SET_UP_AT if in_round is None else day_in(season, in_round), *about)
    assert modes(season) == expected


def test_rsv_6_a_round_follows_what_is_in_force_when_it_opens(season: Any) -> None:
    change(season, day_in(season, 1))
    with season.transaction() as db:
        at = day_in(season, 2)
        freeze_opened(db, at, at)
        freeze_opened(db, at, at)
    change(season, day_in(season, 2), rules={"unreachable.score_mode": "exclude"})
    assert modes(season)[1] == ["impu", "zero", "excl"]


def test_rsv_8_a_decision_is_kept_with_its_reason_and_effects_and_the_last_one_holds(season: Any) -> None:
    at = day_in(season, 1)
    change(season, at, "round-1")
    change(season, at, "round-1", rules={"unreachable.score_mode": "exclude"})
    assert modes(season)[1] == ["excl"] * 3
    with season.reading() as db:
        decisions = decisions_on_rules(db)
    assert [(one.what, one.version, one.reason, one.effects) for one in decisions] == [
        (name_of(1), version, "agreed", [["x"] * 4]) for version in (3, 2)
    ]


def test_rsv_7_a_moment_of_release_is_the_newest_and_changes_no_figure(season: Any) -> None:
    at = day_in(season, 1)
    with season.reading() as db:
        moment = (dated_rounds(db)[2].closes_at + DAY).isoformat()
    change(season, at, rules={"report.release_at.1": moment})
    with season.reading() as db:
        rules = rules_in_force(db)
    assert rules.rules.plain["report.release_at"][1] == moment
    assert rules.rules_by_round == {}


def test_rsv_3_phones_work_under_the_rules_of_the_round_that_opened_last(season: Any) -> None:
    def told() -> list[str]:
        with season.reading() as db:
            statement = select(tables.changes.c.body).where(tables.changes.c.kind == "programme")
            bodies = db.execute(statement.order_by(tables.changes.c.seq)).scalars().all()
        return ['"unreachable.score_mode":"zero"' in body for body in bodies]

    assert told() == [False]
    change(season, day_in(season, 1))
    assert told() == [False]
    with season.transaction() as db:
        at = day_in(season, 2)
        freeze_opened(db, at, at)
        assert versions_in_force(db).of_phones == version_in_force(db)
    assert told() == [False, True]
