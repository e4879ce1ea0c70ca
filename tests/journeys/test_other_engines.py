"""The same app in the iPhone's engine family and in Firefox: start, keep, start again with no network, fail to fetch.

What is kept is the choice of language: the smallest thing an assessor can tap that must outlive the browser.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.browsers import PATIENCE_MS, open_app, wait_until_offline_ready
from tests.journeys.site import Site
from tests.journeys.webkit import App

pytestmark = pytest.mark.journey

CHINESE, TITLE, CODE, ENROL, NO_NETWORK = "繁體中文", "登記這部手機", "登記碼", "登記這部手機", "伺服器沒有回應"


def test_firefox_starts_offline_with_what_was_kept(firefox: Callable[[], BrowserContext], site: Site) -> None:
    def see(page: Page, words: str) -> None:
        expect(page.get_by_text(words).first).to_be_attached(timeout=PATIENCE_MS)

    page = firefox().new_page()
    open_app(page, site.url)
    page.get_by_role("button", name=CHINESE).click()
    see(page, TITLE)
    wait_until_offline_ready(page)

    site.stop()
    page = firefox().new_page()
    open_app(page, site.url)
    see(page, TITLE)
    page.get_by_label(CODE).click()
    page.get_by_label(CODE).fill("ABCD-EFGH")
    page.get_by_role("button", name=ENROL).click()
    see(page, NO_NETWORK)


def test_webkit_starts_offline_with_what_was_kept(webkit: Callable[[], App], site: Site) -> None:
    app = webkit()
    app.open(site.url)
    app.tap(f"Language {CHINESE}")
    app.see(TITLE)
    app.until(lambda: app.js("return document.documentElement.dataset.offline") == "ready")
    app.driver.get("about:blank")
    app.open(site.url)
    app.see(TITLE)  # and not that it is open elsewhere: the page that was left is kept for the Back button

    site.stop()
    app = webkit()
    app.open(site.url)
    app.see(TITLE)
    app.type(CODE, "ABCD-EFGH")
    app.tap(ENROL)
    app.see(NO_NETWORK)  # without the first line of python-worker.js WebKit waits for ever
