"""`sync-server plan`: a round planned, written, planned again, and what it refuses, by its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync_server.commands import import_season
from sync_server.commands.plan import main
from sync_server.config import Config
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries.changes import changes_for_assessor
from sync_server.database.queries.plans import recent_plans
from sync_server.database.queries.season import rows_of as kept_rows
from sync_server.planning.question import seed_hash
from tests.sync_server.databases import copy_of
from tests.sync_server.enrolment_kit import add_edition
from tests.sync_server.plan_season import YEAR, season_to_plan
from tests.sync_server.season_files import Rows, example_season


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def brought_in(files: dict[str, bytes], tmp_path: Path, name: str = "data") -> str:
    folder = tmp_path / "files"
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    for file_name, content in files.items():
        (folder / file_name).write_bytes(content)
    if not (tmp_path / name).exists():
        copy_of(upgrade, Config(data_dir=tmp_path / name).database)
    assert import_season.main([str(folder), "--data", str(tmp_path / name)]) == 0
    return str(tmp_path / name)


def assignments(data: str) -> Rows:
    database = Database(Config(data_dir=Path(data)).database)
    with database.reading() as db:
        rows = kept_rows(db, "assignments")
    database.close()
    return [{name: str(value) for name, value in row.items()} for row in rows]


def test_a_dry_run_writes_nothing_and_its_table_can_be_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """PLN-4, PPR-1: the same seed gives the same table."""
    data = brought_in(season_to_plan(), tmp_path)
    words = ["--round", "1", "--seed", "egg tart", "--data", data, "--dry-run", "--csv"]
    assert main([*words, str(tmp_path / "one.csv")]) == 0
    assert main([*words, str(tmp_path / "two.csv")]) == 0
    table = (tmp_path / "one.csv").read_bytes()
    assert (tmp_path / "two.csv").read_bytes() == table
    assert "Round 1: 40 of 40 missing visits planned." in capsys.readouterr().out
    assert assignments(data) == []
    brought_in({"assignments.csv": table}, tmp_path)
    assert "assignments: 40 added" in capsys.readouterr().out
    assert main(["--round", "1", "--seed", "egg tart", "--data", data]) == 0
    assert "Round 1: 0 of 0 missing visits planned." in capsys.readouterr().out


def test_a_plan_reaches_the_phones_and_a_repeat_plans_only_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """PLW-1, PLW-3, PLS-1, PLS-4."""
    data = brought_in(season_to_plan(entrants=1, branches=4), tmp_path)
    words = ["--round", "1", "--data", data, "--seed"]
    assert main([*words, "egg tart"]) == 0
    said = capsys.readouterr().out
    assert "Hash of the seed, kept since 20" in said
    assert "unit-01/face_to_face: drawn unit-01-b" in said
    rows = assignments(data)
    assert sum(row["channel"] == "phone_in" for row in rows) == 20
    assert len({row["branch_id"] for row in rows if row["channel"] == "face_to_face"}) == 3
    database = Database(Config(data_dir=Path(data)).database)
    with database.reading() as db:
        (plan,) = recent_plans(db)
        told = changes_for_assessor(db, rows[0]["assessor_id"], 0, 100)
    database.close()
    assert (plan.seed_hash, plan.state) == (seed_hash("egg tart"), "made")
    assert plan.written_at is not None
    assert plan.sealed_at < plan.written_at
    assert rows[0]["id"] in str(told)
    lost = rows[0]["assessor_id"]
    assert main([*words, "another", "--without", lost]) == 0
    moved = {row["id"]: row["assessor_id"] for row in assignments(data)}
    before = {row["id"]: row["assessor_id"] for row in rows}
    assert set(moved) == set(before), "a lost visit keeps its code"
    assert lost not in moved.values()
    assert all(moved[code] == who for code, who in before.items() if who != lost), "nothing else is moved"


def test_what_cannot_be_met_is_named_and_the_rest_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = brought_in(season_to_plan(entrants=1, people=2), tmp_path)
    assert main(["--round", "1", "--seed", "1", "--data", data]) == 1
    said = capsys.readouterr().err
    assert "unit-01/phone_in: visits that cannot be planned: 4; " in said
    assert "a scenario here twice in a round; approved are 8. Approve more scenarios" in said
    assert len(assignments(data)) == 16


def test_input_that_cannot_be_used_is_said_before_anything_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = brought_in(season_to_plan(entrants=1), tmp_path)
    past = brought_in(example_season(), tmp_path, "past")
    for words, says in (
        (["--round", "7", "--seed", "1", "--data", data], "There is no round 7; the season has: 1."),
        (["--round", "1", "--seed", " ", "--data", data], "The seed is empty"),
        (["--round", "1", "--seed", "1" * 201, "--data", data], "one line of at most 200 characters"),
        (["--round", "1", "--seed", "egg\ttart", "--data", data], "one line of at most 200 characters"),
        (
            ["--round", "1", "--seed", "1", "--data", data, "--csv", str(tmp_path / "no" / "p.csv")],
            "make the folder first",
        ),
        (["--round", "1", "--seed", "1", "--data", data, "--csv", str(tmp_path)], "Name a file"),
        (["--round", "1", "--seed", "1", "--data", data, "--without", "A-99"], "There is no assessor or branch A-99"),
        (["--round", "1", "--seed", "1", "--data", past], "No day of round 1 is left: its last is 30 Apr 2021."),
        (["--round", "1", "--seed", "1", "--data", str(tmp_path / "nowhere")], "holds no data of this server"),
    ):
        assert main(words) == 2, words
        assert says in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["--round", "one", "--seed", "1"])
    assert assignments(data) == []
    database = Database(Config(data_dir=Path(data)).database)
    with database.reading() as db:
        assert recent_plans(db) == []
    database.close()


def test_plw_4_round_1_is_previewed_but_not_written_while_the_check_list_is_red(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = brought_in(season_to_plan(), tmp_path)
    database = Database(Config(data_dir=Path(data)).database)
    with database.transaction() as db:
        add_edition(db, YEAR)
    words = ["--round", "1", "--seed", "egg tart", "--data", data]
    assert main([*words, "--dry-run"]) == 0
    assert main(words) == 2
    assert "round 1 cannot open like this" in capsys.readouterr().err
    with database.reading() as db:
        assert recent_plans(db) == []
    database.close()
    assert assignments(data) == []
