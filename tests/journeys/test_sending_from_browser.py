"""What the phone kept without a network goes to the real server by itself when the browser says it is back.

The screens have journeys of their own; here the app's state is spoken to inside the browser's Python.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fieldapp.real_server import season_server
from tests.journeys.browsers import Phones, in_python, open_app
from tests.sync_server.conftest import Running

pytestmark = pytest.mark.journey

# What the page shows changes with the state, so these words belong to the page as a tap's would.
BEGIN = """
import asyncio, gc, json, os
import flet as ft
from flet.controls.context import _context_page
from fieldapp.state import App
app = next(thing for thing in gc.get_objects() if isinstance(thing, App))
the_page = next(thing for thing in gc.get_objects() if type(thing) is ft.Page)

async def until(true):
    changed = asyncio.Event()
    watch = lambda *_: changed.set()
    stop = app.subscribe(watch)
    async with asyncio.timeout(40):
        while not true():
            changed.clear()
            await changed.wait()
    stop()
"""
MINE = "_context_page.set(the_page)\n"
ENROL = """
assert await app.enrol({code!r}), app.notice
await until(lambda: app.rows and app.line.last_contact_at)
json.dumps([row.assignment_id for row in app.rows])
"""
VISIT = """
assert await app.open_visit("assignment-1"), app.notice
assert await app.visit.add_photo(os.urandom(1_300_000))
assert await app.visit.void("recognised by the agent"), app.notice
await until(lambda: app.line.state == "waiting")
json.dumps([app.items[0].state, app.line.code])
"""
SAFE = """
await until(lambda: app.items[0].state == "safe")
json.dumps([app.items[0].files, app.items[0].files_missing])
"""


@pytest.fixture
def running(tmp_path: Path, built_site: Path) -> Iterator[tuple[Running, str]]:
    yield from season_server(tmp_path, web_app=built_site)


def test_a_visit_made_without_a_network_is_sent_when_it_is_back(phones: Phones, running: tuple[Running, str]) -> None:
    server, code = running
    phone = phones.launch()
    page = phone.page
    open_app(page, f"{server.url}/app/")
    in_python(page, BEGIN)
    assert "assignment-1" in json.loads(in_python(page, MINE + ENROL.format(code=code)))
    phone.context.set_offline(True)
    assert json.loads(in_python(page, MINE + VISIT)) == ["waiting", "no-answer"]
    phone.context.set_offline(False)
    assert json.loads(in_python(page, MINE + SAFE)) == [1, 0]
