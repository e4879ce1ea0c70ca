"""CEL-1: whatever an import accepts, the award pages, the export and the scoring accept, and an import again.

Each example is a season of cells made up at random, good ones and bad ones, imported into one database that forgets it
afterwards. What is refused proves nothing; the test counts that enough was taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from checklists.forms.file import shipped_forms
from checklists.season.file import read_season
from checklists.season.result import result_json
from checklists.season.score import score_season
from checklists.season.write import season_json
from sync_server.award.desk import SeasonDesk
from sync_server.award.season_file import season_to_export
from sync_server.award.standings import kept_standings
from sync_server.database.engine import Database
from sync_server.database.queries.season import rows_of
from sync_server.exchange.calendar_feed import edition_calendar, visits_calendar
from sync_server.exchange.csv.next_edition import NoEditionError, next_edition
from sync_server.exchange.csv.season_import import import_files
from sync_server.exchange.csv.sheets import SHEETS, sheets_of
from sync_server.exchange.reminders import KINDS, reminder_rows, reminders
from sync_server.exchange.typed_rows import kept_row, rows_listed
from sync_server.money.accounts import accounts
from sync_server.pages.award import award_views
from sync_server.pages.edition import shown_edition
from sync_server.pages.entry import GoingOn, entry_view
from sync_server.pages.records import name_of
from sync_server.pages.season_map import AssignedBook, season_map
from sync_server.pages.standings import board
from sync_server.pages.today import today_view
from sync_server.planning.season import PlanError, question_of
from sync_server.season.edition import current_edition
from sync_server.season.edition_checks import checks
from sync_server.season.forms import FormBook
from sync_server.season.rules import rules_in_force
from sync_server.season.set_up import set_up
from tests.sync_server.databases import migrated
from tests.sync_server.season_files import changed, example_season

NOW = datetime(2021, 3, 10, 2, 0, tzinfo=UTC)


def mostly(good: list[str], odd: list[str]) -> st.SearchStrategy[str]:
    """A good cell three times out of four, so that whole seasons are taken as well."""
    return st.one_of(st.sampled_from(good), st.sampled_from(good), st.sampled_from(good), st.sampled_from(odd))


WORDS = mostly(
    ["Harbour Ferry", "港灣渡輪", "a", "x" * 300],
    ["\u200b", "=1+1", '"quoted"', "a\x0bb", "𠮷野家", "#N/A", "\ue000", "🚢", "<b>", "\u202e"],
)
DAYS = mostly(
    ["2021-03-01", "2021/3/1"], ["0026-03-01", "9999-12-31", "2021-02-30", "1/3/2021", "２０２１-03-01", "44256"]
)
CELLS: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "entrants.csv": {
        "name_en": WORDS, "name_zh": WORDS, "organisation": mostly(["harbour", ""], ["6-Jan", "a/b", "é"]),
        "seats": mostly(["35", "1,200", "", "0"], ["٣٥", "-1", "1e3", "999999999", "35.0"]), "staff_notice_on": DAYS,
    },
    "entries.csv": {
        "faq_filing": mostly(["at", "in_time", ""], ["never", "At"]),
        "faq_filed_at": mostly(["2021-02-17 10:00", ""], ["0001-01-01", "9999-12-31 23:59", "2021-02-17 25:00"]),
        "service_days": mostly(["1-6", "", "1;2"], ["6-Jan", "7-1", "١-٥"]),
        "service_hours": mostly(
            ["09:00-18:00", "9:00-18:00", "22:00-02:00", "00:00-24:00", ""],
            ["09:0١-18:00", "09:00-13:00;09:00-13:00", "24:00-24:00", "00:00-00:00", "09:00-9:00"],
        ),
        "closed_on": mostly(["2021-04-02", "", "2021-04-02;2021-04-02"], ["0026-04-02", "9999-12-31"]),
        "withdrawn": mostly(["no", "yes"], ["1", "maybe"]),
    },
    "history.csv": {
        "year": mostly(["2020", "2019"], ["0026", "2021", "2999", "1899", "２０２０"]),
        "final": mostly(["88.2", "100", "0", "88.2%"], ["250", "-5", "0.882", "1/3", "1e-30", "8.52E+10", ""]),
        "grade": mostly(["silver", "GOLD"], ["platinum", ""]),
    },
    "rounds.csv": {
        "opens_at": DAYS, "closes_at": mostly(["2021-04-30", "2021/4/30"], ["9999-12-31", "2021-02-01"]),
        "released_at": mostly(["2021-05-14 09:00", ""], ["9999-12-31", "2021-05-14T09:00-12:00"]),
    },
    "contact_points.csv": {"value": mostly(["+852 2000 0001", "20000001"], ["999", "1823", "8.522E+10", "٢٠٠٠٠٠٠١"])},
    "faqs.csv": {"answer_en": WORDS, "question_zh": WORDS, "in_force_from": DAYS},
    "scenarios.csv": {"briefing_en": WORDS, "stop_rules_en": mostly(["Stop.", ""], [";", "a;b"])},
    "assignments.csv": {
        "due_from": mostly(["2021-03-08", "2021/3/8", ""], ["9999-01-01", "0026-03-08"]),
        "due_until": mostly(["2021-03-19", ""], ["9999-12-31", "2021-03-01"]),
        "reply_target_min": mostly(["", ""], ["15", "١٥"]),
    },
}  # fmt: skip

SEASONS = st.fixed_dictionaries({
    file: st.dictionaries(st.sampled_from(sorted(columns)), st.just(None), max_size=2).flatmap(
        lambda chosen, columns=columns: st.fixed_dictionaries({name: columns[name] for name in chosen})  # type: ignore[misc]
    )
    for file, columns in CELLS.items()
})  # fmt: skip


class Forgotten(Exception):  # noqa: N818 - no error: the end of an example
    """Takes everything of an example back."""


@pytest.fixture(scope="module")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path_factory.mktemp('read-back') / 'sync.sqlite3'}")
    with database.transaction() as db:
        set_up(db, NOW)
    yield database
    database.close()


def read_back(db: Connection) -> None:
    """Everything that reads a season, as pages and commands do."""
    desk = SeasonDesk.of(db, FormBook())
    exported = season_json(season_to_export(desk))
    scored = score_season(read_season(exported, shipped_forms()))
    assert result_json(scored, "en")
    scores = kept_standings(desk)
    awards = desk.awards(scores)
    award_views(scores, awards, desk.in_force)
    board(scores, desk.in_force)
    for score in scores:
        entry_view(score, awards, desk.rules, [], GoingOn([], {}))
    for name in ("rounds", "entrants", "entries", "assignments"):
        assert rows_of(db, name)


def read_by_the_office(db: Connection) -> None:
    """What the desk makes of the season's tables: lists, check list, calendars, bills, plans, the next edition."""
    for sheet in sheets_of(rules_in_force(db).programme):
        rows, _ = rows_listed(db, sheet, "", 0)
        for row in rows:
            assert kept_row(db, sheet, row.key) == row
            name_of(sheet.name, row.cells)
    edition = current_edition(db)
    shown_edition(checks(edition, ZoneInfo("Asia/Hong_Kong")))
    with suppress(NoEditionError):
        next_edition(db, NOW)
        edition_calendar(db, "zh-Hant", NOW)
    for row in rows_of(db, "assessors"):
        visits_calendar(db, row["id"], "en")
    for kind in KINDS:
        reminder_rows(reminders(db, kind, NOW))
    for account in accounts(db):
        assert account.quoted >= 0
    today_view(db, NOW)
    season_map(db, NOW, AssignedBook())
    with suppress(PlanError):
        question_of(db, 1, "seed", NOW)


