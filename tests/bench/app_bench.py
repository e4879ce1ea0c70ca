"""The field app's numbers: `python -m tests.bench.app_bench [--times 5] [--only start,answer,semantics,photo,build]`.

Chromium headless, phone-sized, the real build served by the real server. Prints one line a figure, with its target:
offline warm start until the visits list can be used, beside a Flet page of one text in the same build, in turns; first
visit; what is downloaded with brotli; beside 200 finished visits and 300 photos a tap on an answer until it is durable
and shown, the way to the next question, and the list of 200 visits, a tap also beside one on a bare page's button; a
photo of 12 megapixels, and memory after 20 visits of 5; the build, and the demo's start. On a machine that others use
the ratios and processor seconds hold, the clock's seconds do not.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import TypeVar

from playwright.sync_api import Playwright, sync_playwright

from checklists.forms.file import shipped_forms
from checklists.record.sheet import sheet
from fieldapp.web import build
from tests.bench.app_photos import page_mb, photo_s, twelve_megapixels
from tests.bench.app_semantics import semantics_cost
from tests.bench.app_start import AS_SOLD, starts
from tests.bench.bare_page import BUTTON, COUNTING, bare_page
from tests.bench.figures import say
from tests.journeys.assessor import Assessor
from tests.journeys.browsers import VIEW, Phones, in_python, open_app
from tests.journeys.product import Product

ROOT = Path(__file__).parent.parent.parent
APP = ROOT / "build" / "app"
VISITS, PHOTOS, TAPS = 200, 300, 60
LOOKS, FAR_PX, STILL_MS = 9, 3000, 500
T = TypeVar("T")
MEGABYTE = 1_000_000

# The store is filled by the app's own code, and by its own verbs; only the pictures' bytes are made up.
FILL = """
import gc, os
from datetime import timedelta
import flet as ft
from flet.controls.context import _context_page
_context_page.set(next(thing for thing in gc.get_objects() if isinstance(thing, ft.Page)))
from msgspec.structs import replace
from checklists.record.assessment import Answer, Evidence, MediaKind, RecordStatus, Contact
from fieldapp.ids import new_id
from fieldapp.state import App
from fieldapp.kept import Delivery

async def fill(visits, photos):
    app = next(thing for thing in gc.get_objects() if isinstance(thing, App))
    ports, now = app.ports, app.ports.clock.now()
    await app.open_visit(next(iter(ports.store.feed().assignments)))
    pattern = app.visit.assessment
    answers = {f"P{n}": Answer(value="some words of an answer", at=now) for n in range(40)}
    kept = [await ports.media.keep(os.urandom(300_000)) for _n in range(photos)]
    for n in range(visits):
        files = tuple(
            Evidence(id=new_id(now), sha256=sha, size_bytes=300_000, kind=MediaKind.PHOTO,
                     content_type="image/jpeg", taken_at=now)
            for sha in kept[n::visits]
        )
        await ports.store.save(replace(
            pattern, id=new_id(now), assignment_id=f"finished-{n}", answers=answers, evidence=files,
            contact=Contact.VOID, void_reason="a bench", status=RecordStatus.FINISHED, finished_at=now, updated_at=now,
        ))
    app.visit = None
    feed = ports.store.feed()
    first = next(iter(feed.assignments.values()))
    more = {f"more-{n}": replace(first, id=f"more-{n}") for n in range(visits)}
    await ports.store.save_feed(replace(feed, assignments={**feed.assignments, **more}))
    app._look()
    return len(kept)

