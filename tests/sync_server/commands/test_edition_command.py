"""`sync-server edition`: the check list and its exit status, and the files of the next edition."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync_server.commands import edition, import_season, reset_password
from sync_server.database.engine import Database
from sync_server.people.permissions import Role
from sync_server.season.rule_changes import add_version
from tests.sync_server.desk import add_account
from tests.sync_server.season_files import as_file, example_season, rows_of

NOW = datetime(2021, 3, 10, 2, tzinfo=UTC)
ROUNDS = [
    {"round": "1", "opens_at": "2021-03-01", "closes_at": "2021-04-30", "released_at": "2021-05-14"},
    {"round": "2", "opens_at": "2021-05-01", "closes_at": "2021-06-30", "released_at": "2021-07-15"},
    {"round": "3", "opens_at": "2021-07-01", "closes_at": "2021-08-31", "released_at": "2021-11-08"},
]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sync_server.clock.now", lambda: NOW.replace(month=1, day=4))


def season(tmp_path: Path) -> str:
    folder, data = tmp_path / "season", str(tmp_path / "data")
    folder.mkdir()
    for name, content in (example_season() | {"rounds.csv": as_file(ROUNDS)}).items():
        (folder / name).write_bytes(content)
    assert import_season.main([str(folder), "--data", data]) == 0
    return data


def test_the_list_ends_with_2_while_a_line_is_red_and_with_0_once_all_are_green(tmp_path: Path, capsys) -> None:
    data = season(tmp_path)
    assert edition.main(["check", "--data", data]) == 2
    told = capsys.readouterr().out
    assert "RED  FAQ due: No day is set." in told
    assert "ok   Award launch: 2021-01-15 yue; 2021-01-22 cmn" in told
    dates = {"faq.deadline": "2021-02-18T23:59:59+08:00", "results.release_at": "2021-11-05T18:00:00+08:00"}
    database = Database(f"sqlite:///{data}/sync.sqlite3")
    with database.transaction() as db:
        add_version(db, dates, "Agreed.", created_by="admin", now=NOW.replace(month=1, day=4))
    database.close()
    assert edition.main(["--data", data, "check"]) == 0
    assert "Red lines: 0 of 11." in capsys.readouterr().out


def test_the_next_editions_files_are_written_once_and_begin_another_data_folder(tmp_path: Path, capsys) -> None:
    data, following, new = season(tmp_path), str(tmp_path / "following"), str(tmp_path / "new")
    assert edition.main(["--data", data, "next", following]) == 0
    assert rows_of((tmp_path / "following" / "editions.csv").read_bytes())[0]["year"] == "2022"
    assert edition.main(["--data", data, "next", following]) == 2
    assert import_season.main([following, "--data", new]) == 0
    assert edition.main(["--data", new, "check"]) == 2
    assert "RED  Award launch: No day is set." in capsys.readouterr().out


def test_a_root_without_an_edition_is_told_with_what_begins_one(tmp_path: Path, capsys) -> None:
    assert edition.main(["list", "--root", str(tmp_path / "nothing")]) == 2
    assert "Begin one: sync-server edition new NAME --root" in capsys.readouterr().err


def test_a_new_password_of_an_edition_is_chosen_at_its_own_address(tmp_path: Path, capsys, monkeypatch) -> None:
    root = str(tmp_path / "root")
    assert edition.main(["new", "2021", "--root", root]) == 0
    with closing(Database(f"sqlite:///{root}/2021/sync.sqlite3")) as database, database.transaction() as db:
        add_account(db, Role.ADMIN)
    for url, page in (("", "dashboard: /e/2021/reset\n"), ("https://a.example", "https://a.example/e/2021/reset#")):
        monkeypatch.setenv("SYNC_SERVER_PUBLIC_URL", url)
        assert reset_password.main(["admin", "--data", f"{root}/2021"]) == 0
        assert page in capsys.readouterr().out
