"""Every page of the dashboard, in both languages and in every width, in one browser: a new page is in it by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page

from sync_server.people.permissions import Role
from tests.journeys.axe import faults_by_axe
from tests.sync_server.desk import PASSWORD
from tests.sync_server.whole_desk import WholeDesk

pytestmark = pytest.mark.journey

FAULTS = (Path(__file__).parent / "layout.js").read_text("utf-8")

# What somebody sets, and the width it leaves in CSS pixels: a 1280 px laptop at 125 % is 1024 wide.
NARROW = 320
WIDTHS = {"en": (NARROW, 600, 768, 1024, 1088, 2560), "zh-Hant": (NARROW, 768, 1088)}
# How a page lies is measured, not looked at: a page that nobody sees through is laid out alike, and not drawn.
UNSEEN = "addEventListener('DOMContentLoaded', () => { document.documentElement.style.opacity = 0; });"
TWICE = "document.documentElement.style.fontSize = '200%'"
ONCE = "document.documentElement.style.fontSize = ''"


def resize(page: Page, devtools: CDPSession, width: int) -> None:
    """Make the window this wide. Playwright's own way, where everything is drawn anew, is twice the work."""
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False, "dontSetVisibleSize": True}
    devtools.send("Emulation.setDeviceMetricsOverride", size)
    assert page.evaluate("innerWidth") == width


def sign_in(page: Page, whole: WholeDesk) -> None:
    page.goto(f"{whole.url}/sign-in")
    page.locator("#username").fill(Role.ADMIN.value)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button.primary").click()
    page.locator("h1").wait_for()


def faults_of(
    page: Page, devtools: CDPSession, name: str, widths: tuple[int, ...], *, is_narrow: bool = True
) -> list[str]:
    """What is wrong with the page that is open, in each width and with the text of twice the size.

    `is_narrow`: whether the window is as narrow as it gets. It ends at the other end of `widths`: for a browser the
    changes of a window are half of the work.
    """
    faults: list[str] = []
    for width in widths if is_narrow else reversed(widths):
        resize(page, devtools, width)
        faults += [f"{name} at {width}: {one}" for one in page.evaluate(FAULTS, {"thumbs": width < 768})]
        if width == NARROW:
            page.evaluate(TWICE)
            twice = page.evaluate(FAULTS, {"thumbs": False, "twice": True})
            faults += [f"{name} at 200 %: {one}" for one in twice]
            page.evaluate(ONCE)
    return faults


# The pages of a season from its launch to its plan, also by axe: the rules of WCAG 2.2 AA that a program can judge.
OF_A_SEASON = frozenset(
    ("today", "season", "edition", "enrol", "enrolments", "faqs", "money", "plan", "assignments", "records", "imports",
     "reminders", "letters", "what-if")
)  # fmt: skip


def found_by_axe(page: Page, name: str) -> list[str]:
    """What axe finds wrong with the page that is open, as wide as the window is, in both themes."""
    if name.split("/")[1].partition("?")[0] not in OF_A_SEASON:
        return []
    return faults_by_axe(page, name)


# Their forms are sent by Enter.
SENT_BY_ENTER = ("sign-in", "account", "invitation", "reset", "survey")
FIELDS = "main form[method=post] :is(input:not([type=hidden]), select, textarea)"


def press_enter_in_fields(page: Page) -> int:
    """Press it in the first fields of each form, wherever it is folded away, and return in how many."""
    page.evaluate("document.querySelectorAll('details').forEach((folded) => (folded.open = true))")
    fields = page.locator(FIELDS).all()[:6]
    for field in fields:
        field.focus()
        page.keyboard.press("Enter")
    return len(fields)


# Pages that only come as an answer: where the form is, and its button.
ANSWERS = (
    ("/enrolment-codes", "main form[action='/enrolment-codes'] button.primary"),
    ("/accounts", "main form[action$='/reset'] button:not([data-guard])"),
    ("/accounts", "main form[action='/accounts/invitations'] button.primary"),
)


@pytest.mark.parametrize("language", sorted(WIDTHS))
def test_every_page_is_read_in_every_width_and_sends_no_decision_by_enter(chromium, whole, language):
    """The second is FORM-1, as a browser sees it: once, on each page that is open already."""
    faults: list[str] = []
    sent: list[str] = []
    tried = 0
    with chromium.new_context() as context:
        context.add_cookies([{"name": "language", "value": language, "url": whole.url}])
        context.add_init_script(UNSEEN)
        page = context.new_page()
        sign_in(page, whole)
        page.on("request", lambda request: request.method == "POST" and sent.append(f"{page.url} -> {request.url}"))
        devtools = context.new_cdp_session(page)
        begins_narrow = language == "en"  # each page ends narrow in one language and wide in the other
        resize(page, devtools, NARROW if begins_narrow else WIDTHS[language][-1])
        for number, path in enumerate(whole.pages):
            # A page without a script is there before its sheet is.
            page.goto(f"{whole.url}{path}", wait_until="load" if path.startswith("/survey") else "domcontentloaded")
            faults += faults_of(page, devtools, path, WIDTHS[language], is_narrow=(number % 2 == 0) is begins_narrow)
            faults += found_by_axe(page, path)
            if language == "en" and path.split("/")[1].partition("?")[0] not in SENT_BY_ENTER:
                tried += press_enter_in_fields(page)
        assert sent == []
        assert language != "en" or tried > 10
        for path, button in ANSWERS:
            resize(page, devtools, 1280)
            page.goto(f"{whole.url}{path}", wait_until="domcontentloaded")
            for box in page.locator("main input[type=checkbox]").all():
                box.check()
            with page.expect_navigation():
                page.locator(button).first.click()
            faults += faults_of(page, devtools, f"the answer of {button}", (NARROW, 1088))
    assert faults == [], "\n".join(faults)
