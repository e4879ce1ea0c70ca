"""What the accessibility tree costs a tap on an answer: processor time of the browser with it and without, in turns."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from playwright.sync_api import Page, Playwright

from checklists.forms.file import shipped_forms
from checklists.record.sheet import sheet
from tests.bench.app_start import AS_SOLD
from tests.bench.figures import say
from tests.journeys.assessor import Assessor
from tests.journeys.browsers import SCREEN, Phones, in_python, open_app, see_app
from tests.journeys.product import Product

TAPS, SETTLED_MS, TAP_MS = 30, 8_000, 250
# The page turns reading on by itself: here it may not where the tab says so.
UNREAD = """addEventListener("click", (event) => {
  const isSwitch = event.target.localName === "flt-semantics-placeholder";
  if (isSwitch && sessionStorage.unread) event.stopImmediatePropagation();
}, true);"""
ANSWER = """
import gc
from fieldapp.state import App
next(thing for thing in gc.get_objects() if isinstance(thing, App)).visit.assessment.answers["KEY"].value
"""
Place = tuple[float, float]


def semantics_cost(playwright: Playwright, product: Product, folder: Path, times: int) -> None:
    """One phone at one question, loaded anew with and without the tree, and touched at the same places."""
    phones = Phones(playwright, folder / "semantics")
    phone = phones.launch(**AS_SOLD)
    phone.context.add_init_script(UNREAD)
    page = phone.page
    open_app(page, product.link())
    assessor = Assessor(page, folder)
    assessor.enrol()
    assessor.open_visit("Phone-in")
    assessor.log_try("Connected", then="Connected: ends the series.")
    section = sheet(shipped_forms()["phone_in@1"]).all_sections[1]
    assessor.open_section(section)
    key = section.items[0].key
    places = (middle(assessor, f"Yes, {key}"), middle(assessor, f"No, {key}"))
    costs: dict[bool, list[float]] = {True: [], False: []}
    for n in range(2 * times):
        is_read = bool(n % 2)
        page.evaluate(
            "read => read ? sessionStorage.removeItem('unread') : sessionStorage.setItem('unread', 1)", is_read
        )
        page.reload()
        if is_read:
            see_app(page)
        page.wait_for_timeout(SETTLED_MS)
        assert bool(page.locator(SCREEN).count()) is is_read
        before = phone.processor_s()
        tap_along(page, places)
        costs[is_read].append((phone.processor_s() - before) / TAPS)
        assert in_python(page, ANSWER.replace("KEY", key)) is False, "the taps did not arrive"
    phones.close()
    for is_read, taken in costs.items():
        print(f"a tap {'with' if is_read else 'without'} the tree, processor ms: {[round(1000 * s) for s in taken]}")
    say(
        "what the tree adds to a tap, processor, medians", 1000 * (median(costs[True]) - median(costs[False])), 10, "ms"
    )


def middle(assessor: Assessor, name: str) -> Place:
    box = assessor.button(name).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def tap_along(page: Page, places: tuple[Place, Place]) -> None:
    """Touch both in turns, the last one at the end."""
    for n in range(TAPS):
        page.touchscreen.tap(*places[n % 2])
        page.wait_for_timeout(TAP_MS)
