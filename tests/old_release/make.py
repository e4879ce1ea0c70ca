"""How `made.zip` and `figures.json` came to be: a season and a phone, made by an old release with its own code.

    git worktree add OLD 084b5b8
    cd OLD && PYTHONPATH=OLD .venv/bin/python …/tests/old_release/make.py …/tests/old_release

Run it with a checkout of that commit, whose modules it imports; nothing here is imported by today's tests. A season is
brought in from CSV files, a phone enrols over HTTP and makes visits with photos and sound, the office accepts one,
returns one, voids one, decides a penalty and changes the rules, and standings follow. The phone keeps a draft with a
photo and a finished visit that it could not send. `server/` is the data folder, `phone/` the phone's storage, and
`figures.json` what the old release printed on its pages and scored its own export to: as it was packed, and once the
phone had sent what it kept.
"""

# ruff: noqa: I001 - modules of another commit: the linter of today takes them for libraries

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import math
import re
import sqlite3
import struct
import sys
import tempfile
import threading
import wave
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy import func, select

from checklists.assessment import Outcome, SyncState
from checklists.form import Kind
from checklists.form_file import shipped_forms
from checklists.season.file import read_season
from checklists.season.result import result_json
from checklists.season.score import score_season
from fieldapp.clock import SystemClock
from fieldapp.kept import Photo
from fieldapp.ports import Ports
from fieldapp.media import audio_preparer
from fieldapp.state import App
from fieldapp.storage import FileFolder, FileMedia, Keeper, TinyStore
from fieldapp.sync.door_requests import RequestsDoor
from fieldapp.sync.transport import HttpServer
from fieldapp.sync.worker import Worker
from sync_server import reviewing, ruleset_versions, tables
from sync_server.app import create_app
from sync_server.commands.export_season import exported
from sync_server.config import Config
from sync_server.database import Database
from sync_server.enrolment import issue_code
from sync_server.importing.apply import import_files
from sync_server.migrations import upgrade
from sync_server.permissions import Role
from sync_server.reviewing import By, Verdict
from sync_server.season_setup import set_up
from sync_server.serving import listening_socket, server_for
from tests.builders import NOON
from tests.fieldapp.app_kit import Clock, complete
from tests.sync_server import desk
from tests.sync_server.conftest import Running
from tests.sync_server.season_files import changed, example_season, with_row

NUMBER = re.compile(r"\d+\.\d{2,}")
DAY = timedelta(days=1)
PENALTY, RETURNED, VOID, UNREACHED, BRANCH = "r1-02", "r1-03", "r1-04", "r1-05", "o1-01"
PLAIN, SECOND_ROUND, DRAFT, UNSENT = "r1-01", "r2-01", "r2-02", "r2-03"
PHONE_VISITS = (PENALTY, RETURNED, VOID, UNREACHED, SECOND_ROUND, DRAFT, UNSENT)
SERVER_CLOCK = NOON + 70 * DAY
RULES = {"rounds.weights": ["0.3", "0.3", "0.4"]}


class SmallPhotos:
    """Real pictures, small enough to keep in a repository; each of its own colour."""

    async def prepare(self, raw: bytes) -> Photo:
        out = io.BytesIO()
        red, green, blue = hashlib.sha256(raw).digest()[:3]
        Image.new("RGB", (16, 12), (red, green, blue)).save(out, "JPEG", quality=60)
        return Photo(data=out.getvalue(), width_px=16, height_px=12)


