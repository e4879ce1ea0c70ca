"""IMP: rounds, when what is due is due, and releases, from CSV files. Ids are those in sync_server/exchange/csv/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from sync_server.database.engine import Database
from sync_server.database.queries.season import rows_of
from sync_server.exchange.csv.plan import Checked
from sync_server.season.release import release_due
from sync_server.season.rules import version_in_force
from tests.sync_server.closed_season import sign_off
from tests.sync_server.season_files import changed, example_season, with_row

NOW = datetime(2021, 3, 10, 2, 0, tzinfo=UTC)
Files = Mapping[str, bytes]
Import = Callable[[Files], Checked]


def held(database: Database, name: str) -> list[dict[str, object]]:
    with database.reading() as db:
        return list(rows_of(db, name))


def problems(checked: Checked) -> list[tuple[str, str]]:
    return [(problem.place, problem.code) for problem in checked.problems]


def four_months() -> Files:
    """Two rounds that follow each other, with an assignment in the first."""
    return with_row(
        example_season(), "rounds.csv", round=2, opens_at="2021-05-01", closes_at="2021-06-30", released_at=""
    )


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        pytest.param(
            {"released_at": "2012-05-14 09:00"},
            [("rounds.csv: row 2: released_at", "release-too-early")],
            id="IMP-7 another year",
        ),
        pytest.param(
            {"released_at": "2012-05-14 09:00", "closes_at": "2021-05-14"},
            [
                ("rounds.csv: row 2: released_at", "release-too-early"),
                ("rounds.csv: row 3: opens_at", "rounds-overlap"),
            ],
            id="IMP-7 several at once",
        ),
        pytest.param({"opens_at": "2021-03-08"}, [], id="IMP-7 what was due stays within the round"),
        pytest.param(
            {"opens_at": "2021-03-09"},
            [("assignments.csv: row 2: due_from", "due-outside-round")],
            id="IMP-7 what was due before it opens",
        ),
    ],
)
def test_dates_of_rounds_are_refused_with_their_place(
    bring_in: Import, cells: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    assert problems(bring_in(changed(four_months(), "rounds.csv", **cells))) == found


def test_imp_7_a_round_is_checked_against_the_rounds_kept(bring_in: Import) -> None:
    bring_in(four_months())
    again = {"rounds.csv": changed(four_months(), "rounds.csv", opens_at="2021-04-01", row=1)["rounds.csv"]}
    assert problems(bring_in(again)) == [("rounds.csv: row 3: opens_at", "rounds-overlap")]
    moved = {"rounds.csv": changed(example_season(), "rounds.csv", opens_at="2021-03-10")["rounds.csv"]}
    assert problems(bring_in(moved)) == [("assignment r1-harbour-ferry-01: due_from", "due-outside-round")]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        pytest.param({"due_until": "2021-09-10"}, ("due_until", "due-outside-round"), id="IMP-A6 in another round"),
        pytest.param({"due_from": "2062-03-08", "due_until": "2062-03-19"}, ("due_from", "due-outside-round"),
                     id="IMP-A6 in 2062"),
        pytest.param({"due_until": "2021-04-02"}, ("due_until", "due-on-closed-day"), id="IMP-A6 on a closed day"),
        pytest.param({"due_from": "2021-03-14", "due_until": "2021-03-14"}, ("due_until", "due-while-closed"),
                     id="IMP-A6 on a Sunday alone"),
    ],
)  # fmt: skip
def test_when_an_assignment_is_due_is_checked(bring_in: Import, cells: dict[str, Any], found: tuple[str, str]) -> None:
    column, code = found
    checked = bring_in(changed(example_season(), "assignments.csv", **cells))
    assert problems(checked) == [(f"assignments.csv: row 2: {column}", code)]
    withdrawn = bring_in(changed(example_season(), "assignments.csv", **cells, withdrawn="yes"))
    assert problems(withdrawn) == []


def test_imp_6_the_moment_of_release_goes_into_the_rules_and_again_changes_nothing(
    bring_in: Import, database: Database
) -> None:
    moment = "2021-05-20T09:00:00+08:00"
    for typed, kept, version in (("2021-05-20 09:00", moment, 1), ("2021-05-20 09:00", moment, 1), ("", None, 2)):
        assert problems(bring_in(changed(example_season(), "rounds.csv", released_at=typed))) == []
        with database.reading() as db:
            in_force = version_in_force(db)
        assert (in_force.number, in_force.parameters["report.release_at"][0]) == (version, kept)


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        pytest.param({"faq_filing": "", "faq_filed_at": ""}, ("never", True), id="empty: not yet filed"),
        pytest.param({"faq_filing": "never", "faq_filed_at": ""}, ("never", False), id="never"),
        pytest.param({"faq_filing": "in_time", "faq_filed_at": ""}, ("in_time", False), id="in time"),
        pytest.param({"faq_filing": "", "faq_filed_at": "2021-02-17 10:00"}, ("at", False), id="at a moment"),
    ],
)
def test_an_empty_filing_is_not_yet_filed(
    bring_in: Import, database: Database, cells: dict[str, Any], kept: tuple[str, bool]
) -> None:
    assert problems(bring_in(changed(example_season(), "entries.csv", **cells))) == []
    (entry,) = held(database, "entries")
    assert (entry["faq_filing"], entry["faq_awaited"]) == kept


def test_imp_7_a_released_round_keeps_its_dates(bring_in: Import, database: Database) -> None:
    bring_in(four_months())
    with database.transaction() as db:
        sign_off(db, "round-1")
        assert release_due(db, datetime(2021, 5, 14, 1, tzinfo=UTC), NOW) == [1]
    assert problems(bring_in(four_months())) == []
    moved = bring_in(changed(four_months(), "rounds.csv", closes_at="2021-04-29", released_at=""))
    assert problems(moved) == [
        ("rounds.csv: row 2: closes_at", "round-released"),
        ("rounds.csv: row 2: released_at", "round-released"),
    ]
