"""The demo's whole season set up by hand from an empty server, in a browser: how many clicks, and each of them.

`python -m tests.bench.season_by_hand`. Every list comes as a file, approved in it; all of what takes part is brought in
at once; three rounds are planned. Typing, and choosing a file, a day or a line, are no clicks.
"""

from __future__ import annotations

import tempfile
import time
from datetime import date
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from sync_server import clock
from sync_server.config import Config
from sync_server.database.queries.season import rows_of
from sync_server.demo.calendar import from_start
from sync_server.demo.season import season_files
from sync_server.people.accounts import first_administrator_link
from sync_server.season.set_up import set_up
from tests.journeys.browsers import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.journeys.test_first_month import Hand
from tests.sync_server.conftest import Running, run_server

MOST = 40
PLANNED_WITHIN_MS = 300_000


def main() -> None:
    """Set the season up, and say what it took."""
    begun = time.perf_counter()
    clicks: list[str] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_ARGUMENTS))
        for server in run_server(Config(data_dir=Path(folder))):
            with server.services.database.transaction() as db:
                set_up(db, clock.now())
                link = first_administrator_link(db, clock.now(), server.url)
            office = Hand(browser.new_page(viewport={"width": 1280, "height": 900}), clicks)
            office.page.set_default_timeout(PLANNED_WITHIN_MS)
            office.account(str(link), "ada")
            set_the_season_up(office, clock.now().date())
            said(server)
        browser.close()
    for number, click in enumerate(clicks, start=1):
        print(f"{number:3} {click}")
    missed = "  MISSED" if len(clicks) > MOST else ""
    print(f"{len(clicks)} clicks (target {MOST}){missed}, {time.perf_counter() - begun:.0f} s")


def set_the_season_up(office: Hand, today: date) -> None:
    """Do all of it: lists, dates, three plans, codes for the phones."""
    calendar = from_start(date(today.year + 1, 3, 1), today)
    files = season_files(calendar)
    office.go("Planning", "Import")
    office.page.locator("#files").set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": content} for name, content in files.items()]
    )
    office.press("Check and preview")
    office.press("Write ")
    office.go("Award", "Rules")
    for name, at in (("faq.deadline", calendar.faq_deadline), ("results.release_at", None)):
        value = f"{at:%Y-%m-%dT%H:%M:%S}" if at else f"{calendar.ceremony_on}T18:00:00"
        office.page.locator(f"[name='{name}']").fill(value)
    office.press("Compare")
    office.unfold("#rules-reason")
    office.page.locator("#rules-reason").fill("The dates of the year.")
    office.press("Make these the rules")
    office.go("The season", "Edition")
    expect(office.page.locator("main")).to_contain_text("Every line is green")
    for number in ("1", "2", "3"):
        office.go("Planning", "Plan")
        office.page.locator("#round").select_option(number)
        office.press("Publish the seed")
        office.press("Make the plan")
        office.page.get_by_role("button", name="Write").wait_for()
        office.press("Write")
        expect(office.page.locator("main")).to_contain_text("Seed:")
    office.go("People", "Enrolment codes")
    for box in office.page.locator("main [name=assessor]").all():
        box.check()
    office.press("Issue and show")
    office.page.locator(".code-text").first.wait_for()


def said(server: Running) -> None:
    """Say what the season has by now."""
    with server.services.database.reading() as db:
        counts = {table: len(rows_of(db, table)) for table in ("entrants", "entries", "assessors", "assignments")}
    print(", ".join(f"{count} {table}" for table, count in counts.items()))


if __name__ == "__main__":
    main()
