"""The main job, end to end: a call assessed without a network arrives, scored, on the dashboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from checklists.forms.file import shipped_forms
from checklists.language import in_language
from checklists.record.sheet import sheet
from tests.journeys.assessor import Assessor
from tests.journeys.browsers import PATIENCE_MS, Phone, Phones, open_app, wait_until_offline_ready
from tests.journeys.product import Product
from tests.journeys.screen import anywhere, begins, of

pytestmark = pytest.mark.journey

FORM, MENU = (shipped_forms()[form] for form in ("phone_in@1", "ivrs_annex@1"))
SECTIONS = sheet(FORM).all_sections
BEFORE, AFTER = SECTIONS[:3], SECTIONS[3:]
LEFT_OUT = "PG5"
LENGTH = """sound => new Promise((told, failed) => {
  sound.onloadedmetadata = () => told(sound.duration);
  sound.onerror = () => failed(new Error("the sound cannot be played"));
  sound.preload = "metadata";
  sound.load();
})"""


def test_call_assessed_offline_arrives_scored_on_the_dashboard(phones: Phones, product: Product, picture: Path) -> None:
    desk = product.sign_in(phones.launch("desk", viewport={"width": 1200, "height": 900}, is_mobile=False).page)
    desk.evaluate("window.openedOnce = true")
    phone = phones.launch(reduced_motion="no-preference")
    assessor = enrol_by_link(phone, product, picture)

    phone.context.set_offline(True)
    start_anew(assessor)
    entrant = assessor.open_visit("Phone-in", is_open=True)
    call(assessor)
    phone.page.emulate_media(reduced_motion="reduce")  # one call with all that moves is enough
    assessor.open_section(BEFORE[0])
    assessor.fill_sections(BEFORE)
    product.stop()
    phone.kill()

    assessor.page = phone.restart()
    assessor.page.emulate_media(reduced_motion="reduce")
    open_app(assessor.page, product.app_url)
    assessor.open_visit(entrant, "Phone-in")
    nothing_is_lost(assessor)
    assessor.open_section(AFTER[0])
    assessor.fill_sections(AFTER, leave=LEFT_OUT)
    assessor.tap("All sections")
    photo_and_note(assessor)
    assessor.check_all(SECTIONS)
    what_is_open_is_put_right_in_the_review(assessor)
    assessor.finish()
    assessor.see_sync(entrant, "Waiting to be sent")
    assessor.open_sync()
    assessor.see("The server could not be reached")

    product.start()
    newest = desk.locator("main tbody tr").first
    before = newest.get_attribute("id") or ""
    assessor.send_now()
    assessor.see("Safe since")
    assessor.see("2 of 2 files on the server")  # one picture, named twice, and the note
    expect(newest).not_to_have_attribute("id", before, timeout=PATIENCE_MS)
    for told in (entrant, "Finished", "2 of 2"):
        expect(newest).to_contain_text(told)
    assert desk.evaluate("window.openedOnce") is True
    newest.get_by_role("link").first.click()
    shows_how_it_was_scored(desk)
    shows_its_evidence(desk)


def enrol_by_link(phone: Phone, product: Product, picture: Path) -> Assessor:
    assessor = Assessor(phone.page, picture)
    open_app(phone.page, product.link())
    assessor.enrol()
    for channel in ("Phone-in", "Onsite", "Live chat", "Face-to-face"):
        expect(assessor.tile(channel)).to_be_attached()
    wait_until_offline_ready(phone.page)
    return assessor


def start_anew(assessor: Assessor) -> None:
    url = assessor.page.url
    assessor.page.goto("about:blank")
    open_app(assessor.page, url)
    assessor.see_list()


def call(assessor: Assessor) -> None:
    assessor.see("Try 1 of 6")
    assessor.log_try("No answer", then="Try 2 of 6, closes")
    assessor.log_try("Connected", then="Connected: ends the series.")
    assessor.see_no_button("Log a try")
    assessor.mark_all(FORM.measurements)
    leave_the_menu_out(assessor)


def leave_the_menu_out(assessor: Assessor) -> None:
    """Of the hotlines that are open now the first may be one whose menu is judged, too: that has a form of its own."""
    reason = in_language(MENU.whole_not_applicable, "en")
    assessor.see_button(begins(in_language(SECTIONS[-1].title, "en")))
    leave_out = assessor.button(f"Leave out: {reason}")
    if leave_out.count():
        leave_out.click()
        assessor.see_button("There was a menu after all: ask these questions")


def nothing_is_lost(assessor: Assessor) -> None:
    assessor.see("Connected: ends the series.")
    for mark in FORM.measurements:
        assessor.see_no_button(f"Stamp {mark.label['en']}")
    for section in BEFORE:
        count = len(section.items)
        assessor.see_button(
            re.compile(f"^{anywhere(section.title['en'])}(.|\n)*{count} of {count} answered", re.DOTALL)
        )


def photo_and_note(assessor: Assessor) -> None:
    assessor.open_evidence()
    assessor.take_photo(assessor.picture)
    assessor.record_note()
    assessor.back()
    assessor.see_button("Review and finish")


def what_is_open_is_put_right_in_the_review(assessor: Assessor) -> None:
    assessor.open_review()
    assessor.see_no_button("Finish")
    other = next(item for item in SECTIONS[0].items if item.key != LEFT_OUT)
    expect(assessor.page.get_by_role("button", name=of(other.key))).to_have_count(0)
    item = next(item for item in SECTIONS[-1].items if item.key == LEFT_OUT)
    assessor.fill_item(item, filed=0)
    assessor.see_button("Finish")


def shows_how_it_was_scored(desk: Page) -> None:
    expect(desk.get_by_role("heading", name="How the score was reached")).to_be_visible()
    for section in SECTIONS:
        expect(desk.get_by_text(section.title["en"]).first).to_be_visible()
    expect(desk.get_by_text(re.compile(r"/ 100 = \d+\.\d\d$"))).to_be_visible()
    expect(desk.get_by_text("Yes: 100% of the points.").first).to_be_attached()


def shows_its_evidence(desk: Page) -> None:
    photo = desk.get_by_role("img", name=re.compile("^Photo, taken"))
    photo.scroll_into_view_if_needed()
    assert photo.evaluate("photo => photo.decode().then(() => photo.naturalWidth)") > 0
    assert desk.locator("audio").first.evaluate(LENGTH) > 0