taken: list[bool] = []


ODD = st.sampled_from(
    [
        "0", "-0", "1", "-1", "00", "1e3", "1E+10", "1/3", "0.5", "１２", "٣٥", "²", "½", "99999999999999999999", "nan",
        "inf", "true", "yes", "no", "Yes", "是", "2021", "0026-03-08", "9999-12-31", "2021-03-08", "2021-02-29",
        "2021-03-08 24:00", "2021-03-08T09:00Z", "8/3/2021", "44256", "9:00", "24:00", "22:00-02:00", "1-7", "7-1",
        "1;1;1", ";", ";;a", "a;b", "a" * 81, "x" * 20_000, "=1+1", "@SUM(A1)", "+1", "#N/A", "#REF!", "########",
        "8.52E+10", "\u200b", "\u202eabc", "\ufeff", "𠮷野家", "🚢", "\ue000", "<script>", "&amp;", "'", '"', "a\nb",
        "a\x0bb", "/", "a/b", "..", ".", "%2e", "{x}", "%(x)s", "%s", "null", "None", "[]", "{}", "en", "yue",
        "harbour-ferry", "central-pier", "A-07", "phone_in", "online", "onsite", "face_to_face", "chat", "both",
        "branch", "zh-Hant", "999", "1823", "+852 2000 0001", "+44 20 7946 0958", "22.3", "114.2",
        "91", "-181", "Central", "Islands", "中西區",
        "2021-01-18 to 2021-02-05", "2021-01-18 xx", "2021-02-05 to 2021-01-18", "2021-01-15 yue; 2021-01-15 yue",
        "a@b", "a@example.org", "http://x", "javascript:alert(1)", "www.example.org",
    ]
)  # fmt: skip
SOMEWHERE = st.sampled_from([(sheet.file, column.name) for sheet in SHEETS for column in sheet.columns])


def taken_and_read(emptied: Database, files: dict[str, bytes], *reads: Callable[[Connection], None]) -> bool:
    """Import `files`, read them back by `reads` and forget them; whether they were taken."""
    try:
        with emptied.transaction() as db:
            checked = import_files(db, files, now=NOW)
            if checked.plan is None:
                assert checked.problems
                assert all(str(problem.message) for problem in checked.problems)
            else:
                for read in reads:
                    read(db)
                again = import_files(db, files, now=NOW)
                assert again.plan is not None
                assert not again.plan.changes_anything
            raise Forgotten
    except Forgotten:
        return checked.plan is not None


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(cells=SEASONS)
def test_cel_1_what_an_import_accepts_can_be_read_back(emptied: Database, cells: dict[str, dict[str, Any]]) -> None:
    files = example_season()
    for file, values in cells.items():
        files = changed(files, file, **values)
    taken.append(taken_and_read(emptied, files, read_back))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(cells=st.dictionaries(SOMEWHERE, ODD, min_size=1, max_size=2))
def test_cel_1_of_a_season_with_odd_cells_anywhere(emptied: Database, cells: dict[tuple[str, str], str]) -> None:
    files = example_season()
    for (file, column), cell in cells.items():
        files = changed(files, file, **{column: cell})
    taken.append(taken_and_read(emptied, files, read_back, read_by_the_office))


def test_enough_seasons_were_taken_for_that_to_mean_something() -> None:
    assert taken.count(True) >= 5 or not taken
