"""Twenty customers answer, on a phone at a counter without a network and on the survey page, and the index moves."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.assessor import Assessor
from tests.journeys.browsers import Phones, open_app
from tests.journeys.product import Product

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("another_phone_if_need_be")]

PIN = "2580"
AT_THE_COUNTER, ON_THE_PAGE = 1, 19
SAID = ("8", "7", "7", "9", "8", "", "9", "6", "Not yet", "", "I am visiting")
TYPED = {
    "contact": "branch", "origin": "local", "sat_overall": "8", "sat_expect": "7", "sat_ideal": "7", "loy_stay": "9",
    "loy_first": "8", "nps": "9", "ces": "6", "solved": "not_yet",
}  # fmt: skip


def counted(desk: Page, product: Product) -> tuple[int, int]:
    """How many answers the index page counts, and how many of them from a counter."""
    desk.goto(f"{product.url}/index")
    said = desk.get_by_text(re.compile(r"^\d+ answers, \d+ of them")).text_content() or ""
    every, from_counter = re.findall(r"\d+", said)
    return int(every), int(from_counter)


def figures(desk: Page, product: Product) -> dict[str, list[str]]:
    """What the index page says of each industry: how many answered, then satisfaction, loyalty and NPS."""
    desk.goto(f"{product.url}/index")
    table = desk.get_by_role("region", name="What customers answer")
    rows = table.locator("tbody tr").all()
    return {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows}


def set_to_counter(desk: Page, assessor: Assessor) -> str:
    """Set every phone that may be the one at hand to one company; return the company's name."""
    company = desk.locator("#counter-company option").nth(1)
    value, name = company.get_attribute("value") or "", company.text_content() or ""
    for place in range(desk.locator("#device option").count()):
        phone = desk.locator("#device option").nth(place).get_attribute("value")
        if phone:
            desk.locator("#device").select_option(phone)
            desk.locator("#counter-company").select_option(value)
            desk.get_by_role("button", name="Set it there").click()
    assessor.open_sync()
    assessor.send_now()
    assessor.back()
    assessor.see("This phone asks the customers of")
    return name


def test_twenty_customers_answer_and_the_index_page_moves(
    enrolled: Assessor, shared_phones: Phones, product: Product
) -> None:
    desk = product.sign_in(shared_phones.launch(viewport={"width": 1200, "height": 900}, is_mobile=False).page)
    before, said_before = counted(desk, product), figures(desk, product)
    set_to_counter(desk, enrolled)
    enrolled.tap("Choose a PIN first")
    enrolled.write("New PIN, 4 to 8 digits", PIN)
    enrolled.tap("Lock after 15 min")
    enrolled.see("Locks after 15 min")
    enrolled.back()
    enrolled.page.context.set_offline(True)
    enrolled.tap("Leave it to the customers")
    for _customer in range(AT_THE_COUNTER):
        customer(enrolled)
    # The app is closed and opened again, as a battery does it: the customers' screen, and what they said.
    open_app(enrolled.page, product.app_url)
    enrolled.see_button("English")
    enrolled.page.context.set_offline(False)
    enrolled.tap("For the staff")
    enrolled.write("PIN", PIN)
    enrolled.tap("Open")
    enrolled.see_button("Refresh")
    for number in range(ON_THE_PAGE):
        on_the_page(desk, product, number)
    enrolled.tap("Refresh")
    enrolled.page.get_by_text("not yet on the server").wait_for(state="detached")
    every, from_counter = counted(desk, product)
    assert (every - before[0], from_counter - before[1]) == (AT_THE_COUNTER + ON_THE_PAGE, AT_THE_COUNTER)
    after = figures(desk, product)
    grown = [name for name in after if number_of(after[name]) - number_of(said_before[name]) >= ON_THE_PAGE]
    assert len(grown) == 1, "nineteen answered about one company"
    moved = [was != now for was, now in zip(said_before[grown[0]][1:], after[grown[0]][1:], strict=True)]
    assert moved == [True, True, True], (said_before[grown[0]], after[grown[0]])


def number_of(cells: list[str]) -> int:
    """How many answers a row counts."""
    return int(re.findall(r"\d+", cells[0])[0])


def customer(assessor: Assessor) -> None:
    """One customer, who reads English; the thanks go by themselves."""
    assessor.see("18 or over")
    assessor.tap("English")
    for number, said in enumerate(SAID, 1):
        assessor.see(f"Question {number} of {len(SAID)}")
        if said:
            assessor.tap(said)
            expect(assessor.button(said)).to_have_attribute("aria-current", "true")
        assessor.tap("Next" if number < len(SAID) else "Send my answers")
    assessor.see("Thank you")
    assessor.see_button("English")


def on_the_page(desk: Page, product: Product, number: int) -> None:
    """One customer on the public page: the first fills it in, the others send the same form."""
    address = f"{product.url}/survey"
    if number == 0:
        desk.goto(address)
        desk.locator("main li a").first.click()
        for name, value in TYPED.items():
            desk.locator(f"input[name='{name}'][value='{value}']").check(force=True)
        desk.get_by_role("button", name="Send my answers").click()
        expect(desk.get_by_role("heading", name="Thank you")).to_be_visible()
        return
    desk.goto(address)
    path = desk.locator("main li a").first.get_attribute("href")
    answer = desk.context.request.post(
        f"{product.url}{path}/answer",
        form={**TYPED, "csrf": token_of(desk, f"{product.url}{path}"), "answer": secrets.token_urlsafe(18)},
    )
    assert answer.status == 200, answer.text()


def token_of(desk: Page, url: str) -> str:
    """What the page's form carries against other sites."""
    found = re.search(r'name="csrf" value="([^"]+)"', desk.context.request.get(url).text())
    assert found is not None
    return found[1]
