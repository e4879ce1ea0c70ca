"""The switch for screen readers is called in the phone's language: see fieldapp/web/boot/page.js."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from fieldapp.web.compiled import node

PAGE = Path(__file__).parents[3] / "fieldapp" / "web" / "boot" / "page.js"
# As much of a page as the script asks for; it is drawn once, and then says what the switch is called.
BROWSER = """
const heard = {}, names = {};
const placeholder = { setAttribute: (name, value) => { names[name] = value; } };
globalThis.HTMLInputElement = class { click() {} };
globalThis.indexedDB = {};
Object.defineProperty(globalThis, "navigator", { value: { language: "LANGUAGE", locks: {} } });
globalThis.self = globalThis;
globalThis.document = {
  documentElement: { dataset: {} },
  querySelector: (words) => words === "flt-semantics-placeholder" ? placeholder : null,
};
globalThis.addEventListener = (name, listener) => (heard[name] ??= []).push(listener);
"""
DRAWN = """
for (const listener of heard["flutter-first-frame"]) listener();
console.log(names["aria-label"]);
"""


@pytest.mark.parametrize(
    ("language", "name"),
    [
        pytest.param("zh-HK", "開啟螢幕閱讀器支援", id="Chinese"),
        pytest.param("zh-Hant-HK", "開啟螢幕閱讀器支援", id="Chinese by its script"),
        pytest.param("en-GB", "Turn on support for screen readers", id="English"),
        pytest.param("fr", "Turn on support for screen readers", id="any other"),
    ],
)
def test_the_switch_for_screen_readers_speaks_as_the_phone_does(language: str, name: str) -> None:
    script = BROWSER.replace("LANGUAGE", language) + PAGE.read_text("utf-8") + DRAWN
    done = subprocess.run([node(), "-"], input=script, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == name
