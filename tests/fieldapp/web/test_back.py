"""The phone's own Back goes one level up: see fieldapp/web/boot/back.js."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import flet as ft
import pytest

from fieldapp.app import ROUTES
from fieldapp.views.hooks import one_level_up
from fieldapp.web.compiled import node

BACK = Path(__file__).parents[3] / "fieldapp" / "web" / "boot" / "back.js"
VALUES = {":id": "r1-a%231", ":section": "PB%232", ":question?": "PB1%232"}
# A browser's history as Flutter fills it: entries with numbers, of which it reads the one that Back led to.
BROWSER = """
globalThis.location = { hash: "" };
const entries = [{ state: { serialCount: 0 }, hash: "" }];
let place = 0, heard;
const show = () => { location.hash = entries[place].hash; };
globalThis.history = {
  get state() { return entries[place].state; },
  pushState(state, title, url) { entries.length = ++place; entries.push({ state, hash: url }); show(); },
  replaceState(state, title, url) { entries[place] = { state, hash: url }; show(); },
};
globalThis.addEventListener = (name, listener) => { heard = listener; };
(0, eval)(require("node:fs").readFileSync(process.argv[1], "utf-8"));
const open = (route) => history.pushState({ serialCount: history.state.serialCount + 1 }, "", `#${route}`);
const step = (by) => { place += by; show(); heard(); return location.hash.replace(/^#/, "") || "/"; };
console.log(JSON.stringify(%s));
"""


def in_browser(expression: str) -> object:
    done = subprocess.run(
        [node(), "-e", BROWSER % expression, str(BACK)], capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(done.stdout)


def levels(routes: Sequence[ft.Route], above: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the app with the one a level up."""
    for route in routes:
        parts = [VALUES.get(part, part) for part in (route.path or "").split("/") if part]
        here = "/".join([above, *parts]) or "/"
        if parts:
            yield here, above or "/"
        yield from levels(route.children or [], "" if here == "/" else here)


def test_one_level_up_is_what_the_routes_of_the_app_say() -> None:
    """BCK-1."""
    expected = dict(levels(ROUTES))
    assert len(expected) == 16
    shorter = {re.sub(r"/PB1%232$", "", here): up for here, up in expected.items()}
    told = in_browser(f"Object.fromEntries({json.dumps([*expected, *shorter, '/'])}.map((r) => [r, oneLevelUp(r)]))")
    assert told == {**expected, **shorter, "/": "/"} == {route: one_level_up(route) for route in told}


@pytest.mark.parametrize(
    ("steps", "seen"),
    [
        pytest.param(
            "(open('/visit/a'), open('/visit/a/call'), [step(-1), step(-1)])", ["/visit/a", "/"], id="as it came"
        ),
        pytest.param("(open('/visit/a'), open('/'), [step(-1)])", ["/"], id="BCK-1 not into a visit that was left"),
        pytest.param(
            "(open('/visit/a'), open('/'), open('/visit/b/review'), [step(-1), step(-1), step(-1)])",
            ["/visit/b", "/", "/"],
            id="BCK-1 up, not where one was before",
        ),
        pytest.param("(open('/visit/a'), [step(-1), step(1)])", ["/", "/visit/a"], id="forward goes forward"),
    ],
)
def test_back_leads_up(steps: str, seen: list[str]) -> None:
    """BCK-1."""
    assert in_browser(steps) == seen
