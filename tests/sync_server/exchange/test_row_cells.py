"""RCL, SES: kept rows as the cells of their sheets, and back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from sync_server.database.queries.releases import ReleaseRow, append_release
from sync_server.database.tables import standings
from sync_server.exchange.csv.calendar_sheets import sessions
from sync_server.exchange.csv.cells import CellError
from sync_server.exchange.csv.next_edition import next_edition
from sync_server.exchange.csv.sheets import SHEETS, as_csv
from sync_server.exchange.typed_rows import rows_listed
from tests.sync_server.season_files import changed, example_season, with_row
from tests.sync_server.season_files import rows_of as csv_rows

NOW = datetime(2021, 3, 10, tzinfo=UTC)


def test_rcl_1_every_row_of_a_season_read_again_from_its_cells_changes_nothing(bring_in, season) -> None:
    files = changed(example_season(), "entries.csv", closed_on="2021-04-02;2021-04-05", service_hours="22:00-02:00")
    files = changed(files, "rounds.csv", closes_at="2021-04-30 18:30")
    assert not bring_in(files).problems
    with season.reading() as db:
        written = {
            sheet.file: as_csv(sheet, [row.cells for row in rows_listed(db, sheet, "", 0)[0]]) for sheet in SHEETS
        }
    assert set(written) == set(files)
    again = bring_in(written)
    assert (list(again.problems), again.plan and again.plan.changes_anything) == ([], False)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("2021-01-22 cmn; 2021-01-15 YUE", [("2021-01-15", None, "yue"), ("2021-01-22", None, "cmn")]),
        ("2021-01-18 to 2021-02-05", [("2021-01-18", "2021-02-05", None)]),
        ("2021年1月18日至2021年2月5日", [("2021-01-18", "2021-02-05", None)]),
        ("2021/1/18 – 2021/2/5 en", [("2021-01-18", "2021-02-05", "en")]),
    ],
)
def test_ses_1_a_milestone_has_sessions_with_languages_and_spans(cell, read) -> None:
    assert [(one["on"], one["until"], one["language"]) for one in sessions(cell)] == read


@pytest.mark.parametrize(
    "cell", ["2021-02-05 to 2021-01-18", "soon", "2021-01-18 fr", "2021-01-01 to 2021-01-02 to 2021-01-03"]
)
def test_ses_1_what_is_no_session_is_refused(cell) -> None:
    with pytest.raises(CellError):
        sessions(cell)


def test_another_edition_is_refused_while_the_season_of_this_one_is_kept(bring_in) -> None:
    assert not bring_in(example_season()).problems
    following = with_row(example_season(), "editions.csv", year=2022)
    assert [one.code for one in bring_in(following).problems] == ["edition-under-way"]


def test_nxt_1_the_next_editions_files_are_this_ones_records_without_its_days(bring_in, season) -> None:
    assert not bring_in(example_season()).problems
    with season.reading() as db:
        files = next_edition(db, NOW)
    edition = csv_rows(files["editions.csv"])[0]
    assert (edition["year"], edition["title_en"], edition["launch"]) == (
        "2022",
        "2022 Mystery Caller Assessment Award",
        "",
    )
    assert csv_rows(files["scenarios.csv"])[0]["approved_by"] == ""
    assert csv_rows(files["entrants.csv"])[0]["staff_notice_on"] == ""
    assert not {"rounds.csv", "assignments.csv", "faqs.csv"} & set(files)
    assert [row["year"] for row in csv_rows(files["history.csv"])] == ["2020"]


@pytest.mark.parametrize("is_released", [False, True])
def test_nxt_2_this_editions_finals_are_past_results_once_they_are_released(bring_in, season, is_released) -> None:
    assert not bring_in(example_season()).problems
    with season.transaction() as db:
        final = {"final": "517/6", "final_shown": "86.17", "grade": "silver", "body": "{}", "ruleset_digest": "0" * 64}
        db.execute(insert(standings).values(entrant_id="harbour-ferry", channel="phone_in", computed_at=NOW, **final))
        if is_released:
            append_release(db, ReleaseRow(None, NOW, NOW, "system"))
        rows = csv_rows(next_edition(db, NOW)["history.csv"])
    years = {row["year"]: (row["final"], row["grade"]) for row in rows}
    assert years == {"2020": ("88.2", "silver"), **({"2021": ("86.17", "silver")} if is_released else {})}