await fill(VISITS, PHOTOS)
"""
# From the tap until the answer's button says that it is chosen: the screen changes only after the flush.
TAP = """button => new Promise(done => {
  const begun = performance.now();
  const look = () => button.getAttribute("aria-current") === "true"
    ? done(performance.now() - begun) : requestAnimationFrame(look);
  button.click();
  look();
})"""


# Whether a question stands well inside the window.
IS_SEEN = """const isSeen = () => {
  const named = [...document.querySelectorAll("flt-semantics[role=button]")].find(node =>
    (node.getAttribute("aria-label") ?? node.textContent).endsWith(", WANTED"));
  const place = named?.getBoundingClientRect();
  return Boolean(place && place.top > 0 && place.bottom < innerHeight);
};"""
# Until it does not any more; then from the tap until it does again.
AWAY = f"""() => new Promise(done => {{
  {IS_SEEN}
  const look = () => isSeen() ? requestAnimationFrame(look) : done();
  look();
}})"""
NEXT = f"""(button) => new Promise(done => {{
  {IS_SEEN}
  const begun = performance.now();
  const look = () => isSeen() ? done(performance.now() - begun) : requestAnimationFrame(look);
  button.click();
  look();
}})"""
# From the tap until the list can be used, and until all of it is drawn: what a long group says below its last visit.
LISTED = """button => new Promise(done => {
  const begun = performance.now();
  const isThere = (words) => [...document.querySelectorAll("flt-semantics[role=button]")].some(node =>
    (node.getAttribute("aria-label") ?? node.textContent).includes(words));
  let first = 0;
  const look = () => {
    if (!first && isThere("Refresh")) first = performance.now() - begun;
    if (first && isThere(": Show ")) done([first, performance.now() - begun]);
    else requestAnimationFrame(look);
  };
  button.click();
  look();
})"""
COUNTS = """button => new Promise(done => {
  const begun = performance.now(), before = button.textContent;
  const look = () => button.textContent !== before ? done(performance.now() - begun) : requestAnimationFrame(look);
  button.click();
  look();
})"""


def main(argv: Sequence[str]) -> int:
    """Measure what was asked for, one figure after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--only", default="download,demo,start,answer,semantics,photo,build")
    asked = parser.parse_args(argv)
    wanted = set(asked.only.split(","))
    build(APP.parent / "site")
    if "download" in wanted:
        download(APP.parent / "site")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        product, ready_s = timed(Product(Path(folder) / "data", APP).start)
        if "demo" in wanted:
            product.stop()
            product, ready_s = timed(Product(Path(folder) / "again", APP).start)
            say("demo ready, app built before", ready_s, 10, "s")
        try:
            if "start" in wanted:
                starts(playwright, product, Path(folder), APP.parent / "site", asked.times)
            if "answer" in wanted:
                answers(playwright, product, Path(folder))
            if "semantics" in wanted:
                semantics_cost(playwright, product, Path(folder), asked.times)
            if "photo" in wanted:
                photos(playwright, product, Path(folder), asked.times)
        finally:
            product.stop()
    if "build" in wanted:
        builds()
    return 0


def timed(step: Callable[[], T]) -> tuple[T, float]:
    begun = time.perf_counter()
    return step(), time.perf_counter() - begun


def download(site: Path) -> None:
    """What a phone fetches for the whole precache: the .br where there is one, the larger of two engine variants."""
    listed = [name for name in json.loads((site / "files.json").read_bytes())["files"] if "/chromium/" not in name]
    total = 0
    for name in listed:
        file = site / name
        packed = file.with_name(file.name + ".br")
        total += (packed if packed.exists() else file).stat().st_size
    say(f"precache with brotli, {len(listed)} files", total / MEGABYTE, 15, "MB")


