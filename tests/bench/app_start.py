"""The app's start beside a Flet page of one text, in the same build and the same run, in turns."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from playwright.sync_api import Page, Playwright, expect

from tests.bench.bare_page import TEXT, bare_page
from tests.bench.figures import say
from tests.journeys.assessor import Assessor
from tests.journeys.browsers import Phone, Phones, open_app, wait_until_offline_ready
from tests.journeys.product import Product

# As phones come, and not as the journeys set them for speed.
AS_SOLD = {"device_scale_factor": 2, "reduced_motion": "no-preference"}


class Start(NamedTuple):
    """One start: seconds by the clock, and of processor in all of the browser's processes."""

    wall_s: float
    cpu_s: float


def usable(phone: Phone, url: str) -> Start:
    """The start until the list's Refresh can be tapped; the worker's own marks are printed as they come."""
    page = phone.page
    with clocked(phone) as taken:
        open_app(page, url)
        expect(page.get_by_role("button", name="Refresh")).to_be_attached(timeout=60_000)
    marks(page, "app")
    return taken[0]


def bare(phone: Phone, url: str) -> Start:
    """The start until the one text is there."""
    page = phone.page
    with clocked(phone) as taken:
        page.goto(url)
        page.locator("flt-semantics-placeholder").dispatch_event("click", timeout=60_000)
        page.get_by_text(TEXT).wait_for(state="attached", timeout=60_000)
    marks(page, "bare page")
    return taken[0]


@contextmanager
def clocked(phone: Phone) -> Iterator[list[Start]]:
    """Measure the block; the list holds the one result once it is over."""
    result: list[Start] = []
    before, begun = phone.processor_s(), time.perf_counter()
    yield result
    result.append(Start(time.perf_counter() - begun, phone.processor_s() - before))


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
    Assessor(phone.page, folder).enrol()
    wait_until_offline_ready(phone.page)
    with bare_page(site, folder / "bare-site") as address:
        bare(plain, address)
        wait_until_offline_ready(plain.page)
        for each in (phone, plain):
            each.context.set_offline(True)
        for _n in range(times):
            for each in (phone, plain):
                each.page.goto("about:blank")
            warm.append(usable(phone, product.app_url))
            phone.page.goto("about:blank")
            yardstick.append(bare(plain, address))
    phones.close()
    say(f"first online visit until usable, median of {times}", median(first), 8, "s")
    say(f"offline warm start to the visits list, median of {times}", median(one.wall_s for one in warm), 3.5, "s")
    say(f"a page of one text in the same build, median of {times}", median(one.wall_s for one in yardstick), 3.5, "s")
    pairs = list(zip(warm, yardstick, strict=True))
    say("offline start beside it, median of the pairs", median(a.wall_s / b.wall_s for a, b in pairs), 1.25, "x")
    say("the same by processor seconds", median(a.cpu_s / b.cpu_s for a, b in pairs), 1.25, "x")
    seconds = median(one.cpu_s for one in warm), median(one.cpu_s for one in yardstick)
    print("processor seconds of a start: app {:.2f}, page of one text {:.2f}".format(*seconds))
