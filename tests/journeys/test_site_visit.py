"""A CSQS site visit, handed out at the desk, made on a phone without a network, and rated again at the desk."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from checklists.csqs.standard import site_visit_form
from checklists.record.asked import asked_measurements
from checklists.record.sheet import sheet
from tests.journeys.assessor import Assessor
from tests.journeys.browsers import Phones
from tests.journeys.product import Product

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("another_phone_if_need_be")]

LAYOUT = sheet(site_visit_form(), variant="small")
SEEN = ("S101", "S201", "S301")  # rated 1, with what they rest on; of all others nothing was seen


def test_a_site_visit_made_offline_waits_at_the_desk_for_its_second_rating(
    enrolled: Assessor, shared_phones: Phones, product: Product
) -> None:
    desk = product.sign_in(shared_phones.launch(viewport={"width": 1200, "height": 900}, is_mobile=False).page)
    company = hand_out(desk, product)
    enrolled.open_sync()
    enrolled.send_now()
    enrolled.back()
    enrolled.tile(company).wait_for(state="attached", timeout=90_000)

    enrolled.page.context.set_offline(True)
    enrolled.open_visit(company, "Site visit")
    enrolled.mark_all(asked_measurements(LAYOUT))
    enrolled.open_section(LAYOUT.sections[0])
    for place, section in enumerate(LAYOUT.sections):
        if place:
            enrolled.next_section(section)
        for item in section.items:
            enrolled.answer(item, 1 if item.key in SEEN else 0)
            if item.key in SEEN:
                enrolled.support(item, 1)
        enrolled.check(section)
    enrolled.tap("All sections")
    enrolled.tap("Review and finish")
    enrolled.finish()
    enrolled.see_sync(company, "Waiting to be sent")

    enrolled.page.context.set_offline(False)
    enrolled.open_sync()
    enrolled.send_now()
    enrolled.see("Safe since")
    desk.goto(f"{product.url}/csqs")
    desk.get_by_role("link", name=company).click()
    desk.get_by_role("button", name="I am not tied to it").click()
    expect(desk.get_by_label("Your rating of S101")).to_be_visible()
    expect(desk.get_by_label("Your rating of S106")).to_have_count(0)  # the small module does not ask it


def hand_out(desk: Page, product: Product) -> str:
    """Hand a small visit of a new company to the assessor whose phone enrolled last; returns the company's name."""
    kept = next(Path(product.data).glob("*.sqlite3"))
    with sqlite3.connect(f"file:{kept}?mode=ro", uri=True) as db:
        (assessor,) = db.execute("SELECT assessor_id FROM devices ORDER BY enrolled_at DESC LIMIT 1").fetchone()
    company = f"Beacon Support Centre {assessor}"  # another one for whoever tries again
    desk.goto(f"{product.url}/csqs")
    desk.get_by_label("Name of a new company, English").fill(company)
    desk.get_by_label("Industry of a new company").select_option(index=1)
    desk.get_by_label("Module").select_option("small")
    desk.get_by_label("Assessor").select_option(assessor)
    today = desk.evaluate("new Date().toLocaleDateString('en-CA', {timeZone: 'Asia/Hong_Kong'})")
    desk.get_by_label("From").fill(today)
    desk.get_by_label("Until, this day included").fill(today)
    desk.get_by_role("button", name="Hand it out").click()
    expect(desk.get_by_role("rowheader", name=company)).to_be_visible()
    return company
