"""A short visit in Firefox and in the iPhone's engine family: enrol, answer, photo, restart with no network, send.

That it says "Offline" shows that a fetch that fails comes back to Python: in WebKit it once never did.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from checklists.forms.file import shipped_forms
from checklists.record.sheet import sheet
from tests.journeys.answers import MORE
from tests.journeys.assessor import Assessor
from tests.journeys.browsers import SEMANTICS, open_app, wait_until_offline_ready
from tests.journeys.product import Product
from tests.journeys.webkit import PATIENCE_S, App

pytestmark = pytest.mark.journey

AGAIN_S = 5
OFFLINE = "Offline. Everything is kept on this phone"

SECTION = sheet(shipped_forms()["face_to_face@1"]).all_sections[0]
QUESTION = next(item.key for item in SECTION.items if item.question.kind == "yes_no")


def test_a_short_visit_in_firefox(firefox: Callable[[], BrowserContext], product: Product, picture: Path) -> None:
    assessor = Assessor(firefox().new_page(), picture)
    open_app(assessor.page, product.link())
    assessor.enrol()
    wait_until_offline_ready(assessor.page)
    entrant = assessor.open_visit("Face-to-face")
    assessor.open_section(SECTION)
    assessor.tap(f"Yes, {QUESTION}")
    expect(assessor.button(f"Yes, {QUESTION}")).to_have_attribute("aria-current", "true")
    assessor.tap(f"{MORE}, {QUESTION}")
    assessor.attach(f"Add photo, {QUESTION}", picture)

    product.stop()
    assessor.page = firefox().new_page()
    open_app(assessor.page, product.app_url)
    assessor.see(OFFLINE)
    assessor.open_visit(entrant, "Face-to-face")
    assessor.see_button("Photos and audio notes (1) What belongs to the whole visit, and everything taken so far")
    assessor.open_section(SECTION)
    expect(assessor.button(f"Yes, {QUESTION}")).to_have_attribute("aria-current", "true")
    assessor.tap("All sections")
    assessor.break_off()
    assessor.see_sync(entrant, "Waiting to be sent")

    product.start()
    assessor.open_sync()
    assessor.send_now()
    assessor.see("1 of 1 files on the server")
    assessor.see("Safe since")


def test_a_short_visit_in_webkit(webkit: Callable[[], App], product: Product, picture: Path) -> None:
    app = webkit()
    app.open(product.app_url)
    app.type("Enrolment code", product.code())
    tap(app, "Enrol this phone", then="Refresh")
    app.until(lambda: app.js("return document.documentElement.dataset.offline") == "ready")
    app.driver.get("about:blank")
    app.open(product.app_url)  # the page that was left is kept for the Back button: it must not hold the storage
    tap(app, "Face-to-face", then="Photos and audio notes")
    tap(app, SECTION.title["en"], then=f"Yes, {QUESTION}")
    tap(app, f"Yes, {QUESTION}")
    app.until(lambda: button(app, f"Yes, {QUESTION}").get_attribute("aria-current") == "true")
    tap(app, f"{MORE}, {QUESTION}", then=f"Add photo, {QUESTION}")
    with app.picked_file("photo.jpg", picture.read_bytes(), "image/jpeg"):
        tap(app, f"Add photo, {QUESTION}")
    tap(app, "Keep this photo")
    app.see(" attached")

    product.stop()
    app = webkit()
    app.open(product.app_url)
    app.see(OFFLINE)
    tap(app, "Face-to-face", then="Photos and audio notes (1)")
    tap(app, SECTION.title["en"], then=f"Yes, {QUESTION}")
    app.until(lambda: button(app, f"Yes, {QUESTION}").get_attribute("aria-current") == "true")
    tap(app, "All sections", then="Review and finish")
    tap(app, "Review and finish", then="Cancel this assessment")
    tap(app, "Cancel this assessment", then="I was recognised")
    tap(app, "I was recognised", then="Cancel and send")
    tap(app, "Cancel and send", then="Waiting to be sent")

    product.start()
    tap(app, "Sync", then="Send now")
    tap(app, "Send now")
    app.see("1 of 1 files on the server")
    app.see("Safe since")


def look(app: App, says: str) -> WebElement | None:
    """The first button that says so, if it is there."""
    found = app.driver.find_elements(By.CSS_SELECTOR, f"{SEMANTICS} [role=button]")
    return next((e for e in found if says in (e.text or e.get_attribute("aria-label") or "")), None)


def button(app: App, says: str, timeout_s: float = PATIENCE_S) -> WebElement:
    """The first button that says so, as soon as it is there."""
    held: WebElement = app.until(lambda: look(app, says), timeout_s)
    return held


def tap(app: App, says: str, *, then: str = "") -> None:
    """Tap as assistive technology does: also what is scrolled out of sight.

    Where no button that says `then` comes of it, tap again as a person does: a screen that is just drawn anew, after a
    start for instance, takes no tap.
    """
    app.until(lambda: app.js("arguments[0].click(); return true", button(app, says)))
    if not then:
        return
    try:
        button(app, then, AGAIN_S)
    except TimeoutException:
        if look(app, says):
            tap(app, says)
        button(app, then)
