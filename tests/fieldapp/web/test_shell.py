"""What the offline shell answers in the place of the network: see fieldapp/web/boot/sw.js."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from fieldapp.web.compiled import node

SHELL = Path(__file__).parents[3] / "fieldapp" / "web" / "boot" / "sw.js"
# A browser that keeps one build of two files, and a network that knows every address.
BROWSER = """
globalThis.Intl.v8BreakIterator = function () {};
const heard = {};
globalThis.self = {
  location: new URL("https://example.test%(base)ssw.js"),
  addEventListener: (name, listener) => { heard[name] = listener; },
};
const build = { version: "1", files: { "index.html": "a", "main.js": "b" } };
const state = { match: async () => ({ json: async () => ({ current: build, next: null }) }) };
const files = { match: async (key) => `kept ${key}` };
globalThis.caches = { open: async (name) => (name.endsWith("meta") ? state : files) };
globalThis.fetch = async (request) => `network ${new URL(request.url).pathname}`;
(0, eval)(require("node:fs").readFileSync(process.argv[1], "utf-8"));
let answered = "left to the browser";
heard.fetch({
  request: { method: "%(method)s", mode: "%(mode)s", url: "https://example.test%(path)s" },
  respondWith: (answer) => { answered = answer; },
});
Promise.resolve(answered).then((told) => console.log(JSON.stringify(told)));
"""
LEFT = "left to the browser"


def answered(path: str, *, mode: str = "navigate", method: str = "GET", base: str = "/app/") -> str:
    browser = BROWSER % {"path": path, "mode": mode, "method": method, "base": base}
    done = subprocess.run([node(), "-e", browser, str(SHELL)], capture_output=True, text=True, timeout=60, check=True)
    return str(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("path", "told"),
    [
        pytest.param("/app/", "kept /app/index.html", id="the app's own address"),
        pytest.param("/app/?source=home", "kept /app/index.html", id="with a query"),
        pytest.param("/app/index.html", "kept /app/index.html", id="its page by name"),
        pytest.param("/app/nothing/here", LEFT, id="an address that is no page of the app"),
        pytest.param("/app/main.js", LEFT, id="a file of the app, opened by itself"),
        pytest.param("/assessments", LEFT, id="the desk"),
    ],
)
def test_only_the_apps_own_address_opens_the_app(path: str, told: str) -> None:
    assert answered(path) == told


def test_an_editions_app_has_an_address_of_its_own() -> None:
    assert answered("/e/2027/app/", base="/e/2027/app/") == "kept /e/2027/app/index.html"
    assert answered("/e/2027/app/other", base="/e/2027/app/") == LEFT


def test_files_of_the_build_come_from_what_is_kept_and_others_from_the_network() -> None:
    assert answered("/app/main.js", mode="no-cors") == "kept /app/main.js"
    assert answered("/app/files.json", mode="cors") == "network /app/files.json"
    assert answered("/app/main.js", mode="cors", method="POST") == LEFT
