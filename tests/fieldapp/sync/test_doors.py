"""Both doors keep one contract: `requests` in this Python, `fetch` in the browser's own Python under node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.sync.door_requests import RequestsDoor
from fieldapp.web.compiled import node
from tests.building import built
from tests.fieldapp.door_contract import CHECKS, Check
from tests.fieldapp.door_mirror import mirror

ROOT = Path(__file__).parents[3]
LONGEST_S = 120


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with mirror() as held:
        yield held


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_requests(check: Check, address: str) -> None:
    await check(RequestsDoor(), address)


@pytest.fixture(scope="module")
def in_browser_python(address: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    site = built(tmp_path_factory.mktemp("site") / "site")
    script = Path(__file__).parents[1] / "browser_python.mjs"
    done = subprocess.run(
        [node(), script, site / "pyodide", site, ROOT, "tests.fieldapp.door_in_browser", address],
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, str] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("name", [check.__name__ for check in CHECKS])
def test_fetch(name: str, in_browser_python: dict[str, str]) -> None:
    assert in_browser_python[name] == ""
