"""SYE: what the system refuses is one line with place, reason and remedy, and status 2. Ids are the module's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sync_server.__main__ import main
from sync_server.commands import status
from sync_server.commands.system_errors import write_file
from tests.sync_server.databases import migrated

FULL = Path("/dev/full")
full_device = pytest.mark.skipif(not FULL.is_char_device(), reason="this system has no /dev/full")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the data of a server, a file and a folder."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "data").mkdir()
    migrated(f"sqlite:///{folder}/data/sync.sqlite3").close()
    (folder / "file").write_bytes(b"there")
    (folder / "folder").mkdir()
    (folder / "damaged").mkdir()
    (folder / "damaged" / "sync.sqlite3").write_bytes(b"no database" * 1000)
    return folder


NO_FOLDER = "a file is where a folder should be. Name another place, or move that file away."
GONE = "there is no such file or folder. Correct the name, or make the folder first."
IS_FOLDER = "it is a folder, and a file is wanted. Name a file."
NO_ROOM = "no room is left. Make some, or name a place on another disk, and run the command again."


@pytest.mark.parametrize(
    ("words", "at", "said"),
    [
        pytest.param(["export-season", "{}/no/s.json", "--data", "{}/data"], "{}/no/s.json", GONE, id="no folder"),
        pytest.param(["export-season", "{}/file/s", "--data", "{}/data"], "{}/file/s", NO_FOLDER, id="DUR-3 file"),
        pytest.param(["export-season", "{}/folder", "--data", "{}/data"], "{}/folder", IS_FOLDER, id="folder"),
        pytest.param(["backup", "{}/file", "--data", "{}/data"], "{}/file", NO_FOLDER, id="backup"),
        pytest.param(["verify", "--data", "{}/file/sub"], "{}/file/sub", "holds no data", id="data below a file"),
        pytest.param(["verify", "--data", "{}/damaged"], "The database cannot be opened: ", "restore", id="damaged"),
        pytest.param(["plan", "--round", "1", "--seed", "s", "--csv", "{}/no/p.csv", "--data", "{}/data"],
                     "{}/no/p.csv", GONE, id="plan"),
        pytest.param(["import", "--templates", "{}/file"], "{}/file", NO_FOLDER, id="templates"),
        pytest.param(["score", "{}/no.json"], "{}/no.json", GONE, id="score"),
        pytest.param(["index", "{}/folder"], "{}/folder", IS_FOLDER, id="index"),
        pytest.param(["import-bundle", "{}/no.zip", "--data", "{}/data"], "{}/no.zip", GONE, id="import-bundle"),
        pytest.param(
            ["export-season", "/dev/full", "--data", "{}/data"],
            "/dev/full", NO_ROOM, id="SYE-1 full", marks=full_device,
        ),
    ],
)  # fmt: skip
def test_a_refused_place_is_told_with_reason_and_remedy(
    place: Path, capfd: pytest.CaptureFixture[str], words: list[str], at: str, said: str
) -> None:
    assert main([word.format(place) for word in words]) == status.CANNOT
    told = capfd.readouterr().err
    assert told.startswith(at.format(place))
    assert said in told
    assert told.count("\n") == 1
    assert (place / "file").read_bytes() == b"there"


@full_device
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["publication", "list", "--json"], id="publication"),
        pytest.param(["export-season"], id="export-season"),
        pytest.param(["edition", "check"], id="lines"),
    ],
)
def test_full_output_is_told_once_and_leaves_no_trace(place: Path, words: list[str]) -> None:
    """SYE-3, in a process of its own: the interpreter flushes what is left at its end."""
    command = [sys.executable, "-m", "sync_server", *words, "--data", str(place / "data")]
    chinese = {**os.environ, "LC_ALL": "zh_HK.UTF-8"}
    with FULL.open("wb") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, env=chinese, check=False)
    told = done.stderr.decode()
    assert (done.returncode, told) == (
        status.CANNOT,
        "標準輸出：已沒有空間。請騰出空間，或指定另一個磁碟上的位置，然後再執行指令。\n",
    )


def test_a_file_on_its_way_is_whole_and_a_device_stays_one(tmp_path: Path) -> None:
    """SYE-2."""
    write_file(tmp_path / "a", b"1")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    write_file(tmp_path / "link", b"2")
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "link").is_symlink()) == (b"2", True)
    write_file(Path(os.devnull), b"3")
    assert Path(os.devnull).is_char_device()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a", "link"]
