"""The app as a person meets it, in server mode: an answer tapped is there after the page is opened anew."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from checklists.forms.form import Channel
from fieldapp.state.call import Step
from fieldapp.storage.files import FileFolder
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, complete, fill
from tests.journeys.browsers import HEADLESS
from tests.ports import port_that_stays

CHROMIUM = next((p for p in (str(HEADLESS), "/usr/bin/google-chrome") if Path(p).exists()), None)
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    "--disable-3d-apis",  # Flutter draws with the processor itself: less work than imitating a graphics card
]
ROOT = Path(__file__).parents[3]

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true", reason="Chromium is not here; install the chromium package"
    ),
]


async def enrolled(root: Path) -> None:
    """A device with a call to make, a visit that is both, done but for its draw, and a call that is over."""
    folder = FileFolder(root)
    onsite = an_assignment(id="assignment-2", channel=Channel.ONSITE, variant="both", recordings_to_draw=2)
    made = an_assignment(id="assignment-3")
    phone = await fill(Phone(folder), an_assignment(annex="ivrs_annex@1"), onsite, made, token="token")
    await phone.app.start()
    await phone.app.open_visit("assignment-3")
    await phone.visit.dial()
    for step in (Step.RING, Step.ANSWERED, Step.QUEUED, Step.PERSON, Step.HOLD, Step.RESUME):
        phone.clock.pass_(seconds=30)
        await phone.visit.step(step)
    await phone.visit.hang_up("caller")
    await phone.app.open_visit("assignment-2")
    await complete(phone, draw=False)
    await phone.worker.stop()
    folder.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with ThreadPoolExecutor() as apart:  # Playwright keeps a loop of its own in this thread
        apart.submit(asyncio.run, enrolled(tmp_path / "data")).result(60)
    port = port_that_stays()
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
        except OSError:  # nobody there, or too busy starting to answer
            assert time.monotonic() < until, f"{url} does not answer"
            time.sleep(0.2)  # the server process is starting


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


def open_app(browser: Browser, url: str, *, before: str = "", width: int = 320, height: int = 640) -> Page:
    """Open the app with the accessibility tree on, on a small phone where nothing else is said.

    `before`: a script that runs before the page's. Tap, never click: under a mouse that stays on a button, its tooltip
    becomes a part of its name.
    """
    view: ViewportSize = {"width": width, "height": height}
    page = browser.new_context(viewport=view, is_mobile=True, has_touch=True, reduced_motion="reduce").new_page()
    page.set_default_timeout(30_000)
    if before:
        page.add_init_script(before)
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
    page.get_by_role("button", name="Yes, PA1", exact=True).tap()
    chosen(page, "Yes, PA1")
    expect(page.get_by_text("Saved on this phone")).to_be_visible()
    page.get_by_role("button", name="Back", exact=True).tap()
    expect(page.get_by_role("button", name="Log a try")).to_be_visible(timeout=30_000)  # the section has none
    page.get_by_role("button", name="Back", exact=True).tap()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible(timeout=30_000)
    page.context.close()

    page = open_app(browser, f"{address}#/settings")
    page.get_by_role("button", name="Language 繁體中文").tap()
    expect(page.get_by_role("heading", name="設定")).to_be_visible()
    page.context.close()

    page = open_app(browser, f"{address}#/visit/assignment-1/section/PA")
    chosen(page, "是, PA1")
    expect(page.get_by_text("已存於這部手機").last).to_be_visible()


def test_a_visit_that_is_both_is_drawn_and_finished_on_the_screen(browser: Browser, address: str) -> None:
    page = open_app(browser, f"{address}#/visit/assignment-2/review")
    field = page.get_by_label("Recordings on the list", exact=True)
    field.tap()
    expect(field).to_be_focused()
    field.press_sequentially("37")
    page.get_by_role("button", name="Draw recordings").tap()
    page.get_by_role("button", name="Finish", exact=True).tap()
    expect(page.get_by_text("Kept on this phone.")).to_be_visible()
    page.get_by_role("button", name="Today", exact=True).tap()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    page.context.close()


MOST_SCREENS = 10
# How high what scrolls is, and how much of that is seen at once.
SCROLLED = """() => [...document.querySelectorAll("flt-semantics")]
  .filter((node) => getComputedStyle(node).overflowY === "scroll")
  .map((node) => [node.scrollHeight, node.clientHeight])[0]"""


def test_the_38_questions_after_a_call_are_ten_screens_at_most(browser: Browser, address: str) -> None:
    """A screen is what of the questions is seen at once, between title and shelf; none of them is answered by hand."""
    page = open_app(browser, f"{address}#/visit/assignment-3/section/PA", width=390, height=844)
    expect(page.get_by_role("button", name="Review and finish")).to_be_attached()  # drawn to the last one
    said(page)
    whole, seen = page.evaluate(SCROLLED)
    page.context.close()
    assert seen > 600
    assert 5 < whole / seen <= MOST_SCREENS


LARGE = """new MutationObserver(() => {
  if (document.documentElement) document.documentElement.style.fontSize = "200%";
}).observe(document, { childList: true });"""
# What the open screen says: every name with its box, whether it is plain text, and how high what scrolls is.
SAID = """() => {
  const pen = Object.assign(document.createElement("canvas").getContext("2d"), { font: "24px sans-serif" });
  const boxes = [...document.querySelectorAll("flt-semantics")].map((node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    const name = node.getAttribute("aria-label") ?? (node.querySelector("flt-semantics") ? "" : node.textContent);
    const plain = /^(heading)?$/.test(node.getAttribute("role") ?? "") && !node.hasAttribute("aria-label");
    const words = name.split(/[\\s\u2e80-\uffff]+/).map((word) => pen.measureText(word).width);
    return { name, plain, x, y, width, height, longest: Math.max(0, ...words) };
  });
  const nodes = [...document.querySelectorAll("flt-semantics")];
  const scrolled = nodes.filter((node) => getComputedStyle(node).overflowY === "scroll");
  const room = Math.max(0, ...scrolled.map((node) => node.getBoundingClientRect().height));
  return { boxes: boxes.filter((box) => box.name), room };
}"""
VISIT = "#/visit/assignment-1"
SCREENS = (
    "#/",
    "#/sync",
    "#/settings",
    "#/enrol",
    VISIT,
    f"{VISIT}/call",
    f"{VISIT}/evidence",
    f"{VISIT}/review",
    f"{VISIT}/section/PA",
    f"{VISIT}/section/PA/PA3",
    f"{VISIT}/done",
    "#/visit/assignment-2",
    "#/visit/assignment-2/section/OH",
)
COUNTED = re.compile(r": (not counted yet|尚未計數|\d+)$")  # the spoken name of a figure
LEAST_ROOM = 0.45  # of the screen's height is for what scrolls


def said(page: Page, before: object = None) -> Any:
    """What the screen says once it stands still, and is not `before` any more."""
    last = None
    for _ in range(60):
        now = page.evaluate(SAID)
        if now == last and now["boxes"] and now != before:
            return now
        last = now
        page.wait_for_timeout(100)
    raise AssertionError(f"the screen does not stand still: {last}")


def faults(screen: Any, width: int, height: int) -> list[str]:
    """What cannot be read: words beyond the edge, a word broken by letters, no room for what scrolls."""
    wrong = [
        f"{box['name'][:40]!r} from {box['x']:.0f} to {box['x'] + box['width']:.0f}"
        for box in screen["boxes"]
        if box["x"] < -1 or box["x"] + box["width"] > width + 1
    ]
    wrong += [
        f"{box['name'][:40]!r} is {box['width']:.0f} px wide, its longest word {box['longest']:.0f}"
        for box in screen["boxes"]
        if box["plain"] and box["longest"] > box["width"] + 1 and not COUNTED.search(box["name"])
    ]
    if screen["room"] and screen["room"] < LEAST_ROOM * height:
        wrong.append(f"only {screen['room']:.0f} px scroll")
    return wrong


def test_every_screen_is_read_at_320_px_with_text_twice_as_large_in_both_languages(
    browser: Browser, address: str
) -> None:
    page = open_app(browser, f"{address}#/settings", before=LARGE)
    found: dict[str, list[str]] = {}
    screen = said(page)
    for language, dialogs in (
        ("English", ("Log a try", "Type the time of Number dialled")),
        ("繁體中文", ("記錄一次嘗試",)),
    ):
        page.get_by_role("button", name=re.compile(f" {language}$")).tap()
        for route in SCREENS:
            page.evaluate("route => { location.hash = route }", route)
            screen = said(page, screen)
            found[f"{language} {route}"] = faults(screen, 320, 640)
            for dialog in dialogs if route == VISIT else ():
                page.get_by_role("button", name=dialog).tap()
                shown = said(page, screen)
                found[f"{language} {dialog}"] = faults({**shown, "room": 0}, 320, 640)
                page.keyboard.press("Escape")
                said(page, shown)
        page.evaluate("route => { location.hash = route }", "#/settings")
        screen = said(page, screen)
    page.context.close()
    assert {where: wrong for where, wrong in found.items() if wrong} == {}
