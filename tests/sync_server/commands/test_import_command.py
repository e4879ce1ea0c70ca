"""`sync-server import`: a folder of CSV files, all or nothing, and the templates to start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync_server.commands.import_season import main
from tests.sync_server.season_files import changed, example_season


def folder_of(files: dict[str, bytes], folder: Path) -> str:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return str(folder)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def test_a_folder_is_imported_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [folder_of(example_season(), tmp_path / "season"), "--data", str(tmp_path / "data")]
    assert main(words) == 0
    assert "assignments: 1 added, 0 changed, 0 as before" in capsys.readouterr().out
    assert main(words) == 0
    assert "Phones are told of 0 assignments." in capsys.readouterr().out


def test_every_problem_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = changed(changed(example_season(), "entrants.csv", seats="many"), "assessors.csv", languages="fr")
    assert main([folder_of(files, tmp_path / "season"), "--data", str(tmp_path / "data")]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told == [
        'entrants.csv: row 2: seats: "many" is not a whole number from 0 to 100000',
        'assessors.csv: row 2: languages: "fr" is not known; write one of: yue, en, cmn',
        "Nothing was imported: 2 problems.",
    ]


def test_what_is_not_read_is_named_with_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {name.upper(): content for name, content in example_season().items()} | {"map.pdf": b"%PDF"}
    assert main([folder_of(files, tmp_path / "season"), "--data", str(tmp_path / "data")]) == 0
    told = capsys.readouterr().out
    assert "map.pdf was not read: it is neither CSV nor a workbook (XLSX, XLS, ODS)." in told
    assert "assignments: 1 added, 0 changed, 0 as before" in told


def test_an_encoding_in_doubt_writes_nothing_until_somebody_says_which(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of({"assessors.csv": "assessor,name\nA-1,赵磊\n".encode("gb18030")}, tmp_path / "season")
    words = [folder, "--data", str(tmp_path / "data")]
    assert main(words) == 2
    assert "  --encoding gb18030: 赵磊" in capsys.readouterr().err
    assert main([*words, "--encoding", "gb18030"]) == 0
    assert "assessors: 1 added" in capsys.readouterr().out


def test_the_templates_it_writes_can_be_imported(tmp_path: Path) -> None:
    assert main([str(tmp_path / "season"), "--templates"]) == 0
    assert main([str(tmp_path / "season"), "--data", str(tmp_path / "data")]) == 0
    assert main([str(tmp_path / "season"), "--templates"]) == 2  # nobody's work is written over


def test_what_is_no_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "is not a folder" in capsys.readouterr().err
