"""Commands that cannot go on: one sentence in the terminal's language, one status, and no trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync_server.__main__ import main
from sync_server.commands import status

WITH_DATA = [
    pytest.param(["backup", "{new}"], id="backup"),
    pytest.param(["verify"], id="verify"),
    pytest.param(["retain"], id="retain"),
    pytest.param(["legal-hold"], id="legal-hold"),
    pytest.param(["access-request", "A-07", "{new}"], id="access-request"),
    pytest.param(["export-season", "{new}"], id="export-season"),
]


def run(words: list[str], folder: Path) -> int:
    filled = [word.format(new=folder / "new") for word in words]
    return main([*filled, "--data", str(folder / "nothing")])


@pytest.fixture(
    params=[
        pytest.param(("en_GB.UTF-8", "holds no data of this server"), id="English"),
        pytest.param(("zh_HK.UTF-8", "沒有本伺服器的資料"), id="Chinese"),
    ]
)
def refusal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a terminal in some language reads of a folder without data."""
    language, sentence = request.param
    monkeypatch.setenv("LC_ALL", language)
    return str(sentence)


@pytest.mark.parametrize("words", WITH_DATA)
def test_a_folder_without_a_server_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], refusal: str
) -> None:
    assert run(words, tmp_path) == status.CANNOT
    assert refusal in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [*WITH_DATA, pytest.param(["serve"], id="serve"), pytest.param(["demo"], id="demo")])
def test_a_wrong_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.setenv("SYNC_SERVER_WRITER_QUEUE", "many")
    assert run(words, tmp_path) == status.CANNOT
    assert "SYNC_SERVER_WRITER_QUEUE" in capsys.readouterr().err