def answers(playwright: Playwright, product: Product, folder: Path) -> None:
    phones = Phones(playwright, folder / "answers")
    page = phones.launch(**AS_SOLD).page
    open_app(page, product.link())
    assessor = Assessor(page, folder)
    assessor.enrol()
    assessor.tile("Phone-in").wait_for(state="attached")  # what there is to do follows the first screen
    page.context.set_offline(True)
    assert in_python(page, FILL.replace("VISITS", str(VISITS)).replace("PHOTOS", str(PHOTOS))) == PHOTOS
    assessor.open_visit("Phone-in")
    assessor.log_try("Connected", then="Connected: ends the series.")
    section = sheet(shipped_forms()["phone_in@1"]).all_sections[1]
    assessor.open_section(section)
    taken = []
    for n in range(TAPS):
        button = assessor.button(f"{'No' if n % 2 else 'Yes'}, PB1")
        taken.append(button.evaluate(TAP))
    p95 = statistics.quantiles(taken, n=20)[-1]
    least = bare_taps(playwright, folder)
    say(f"tap until durable and shown, median of {TAPS}", median(taken), 80, "ms")
    say(f"tap until durable and shown, p95, {VISITS} visits {PHOTOS} photos", p95, 80, "ms")
    say("the same beside a bare page's button, medians", median(taken) / median(least), 4, "x")
    wanted = section.items[1].key
    following = []
    page.mouse.move(VIEW["width"] / 2, VIEW["height"] / 2)
    for _n in range(LOOKS):  # each time from far below it
        page.mouse.wheel(0, FAR_PX)
        page.evaluate(AWAY.replace("WANTED", wanted))
        page.wait_for_timeout(STILL_MS)
        following.append(assessor.button(re.compile("^Next open")).evaluate(NEXT.replace("WANTED", wanted)))
    say(f"next question, out of sight before, median of {LOOKS}", median(following), 100, "ms")
    assessor.tap("All sections")
    listed = []
    for _n in range(LOOKS):
        assessor.see_button(re.compile("^Review"))
        page.wait_for_timeout(STILL_MS)
        listed.append(assessor.button("Back").evaluate(LISTED))
        assessor.open_visit("Phone-in")
    say(f"back to the list of {VISITS} visits, median of {LOOKS}", median(first for first, _whole in listed), 300, "ms")
    say("the same until all that is unfolded is drawn", median(whole for _first, whole in listed), 300, "ms")
    phones.close()


def photos(playwright: Playwright, product: Product, folder: Path, times: int) -> None:
    phones = Phones(playwright, folder / "photos")
    phone = phones.launch(**AS_SOLD)
    open_app(phone.page, product.link())
    assessor = Assessor(phone.page, folder)
    assessor.enrol()
    assessor.tile("Face-to-face").wait_for(state="attached")
    phone.page.context.set_offline(True)
    before, file = page_mb(phone), twelve_megapixels(folder)
    assessor.open_visit("Face-to-face")
    assessor.open_evidence()
    taken = []
    for _n in range(times):
        taken.append(photo_s(phone.page, assessor, file))
        assessor.tap("Do not keep this photo")
        assessor.tap("Do not keep it")
        assessor.see_button("Take photo")
    say(f"12 megapixels until it can be looked at, median of {times}", median(one[0] for one in taken), 1.5, "s")
    say("longest time without a frame meanwhile, median", 1000 * median(one[1] for one in taken), 100, "ms")
    in_python(phone.page, FILL.replace("VISITS", "20").replace("PHOTOS", "100"))
    print(f"memory of the page: {before:.0f} MB, with 20 visits of 5 photos {page_mb(phone):.0f} MB", flush=True)
    phones.close()


def bare_taps(playwright: Playwright, folder: Path) -> list[float]:
    """Milliseconds from a tap on a bare page's one button until its words have changed."""
    with bare_page(APP.parent / "site", folder / "counting", COUNTING) as address:
        phones = Phones(playwright, folder / "counting-phone")
        page = phones.launch(**AS_SOLD).page
        page.goto(address)
        page.locator("flt-semantics-placeholder").dispatch_event("click", timeout=60_000)
        page.get_by_text(BUTTON).wait_for(state="attached", timeout=60_000)
        taken = [page.get_by_role("button").first.evaluate(COUNTS) for _n in range(TAPS)]
        phones.close()
    return taken


def builds() -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        say("build from nothing", timed(lambda: build(site))[1], 60, "s")
        say("build unchanged", timed(lambda: build(site))[1], 0.5, "s")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
