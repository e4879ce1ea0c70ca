"""What a page of the desk does by itself, and what it leaves alone: focus, words not sent yet, its own doing."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from sync_server.people.permissions import Role
from tests.sync_server.desk import PASSWORD, push
from tests.sync_server.season_kit import a_call
from tests.sync_server.whole_desk import WholeDesk

pytestmark = pytest.mark.journey
WORDS = "Wrong: the photo shows the other branch."


@pytest.fixture
def page(chromium: Browser, whole: WholeDesk) -> Iterator[Page]:
    with chromium.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto(f"{whole.url}/sign-in?next=/assessments")
        page.locator("#username").fill(Role.ADMIN.value)
        page.locator("#password").fill(PASSWORD)
        page.locator("main button.primary").click()
        page.wait_for_url(f"{whole.url}/assessments")
        yield page


def test_the_figures_above_the_list_change_with_it_and_are_links(page: Page, whole: WholeDesk) -> None:
    figure = page.locator(".figure", has_text="Finished").locator("a")
    expect(page.locator("[data-live-state]")).to_have_text("Live")
    before = int(figure.inner_text())
    push(whole.server, a_call())
    expect(figure).to_have_text(str(before + 1))
    expect(page.locator("caption")).to_contain_text("assessments, the newest first")
    figure.click()
    expect(page.locator("#state")).to_have_value("finished")


@pytest.mark.parametrize("path", ["/standings", "/assignments?state=", "/standings/harbour-ferry/phone_in"])
def test_focus_and_what_is_unfolded_stay_while_news_comes(page: Page, whole: WholeDesk, path: str) -> None:
    page.goto(f"{whole.url}{path}")
    region = page.locator("[data-live-region]")
    page.evaluate("document.querySelectorAll('[data-live-region] details').forEach((folded) => (folded.open = true))")
    region.locator("a:visible").first.focus()
    name = page.evaluate("document.activeElement.innerText")
    with page.expect_response(lambda answer: answer.url.endswith(path) and answer.request.resource_type == "fetch"):
        push(whole.server, a_call())
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.innerText") == name
    assert page.evaluate("[...document.querySelectorAll('[data-live-region] details')].every((one) => one.open)")


def test_today_counts_what_comes_within_a_second_and_moves_neither_focus_nor_rows(page: Page, whole: WholeDesk) -> None:
    page.goto(f"{whole.url}/today")
    waiting = page.locator(".today-figures a[href='/assessments?state=finished']")
    before, rows = int(waiting.inner_text()), page.locator("#today-lists").inner_text()
    page.locator("#today-lists a:visible").first.focus()
    name = page.evaluate("document.activeElement.outerHTML")
    page.evaluate("addEventListener('scroll', () => { window.scrolled = true; })")
    push(whole.server, a_call())
    expect(waiting).to_have_text(str(before + 1), timeout=1_000)
    news = page.get_by_role("button", name="There is news")
    expect(news).to_be_visible()
    assert page.evaluate("document.activeElement.outerHTML") == name
    assert page.locator("#today-lists").inner_text() == rows
    assert not page.evaluate("window.scrolled")
    news.click()
    expect(page.locator("h2", has_text="Waiting for review")).to_contain_text(str(before + 1))
    expect(page.get_by_role("button", name="There is news")).to_be_hidden()


def test_words_typed_stay_when_the_page_is_shown_as_it_is_now(page: Page, whole: WholeDesk) -> None:
    call = a_call()
    push(whole.server, call)
    page.goto(f"{whole.url}/assessments/{call.id}")
    page.get_by_text("Return it with comments").click()
    page.get_by_label("What should be looked at again?").fill(WORDS)
    push(whole.server, msgspec.structs.replace(call, revision=2))
    page.get_by_role("button", name="Show it as it is now").click()
    expect(page.get_by_role("link", name="Revision 2")).to_be_visible()
    expect(page.get_by_label("What should be looked at again?")).to_have_value(WORDS)


def test_ones_own_decision_is_no_news(page: Page, whole: WholeDesk) -> None:
    call = a_call()
    push(whole.server, call)
    page.goto(f"{whole.url}/assessments/{call.id}")
    seen = page.evaluate_handle(
        """() => { const notice = document.querySelector('[data-live-notice]'); const seen = { shown: false };
        new MutationObserver(() => { if (!notice.hidden) localStorage.setItem('shown', 'yes'); })
            .observe(notice, { attributes: true }); return seen; }"""
    )
    assert seen is not None
    page.route("**/review", lambda route: (page.wait_for_timeout(700), route.continue_()))
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("status").first).to_contain_text("on its way to the phone")
    assert page.evaluate("localStorage.getItem('shown')") is None
