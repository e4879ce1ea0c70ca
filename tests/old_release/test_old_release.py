"""A data folder and a phone of commit 084b5b8 go on under today's server and app. `make.py` says what is in them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from checklists import wire
from checklists.forms.file import shipped_forms
from checklists.record.assessment import RecordStatus, SyncState
from checklists.season.file import read_season
from checklists.season.result import result_json
from checklists.season.score import score_season
from fieldapp.clock import SystemClock
from fieldapp.state import Phase
from fieldapp.storage.files import FileFolder
from fieldapp.sync.door_requests import RequestsDoor
from fieldapp.sync.transport import HttpServer
from sync_server.clock import now
from sync_server.commands import verify
from sync_server.commands.export_season import exported
from sync_server.config import Config
from sync_server.database import tables
from sync_server.database.engine import Database
from sync_server.database.migrations import is_current, upgrade
from sync_server.database.queries.jobs import job_names
from sync_server.people.enrolment_codes import issue_code
from sync_server.people.permissions import Role
from tests.builders import NOON
from tests.fieldapp.app_kit import Phone
from tests.sync_server.conftest import Running, run_server
from tests.sync_server.desk import signed_in
from tests.sync_server.waiting import until

HERE = Path(__file__).parent
NUMBER = re.compile(r"\d+\.\d{2,}")
NEWER = re.compile(r'<section[^>]* id="(course|costs)">.*?</section>', re.DOTALL)
SENTENCES = frozenset({"why", "why_no_score", "why_no_final", "warnings"})  # they may be worded better any day
PACKED_AT = NOON + timedelta(days=70)
LONGEST_S = 30
# What a better band still needs is reckoned over every open round by now; then, over those without any score. Round 2
# was open, with one of forty calls.
NEEDED = {"/standings/harbour-ferry/phone_in": ["88.13", "73.84", "59.55"]}

Figures = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The old folders, unpacked."""
    with zipfile.ZipFile(HERE / "made.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path


@pytest.fixture
def config(folder: Path) -> Config:
    return Config(data_dir=folder / "server")


@pytest.fixture
def server(config: Config) -> Iterator[Running]:
    """Today's server on the old data folder, from the moment on at which it was packed.

    Its clock goes on: what is asked for again while it is being done is known by its later moment.
    """
    database = Database(config.database)
    upgrade(database)
    database.close()
    begun = now()
    yield from run_server(config, clock=lambda: PACKED_AT + (now() - begun))


def a_phone(folder: Path, address: str = "http://server") -> Phone:
    phone = Phone(FileFolder(folder), server=HttpServer(RequestsDoor(), SystemClock()))
    phone.app.origin = address
    phone.clock.moment = PACKED_AT
    return phone


def figures() -> Figures:
    return json.loads((HERE / "figures.json").read_bytes())


def printed(server: Running, pages: list[str]) -> dict[str, list[str]]:
    with signed_in(server, Role.REVIEWER) as browser:
        return {page: figures_of(page, main_of(browser.get(page).raise_for_status().text)) for page in pages}


def figures_of(page: str, text: str) -> list[str]:
    """The figures of a page in their order; those of the standings, which were set in tables by channel, in any."""
    return in_any_order(page, NUMBER.findall(text))


def in_any_order(page: str, figures: list[str]) -> list[str]:
    return sorted(figures) if page == "/standings" else figures


def main_of(page: str) -> str:
    """What a page says, but for what no page of that time had: the course of a projected score, what cost most."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"<[^>]*>", " ", NEWER.sub(" ", main))


def listed(server: Running) -> list[dict[str, Any]]:
    a = tables.assessments
    columns = (a.c.id, a.c.status, a.c.revision, a.c.base, a.c.digest, a.c.files_named, a.c.files_held)
    with server.services.database.reading() as db:
        return [dict(row._mapping) for row in db.execute(select(*columns).order_by(a.c.id))]


def scored(config: Config) -> Any:
    with contextlib.closing(Database(config.database)) as database:
        season = read_season(exported(database), shipped_forms())
    return json.loads(result_json(score_season(season)))


def without_sentences(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_sentences(part) for key, part in value.items() if key not in SENTENCES}
    return [without_sentences(part) for part in value] if isinstance(value, list) else value


def same_figures(server: Running, expected: Figures) -> None:
    assert listed(server) == expected["assessments"]
    pages = {
        page: in_any_order(
            page, [shown[0], *needed, *shown[1 + len(needed) :]] if (needed := NEEDED.get(page)) else shown
        )
        for page, shown in expected["pages"].items()
    }
    assert printed(server, list(pages)) == pages
    assert without_sentences(scored(server.services.config)) == without_sentences(expected["scored"])


def standings_are_kept(server: Running) -> bool:
    with server.services.database.reading() as db:
        return not job_names(db, "standing")


async def changed(phone: Phone, true: Callable[[], object]) -> None:
    """Return when `true()`, looked at again whenever the app changes."""
    change = asyncio.Event()
    stop = phone.app.subscribe(lambda *_: change.set())
    async with asyncio.timeout(LONGEST_S):
        while not true():
            change.clear()
            await change.wait()
    stop()


def test_the_old_schema_is_brought_to_todays_and_everything_in_it_holds(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main(["--data", str(config.data_dir)]) == 0
    assert "7 revisions of 7 assessments, 7 base scores and 10 files were looked at." in capsys.readouterr().out
    database = Database(config.database)
    assert is_current(database)
    database.close()


def test_pages_lists_and_the_export_show_what_the_old_release_showed(server: Running) -> None:
    same_figures(server, figures()["packed"])


def test_a_record_that_an_old_phone_sends_again_is_answered_as_before(server: Running) -> None:
    revisions = tables.assessment_revisions
    with server.services.database.reading() as db:
        rows = db.execute(select(revisions.c.assessment_id, revisions.c.body, revisions.c.digest)).all()
    with server.client(None) as device:
        body = {"code": a_code(server), "device": {"id": "01a1c5f0-0000-7000-8000-000000000001", "name": "Another"}}
        token = device.post("/api/v1/enrol", json=body).raise_for_status().json()["token"]
    with server.client(token) as device:
        for row in rows:
            reply = device.put(f"/api/v1/assessments/{row.assessment_id}", content=row.body)
            assert (reply.status_code, reply.json()["digest"]) == (200, row.digest)
            assert reply.json()["missing"] == []
    assert listed(server) == figures()["packed"]["assessments"]


def a_code(server: Running) -> str:
    with server.services.database.transaction() as db:
        return issue_code(db, assessor_id="A-07", created_by="command", now=PACKED_AT, lasts=timedelta(hours=72)).code


async def test_an_old_phones_storage_opens_with_nothing_set_aside(folder: Path) -> None:
    records = figures()["packed"]["records"]
    phone = a_phone(folder / "phone")
    assert await phone.store.open() == ()
    settings, device, feed = phone.store.settings(), phone.store.device(), phone.store.feed()
    assert (settings.language, settings.text_size) == ("zh-Hant", 120)
    assert device.is_enrolled
    assert (device.assessor_id, device.assessor_name) == ("A-07", "Wong Mei Yee")
    assert len(feed.assignments) == 9
    assert {review.decision for review in feed.reviews.values()} == {"accepted", "returned", "void"}
    assert feed.unread == ()
    kept = {record.id: record for record in phone.store.assessments()}
    assert set(kept) == set(records.values())
    safe = {key for key in kept if phone.store.delivery(key).state is SyncState.SAFE}
    assert safe == set(kept) - {records["r2-02"], records["r2-03"]}
    for record in kept.values():
        for evidence in record.evidence:
            assert len(phone.media.read(evidence.sha256)) == evidence.size_bytes


async def test_a_draft_of_the_old_app_is_gone_on_with(folder: Path) -> None:
    phone = a_phone(folder / "phone", "http://127.0.0.1:9")
    assert await phone.app.start()
    assert phone.app.phase is Phase.READY
    assert phone.app.notice is None
    assert await phone.app.open_visit("r2-02"), phone.app.notice
    visit = phone.visit
    assert visit.assessment.id == figures()["packed"]["records"]["r2-02"]
    assert visit.assessment.status is RecordStatus.DRAFT
    assert visit.assessment.answers["PA1"].value is True
    assert visit.assessment.notes["PB6"] == {"note": "A note of a visit that goes on later."}
    assert [evidence.kind for evidence in visit.assessment.evidence] == ["photo", "audio_note"]
    assert await visit.answer("PA1", False)
    assert await visit.answer("PA4", True)
    await phone.worker.stop()


async def test_what_the_old_phone_could_not_send_is_safe_on_todays_server_with_the_old_figures(
    folder: Path, server: Running
) -> None:
    phone = a_phone(folder / "phone", server.url)
    assert await phone.app.start()
    await changed(phone, lambda: phone.app.items and all(item.state is SyncState.SAFE for item in phone.app.items))
    assert phone.store.feed().unread == ()
    await phone.worker.stop()
    expected = figures()["sent"]
    # By its jobs: a page drawn again and again would keep from working what it waits for.
    await asyncio.to_thread(until, lambda: standings_are_kept(server) or None, "the standing follows")
    await asyncio.to_thread(same_figures, server, expected)


async def test_a_phone_of_today_reads_the_old_feed_from_its_beginning(tmp_path: Path, server: Running) -> None:
    phone = a_phone(tmp_path / "new phone", server.url)
    assert await phone.app.start()
    assert await phone.app.enrol(a_code(server)), phone.app.notice
    await changed(phone, lambda: len(phone.app.rows) == 9)
    feed = phone.store.feed()
    assert feed.unread == ()
    assert feed.programme is not None
    assert feed.programme.digest == figures()["packed"]["scored"]["rules_digest"]
    for assignment in feed.assignments.values():
        form = phone.store.form(assignment.form)
        assert form is not None
        assert wire.encode(form)
    await phone.worker.stop()
