"""A recording in a real browser: it outlives the screen it was begun on, and a battery that dies (REC)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.assessor import Assessor
from tests.journeys.browsers import Phones, open_app
from tests.journeys.product import Product
from tests.journeys.screen import SHORTLY_MS

pytestmark = pytest.mark.journey

NOTES = re.compile("^Play Audio note")


def record(assessor: Assessor) -> None:
    """Open the microphone and wait until three seconds of what it hears are durable."""
    assessor.tap("Record audio note")
    assessor.tap("Start the microphone")
    assessor.tap("Pause the recording")
    assessor.see("Paused. Nothing is heard until you go on.")
    assessor.tap("Go on recording")
    assessor.see("3 s of at most")


def test_a_recording_survives_leaving_its_screen_and_sigkill(
    phones: Phones, product: Product, with_app: Path, picture: Path
) -> None:
    phone = phones.launch(like=with_app)
    open_app(phone.page, product.link())
    assessor = Assessor(phone.page, picture)
    assessor.enrol()
    assessor.open_visit("Face-to-face")
    assessor.open_evidence()
    record(assessor)
    assessor.back()
    assessor.see_button(re.compile(r"^Photos and audio notes \(1\)"))
    assessor.open_evidence()
    record(assessor)
    phone.kill()

    page = phone.restart()
    open_app(page, product.app_url)
    assessor = Assessor(page, picture)
    assessor.see("Recordings that were cut off are kept with their visits: 1.")
    assessor.tap("Understood")
    assessor.open_visit("Face-to-face")
    assessor.open_evidence()
    expect(page.get_by_role("button", name=NOTES)).to_have_count(2, timeout=SHORTLY_MS)
