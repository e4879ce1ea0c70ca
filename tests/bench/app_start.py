"""The app's start beside a Flet page of one text, in the same build and the same run, in turns."""

from __future__ import annotations

import json
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from playwright.sync_api import Page, Playwright

from tests.bench.bare_page import TEXT, bare_page
from tests.bench.figures import say
from tests.journeys.assessor import Assessor
from tests.journeys.browsers import Phone, Phones, open_app, wait_until_offline_ready
from tests.journeys.product import Product

# As phones come, and not as the journeys set them for speed.
AS_SOLD = {"device_scale_factor": 2, "reduced_motion": "no-preference"}


# Runs in each page before its own scripts: turns the accessibility tree on when Flutter offers it, and tells how many
# milliseconds after the navigation WORDS stand in it. A locator that waits is up to half a second late: Playwright
# looks again after 20, 50, 100, 100 and then every 500 ms.
WATCH = """(() => {
  let asked = false;
  new MutationObserver((_changes, watch) => {
    const offered = document.querySelector("flt-semantics-placeholder");
    if (offered && !asked) { asked = true; offered.click(); }
    const says = ({ ariaLabel, textContent }) => (ariaLabel ?? textContent).includes(WORDS);
    if (![...document.querySelectorAll("flt-semantics-host *")].some(says)) return;
    watch.disconnect();
    console.info(`usable ${performance.now()}`);
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
})()"""
A_VISIT = "Phone-in"  # on its tile in the list
# What a browser compiled it keeps with the build, a little more of it at each start: the first few are slower.
PAIRS, FIRST_FEW = 15, 5


class Start(NamedTuple):
    """One start: seconds by the clock, and of processor in all of the browser's processes."""

    wall_s: float
    cpu_s: float


def start(phone: Phone, url: str, what: str) -> Start:
    """Open the address and wait until what the phone watches for is there; the worker's own marks are printed."""
    page, before = phone.page, phone.processor_s()
    with page.expect_console_message(lambda message: message.text.startswith("usable ")) as told:
        page.goto(url, wait_until="commit")
    taken_ms = float(told.value.text.split()[1])
    result = Start(taken_ms / 1000, phone.processor_s() - before)
    marks(page, what)
    return result


def marks(page: Page, what: str) -> None:
    """Print what the worker noted of its own start."""
    worker = next(worker for worker in page.workers if worker.url.endswith("python-worker.js"))
    told = worker.evaluate("() => self.bootMarks()")
    print(f"  {what}: " + ", ".join(f"{name} {at_ms}" for name, at_ms in told.items()) + " ms", flush=True)


def starts(playwright: Playwright, product: Product, folder: Path, site: Path, times: int) -> None:
    """Measure first visits, then warm starts with no network; `site` is the build."""
    first, warm, yardstick = [], [], []
    for n in range(times):
        phones = Phones(playwright, folder / f"first-{n}")
        page = phones.launch(**AS_SOLD).page
        begun = time.perf_counter()
        open_app(page, product.app_url)
        first.append(time.perf_counter() - begun)
        phones.close()
    phones = Phones(playwright, folder / "warm")
    phone, plain = phones.launch(**AS_SOLD), phones.launch(**AS_SOLD)
    open_app(phone.page, product.link())
    assessor = Assessor(phone.page, folder)
    assessor.enrol()
    assessor.tile(A_VISIT).wait_for(state="attached")
    with bare_page(site, folder / "bare-site") as address:
        plain.page.goto(address)
        for each, words in ((phone, A_VISIT), (plain, TEXT)):
            wait_until_offline_ready(each.page)
            each.context.set_offline(True)
            each.page.add_init_script(WATCH.replace("WORDS", json.dumps(words)))
        for _n in range(PAIRS):
            for each in (phone, plain):
                each.page.goto("about:blank")
            warm.append(start(phone, product.app_url, "app"))
            phone.page.goto("about:blank")
            yardstick.append(start(plain, address, "bare page"))
    phones.close()
    say(f"first online visit until usable, median of {times}", median(first), 8, "s")
    say(f"offline warm start to the visits list, median of {PAIRS}", median(one.wall_s for one in warm), 3.5, "s")
    say(f"a page of one text in the same build, median of {PAIRS}", median(one.wall_s for one in yardstick), 3.5, "s")
    pairs = list(zip(warm, yardstick, strict=True))
    say("offline start beside it, median of the pairs", median(a.wall_s / b.wall_s for a, b in pairs), 1.25, "x")
    few = pairs[:FIRST_FEW]
    say(f"the same, the first {FIRST_FEW} pairs alone", median(a.wall_s / b.wall_s for a, b in few), 1.25, "x")
    say("the same by processor seconds, all pairs", median(a.cpu_s / b.cpu_s for a, b in pairs), 1.25, "x")
    seconds = median(one.cpu_s for one in warm), median(one.cpu_s for one in yardstick)
    print("processor seconds of a start: app {:.2f}, page of one text {:.2f}".format(*seconds))
