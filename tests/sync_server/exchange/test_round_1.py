"""EDC-6: files hand out nothing new of round 1 while the edition's check list is red."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from sync_server.database.engine import Database
from sync_server.exchange.csv.plan import Checked
from sync_server.exchange.csv.season_import import import_files
from sync_server.season.rule_changes import add_version
from sync_server.season.set_up import set_up
from tests.sync_server.season_files import as_file, changed, example_season, with_row

BEFORE, OPEN = datetime(2021, 1, 4, 2, tzinfo=UTC), datetime(2021, 3, 1, 2, tzinfo=UTC)
ROUNDS = as_file(
    [
        {"round": "1", "opens_at": "2021-03-01", "closes_at": "2021-04-30", "released_at": "2021-05-14"},
        {"round": "2", "opens_at": "2021-05-01", "closes_at": "2021-06-30", "released_at": "2021-07-15"},
        {"round": "3", "opens_at": "2021-07-01", "closes_at": "2021-08-31", "released_at": "2021-11-08"},
    ]
)
SEASON = example_season() | {"rounds.csv": ROUNDS}
DATES = {"faq.deadline": "2021-02-18T23:59:59+08:00", "results.release_at": "2021-11-05T18:00:00+08:00"}
SECOND = with_row(SEASON, "assignments.csv", assignment="r1-harbour-ferry-02")


def without(files: Mapping[str, bytes], *names: str) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name not in names}


def brought_in(season: Database, files: Mapping[str, bytes], now: datetime = BEFORE) -> Checked:
    with season.transaction() as db:
        set_up(db, BEFORE)
        return import_files(db, files, now=now)


def codes(checked: Checked) -> list[tuple[str, str]]:
    return [(problem.place, problem.code) for problem in checked.problems]


@pytest.mark.parametrize(
    ("kept", "files", "now", "problems"),
    [
        pytest.param(
            without(SEASON, "assignments.csv"), SEASON, BEFORE, ["assignments.csv: row 2: round"], id="its first visit"
        ),
        pytest.param(SEASON, SECOND, BEFORE, ["assignments.csv: row 3: round"], id="a further visit"),
        pytest.param(
            SEASON, {"assignments.csv": SECOND["assignments.csv"]}, OPEN, [], id="a further one once it is open"
        ),
        pytest.param(SEASON, SEASON, BEFORE, [], id="the same again"),
        pytest.param(
            SEASON, changed(SEASON, "assignments.csv", due_until="2021-03-18"), BEFORE, [], id="one that is handed out"
        ),
        pytest.param(
            SEASON, changed(SEASON, "assignments.csv", withdrawn="yes"), BEFORE, [], id="one that is taken back"
        ),
        pytest.param(
            without(SEASON, "assignments.csv", "editions.csv"),
            without(SEASON, "editions.csv"),
            BEFORE,
            [],
            id="a season without an edition",
        ),
        pytest.param(
            without(SEASON, "assignments.csv"),
            changed(SEASON, "assignments.csv", round="2", due_from="2021-05-03", due_until="2021-05-07"),
            BEFORE,
            [],
            id="another round",
        ),
    ],
)
def test_edc_6_nothing_new_of_round_1_is_handed_out_on_a_red_list(
    season: Database, kept: Mapping[str, bytes], files: Mapping[str, bytes], now: datetime, problems: list[str]
) -> None:
    assert codes(brought_in(season, kept)) == []
    assert codes(brought_in(season, files, now)) == [(place, "edition-not-ready") for place in problems]


def test_edc_6_a_folder_that_begins_the_edition_says_what_is_red(season: Database) -> None:
    assert "Red lines" in "".join(map(str, brought_in(season, SEASON).remarks))


def test_edc_6_a_green_list_hands_out(season: Database) -> None:
    brought_in(season, without(SEASON, "assignments.csv"))
    with season.transaction() as db:
        add_version(db, DATES, "Agreed.", created_by="admin", now=BEFORE)
    checked = brought_in(season, SEASON)
    assert (codes(checked), [remark for remark in checked.remarks if "Red" in str(remark)]) == ([], [])
