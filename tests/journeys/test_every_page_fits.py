"""Every page of the dashboard, in both languages and in every width, in one browser: a new page is in it by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from sync_server.config import Config
from sync_server.people.permissions import Role
from tests.journeys.browsers import CHROMIUM, need
from tests.sync_server.conftest import run_server, set_season_up
from tests.sync_server.desk import PASSWORD
from tests.sync_server.whole_desk import WholeDesk, whole_desk

pytestmark = pytest.mark.journey

FAULTS = (Path(__file__).parent / "layout.js").read_text("utf-8")

# What somebody sets, and the width it leaves in CSS pixels: a 1280 px laptop at 125 % is 1024 wide.
NARROW = 320
WIDTHS = {"en": (NARROW, 600, 768, 1024, 1088, 2560), "zh-Hant": (NARROW, 768, 1088)}
TWICE = "document.documentElement.style.fontSize = '200%'"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    need(CHROMIUM, "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeDesk]:
    config = Config(data_dir=tmp_path_factory.mktemp("whole"))
    set_season_up(config)
    for running in run_server(config):
        yield whole_desk(running)


def sign_in(page: Page, whole: WholeDesk) -> None:
    page.goto(f"{whole.url}/sign-in")
    page.locator("#username").fill(Role.ADMIN.value)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button.primary").click()
    page.locator("h1").wait_for()


@pytest.mark.parametrize("language", sorted(WIDTHS))
def test_every_page_is_read_in_every_width(chromium, whole, language):
    faults: list[str] = []
    with chromium.new_context() as context:
        context.add_cookies([{"name": "language", "value": language, "url": whole.url}])
        page = context.new_page()
        sign_in(page, whole)
        for path in whole.pages():
            page.goto(f"{whole.url}{path}", wait_until="domcontentloaded")
            for width in WIDTHS[language]:
                page.set_viewport_size({"width": width, "height": 800})
                faults += [f"{path} at {width}: {one}" for one in page.evaluate(FAULTS, {"thumbs": width < 768})]
            page.set_viewport_size({"width": NARROW, "height": 800})
            page.evaluate(TWICE)
            faults += [f"{path} at 200 %: {one}" for one in page.evaluate(FAULTS, {"thumbs": False, "twice": True})]
    assert faults == [], "\n".join(faults)
