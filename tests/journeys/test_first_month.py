"""A year's first month from an empty server: edition, lists, enrolment, FAQs, plan, and a phone has its visits.

It takes CLICKS presses of buttons and links, forty at most; typing and choosing a file, a day or a line are none.
Lists come as files, approved in them. What a phone does is asked of its own API.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from sync_server import clock
from sync_server.config import Config
from sync_server.people.accounts import first_administrator_link
from sync_server.season.set_up import set_up
from tests.journeys.conftest import run_server
from tests.sync_server.enrolment_kit import NOTICE_FILE, TYPED
from tests.sync_server.season_files import as_file

pytestmark = pytest.mark.journey
CLICKS = 30
YEAR = clock.now().year + 1
PASSWORD = "a tram and two ferries"
ROUNDS = (("03-01", "04-30", "05-14"), ("05-01", "06-30", "07-15"), ("07-01", "08-31", "11-08"))
LISTS = {
    "rounds.csv": as_file(
        [
            {
                "round": str(number),
                "opens_at": f"{YEAR}-{opens}",
                "closes_at": f"{YEAR}-{closes}",
                "released_at": f"{YEAR}-{out} 10:00",
            }
            for number, (opens, closes, out) in enumerate(ROUNDS, start=1)
        ]
    ),
    "scenarios.csv": as_file(
        [
            {
                "scenario": f"{channel}-{number}",
                "channel": channel,
                "title_en": f"Scenario {number}",
                "briefing_en": "Ask the way.",
                "approved_by": "Chan;Lee",
            }
            for channel in ("phone_in", "face_to_face")
            for number in range(1, 9)
        ]
    ),
    "assessors.csv": as_file(
        [
            {"assessor": f"A-{number:02d}", "name": f"Assessor {number}", "languages": "yue;en;cmn"}
            for number in range(1, 13)
        ]
    ),
}
EDITION = {
    "year": str(YEAR), "title_en": f"{YEAR} Award", "title_zh": f"{YEAR}大獎", "organiser_en": "The association",
    "organiser_zh": "協會", "email": "desk@example.org", "launch": f"{YEAR}-01-15", "kick_off": f"{YEAR}-01-18",
    "enrolment_closes": f"{YEAR}-02-10", "opening_seminar": f"{YEAR}-02-23", "ceremony": f"{YEAR}-11-05",
}  # fmt: skip
MOMENTS = {"faq.deadline": f"{YEAR}-02-18T23:59:59", "results.release_at": f"{YEAR}-11-05T18:00:00"}


class Hand:
    """Somebody at a page. Presses are counted, whoever makes them."""

    def __init__(self, page: Page, clicks: list[str]) -> None:
        self.page = page
        self._clicks = clicks

    def press(self, name: str, role: Any = "button", **more: Any) -> None:
        self.page.get_by_role(role, name=name, **more).filter(visible=True).first.click()
        self._clicks.append(f"{role} {name}")

    def go(self, group: str, name: str) -> None:
        """Open a page from the bar: its group unfolds under the pointer."""
        self.page.locator("nav.side .group h2", has_text=group).hover()
        self.page.locator("nav.side a", has_text=name).filter(visible=True).first.click()
        self._clicks.append(f"page {name}")

    def unfold(self, field: str) -> None:
        """Unfold what a field lies in."""
        self.page.locator("details", has=self.page.locator(field)).locator("summary").first.click()
        self._clicks.append(f"unfold {field}")

    def account(self, link: str, name: str) -> None:
        self.page.goto(link)
        for label, value in (("name", name), ("username", name), ("password", PASSWORD), ("again", PASSWORD)):
            self.page.locator(f"#{label}").fill(value)
        self.press("Make the account")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """An empty server, and the link of its first administrator."""
    for running in run_server(Config(data_dir=tmp_path)):
        with running.services.database.transaction() as db:
            set_up(db, clock.now())
            link = first_administrator_link(db, clock.now(), running.url)
        assert link is not None
        yield running.url, link


def test_from_an_empty_server_to_a_phone_that_has_its_visits(chromium: Browser, empty: tuple[str, str]) -> None:
    url, link = empty
    clicks: list[str] = []
    with chromium.new_context(viewport={"width": 1280, "height": 900}) as office_, chromium.new_context() as other:
        for context in (office_, other):
            context.set_default_timeout(20_000)
        office, entrant = Hand(office_.new_page(), clicks), Hand(other.new_page(), clicks)
        office.account(link, "ada")
        begin_the_edition(office)
        bring_in_the_lists(office)
        expect(office.page.locator("main")).to_contain_text("Every line is green")
        enrol(entrant, url)
        accept_the_enrolment(office)
        hand_in_faqs(office, entrant)
        plan_round_1(office)
        code = issue_a_code(office)
    phone = {"id": str(uuid.uuid4()), "name": "A phone"}
    token = httpx.post(f"{url}/api/v1/enrol", json={"code": code, "device": phone}).json()["token"]
    told = httpx.get(f"{url}/api/v1/changes", headers={"Authorization": f"Bearer {token}"}).json()["changes"]
    visits = [change["body"] for change in told if change["kind"] == "assignment"]
    assert visits
    assert all(visit["entrant_name"]["en"] == "Peak Hotline" for visit in visits)
    assert len(clicks) == CLICKS, "\n".join(clicks)


def begin_the_edition(office: Hand) -> None:
    office.go("The season", "Edition")
    office.press("Type in the first edition", "link")
    for name, value in EDITION.items():
        office.page.locator(f"[name=f-{name}]").fill(value)
    office.press("Check and write")


def bring_in_the_lists(office: Hand) -> None:
    office.go("Planning", "Import")
    files = [{"name": name, "mimeType": "text/csv", "buffer": content} for name, content in LISTS.items()]
    office.page.locator("#files").set_input_files(files)
    office.press("Check and preview")
    office.press("Write ")
    office.go("Award", "Rules")
    for name, value in MOMENTS.items():
        office.page.locator(f"[name='{name}']").fill(value)
    office.press("Compare")
    office.unfold("#rules-reason")
    office.page.locator("#rules-reason").fill("The dates of the year.")
    office.press("Make these the rules")
    office.go("The season", "Edition")


def enrol(entrant: Hand, url: str) -> None:
    page = entrant.page
    page.goto(f"{url}/enrol")
    for name, value in TYPED.items():
        field = page.locator(f"[name='{name}']:not([type=hidden])").first
        if not field.count():
            continue
        kind = field.evaluate("one => one.type")
        if kind in {"checkbox", "radio"}:
            page.locator(f"[name='{name}'][value='{value}']").check()
        elif kind == "select-one":
            field.select_option(value)
        else:
            field.fill(f"{YEAR}-02-15" if name.endswith("notice_on") else value)
    name, content, kind = NOTICE_FILE[1]
    page.locator(f"[name='{NOTICE_FILE[0]}']").set_input_files([{"name": name, "mimeType": kind, "buffer": content}])
    entrant.press("Hand in")
    expect(page.locator("main")).to_contain_text("Digest")


def accept_the_enrolment(office: Hand) -> None:
    office.go("People", "Enrolments")
    office.press("Peak Company", "link")
    office.press("Accept and write the records")
    expect(office.page.locator("main")).to_contain_text("The records it became")


def hand_in_faqs(office: Hand, entrant: Hand) -> None:
    office.go("Administration", "Accounts")
    office.page.locator("#role").select_option("entrant")
    office.page.locator("#entrant").select_option(label="Peak Hotline")
    office.press("Make the link")
    link = office.page.locator("main :is(code, a)", has_text="/invitation/").first.inner_text()
    entrant.account(link, "peak")
    entrant.press("Your FAQs", "link")
    for field, words in (
        ("question_en", "When?"),
        ("question_zh", "何時？"),
        ("answer_en", "At nine."),
        ("answer_zh", "九時。"),
    ):
        entrant.page.locator(f"#{field}-1").fill(words)
    entrant.press("Hand in")
    office.go("People", "FAQ desk")
    office.press("Peak Hotline", "link")
    office.press("Accept", exact=True)


def plan_round_1(office: Hand) -> None:
    office.go("Planning", "Plan")
    office.page.locator("#round").select_option("1")
    office.press("Publish the seed")
    office.press("Make the plan")
    office.page.get_by_role("button", name="Write").wait_for()
    office.press("Write")
    expect(office.page.locator("main")).to_contain_text("Seed:")


def issue_a_code(office: Hand) -> str:
    office.go("People", "Enrolment codes")
    office.page.locator("main [name=assessor]").first.check()
    office.press("Issue and show")
    return office.page.locator(".code-text").first.inner_text().strip()
