"""What photos cost a phone: a picture of 12 megapixels until it can be looked at, and memory after a day of them."""

from __future__ import annotations

import random
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.journeys.assessor import Assessor
from tests.journeys.browsers import PATIENCE_MS, Phone

SIZE = 4000, 3000
# The longest time between two frames from now on.
WATCH = """() => {
  let last = performance.now();
  self.longestGap = 0;
  const frame = () => {
    const now = performance.now();
    self.longestGap = Math.max(self.longestGap, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""
GAP = "() => self.longestGap"


def twelve_megapixels(folder: Path) -> Path:
    """Write a photo as large as a phone's, some megabytes, with the detail that a camera's has."""
    chance = random.Random(1)
    small = Image.frombytes("RGB", (SIZE[0] // 4, SIZE[1] // 4), chance.randbytes(SIZE[0] * SIZE[1] * 3 // 16))
    file = folder / "twelve.jpg"
    small.resize(SIZE, Image.Resampling.BICUBIC).save(file, quality=90)
    return file


def photo_s(page: Page, assessor: Assessor, file: Path) -> tuple[float, float]:
    """Take `file` on an open evidence page; return the seconds until it can be looked at, and the longest gap."""
    page.evaluate(WATCH)
    with page.expect_file_chooser() as opened:
        assessor.tap("Take photo")
    begun = time.perf_counter()
    opened.value.set_files(str(file))
    assessor.button("Keep this photo").wait_for(state="attached", timeout=PATIENCE_MS)
    return time.perf_counter() - begun, float(page.evaluate(GAP)) / 1000


def page_mb(phone: Phone) -> float:
    """Return the memory that the processes drawing its pages have for themselves alone."""
    drawing = [process for process in phone.processes() if "--type=renderer" in " ".join(process.cmdline())]
    return sum(process.memory_full_info().uss for process in drawing) / 1e6
