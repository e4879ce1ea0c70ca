"""The dashboard in a real browser: rows arrive by themselves, nothing breaks its own policy, and every page fits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect
from tusclient.client import TusClient

from sync_server.config import Config
from sync_server.people.permissions import Role
from tests.builders import an_attempt
from tests.sync_server.conftest import Running, run_server, set_season_up
from tests.sync_server.desk import PASSWORD, add_accounts, push
from tests.sync_server.season_kit import TOKEN, a_call, a_photo

pytestmark = pytest.mark.journey

PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
LARGE_TEXT = "document.documentElement.style.fontSize = '200%'"
# Labelled values that got less room than two letters, and what a finger aims at but is under 44 pixels high.
SQUEEZED = """all => all.filter(e => e.offsetParent && e.innerText.length > 2
    && e.offsetWidth < 1.9 * parseFloat(getComputedStyle(e).fontSize)).length"""  # not even two signs wide
SMALL = """all => all.filter(e => e.getBoundingClientRect().height > 1 && e.getBoundingClientRect().height < 43.9)
    .map(e => e.innerText || e.name)"""
AIMED_AT = "main :is(button, .button, summary, select, textarea, table.cards th > a), main input:not([type=checkbox])"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def desk(tmp_path) -> Iterator[Running]:
    """A server with the small season and an account of every role."""
    config = Config(data_dir=tmp_path / "data")
    set_season_up(config)
    running = run_server(config)
    server = next(running)
    add_accounts(server)
    yield server
    next(running, None)


@contextmanager
def reader(
    chromium: Browser, desk: Running, *, language: str = "en", view: dict[str, int] | None = None
) -> Iterator[tuple[Page, list[str]]]:
    """An administrator's page, signed in, and what its console complained of."""
    with chromium.new_context(viewport=view or DESK) as context:
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": "language", "value": language, "url": desk.url}])
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{desk.url}/sign-in?next=/assessments")
        page.locator("#username").fill(Role.ADMIN.value)
        page.locator("#password").fill(PASSWORD)
        page.locator("main button.primary").click()
        page.locator("h1").wait_for()
        yield page, complaints


def test_an_assessment_appears_without_reloading_and_changes_where_it_stands(chromium, desk):
    with reader(chromium, desk) as (page, complaints):
        expect(page.get_by_text("Nothing has arrived yet")).to_be_visible()
        expect(page.locator("[data-live-state]")).to_have_text("Live")
        call = a_call()
        push(desk, call)
        row = page.locator(f"#assessment-{call.id}")
        expect(row).to_contain_text("88.25")
        expect(page.get_by_text("Nothing has arrived yet")).to_be_hidden()
        push(desk, msgspec.structs.replace(call, revision=2, answers={**call.answers, "PA1": call.answers["PA4"]}))
        push(desk, a_call())
        expect(page.locator("tbody tr")).to_have_count(2)
        assert complaints == []


def test_a_file_of_a_later_page_moves_nothing_and_what_leaves_a_page_is_on_the_next(chromium, desk):
    late = b"a photo that comes late"
    oldest = a_call(files=(a_photo(late), a_photo(b"call log", "PG4", "call_log")))
    calls = [oldest, *(a_call() for _ in range(51))]
    for call in calls:
        push(desk, call)
    with reader(chromium, desk) as (page, complaints):
        first = page.locator("tbody tr").first
        expect(page.locator("[data-live-state]")).to_have_text("Live")
        tus = TusClient(f"{desk.url}/api/v1/media/", headers={"Authorization": f"Bearer {TOKEN}"})
        told = {"sha256": oldest.evidence[0].sha256}
        tus.uploader(file_stream=BytesIO(late), chunk_size=len(late), metadata=told).upload()
        newest = a_call()
        push(desk, newest)
        expect(first).to_have_id(f"assessment-{newest.id}")
        expect(page.locator("tbody tr")).to_have_count(50)
        expect(page.locator(f"#assessment-{oldest.id}")).to_have_count(0)
        shown = {row.get_attribute("id") for row in page.locator("tbody tr").all()}
        page.get_by_role("link", name="Older").click()
        expect(page.locator("tbody tr")).to_have_count(3)
        shown |= {row.get_attribute("id") for row in page.locator("tbody tr").all()}
        assert shown == {f"assessment-{call.id}" for call in (*calls, newest)}
        assert complaints == []


def test_an_open_assessment_says_that_it_changed(chromium, desk):
    call = a_call()
    push(desk, call)
    with reader(chromium, desk) as (page, _complaints):
        page.goto(f"{desk.url}/assessments/{call.id}")
        push(desk, msgspec.structs.replace(call, revision=2))
        page.get_by_role("button", name="Show it as it is now").click()
        expect(page.get_by_role("link", name="Revision 2")).to_be_visible()


def test_a_reviewer_returns_an_assessment_with_a_comment(chromium, desk):
    call = a_call()
    push(desk, call)
    with reader(chromium, desk, view=PHONE) as (page, complaints):
        page.goto(f"{desk.url}/assessments/{call.id}")
        page.get_by_text("Return it with comments").click()
        page.get_by_label("What should be looked at again?").fill("The waiting time.")
        page.get_by_role("button", name="Return to the assessor").click()
        expect(page.get_by_role("status")).to_contain_text("on its way to the phone")
        expect(page.get_by_text("The waiting time.")).to_be_visible()
        assert complaints == []


def test_the_menu_opens_on_a_phone_and_the_language_switches_at_once(chromium, desk):
    with reader(chromium, desk, view=PHONE) as (page, complaints):
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("button", name="繁體中文").click()
        expect(page.locator("h1")).to_have_text("評審紀錄")
        page.get_by_role("button", name="選單").click()
        page.get_by_role("link", name="裝置").click()
        expect(page.locator("h1")).to_have_text("裝置")
        assert complaints == []


def faults_of(page: Page, where: str, *, thumbs: bool = False) -> list[str]:
    """What does not fit on the page that is open."""
    faults = [f"{where}: too wide"] if page.evaluate(SIDEWAYS) > 0 else []
    if page.locator("td[data-label] > *").evaluate_all(SQUEEZED):
        faults.append(f"{where}: squeezed")
    small = page.locator(AIMED_AT).evaluate_all(SMALL) if thumbs else []
    return faults + [f"{where}: {name} is small" for name in small]


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_every_page_fits_its_width_and_breaks_no_policy(chromium, desk, language):
    """Where next to nothing is on it yet. Each page is loaded once and looked at in two ways."""
    call = a_call(attempts=(an_attempt(-60), an_attempt(0, "connected")))
    push(desk, call)
    with reader(chromium, desk, language=language, view=PHONE) as (page, complaints):
        own = page.locator("nav a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        faults = []
        for path in [*own, "/account", f"/assessments/{call.id}"]:
            page.set_viewport_size(PHONE)
            page.goto(f"{desk.url}{path}")
            faults += faults_of(page, path, thumbs=True)
            if language == "en":
                page.evaluate(LARGE_TEXT)
                faults += faults_of(page, f"{path} with large text", thumbs=True)
            else:
                page.set_viewport_size(DESK)
                faults += faults_of(page, f"{path} at a desk")
        assert faults == []
        assert complaints == []
