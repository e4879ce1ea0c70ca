"""A CSQS site visit: handed out, made on a phone without a network, rated again, decided by two, in the register."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from checklists.csqs.standard import site_visit_form
from checklists.record.asked import asked_measurements
from checklists.record.sheet import Item, sheet
from tests.journeys.answers import WORDS
from tests.journeys.assessor import Assessor
from tests.journeys.browsers import Phones
from tests.journeys.product import Product

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("another_phone_if_need_be")]

LAYOUT = sheet(site_visit_form(), variant="small")
FIRST = [item.key for item in LAYOUT.sections[0].items]
RATED = dict.fromkeys(FIRST, 2) | {"S201": 1}  # with what they rest on; of all others nothing was seen
# One step up on one item: 18 of 27 would fail the first stage, 19 pass it. S201 is two steps apart.
AGAIN = dict.fromkeys(FIRST, 2) | {FIRST[0]: 3, "S201": 3}


def test_a_site_visit_made_offline_becomes_a_level_in_the_register(
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
            rating = RATED.get(item.key, 0)
            enrolled.answer(item, rating)
            if rating:
                enrolled.support(item, rating)
            if item.key == FIRST[0]:
                see_nothing_move(enrolled, item, below=section.items[1])
        enrolled.check(section)
    enrolled.tap("All sections")
    enrolled.tap("Review and finish")
    enrolled.finish()
    enrolled.see_sync(company, "Waiting to be sent")

    enrolled.page.context.set_offline(False)
    enrolled.open_sync()
    enrolled.send_now()
    enrolled.see("Safe since")
    visit = rate_again(desk, product, company)
    for username, press, then in (
        ("coordinator", "Decide it", "waits for a second person"),
        ("administrator", "Confirm it as the second person", "Certificate as PDF"),
    ):
        product.sign_in(desk, username)
        desk.goto(visit)
        if press == "Decide it":
            expect(desk.get_by_role("heading", name="Level 1")).to_be_visible()
            expect(desk.get_by_text("19 of 27 = 70.37%").first).to_be_visible()
            desk.get_by_label("Reason, for the record").fill("Both ratings agree but for S201, which is settled.")
        desk.get_by_role("button", name=press).click()
        expect(desk.get_by_text(then).first).to_be_visible()
    desk.context.clear_cookies()
    desk.goto(f"{product.url}/register")
    line = desk.get_by_role("row").filter(has=desk.get_by_role("rowheader", name=company))
    expect(line).to_contain_text("1 Operational service centre")
    expect(line).to_contain_text("holds")


def see_nothing_move(assessor: Assessor, item: Item, below: Item) -> None:
    """What was typed is kept a moment later, when the thumb is on its way to what stands beside it or below."""
    assessor.see_button(f"Interview, {item.key}")  # so it says once it is kept
    assessor.write(f"Document (required), {item.key}", "")
    assessor.see_button(f"Document needed, {item.key}")
    near = [assessor.button(name) for name in (f"Interview, {item.key}", f"0 Nothing seen, {below.key}")]
    assessor.write(f"Document (required), {item.key}", "A word")
    before = [button.bounding_box() for button in near]
    assessor.see_button(f"Document, {item.key}")
    assert [button.bounding_box() for button in near] == before
    assessor.write(f"Document (required), {item.key}", WORDS)


def rate_again(desk: Page, product: Product, company: str) -> str:
    """Rate every item as a second person, who does not see the first ratings, and settle the one that is apart."""
    product.sign_in(desk, "reviewer")
    desk.goto(f"{product.url}/csqs")
    desk.get_by_role("link", name=company).click()
    desk.get_by_role("button", name="I am not tied to it").click()
    expect(desk.get_by_label("Your rating of S106")).to_have_count(0)  # the small module does not ask it
    for section in LAYOUT.sections:
        for item in section.items:
            desk.get_by_label(f"Your rating of {item.key}").select_option(str(AGAIN.get(item.key, 0)))
    desk.get_by_role("button", name="These are final").click()
    expect(desk.get_by_text("settle these items first: S201")).to_be_visible()
    visit = desk.url
    product.sign_in(desk, "coordinator")
    desk.goto(visit)
    desk.get_by_label("What counts").select_option("2")
    desk.get_by_label("Reason, for the record").fill("The report names two of three figures.")
    desk.get_by_role("button", name="Settle it").click()
    return visit


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
