"""A round's life and that of the results: the week on the bench, two names, the moment, and what entrants open.

A clean visit is accepted in KEYS keystrokes; from an award to an answer and its photo it takes CLICKS, two of them
to unfold, without knowing which visit it is. What a page does not need to show is tested below it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from checklists.record.assessment import Assessment
from sync_server import clock
from sync_server.config import Config
from sync_server.database.queries.assessment_pages import shown_derivatives
from sync_server.database.queries.jobs import ask_for
from sync_server.database.tables import jobs
from sync_server.jobs.wishes import RELEASE_JOB
from sync_server.people.permissions import Role
from sync_server.reports.own import reference
from sync_server.routes.gate import SESSION_COOKIE
from sync_server.season.observed_time import confirm_clock
from sync_server.season.rule_changes import set_release_moments
from tests.builders import NOON, an_assignment, an_attempt
from tests.journeys.conftest import run_server
from tests.sync_server.closed_season import ENDED, a_round_that_ended
from tests.sync_server.conftest import Running
from tests.sync_server.desk import PASSWORD, add_accounts, push, signed_in
from tests.sync_server.finished_season import CEREMONY, SIGNED_AT, rounds_before_the_results
from tests.sync_server.pictures import a_jpeg
from tests.sync_server.season_kit import ANSWERS, a_call, a_photo, add_assignment
from tests.sync_server.uploading import Upload
from tests.sync_server.waiting import until

pytestmark = pytest.mark.journey
KEYS, CLICKS = 1, 4
LOST = "PD3"  # an answer that every visit finds wrong
MOMENT = ENDED + timedelta(days=1)
SIGNERS = ("wong", "cheung")
WHY = "The phones' calls are of one day."


class Calendar:
    """The server's clock: it goes on from where the journey put it."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def set(self, at: datetime) -> None:
        self._ahead = at - clock.now()

    def __call__(self) -> datetime:
        return clock.now() + self._ahead


class Office:
    """A running desk, its clock, and people at it, each in a window of their own."""

    def __init__(self, browser: Browser, server: Running, calendar: Calendar) -> None:
        self.server, self.calendar = server, calendar
        self._browser = browser

    @contextmanager
    def sits(self, name: str, at: str) -> Iterator[Page]:
        """Somebody of the office, signed in, on a page."""
        with self._browser.new_context(viewport={"width": 1280, "height": 800}) as context:
            context.set_default_timeout(20_000)
            with signed_in(self.server, name) as client:
                secret = str(client.cookies.get(SESSION_COOKIE))
            context.add_cookies([{"name": SESSION_COOKIE, "value": secret, "url": self.server.url}])
            page = context.new_page()
            page.goto(f"{self.server.url}{at}")
            yield page

    @contextmanager
    def comes(self) -> Iterator[Page]:
        """Somebody of the entrant, who signs in."""
        with self._browser.new_context(viewport={"width": 1280, "height": 800}) as context:
            context.set_default_timeout(20_000)
            page = context.new_page()
            page.goto(f"{self.server.url}/sign-in")
            page.locator("#username").fill(Role.ENTRANT.value)
            page.locator("#password").fill(PASSWORD)
            page.locator("main button.primary").click()
            expect(page.locator("h1")).to_have_text("Reports")
            yield page

    def until(self, at: datetime) -> None:
        """Let time go on to `at`; somebody confirms the clock, and the server looks at it."""
        self.calendar.set(at)
        with self.server.services.database.transaction() as db:
            confirm_clock(db, at)
            ask_for(db, [RELEASE_JOB], at)
        self.server.services.wake()
        until(self._has_looked, "the server looks at what is to be released")  # a page does not tell of it by itself

    def _has_looked(self) -> bool | None:
        with self.server.services.database.reading() as db:
            due = select(jobs.c.name).where(jobs.c.name == RELEASE_JOB.name, jobs.c.due_at <= self.calendar())
            return True if db.execute(due).first() is None else None

    def sign(self, what: str) -> None:
        """Have two people sign the copy that stands."""
        for name in SIGNERS:
            with self.sits(name, f"/release/{what}") as page:
                page.get_by_role("button", name="Sign this copy").click()
                expect(page.get_by_role("status").first).to_contain_text("Your signature was kept")


@contextmanager
def an_office(browser: Browser, folder: Path, at: datetime, season: Callable[[Any], object]) -> Iterator[Office]:
    calendar = Calendar(at)
    for server in run_server(Config(data_dir=folder), clock=calendar):
        with server.services.database.transaction() as db:
            season(db)
            confirm_clock(db, at)
        add_accounts(server)
        yield Office(browser, server, calendar)


