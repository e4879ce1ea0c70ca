"""RET-11 to RET-14: what comes before the first erasure. Ids are those in sync_server/custody/erasure_notice.py."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import delete, func, select

from sync_server.config import Config
from sync_server.custody import erasure_notice
from sync_server.custody.backup import MANIFEST, back_up, restore
from sync_server.custody.erasure_notice import NOTICE_LASTS, announced
from sync_server.custody.file_retention import Periods
from sync_server.custody.retention import Retention
from sync_server.custody.retention_job import RetentionJob
from sync_server.database import tables
from sync_server.database.columns import moment_text
from sync_server.database.engine import Database
from sync_server.database.queries.erasure_notices import Amount, add_notice
from sync_server.database.queries.jobs import ask_for
from sync_server.database.queries.releases import release_events
from sync_server.database.queries.season import rows_of
from sync_server.database.writer import Writer
from sync_server.evidence.configured_store import open_media
from sync_server.jobs.wishes import FIRST_AFTER, RETAIN_JOB, ask_for_retention
from sync_server.people.permissions import Role
from sync_server.season.forms import FormBook
from sync_server.season.observed_time import ObservedTime, confirm_clock
from sync_server.season.rules import release_moments
from tests.sync_server.databases import migrated
from tests.sync_server.desk import add_account, browser, send, signed_in
from tests.sync_server.season_kit import a_photo, add_season

STORED = datetime(2027, 5, 14, 1, tzinfo=UTC)
DUE = STORED + timedelta(days=90)
STRAY = b"nobody named me"
DAY, YEARS = timedelta(days=1), timedelta(days=900)


class Kept(NamedTuple):
    """A season with a file that is due at DUE, and a server whose clock a test sets."""

    database: Database
    run: Callable[[datetime], None]  # the retention job, as the clock stands there

    def files(self) -> int:
        """How many files are there still."""
        with self.database.reading() as db:
            held = select(func.count()).select_from(tables.media).where(tables.media.c.erased_at.is_(None))
            return db.execute(held).scalar_one()

    def waits(self) -> erasure_notice.Announced | None:
        with self.database.reading() as db:
            return announced(db)

    def confirm(self, now: datetime) -> bool:
        notice = self.waits()
        assert notice is not None
        with self.database.transaction() as db:
            account = db.execute(select(tables.users.c.id)).scalar() or add_account(db, Role.COORDINATOR)
            return erasure_notice.confirm(db, notice.id, account, now)

    def run_daily(self, since: datetime, until: datetime) -> None:
        """As a server does; in steps that are as good as days, the last at `until`."""
        while since < until:
            self.run(since)
            since += 6 * DAY
        self.run(until)


@pytest.fixture
def kept(database: Database, tmp_path: Path) -> Iterator[Kept]:
    with database.transaction() as db:
        add_season(db)
        row = {"sha256": a_photo(STRAY).sha256, "size_bytes": 1, "content_type": "x/y", "stored_at": STORED}
        db.execute(tables.media.insert().values(**row))
        confirm_clock(db, STORED)
    media = open_media(Config(data_dir=tmp_path / "files"))[0]
    clock = [STORED]
    writer = Writer(database)
    writer.start()
    retention = Retention(database, media, FormBook(), Periods(), by="system")
    job = RetentionJob(writer, lambda: clock[0], ObservedTime(), retention)

    def run(now: datetime) -> None:
        clock[0] = now
        job("files")

    yield Kept(database, run)
    writer.close(5)


def test_ret_12_two_weeks_ahead_it_is_announced_and_not_before(kept: Kept) -> None:
    kept.run_daily(STORED, DUE - NOTICE_LASTS - DAY)
    assert kept.waits() is None
    kept.run(DUE - NOTICE_LASTS)
    notice = kept.waits()
    assert notice is not None
    assert (notice.not_before, notice.files, notice.assessments) == (DUE, 1, 0)


def test_ret_11_nothing_is_erased_unconfirmed_however_long_it_is_due(kept: Kept) -> None:
    kept.run_daily(STORED, DUE + timedelta(days=60))
    assert kept.files() == 1


def test_ret_11_once_confirmed_it_goes_when_it_is_due(kept: Kept) -> None:
    kept.run_daily(STORED, DUE - NOTICE_LASTS)
    assert kept.confirm(DUE - NOTICE_LASTS)
    assert kept.waits() is None
    kept.run_daily(DUE - NOTICE_LASTS, DUE - DAY)
    assert kept.files() == 1
    kept.run(DUE)
    assert kept.files() == 0


def test_ret_11_a_late_notice_lasts_two_weeks_all_the_same(kept: Kept) -> None:
    with kept.database.transaction() as db:
        confirm_clock(db, DUE + YEARS)  # the folder stood still, and somebody says that the clock is right
    late = DUE + YEARS
    kept.run(late)
    assert kept.confirm(late)
    kept.run_daily(late, late + NOTICE_LASTS - DAY)
    assert kept.files() == 1
    kept.run(late + NOTICE_LASTS)
    assert kept.files() == 0


def test_ret_11_it_is_confirmed_once_and_for_all(kept: Kept) -> None:
    kept.run_daily(STORED, DUE)
    notice = kept.waits()
    assert notice is not None
    assert kept.confirm(DUE)
    with kept.database.transaction() as db:
        account = db.execute(select(tables.users.c.id)).scalar_one()
        assert not erasure_notice.confirm(db, notice.id, account, DUE + DAY)
        assert db.execute(select(tables.erasure_notices.c.confirmed_at)).scalar_one() == DUE


def test_ret_12_it_goes_when_nothing_is_due_any_more(kept: Kept) -> None:
    kept.run_daily(STORED, DUE)
    with kept.database.transaction() as db:
        db.execute(delete(tables.media))
    kept.run(DUE + DAY)
    assert kept.waits() is None


@pytest.mark.parametrize("jump", [YEARS, -YEARS], ids=["RET-13 forward by years", "RET-13 back by years"])
def test_a_clock_that_jumps_erases_nothing_even_once_it_was_confirmed(kept: Kept, jump: timedelta) -> None:
    begun = DUE - NOTICE_LASTS
    kept.run_daily(STORED, begun)
    assert kept.confirm(begun)
    kept.run_daily(begun + jump, begun + jump + timedelta(days=30))
    assert kept.files() == 1


def test_ret_13_a_folder_that_stood_still_erases_nothing_when_it_is_started_again(kept: Kept) -> None:
    kept.run_daily(STORED, STORED + DAY)
    kept.run(DUE + YEARS)
    assert (kept.files(), kept.waits()) == (1, None)


def test_a_start_gives_an_hour_however_long_the_job_has_been_due(database: Database) -> None:
    with database.transaction() as db:
        ask_for(db, [RETAIN_JOB], STORED)
        ask_for_retention(db, DUE)
        due = select(tables.jobs.c.due_at).where(tables.jobs.c.name == RETAIN_JOB.name)
        assert db.execute(due).scalar() == DUE + FIRST_AFTER
        ask_for_retention(db, DUE - DAY)
        assert db.execute(due).scalar() == DUE + FIRST_AFTER


def test_ret_14_a_restored_season_announces_anew_and_brings_no_job_that_erases(kept: Kept, tmp_path: Path) -> None:
    """BAK-5"""
    kept.run_daily(STORED, DUE - NOTICE_LASTS)
    assert kept.confirm(DUE - NOTICE_LASTS)
    store = open_media(Config(data_dir=tmp_path / "files"))[0]
    store.put(a_photo(STRAY).sha256, STRAY)
    back_up(kept.database, store, tmp_path / "backup", DUE)
    elsewhere = Config(data_dir=tmp_path / "elsewhere")
    database = migrated(elsewhere.database)
    restore(database, open_media(elsewhere)[0], tmp_path / "backup")
    with database.reading() as db:
        names = db.execute(select(tables.jobs.c.name)).scalars().all()
        assert not erasure_notice.may_erase(db, DUE + YEARS)
    database.close()
    assert RETAIN_JOB.name not in names


def test_bak_6_a_backup_of_an_earlier_release_brings_its_moments_of_release(kept: Kept, tmp_path: Path) -> None:
    with kept.database.reading() as db:
        ends = {row["number"]: row["closes_at"] for row in rows_of(db, "rounds")}
    store = open_media(Config(data_dir=tmp_path / "files"))[0]
    store.put(a_photo(STRAY).sha256, STRAY)
    backup = tmp_path / "backup"
    back_up(kept.database, store, backup, STORED)
    moment = ends[1] + timedelta(days=14)
    of_earlier_release(backup, {1: moment, 2: None, 3: STORED + YEARS})
    elsewhere = Config(data_dir=tmp_path / "elsewhere")
    database = migrated(elsewhere.database)
    restore(database, open_media(elsewhere)[0], backup)
    with database.reading() as db:
        assert release_moments(db) == {1: moment, 2: None, 3: STORED + YEARS}
        assert {event.round: event.released_at for event in release_events(db).values()} == {1: moment}
    database.close()


def of_earlier_release(backup: Path, moments: Mapping[int, datetime | None]) -> None:
    """Write the rounds of a backup as a release wrote them that kept their moments there."""
    rounds = backup / "tables" / "rounds.jsonl"
    rows = [json.loads(line) for line in rounds.read_bytes().splitlines()]
    for row in rows:
        at = moments[row["number"]]
        row["released_at"] = None if at is None else moment_text(at)
    rounds.write_bytes(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    manifest = json.loads((backup / MANIFEST).read_bytes())
    manifest["tables"]["rounds"]["sha256"] = hashlib.sha256(rounds.read_bytes()).hexdigest()
    del manifest["tables"]["releases"]
    (backup / MANIFEST).write_text(json.dumps(manifest))


NOTICE = "The first erasure of this season is announced"


def test_every_page_of_the_desk_announces_it_until_somebody_confirms_it(desk: Any) -> None:
    with desk.services.database.transaction() as db:
        add_notice(db, Amount(DUE, 206, 123), DUE - NOTICE_LASTS)
    with signed_in(desk, Role.ENTRANT) as entrant, signed_in(desk, Role.VIEWER) as viewer, browser(desk) as visitor:
        for client in (entrant, visitor):
            assert NOTICE not in client.get("/").text
        assert send(viewer, "/notices/erasure", {"notice": "1"}).status_code == 403
        with signed_in(desk, Role.COORDINATOR) as client:
            for page in ("/assessments", "/standings", "/assignments", "/account"):
                text = client.get(page).text
                assert NOTICE in text
                assert "206 files, and the words of 123 assessments" in text
            assert send(client, "/notices/erasure", {"notice": "2"}).status_code == 303
            assert NOTICE in viewer.get("/assessments").text
            answer = send(client, "/notices/erasure", {"notice": "1", "back": "/standings"})
            assert (answer.status_code, answer.headers["location"]) == (303, "/standings")
            assert NOTICE not in client.get("/assessments").text
    with desk.services.database.reading() as db:
        logged = select(tables.audit_log.c.actor_id).where(tables.audit_log.c.action == "erasure-confirmed")
        confirmed = select(tables.erasure_notices.c.confirmed_by)
        assert db.execute(logged).scalars().all() == db.execute(confirmed).scalars().all()


def test_obs_4_every_page_of_the_desk_asks_about_a_clock_that_jumped(desk: Any) -> None:
    question = "Is the clock of this server right?"
    with desk.services.database.transaction() as db:
        confirm_clock(db, STORED - 10 * YEARS)
    with signed_in(desk, Role.COORDINATOR) as client:
        assert question in client.get("/standings").text
        assert send(client, "/notices/clock", {"shows": STORED.isoformat()}).status_code == 303
        assert question in client.get("/standings").text
        send(client, "/notices/clock", {"shows": desk.services.clock().isoformat()})
        assert question not in client.get("/standings").text
