"""VWB, DWN: assessments as a workbook, asked for, made beside the server, found again and removed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from python_calamine import CalamineWorkbook

from sync_server.config import Config
from sync_server.database.queries.assessment_lists import Filter
from sync_server.database.queries.downloads import add_download, download_of
from sync_server.exchange.downloads import KEPT, NOT_MADE, DownloadJob, file_of
from sync_server.exchange.visits_wanted import Wanted
from sync_server.exchange.visits_workbook import write_visits
from sync_server.people.permissions import Role
from tests.builders import NOON, an_attempt
from tests.sync_server.closed_season import a_round_that_ended, add_accepted, desk_of
from tests.sync_server.conftest import Running, run_server
from tests.sync_server.desk import add_account, add_accounts, send, signed_in
from tests.sync_server.finished_season import a_database
from tests.sync_server.season_kit import ANSWERS, a_call, score_all_twice
from tests.sync_server.waiting import until

EVERYTHING = Wanted(narrowed=Filter(), language="en")


def rows_of(content: bytes, sheet: str = "phone_in@1") -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The small season as a workbook: plain, with words in Chinese, and of no visit."""
    folder = tmp_path_factory.mktemp("season")
    database = a_database(folder)
    made = {}
    wanted = {
        "plain": EVERYTHING,
        "words": Wanted(narrowed=Filter(), language="zh-Hant", words=True),
        "none": Wanted(narrowed=Filter(channel="online"), language="en"),
    }
    with database.transaction() as db:
        a_round_that_ended(db, calls=2)
        words = ANSWERS | {"PG5": "=1+1 said the agent"}
        tried = (an_attempt(-60), an_attempt(0, "connected"))
        add_accepted(
            db,
            a_call(id="f" * 8 + "-0000-7000-8000-000000000000", assignment_id="words", answers=words, attempts=tried),
        )
        score_all_twice(db)
        for name, each in wanted.items():
            write_visits(desk_of(db), each, folder / f"{name}.xlsx")
            made[name] = (folder / f"{name}.xlsx").read_bytes()
    database.close()
    return made


def test_vwb_1_codes_stand_above_the_texts_of_questions(workbooks: dict[str, bytes]) -> None:
    codes, texts, *rows = rows_of(workbooks["plain"])
    place = codes.index("PC1")
    assert (texts[place] != "", texts[0], len(rows)) == (True, "", 3)
    assert rows_of(workbooks["words"])[1][codes.index("PC1")] != texts[place]


def test_vwb_2_points_and_section_shares_stand_beside_the_answers(workbooks: dict[str, bytes]) -> None:
    codes, _, *rows = rows_of(workbooks["plain"])
    told = [dict(zip(codes, row, strict=True)) for row in rows]
    shares = [name for name in codes if str(name).startswith("section_")]
    for row in told:
        assert all(0 <= row[name] <= 100 for name in shares if row[name] != "")
        assert row["Counted score"] == pytest.approx(row["Base"] + row["Ease of access"] + row["Penalty"])
    assert len({row["Base"] for row in told}) > 1


def test_vwb_3_blank_cells_are_unwritten_and_vwb_4_words_only_where_asked_for(workbooks: dict[str, bytes]) -> None:
    codes, _, *rows = rows_of(workbooks["words"])
    column = codes.index("PG5")
    assert "=1+1 said the agent" in [row[column] for row in rows]
    assert "PG5" not in rows_of(workbooks["plain"])[0]
    assert b"=1+1" not in workbooks["plain"]
    assert CalamineWorkbook.from_filelike(io.BytesIO(workbooks["none"])).sheet_names == ["Sheet1"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    for running in run_server(Config(data_dir=tmp_path / "data"), clock=lambda: NOON + timedelta(days=61)):
        with running.services.database.transaction() as db:
            a_round_that_ended(db, calls=2)
        add_accounts(running)
        yield running


def test_dwn_1_a_workbook_is_found_again_by_whoever_asked_alone(server: Any) -> None:
    with signed_in(server, Role.COORDINATOR) as client:
        page = client.get("/assessments").text
        assert "Make a workbook" in page
        asked = send(client, "/assessments/downloads", {"round": "1", "words": "yes"})
        assert (asked.status_code, asked.headers["Location"]) == (303, "/assessments/downloads")
    with signed_in(server, Role.COORDINATOR) as again:
        until(lambda: "Download as XLSX" in again.get("/assessments/downloads").text or None, "it is made")
        address = again.get("/assessments/downloads").text.partition('href="/assessments/downloads/')[2][:32]
        fetched = again.get(f"/assessments/downloads/{address}")
        assert (fetched.status_code, len(rows_of(fetched.content))) == (200, 4)
    with signed_in(server, Role.ADMIN) as other:
        assert "Nothing asked for" in other.get("/assessments/downloads").text
        assert other.get(f"/assessments/downloads/{address}").status_code == 404


def test_dwn_2_what_could_not_be_made_is_told_and_dwn_3_all_is_gone_after_its_time(tmp_path: Path) -> None:
    database = a_database(tmp_path)
    moments: list[datetime] = [NOON]

    class Direct:
        def run_from_thread(self, write: Any) -> Any:
            with database.transaction() as db:
                return write(db)

    writer: Any = Direct()
    job = DownloadJob(database, "sqlite:////nowhere/at/all.sqlite3", writer, lambda: moments[-1], tmp_path)
    with database.transaction() as db:
        user_id = add_account(db, Role.COORDINATOR)
        add_download(db, "a" * 32, user_id, msgspec.to_builtins(EVERYTHING), NOON)
    job("a" * 32)
    with database.reading() as db:
        row = download_of(db, "a" * 32)
        assert row is not None
        assert (row.problem, row.made_at) == (NOT_MADE, None)
    file_of(tmp_path, "a" * 32).write_bytes(b"made meanwhile")
    moments.append(NOON + KEPT)
    job("a" * 32)
    with database.reading() as db:
        assert download_of(db, "a" * 32) is None
    assert not file_of(tmp_path, "a" * 32).exists()
    database.close()
