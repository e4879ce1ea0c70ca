"""Bad days: what an assessor reads when something goes wrong, and that nothing is lost by it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import requests
from playwright.sync_api import FilePayload, expect

from checklists.forms.file import shipped_forms
from checklists.record.sheet import sheet
from tests.journeys.assessor import Assessor
from tests.journeys.browsers import Phones, in_python, open_app
from tests.journeys.pictures import half_a_picture
from tests.journeys.product import Product

pytestmark = pytest.mark.journey

SECTION = sheet(shipped_forms()["face_to_face@1"]).all_sections[0]
REVIEW = re.compile("^Review")
NEVER_ISSUED = "ABCD-EFGH-JKLM"
OTHER_CONTENT = """
import gc, json
from fieldapp.state import App
from checklists import wire
app = next(thing for thing in gc.get_objects() if isinstance(thing, App))
json.dumps([app.ports.store.device().token, wire.encode(app.visit.assessment).decode()])
"""

# What can be tapped, by its key, and the number under which Flet sends a tap on it.
TAPPABLE = """
import gc, json
from flet.messaging.session import Session
session = next(thing for thing in gc.get_objects() if isinstance(thing, Session))
index = session._Session__index
json.dumps({str(one.key): number for number, one in index.items() if getattr(one, "on_click", None) and one.key})
"""
NEWS = """
import gc
from flet.controls.context import _context_page
from flet.messaging.session import Session
from msgspec.structs import replace
from checklists.language import N_, sentence
from fieldapp.line import LineState
from fieldapp.state import App, Notice, NoticeKind
_context_page.set(next(thing for thing in gc.get_objects() if isinstance(thing, Session)).page)
app = next(thing for thing in gc.get_objects() if isinstance(thing, App))
app.line = replace(app.line, state=LineState.WAITING)
app.notice = Notice(kind=NoticeKind.WARNING, code="news", message=sentence(N_("Nothing is lost")))
None
"""


@pytest.fixture(autouse=True)
def begins_at_the_list(enrolled: Assessor, product: Product) -> None:
    """A journey that failed may have ended anywhere, and is tried again."""
    if not enrolled.button("Refresh").count():
        open_app(enrolled.page, product.app_url)
        enrolled.see_list()


def test_a_code_that_does_not_serve_is_told(
    enrolled: Assessor, shared_phones: Phones, product: Product, with_app: Path, picture: Path
) -> None:
    del enrolled  # its code is used
    newcomer = Assessor(shared_phones.launch(like=with_app).page, picture)
    open_app(newcomer.page, product.app_url)
    for code, told in (
        (NEVER_ISSUED, "This code is not known"),
        (product.used[-1], "This code was already used on another device"),
    ):
        newcomer.write("Enrolment code", code)
        newcomer.tap("Enrol this phone")
        newcomer.see(told)
    newcomer.page.context.close()


def test_a_broken_picture_is_kept_as_it_came_and_marked(enrolled: Assessor, picture: Path) -> None:
    enrolled.open_visit("Face-to-face")
    enrolled.open_evidence()
    broken = FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=half_a_picture(picture))
    enrolled.take_photo(broken, is_readable=False)
    enrolled.see("This photo cannot be opened here")
    enrolled.back()
    enrolled.back()
    enrolled.see_list()


@pytest.mark.parametrize("screen", ["the list", "a visit", "a section"])
def test_news_replaces_nothing_that_a_finger_is_on_its_way_to(enrolled: Assessor, screen: str) -> None:
    if screen != "the list":
        enrolled.open_visit("Face-to-face")
    if screen == "a section":
        enrolled.open_section(SECTION)
    before = json.loads(in_python(enrolled.page, TAPPABLE))
    in_python(enrolled.page, NEWS)
    enrolled.see_button("Understood")
    after = json.loads(in_python(enrolled.page, TAPPABLE))
    assert {key: after.get(key) for key in before} == before
    enrolled.tap("Understood")
    enrolled.see_no_button("Understood")
    assert json.loads(in_python(enrolled.page, TAPPABLE)) == before
    if screen == "a section":
        enrolled.tap("All sections")
    if screen != "the list":
        enrolled.back()
    enrolled.see_list()


def test_a_second_tab_may_not_write(enrolled: Assessor, product: Product, picture: Path) -> None:
    second = Assessor(enrolled.page.context.new_page(), picture)
    open_app(second.page, product.app_url)
    second.see("The app cannot open here")
    second.page.close()
    enrolled.see_list()


def test_the_phones_own_back_goes_up_and_never_into_a_visit_that_was_left(enrolled: Assessor) -> None:
    """BCK-1, in a browser: from a section to its visit, to the list, and no further."""
    enrolled.open_visit("Face-to-face")
    enrolled.open_section(SECTION)
    enrolled.phones_back()
    enrolled.see_button(REVIEW)
    enrolled.phones_back()
    enrolled.see_list()
    enrolled.open_visit("Face-to-face")
    enrolled.back()
    enrolled.see_list()
    enrolled.phones_back()
    enrolled.see_list()
    enrolled.see_no_button(REVIEW)


def test_sign_out_is_refused_while_work_is_only_here(enrolled: Assessor) -> None:
    enrolled.open_settings()
    enrolled.tap("Sign out")
    enrolled.see("Visits only on this phone: 1. Finish and send them")
    enrolled.tap("Understood")
    enrolled.back()
    enrolled.see_list()


def test_a_server_that_is_gone_is_told_and_tried_again(enrolled: Assessor, product: Product) -> None:
    product.stop()
    entrant = enrolled.open_visit("Live chat")
    enrolled.break_off()
    enrolled.see_sync(entrant, "Waiting to be sent")
    enrolled.open_sync()
    enrolled.see("Next try")
    product.start()
    enrolled.send_now()
    enrolled.see("Safe since")
    enrolled.back()
    enrolled.see_sync(entrant, "Safe on the server")


def test_a_record_the_server_refuses_stays_with_the_reason(enrolled: Assessor, product: Product) -> None:
    entrant = enrolled.open_visit("Onsite")
    enrolled.page.get_by_role("button", name=re.compile("^Stamp ")).first.click()
    enrolled.see_button(re.compile("^Correct "))
    token, record = json.loads(in_python(enrolled.page, OTHER_CONTENT))
    other = {**json.loads(record), "app_version": "another phone"}
    sent = requests.put(
        f"{product.url}/api/v1/assessments/{other['id']}",
        json=other,
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    assert sent.status_code in (200, 201), sent.text
    enrolled.break_off()
    enrolled.see_sync(entrant, "Refused by the server")
    enrolled.open_sync()
    enrolled.see("The server will not take it")
    enrolled.back()
    enrolled.see_list()


def test_a_revoked_phone_says_so_and_keeps_everything(
    enrolled: Assessor, shared_phones: Phones, product: Product
) -> None:
    desk = product.sign_in(shared_phones.launch(viewport={"width": 1200, "height": 900}).page)
    desk.goto(f"{product.url}/devices")
    desk.get_by_text("Revoke", exact=True).first.click()
    desk.get_by_role("button", name=re.compile("^Revoke ")).first.click()
    expect(desk.get_by_text("The device can no longer send or receive anything")).to_be_visible()
    enrolled.tap("Refresh")
    enrolled.see("Nothing is lost")
    for kept in ("Safe on the server", "Refused by the server", "Face-to-face"):
        expect(enrolled.tile(kept)).to_be_attached()