def a_tone(hertz: int = 440, rate: int = 8000) -> bytes:
    """A fifth of a second of sound."""
    out = io.BytesIO()
    samples = (int(9000 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(rate // 5))
    with wave.open(out, "wb") as written:
        written.setparams((1, 2, rate, 0, "NONE", ""))
        written.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return out.getvalue()


class OldPhone:
    """The old release's app on a folder, against a real server."""

    def __init__(self, folder: Path, address: str) -> None:
        self.clock = Clock()
        self.folder = FileFolder(folder)
        self.store = TinyStore(keeper := Keeper(self.folder))
        media = FileMedia(keeper)
        server = HttpServer(RequestsDoor(), SystemClock())
        self.worker = Worker(store=self.store, media=media, server=server, clock=self.clock)
        ports = Ports(
            folder=self.folder,
            store=self.store,
            media=media,
            clock=self.clock,
            photos=SmallPhotos(),
            audio=audio_preparer(),
            sync=self.worker,
        )
        self.app = App(ports, origin=address)

    @property
    def visit(self):
        assert self.app.visit
        return self.app.visit

    async def until(self, true: Callable[[], object]) -> None:
        """Return when `true()`, looked at again whenever the app changes."""
        change = asyncio.Event()
        stop = self.app.subscribe(lambda *_: change.set())
        async with asyncio.timeout(60):
            while not true():
                change.clear()
                await change.wait()
        stop()

    async def make_visit(self, assignment: str, *, poor: bool = False, heard: bool = False) -> str:
        """Fill an assignment from beginning to end and finish it; returns the record's id."""
        self.clock.pass_(minutes=20)
        assert await self.app.open_visit(assignment), self.app.notice
        await complete(self)
        if poor:
            await self.answer_some_with_no()
        if heard:
            assert await self.visit.add_photo(b"the counter")
            assert await self.visit.add_sound(a_tone(), "audio/wav")
        assert await self.visit.finish(), (self.app.notice, self.visit.findings)
        return self.visit.assessment.id

    async def answer_some_with_no(self) -> None:
        plain = [
            key
            for key, item in self.visit.sheet.all_items.items()
            if item.question.kind is Kind.YES_NO and not item.question.critical and not item.is_measured
        ]
        for key in plain[::3]:
            await self.visit.answer(key, False)


def season_files() -> dict[str, bytes]:
    """One entrant on the phone and at a branch, two rounds, one assessor."""
    files = changed(example_season(), "assignments.csv", assignment=PLAIN, due_from="", due_until="")
    files = with_row(files, "rounds.csv", round=2, opens_at="2021-05-01", closes_at="2021-06-30", released_at="")
    files = with_row(files, "rounds.csv", round=3, opens_at="2021-07-01", closes_at="2021-08-31", released_at="")
    files = with_row(files, "entries.csv", channel="onsite")
    files = with_row(files, "contact_points.csv", contact_point="harbour-ferry-pier", channel="onsite")
    files = with_row(files, "scenarios.csv", scenario="ride", channel="onsite", faqs="")
    for name in PHONE_VISITS:
        files = with_row(files, "assignments.csv", assignment=name, round=name[1])
    return with_row(
        files,
        "assignments.csv",
        assignment=BRANCH,
        channel="onsite",
        scenario="ride",
        form="",
        branch="central-pier",
        variant="branch",
    )


def made_season(data: Path) -> tuple[Config, str]:
    """Bring the season in; returns the settings and an enrolment code."""
    config = Config(data_dir=data)
    data.mkdir(parents=True)
    database = Database(config.database)
    upgrade(database)
    before = NOON - 10 * DAY
    with database.transaction() as db:
        set_up(db, before)
        checked = import_files(db, season_files(), now=before)
        assert not checked.problems, checked.problems
        code = issue_code(db, assessor_id="A-07", created_by="command", now=SERVER_CLOCK).code
    database.close()
    return config, code


@contextmanager
def running(config: Config) -> Iterator[Running]:
    """The old server, at a day in the first round."""
    app = create_app(config, clock=lambda: SERVER_CLOCK)
    bound = listening_socket("127.0.0.1", 0)
    server = server_for(app)
    thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.02)
    yield Running(f"http://127.0.0.1:{bound.getsockname()[1]}", app.state.services)
    server.stop()
    thread.join(20)
    bound.close()


async def used_season(server: Running, code: str, folder: Path) -> dict[str, str]:
    """Let a phone and the office do their work; returns the records' ids by assignment."""
    phone = OldPhone(folder, server.url)
    assert await phone.app.start()
    assert await phone.app.enrol(code), phone.app.notice
    await phone.until(lambda: len(phone.app.rows) == len(PHONE_VISITS) + 2)
    await phone.app.choose_language("zh-Hant")
    await phone.app.choose_text_size(120)
    records = {}
    for name in (PLAIN, PENALTY, RETURNED, VOID, BRANCH):
        records[name] = await phone.make_visit(name, poor=name in (PENALTY, RETURNED), heard=name == PLAIN)
    records[UNREACHED] = await unreached(phone)
    phone.clock.moment = NOON + 62 * DAY
    records[SECOND_ROUND] = await phone.make_visit(SECOND_ROUND)
    await phone.until(lambda: all(item.state is SyncState.SAFE for item in phone.app.items))
    decide(server, records)
    await asyncio.to_thread(wait_for_work, server)
    phone.worker.wake()
    await phone.until(lambda: len(phone.store.feed().reviews) == 3)
    await phone.worker.stop()
    await what_the_phone_keeps(phone, records)
    phone.folder.close()
    return records


async def unreached(phone: OldPhone) -> str:
    """Six tries in three days that nobody answered."""
    assert await phone.app.open_visit(UNREACHED)
    for day in (1, 2, 3):
        for hours in (1, 4):
            phone.clock.moment = NOON + day * DAY + timedelta(hours=hours)
            assert await phone.visit.attempt(Outcome.NO_ANSWER)
    assert await phone.visit.finish(), (phone.app.notice, phone.visit.findings)
    return phone.visit.assessment.id


async def what_the_phone_keeps(phone: OldPhone, records: dict[str, str]) -> None:
    """A draft with a photo, a note and sound, and a finished visit that no server has heard of."""
    records[UNSENT] = await phone.make_visit(UNSENT, poor=True)
    assert await phone.app.open_visit(DRAFT)
    assert await phone.visit.attempt(Outcome.CONNECTED)
    assert await phone.visit.answer("PA1", True)
    assert await phone.visit.note("PB6", "note", "A note of a visit that goes on later.")
    assert await phone.visit.add_photo(b"the screen", key="PA1", evidence_kind="screenshot")
    assert await phone.visit.add_sound(a_tone(hertz=660), "audio/wav")
    records[DRAFT] = phone.visit.assessment.id


def decide(server: Running, records: dict[str, str]) -> None:
    """What the office does: accept, return, void, penalise, change the rules."""
    desk.add_accounts(server)
    with server.services.database.transaction() as db:
        reviewer = db.execute(select(tables.users.c.id).where(tables.users.c.username == "reviewer")).scalar_one()
        by = By(reviewer, SERVER_CLOCK)
        digests = {row.id: row.digest for row in db.execute(select(tables.assessments))}
        kept = records[PLAIN]
        reviewing.review(db, kept, Verdict("accepted", digests[kept], "", {}), by)
        sent_back = records[RETURNED]
        reviewing.review(db, sent_back, Verdict("returned", digests[sent_back], "Look again.", {"PA1": "Sure?"}), by)
        reviewing.void(db, records[VOID], "The caller was recognised.", by)
        reviewing.decide_standing(db, records[PENALTY], "penalty", "The FAQ differed.", by)
        ruleset_versions.add_version(db, RULES, "Decided by the committee.", created_by=reviewer, now=SERVER_CLOCK)
    server.services.wake()


def wait_for_work(server: Running) -> None:
    """Return when no job waits that is due."""

    def waiting() -> int:
        with server.services.database.reading() as db:
            jobs = tables.jobs
            return db.execute(select(func.count()).select_from(jobs).where(jobs.c.due_at <= SERVER_CLOCK)).scalar_one()

    deadline = 60 / 0.1
    while waiting() and deadline:
        threading.Event().wait(0.1)
        deadline -= 1
    assert not waiting()


def figures(server: Running, records: dict[str, str]) -> dict[str, object]:
    """What the old release said: the decimals of its pages in order, the rows of its lists, its own export scored."""
    pages = ["/standings", "/standings/harbour-ferry/phone_in", "/standings/harbour-ferry/onsite", "/awards"]
    pages += [f"/assessments/{records[name]}" for name in (PLAIN, PENALTY, RETURNED, VOID, UNREACHED, BRANCH)]
    with desk.signed_in(server, Role.REVIEWER) as browser:
        printed = {page: NUMBER.findall(main_of(browser.get(page).raise_for_status().text)) for page in pages}
    with server.services.database.reading() as db:
        a = tables.assessments
        columns = (a.c.id, a.c.status, a.c.revision, a.c.base, a.c.digest, a.c.files_named, a.c.files_held)
        listed = [dict(row._mapping) for row in db.execute(select(*columns).order_by(a.c.id))]
    scored = json.loads(result_json(score_season(read_season(exported(server.services.config), shipped_forms()))))
    return {"records": records, "pages": printed, "assessments": listed, "scored": scored}


def main_of(page: str) -> str:
    return re.sub(r"<[^>]*>", " ", page.partition("<main")[2].partition("</main>")[0])


def packed(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.name != ".lock":
                info = zipfile.ZipInfo(str(file.relative_to(folder)), (2021, 3, 1, 12, 0, 0))
                archive.writestr(info, file.read_bytes(), zipfile.ZIP_DEFLATED, 9)


async def sent_later(folder: Path, address: str) -> None:
    """Let the phone send what it kept."""
    phone = OldPhone(folder, address)
    phone.clock.moment = SERVER_CLOCK
    assert await phone.app.start()
    await phone.until(lambda: phone.app.items and all(item.state is SyncState.SAFE for item in phone.app.items))
    await phone.worker.stop()
    phone.folder.close()


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config, code = made_season(folder / "server")
        with running(config) as server:
            records = asyncio.run(used_season(server, code, folder / "phone"))
            said = figures(server, records)
        with closing(sqlite3.connect(config.data_dir / "sync.sqlite3")) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            file.execute("VACUUM")
        packed(folder, target / "made.zip")
        with running(config) as server:  # and what would have come of it, had the phone found its server again
            asyncio.run(sent_later(folder / "phone", server.url))
            wait_for_work(server)
            later = figures(server, records)
    kept = json.dumps({"packed": said, "sent": later}, indent=1, ensure_ascii=False)
    (target / "figures.json").write_text(kept + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
