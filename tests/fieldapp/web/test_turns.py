"""Timers of the app's worker take turns, whatever the browser does: see fieldapp/web/boot/turns.js."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from fieldapp.web.compiled import node

TURNS = Path(__file__).parents[3] / "fieldapp" / "web" / "boot" / "turns.js"
# A browser with a list of due timers, which a callback can make it go through: `nested`.
BROWSER = """
globalThis.self = globalThis;
const due = [], seen = [];
globalThis.setTimeout = (callback) => due.push(callback);
const nested = () => due.splice(0).forEach((callback) => callback());
await import(process.argv[1]);
%s
for (let round = 0; due.length && round < 1000; round++) nested();
console.log(JSON.stringify(seen));
"""


@pytest.mark.parametrize(
    ("timers", "seen"),
    [
        pytest.param(
            "self.setTimeout(() => seen.push('a')); self.setTimeout(() => seen.push('b'));", ["a", "b"], id="in turn"
        ),
        pytest.param(
            "self.setTimeout(() => { seen.push('a begins'); nested(); seen.push('a ends'); });"
            "self.setTimeout((word) => seen.push(word), 0, 'b'); due.shift()();",
            ["a begins", "a ends", "b"],
            id="one in the middle of another",
        ),
        pytest.param(
            "self.setTimeout(() => { seen.push('a'); throw new Error('a fault'); });"
            "self.setTimeout(() => seen.push('b')); try { due.shift()(); } catch { seen.push('told'); }",
            ["a", "told", "b"],
            id="after one that failed",
        ),
        pytest.param(
            "self.setTimeout(() => { for (let n = 0; n < 300; n++) nested(); seen.push('a'); });"
            "self.setTimeout(() => seen.push('b')); due.shift()();",
            ["b", "a"],
            id="not for ever",
        ),
    ],
)
def test_a_timer_waits_until_another_has_ended(timers: str, seen: list[str]) -> None:
    done = subprocess.run(
        [node(), "--input-type=module", "-e", BROWSER % timers, TURNS.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == seen
