"""WEB: serving the built app. Ids are those in sync_server/machine/field_app.py."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

from sync_server.machine import field_app, field_app_build


@get("/")
async def home() -> str:
    return "the dashboard"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "pyodide").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>App</title>")
    (folder / "sw.js").write_text("self.x = 1")
    (folder / "pyodide" / "pyodide.asm.wasm").write_bytes(b"\0asm" * 300_000)
    (folder / "pyodide" / "pyodide.asm.wasm.br").write_bytes(b"brotli bytes")
    (folder / "empty.json").write_bytes(b"")
    (folder / "app.tar").write_bytes(b"tar")
    (tmp_path / "secret.txt").write_text("not for phones")
    (folder / "leak").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def client(site: Path) -> Iterator[TestClient[Litestar]]:
    with TestClient(Litestar([home, field_app.route(site)]), backend="asyncio") as client:
        client.headers["accept-encoding"] = "identity"
        yield client


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        pytest.param("/app/", "text/html; charset=utf-8", id="the start page"),
        pytest.param("/app/index.html", "text/html; charset=utf-8", id="the start page by name"),
        pytest.param("/app/sw.js", "text/javascript; charset=utf-8", id="the service worker"),
        pytest.param("/app/pyodide/pyodide.asm.wasm", "application/wasm", id="WebAssembly, for the streaming compiler"),
        pytest.param("/app/empty.json", "application/json", id="an empty file"),
        pytest.param("/app/app.tar", "application/x-tar", id="a file whose name begins as the address does"),
    ],
)
def test_a_file_is_served_with_its_type_and_an_etag(client: TestClient[Litestar], path: str, media_type: str) -> None:
    """WEB-1, WEB-4."""
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.headers["cache-control"] == "no-cache"
    assert "'wasm-unsafe-eval'" in answer.headers["content-security-policy"]
    again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])


def test_a_whole_file_arrives_and_head_tells_its_length(client: TestClient[Litestar], site: Path) -> None:
    content = (site / "pyodide" / "pyodide.asm.wasm").read_bytes()
    assert client.get("/app/pyodide/pyodide.asm.wasm").content == content
    head = client.head("/app/pyodide/pyodide.asm.wasm")
    assert (head.status_code, int(head.headers["content-length"]), head.content) == (200, len(content), b"")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        pytest.param("gzip, deflate, br, zstd", "br", id="a browser over https"),
        pytest.param("gzip, deflate", None, id="a browser over plain http"),
        pytest.param("br;q=0, gzip", None, id="brotli refused"),
    ],
)
def test_brotli_is_sent_to_those_who_take_it(client: TestClient[Litestar], accepted: str, coding: str | None) -> None:
    """WEB-2."""
    answer = client.head("/app/pyodide/pyodide.asm.wasm", headers={"accept-encoding": accepted})
    plain = client.head("/app/pyodide/pyodide.asm.wasm")
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert (answer.headers["etag"] == plain.headers["etag"]) is (coding is None)


@pytest.mark.parametrize(
    "path",
    [
        "/app/../secret.txt",
        "/app/%2e%2e/secret.txt",
        "/app/..%2fsecret.txt",
        "/app/leak",
        "/app//etc/passwd",
        "/app/a%00b",
        "/app/pyodide",
        "/app/nothing.js",
        "/app/pyodide/pyodide.asm.wasm.br",
    ],
)
def test_web_3_nothing_outside_the_build_is_served(client: TestClient[Litestar], path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"not for phones" not in answer.content


def test_web_1_a_file_built_anew_has_another_etag(client: TestClient[Litestar], site: Path) -> None:
    before = client.get("/app/sw.js").headers["etag"]
    (site / "sw.js").write_text("self.x = 22")
    assert client.get("/app/sw.js", headers={"if-none-match": before}).text == "self.x = 22"


def test_the_app_without_its_slash_is_sent_where_relative_links_work(client: TestClient[Litestar]) -> None:
    answer = client.get("/app", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/app/")


def test_other_methods_are_refused(client: TestClient[Litestar]) -> None:
    assert client.post("/app/index.html").status_code == 405


def test_a_newer_code_builds_beside_what_a_running_server_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = field_app_build.site_folder(tmp_path)
    assert field_app_build.site_folder(tmp_path) == before
    monkeypatch.setattr("fieldapp.web.site.CLIENT", ())
    assert field_app_build.site_folder(tmp_path) != before


def test_only_a_few_older_builds_stay(tmp_path: Path) -> None:
    current = field_app_build.site_folder(tmp_path)
    name = current.name.rpartition("-")[0]
    for at, suffix in enumerate(("a", "b", "c", "d", "e")):
        (tmp_path / f"{name}-{suffix}").mkdir()
        os.utime(tmp_path / f"{name}-{suffix}", (at, at))
    current.mkdir()
    field_app_build._forget_old(tmp_path, current)
    assert sorted(path.name.rpartition("-")[2] for path in tmp_path.iterdir() if path != current) == ["c", "d", "e"]
    assert current.is_dir()
