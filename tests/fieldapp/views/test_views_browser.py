"""The app as a person meets it, in server mode: an answer tapped is there after the page is opened anew."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect, sync_playwright

from checklists.forms.file import shipped_forms
from fieldapp.kept import Feed
from fieldapp.storage import Keeper, TinyStore
from fieldapp.storage.files import FileFolder
from tests.builders import an_assignment

CHROMIUM = next((p for p in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(p).exists()), None)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ROOT = Path(__file__).parents[3]

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true", reason="Chromium is not here; install the chromium package"
    ),
]


async def enrolled(root: Path) -> None:
    folder = FileFolder(root)
    store = TinyStore(Keeper(folder))
    await store.open()
    for form in shipped_forms().values():
        await store.save_form(form)
    await store.save_feed(Feed(cursor="1", assignments={"assignment-1": an_assignment()}))
    await store.save_device(replace(store.device(), token="token", assessor_name="Assessor 1"))
    folder.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with ThreadPoolExecutor() as apart:  # Playwright keeps a loop of its own in this thread
        apart.submit(asyncio.run, enrolled(tmp_path / "data")).result(60)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "fieldapp", "serve", "--port", str(port), "--data", str(tmp_path / "data")]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(20)


def wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, ConnectionError):
            assert time.monotonic() < until, f"{url} does not answer"
            time.sleep(0.2)  # the server process is starting


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


def open_app(browser: Browser, url: str) -> Page:
    """Open the app on a small phone, with the accessibility tree on."""
    page = browser.new_context(viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True).new_page()
    page.set_default_timeout(30_000)
    page.goto(url)
    page.locator("flt-semantics-placeholder").wait_for(state="attached")
    page.locator("flt-semantics-placeholder").dispatch_event("click")
    return page


def chosen(page: Page, name: str) -> None:
    expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-current", "true", timeout=30_000)


def test_an_answer_survives_opening_the_app_anew_and_the_language_holds_everywhere(
    browser: Browser, address: str
) -> None:
    page = open_app(browser, f"{address}#/visit/assignment-1/section/PA")
    page.get_by_role("button", name="PA1 Yes", exact=True).click()
    chosen(page, "PA1 Yes")
    expect(page.get_by_text("Saved on this phone")).to_be_visible()
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.get_by_role("button", name="Review and finish")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.get_by_role("heading", name="Visits", exact=True)).to_be_visible(timeout=30_000)
    page.context.close()

    page = open_app(browser, f"{address}#/settings")
    page.get_by_role("button", name="Language 繁體中文").click()
    expect(page.get_by_role("heading", name="設定")).to_be_visible()
    page.context.close()

    page = open_app(browser, f"{address}#/visit/assignment-1/section/PA")
    chosen(page, "PA1 是")
    expect(page.get_by_text("已存於這部手機").last).to_be_visible()