def a_visit(server: Running, name: str, **answers: Any) -> Assessment:
    """A call that came in with its photo, at the question where it may have lost."""
    photo = a_jpeg((640, 480), 1, comment=name.encode())
    with server.services.database.transaction() as db:
        add_assignment(db, an_assignment(id=f"visit-{name}", round=1))
    late = (("PA1", "screenshot"), ("PG4", "call_log"))  # named, and on their way
    files = (a_photo(photo, LOST, "photo_no_people"), *(a_photo(f"{name} {at}".encode(), at, of) for at, of in late))
    record = a_call(
        id=str(uuid.uuid4()), assignment_id=f"visit-{name}", answers=ANSWERS | answers, files=files,
        attempts=(an_attempt(0, "connected"),),
    )  # fmt: skip
    push(server, record)
    with server.client() as phone:
        upload = Upload(phone, photo)
        assert upload.patch(0, photo).status_code == 204
    database, digest = server.services.database, hashlib.sha256(photo).hexdigest()

    def made() -> object:
        with database.reading() as db:
            return shown_derivatives(db, [digest]) or None

    until(made, "the photo was prepared")
    return record


def test_a_round_lives_from_the_bench_to_a_corrected_report(chromium: Browser, tmp_path: Path) -> None:
    def season(db: Any) -> None:
        a_round_that_ended(db, calls=0)
        set_release_moments(db, {1: MOMENT}, created_by="admin", now=NOON)

    with an_office(chromium, tmp_path, ENDED, season) as office:
        names = {"clean": {}, "wrong": {"PC1": 0}, "face": {}, "unclear": {"PE1": 1}, "critical": {"PD4": False}}
        visits = {name: a_visit(office.server, name, **answers) for name, answers in names.items()}
        with office.sits(Role.COORDINATOR, "/bench") as page:
            expect(page.locator(".bench-queue strong")).to_have_text(f"{len(visits)} wait")
            accept(page, visits["clean"])
            correct_and_accept(page, visits["wrong"])
            black_out_and_accept(page, visits["face"])
            give_back(page, visits["unclear"])
            accept(page, visits["critical"])
        answers = {**visits["unclear"].answers, "PE1": visits["clean"].answers["PE1"]}
        push(office.server, msgspec.structs.replace(visits["unclear"], revision=2, answers=answers))
        with office.sits(Role.REVIEWER, f"/bench/{visits['critical'].id}") as page:
            page.keyboard.press("a")  # the second reader agrees
            expect(page.get_by_role("status").first).to_contain_text("It was kept")
            accept(page, visits["unclear"])
        with office.sits(Role.COORDINATOR, "/awards") as page:
            from_an_award_to_a_photo(page)
            close(page, "round-1")
        office.sign("round-1")
        with office.comes() as page:
            expect(page.locator("main")).to_contain_text("No report yet")
        office.until(MOMENT)
        dispute(office, visits["wrong"])
        decide(office, visits["wrong"])
        correct_what_is_out(office)
        with office.comes() as page:
            expect(page.locator("main")).to_contain_text("correction 1")
            page.get_by_role("link", name="Harbour Ferry Hotline").first.click()
            expect(page.locator("main")).to_contain_text("Correction 1: A dispute was upheld. Round score:")
            page.goto(f"{office.server.url}/reports/harbour-ferry/phone_in/1/visits/{reference(visits['wrong'].id)}")
            expect(page.locator("main")).to_contain_text("It counts in what you read here.")
            expect(page.locator(f"#question-{LOST} img")).to_be_visible()


def origin(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])  # the page may be on its way to another


def accept(page: Page, visit: Assessment) -> None:
    """Accept a visit by KEYS keystrokes; Enter is none of them."""
    if f"/bench/{visit.id}" not in page.url:
        page.goto(f"{origin(page)}/bench/{visit.id}")
    page.wait_for_load_state()  # letters act once its script runs
    page.keyboard.press("Enter")
    for key in ("a",)[:KEYS]:
        page.keyboard.press(key)
    expect(page.get_by_role("status").first).to_contain_text("Accepted.")


def correct_and_accept(page: Page, visit: Assessment) -> None:
    page.goto(f"{origin(page)}/bench/{visit.id}")
    at = page.locator("#question-PC1")
    at.locator("summary").click()
    at.locator("select").select_option(label="1 of 4")
    at.locator("#why-PC1").fill("Heard once in the recording.")
    at.get_by_role("button", name="Correct").click()
    expect(page.get_by_role("status").first).to_contain_text("It was kept")
    expect(page.locator("ins").first).to_have_text("1 of 4")
    accept(page, visit)


