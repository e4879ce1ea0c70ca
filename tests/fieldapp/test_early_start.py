"""What is begun before there is a page is joined by the page, and nothing that happened meanwhile is missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.app import DATA_FOLDER, Early
from fieldapp.kept import Settings
from fieldapp.state import App, Phase


@pytest.fixture
async def early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Early:
    """The adapters over a folder of their own, with their storage being opened."""
    monkeypatch.setenv(DATA_FOLDER, str(tmp_path))
    return Early()


async def test_a_start_goes_on_with_the_storage_that_is_being_opened(early: Early) -> None:
    app = App(early.ports, origin="http://127.0.0.1:9", settings=Settings())
    assert await app.start(early.opening)
    assert app.phase is Phase.ENROL
    assert app.device == early.ports.store.device()
    assert early.opening.done()
    await early.ports.sync.stop()
    early.ports.folder.close()


@pytest.mark.parametrize("first", [True, False], ids=["before there is a page", "afterwards"])
async def test_a_storage_lost_to_another_tab_is_told_once(early: Early, first: bool) -> None:
    told: list[str] = []
    await early.opening
    if first:
        early.lose()
    early.follow(lambda: told.append("lost"))
    if not first:
        early.lose()
    assert told == ["lost"]
    early.ports.folder.close()
