"""UP: the JavaScript client of the tus project uploads, is cut off, goes on and terminates. Its version is pinned."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.sync_server.conftest import Running
from tests.sync_server.npm import install, node
from tests.sync_server.season_kit import TOKEN
from tests.sync_server.waiting import until

CLIENT = "tus-js-client@4.3.1"
SIZE = 3_000_000
CHUNK = 512 * 1024
RUN_S = 60
SCRIPT = Path(__file__).with_name("tus_js.mjs")
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(scope="session")
def tus_js(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the client in it, installed once per run."""
    folder = tmp_path_factory.mktemp("tus-js")
    install(folder, CLIENT)
    return folder


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A file of six chunks, other bytes each time."""
    path = tmp_path / "picture.jpg"
    path.write_bytes(os.urandom(SIZE))
    return path


def driven(what: str, server: Running, file: Path, folder: Path) -> dict[str, Any]:
    """Return what the script told."""
    sha = hashlib.sha256(file.read_bytes()).hexdigest()
    endpoint = f"{server.url}/api/v1/media/"
    done = node(SCRIPT, what, endpoint, TOKEN, file, sha, folder, within_s=RUN_S)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_tus_js_client_goes_on_where_it_was_cut_off(media_server: Running, picture: Path, tus_js: Path) -> None:
    told = driven("resume", media_server, picture, tus_js)
    assert told["found"] == 1
    assert told["methods"][0] == "HEAD"
    assert "POST" not in told["methods"]
    assert told["offsets"][0] > 2 * CHUNK  # what was kept before the cut is not sent again
    assert told["offsets"][-1] == SIZE
    assert b"".join(media_server.services.media.read(hashlib.sha256(picture.read_bytes()).hexdigest())) == (
        picture.read_bytes()
    )
    with media_server.client() as client:
        assert client.head(told["url"], headers=TUS).headers["Upload-Offset"] == str(SIZE)


def test_tus_js_client_terminates(media_server: Running, picture: Path, tus_js: Path) -> None:
    told = driven("terminate", media_server, picture, tus_js)
    with media_server.client() as client:
        until(lambda: client.head(told["url"], headers=TUS).status_code == 410 or None, "the upload is gone")
    assert not media_server.services.media.has(hashlib.sha256(picture.read_bytes()).hexdigest())