def black_out_and_accept(page: Page, visit: Assessment) -> None:
    page.goto(f"{origin(page)}/bench/{visit.id}")
    page.get_by_role("link", name="Black out…").click()
    box = page.locator(".marking img").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 90)
    page.mouse.up()
    page.locator("#reason").fill("A bystander's face.")
    page.get_by_role("button", name="See how it will be").click()
    page.get_by_role("button", name="Destroy the original").click()
    expect(page.get_by_role("status").first).to_contain_text("It was kept")
    accept(page, visit)


def give_back(page: Page, visit: Assessment) -> None:
    page.goto(f"{origin(page)}/bench/{visit.id}")
    page.keyboard.press("r")
    page.keyboard.type("Which words were used?")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.get_by_role("status").first).to_contain_text("on its way to the phone")


def from_an_award_to_a_photo(page: Page) -> None:
    """Whoever asks why an entry does not win comes to the answer that cost most, and to its photo."""
    clicks = 0

    def click(target: Any) -> None:
        nonlocal clicks
        target.click()
        clicks += 1

    click(page.locator("main details summary").first)
    click(page.locator("main details a[href$='/phone_in']").first)
    click(page.locator("#costs tbody tr", has_text=LOST).get_by_role("link").first)
    expect(page.locator(f"#question-{LOST}")).to_be_in_viewport()
    with page.expect_popup() as opened:
        click(page.locator(f"#question-{LOST} .photos a").first)
    opened.value.wait_for_load_state()
    assert opened.value.locator("img").evaluate("one => one.naturalWidth") > 0
    opened.value.close()
    assert clicks <= CLICKS


def close(page: Page, what: str) -> None:
    page.goto(f"{origin(page)}/release/{what}")
    expect(page.locator("h2", has_text="Is it ready?")).not_to_contain_text("stop")
    page.locator("#close-reason").fill(WHY)
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_role("status").first).to_contain_text("Two people sign it now")


def dispute(office: Office, visit: Assessment) -> None:
    with office.comes() as page:
        page.get_by_role("link", name="Score and visits").click()
        page.get_by_role("row").filter(has_text=reference(visit.id)).get_by_role("link").click()
        expect(page.locator(f"#question-{LOST} .missing")).to_contain_text("nobody has looked at it")
        at = page.locator(f"#question-{LOST}")
        at.locator("summary").click()
        at.locator("textarea").fill("It was restated twice.")
        at.get_by_role("button", name="Dispute it").click()
        expect(page.get_by_role("status").first).to_contain_text("The dispute was kept")


def decide(office: Office, visit: Assessment) -> None:
    """Who corrected an answer of the visit does not decide; somebody else does, who then signs nothing of the round."""
    with office.sits(Role.COORDINATOR, "/disputes/1") as page:
        expect(page.locator("main")).to_contain_text("somebody else decides")
    with office.sits(Role.ADMIN, f"/bench/{visit.id}") as page:
        page.get_by_role("button", name="Let the entrant see the photo").click()
        expect(page.get_by_role("status").first).to_contain_text("It was kept")
        page.goto(f"{office.server.url}/disputes")
        page.get_by_role("link", name="Harbour Ferry Hotline").click()
        page.locator("#answer").select_option("correct_complete")
        page.locator("#reason").fill("Both of us heard it restated.")
        page.get_by_role("button", name="Correct the answer").click()
        expect(page.locator("h2", has_text="Answer corrected")).to_be_visible()
        expect(page.locator("main")).to_contain_text("→")


def correct_what_is_out(office: Office) -> None:
    with office.sits(Role.COORDINATOR, "/disputes/1") as page:
        page.get_by_role("link", name="take the copy of a correction").click()
        expect(page.locator("main")).to_contain_text("What a copy taken now would change")
        page.locator("#close-reason").fill("A dispute was upheld.")
        page.get_by_role("button", name="Take the copy of a correction").click()
        expect(page.locator("main")).to_contain_text("What this correction changes")
    office.sign("round-1")


def test_the_results_stay_under_embargo_until_their_moment_and_the_letter_is_opened(
    chromium: Browser, tmp_path: Path
) -> None:
    with an_office(chromium, tmp_path, SIGNED_AT, rounds_before_the_results) as office:
        with office.sits(Role.COORDINATOR, "/release/results") as page:
            page.get_by_role("button", name="Close it").click()
            expect(page.get_by_role("status").first).to_contain_text("Two people sign it now")
        office.sign("results")
        with office.sits(Role.VIEWER, "/results") as page:
            expect(page.get_by_role("status").first).to_contain_text("embargo")
        with office.comes() as page:
            page.get_by_role("link", name="Results").first.click()
            expect(page.locator("main")).to_contain_text("No results yet")
        office.until(CEREMONY)
        with office.comes() as page:
            page.get_by_role("link", name="Results").first.click()
            page.get_by_role("link", name="Result letter").first.click()
            expect(page.locator("main")).to_contain_text("Result letter")
