"""What proposals and the consortium are shown by, on one server whose clock the test holds; and by axe on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from checklists.csqs.standard import csqs
from sync_server.config import Config
from sync_server.csqs.deciding import confirm, decide
from sync_server.csqs.moderating import Doer
from sync_server.database.queries.closing import Declaration, add_declaration
from sync_server.database.queries.users import user_named
from sync_server.panel.marking import Mark, declare, keep_marks
from sync_server.people import sessions
from sync_server.people.permissions import Role
from sync_server.proposals.figures import subject_of
from sync_server.routes.gate import SESSION_COOKIE
from sync_server.season.observed_time import confirm_clock
from tests.journeys.axe import faults_by_axe
from tests.sync_server.closed_season import add_person
from tests.sync_server.conftest import Running, run_server, set_season_up
from tests.sync_server.consortium.consortium_kit import (
    ISSUED,
    a_draft,
    add_consortium,
    copied,
    independent,
    speaks_for,
)
from tests.sync_server.csqs.csqs_kit import a_visit, handed_out, moderated
from tests.sync_server.desk import add_accounts, push
from tests.sync_server.proposals.proposal_kit import BODY, IN_TIME, TEMPLATE, a_pdf, handed_in
from tests.sync_server.survey.survey_kit import add_survey

pytestmark = pytest.mark.journey

YEARS = timedelta(days=800)
SECOND = timedelta(seconds=1)
JUDGES = {"judge-1": ("8", "15", "13.5", "7", "6"), "judge-2": ("9", "16", "15", "8", "7")}
PARTS = [part.key for part in TEMPLATE.parts if part.weight]


class Held(NamedTuple):
    """A server, and the clock it reads."""

    server: Running
    moments: list[datetime]

    def move(self, at: datetime) -> None:
        """Let it be `at`, as somebody of the office has confirmed."""
        self.moments[0] = at
        with self.server.services.database.transaction() as db:
            confirm_clock(db, at)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """A server with the small season and an account of every role, on the day before proposals are due."""
    config = Config(data_dir=tmp_path_factory.mktemp("other"))
    set_season_up(config)
    moments = [IN_TIME]
    for server in run_server(config, clock=lambda: moments[0]):
        add_accounts(server)
        here = Held(server, moments)
        here.move(IN_TIME)
        yield here


@contextmanager
def opened_by(chromium: Browser, held: Held, name: str = "", language: str = "en") -> Iterator[Page]:
    """A browser of the account `name`, or of a visitor."""
    with chromium.new_context(viewport={"width": 1024, "height": 800}) as context:
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": "language", "value": language, "url": held.server.url}])
        if name:
            with held.server.services.database.transaction() as db:
                account = user_named(db, name)
                assert account is not None
                secret = sessions.open_session(db, account.id, held.moments[0], lasts=YEARS)
            context.add_cookies([{"name": SESSION_COOKIE, "value": secret, "url": held.server.url}])
        yield context.new_page()


def hand_in(page: Page, url: str) -> None:
    """Fill the template in; an attachment of eleven pages is refused by name, one of two is taken."""
    page.goto(f"{url}/proposal")
    for name, text in BODY.items():
        field = page.locator(f"[name='{name}']")
        if text == "yes":
            field.check()
        else:
            field.fill(text)
    for pages in (11, 2):
        file = {"name": "figures.pdf", "mimeType": "application/pdf", "buffer": a_pdf(pages)}
        page.locator("#attachment").set_input_files(files=[file])
        page.get_by_role("button", name="Hand in").click()
        if pages > 2:
            expect(page.locator("#attachment-wrong")).to_contain_text("“figures.pdf”: 11 pages")
            assert faults_by_axe(page, "a proposal with an error") == []
    expect(page.get_by_text("Your proposal has come.")).to_be_visible()


def test_a_company_hands_in_and_a_panel_ranks(chromium: Browser, held: Held) -> None:
    held.move(IN_TIME)
    url = held.server.url
    with held.server.services.database.transaction() as db:
        other = handed_in(db, "d" * 24, at=IN_TIME, company_zh="另一公司").hand_in_id
        for name in JUDGES:
            judge = add_person(db, name, Role.JUDGE, ties=None)
            declare(db, subject_of(other), judge, is_tied=False, now=IN_TIME)
            marks = {part: Mark(Fraction(5)) for part in PARTS}
            keep_marks(db, (subject_of(other), 1), judge, marks, is_final=True, now=IN_TIME)
    with opened_by(chromium, held) as page:
        hand_in(page, url)
    for name, marks in JUDGES.items():
        with opened_by(chromium, held, name) as page:
            page.goto(f"{url}/judging")
            page.get_by_role("link", name=BODY["company_zh"]).click()
            page.get_by_role("button", name="I am not tied to it").click()
            for part, points in zip(PARTS, marks, strict=True):
                page.locator(f"#{part}").fill(points)
            with page.expect_navigation():
                page.get_by_role("button", name="Keep my marks").click()
            page.goto(f"{url}/judging")
            expect(page.get_by_text("5 of 5 parts marked")).to_be_visible()
            page.get_by_role("link", name=BODY["company_zh"]).click()
            expect(page.locator(f"#{PARTS[0]}")).to_have_value(marks[0])
            assert name != "judge-1" or faults_by_axe(page, "judging with marks") == []
            page.get_by_role("button", name="These are final").click()
            expect(page.get_by_role("row", name=BODY["company_zh"])).to_contain_text("final")
    with opened_by(chromium, held, "coordinator") as page:
        page.goto(f"{url}/proposals")
        rows = page.locator("main tbody tr")
        expect(rows.nth(0)).to_contain_text(BODY["company_zh"])
        for figure in ("52.25", "74.64", "5.5"):
            expect(rows.nth(0)).to_contain_text(figure)
        expect(rows.nth(1)).to_contain_text("另一公司")
        assert faults_by_axe(page, "proposals, ranked") == []


def test_a_finding_is_exclusive_then_public(chromium: Browser, held: Held) -> None:
    held.move(ISSUED - SECOND)
    url, over = held.server.url, datetime(2027, 6, 30, 10, tzinfo=ISSUED.tzinfo)
    with held.server.services.database.transaction() as db:
        add_consortium(db)
        speaks_for(db, "harbour")
        first = independent(db, "first", at=held.moments[0])
        independent(db, "second", at=held.moments[0])
        number = a_draft(db, first)
        copied(db, number, first)
    own, office = f"{url}/findings/{number}", f"{url}/consortium/findings/{number}"
    for name in ("first", "second"):
        with opened_by(chromium, held, name) as page:
            page.goto(office)
            page.get_by_role("button", name="Issue it to the members").click()
            expect(page.get_by_text("Nothing was issued: two people have to approve it first")).to_be_visible()
            page.get_by_role("button", name="Approve this copy").click()
            expect(page.get_by_text("Name of second" if name == "second" else "Name of first").first).to_be_visible()
            if name == "second":
                held.move(ISSUED)
                page.get_by_role("button", name="Mark it for the public").click()
                page.get_by_role("button", name="Issue it to the members").click()
                expect(page.get_by_role("link", name="issued")).to_be_visible()
    with opened_by(chromium, held, "of-harbour", "zh-Hant") as page:
        page.goto(own)
        expect(page.get_by_role("heading", name="來電者在等甚麼", exact=True)).to_be_visible()
    with opened_by(chromium, held) as page:
        for at, reads in ((ISSUED, False), (over - SECOND, False), (over, True)):
            held.move(at)
            answer = page.goto(own)
            assert answer is not None
            assert answer.status == (200 if reads else 403)
            assert ("What callers wait for" in page.content()) is reads
        assert faults_by_axe(page, "a finding for everybody") == []


def test_pages_with_something_on_them_pass_axe(chromium: Browser, held: Held) -> None:
    """A survey with an error, the attachment's builder with one, a register with a level."""
    held.move(IN_TIME)
    url, now = held.server.url, datetime.now(IN_TIME.tzinfo)
    with held.server.services.database.transaction() as db:
        add_survey(db)
        record = a_visit(handed_out(db), 3)
    held.move(now)
    push(held.server, record)
    with held.server.services.database.transaction() as db:
        people = {role: user_named(db, role.value) for role in (Role.REVIEWER, Role.COORDINATOR, Role.ADMIN)}
        ids = {role: account.id for role, account in people.items() if account is not None}
        for person in ids.values():
            add_declaration(db, person, Declaration((), None, now))
        moderated(db, record.id, ids[Role.REVIEWER], 3)
        row = decide(db, csqs(), record.id, (now.date(), "agreed"), Doer(ids[Role.COORDINATOR], now))
        confirm(db, row.id, Doer(ids[Role.ADMIN], now))
    faults: list[str] = []
    with opened_by(chromium, held) as page:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{url}/survey/supermarkets-a")
        page.get_by_role("button", name="Send my answers").click()
        expect(page.get_by_text("Nothing was sent yet")).to_be_visible()
        faults += faults_by_axe(page, "the survey with an error")
        page.goto(f"{url}/register")
        expect(page.get_by_text("Lantern Service Centre")).to_be_visible()
        faults += faults_by_axe(page, "the register")
    with opened_by(chromium, held, "entrant") as page:
        page.goto(f"{url}/reports/attachment")
        page.get_by_role("button", name="Make the PDF").click()
        expect(page.get_by_role("alert")).to_be_visible()
        faults += faults_by_axe(page, "the attachment with an error")
    with opened_by(chromium, held, "coordinator") as page:
        for path in (f"/csqs/levels/{row.id}", f"/csqs/visits/{record.id}"):
            page.goto(f"{url}{path}")
            faults += faults_by_axe(page, path)
    assert faults == []
