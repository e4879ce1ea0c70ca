"""RET: how long files are kept. Ids are those in sync_server/custody/file_retention.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import delete, select, update

from checklists.record.assessment import Assessment, MediaKind
from sync_server.clock import now
from sync_server.config import Config
from sync_server.custody import erasure_notice, file_retention
from sync_server.custody.backup import back_up
from sync_server.custody.file_retention import Periods, due_files, erase
from sync_server.custody.retention import Retention
from sync_server.custody.retention_job import RetentionJob
from sync_server.custody.verification import Verification
from sync_server.database.engine import Database
from sync_server.database.queries.derivatives import keep_waveform, waveforms_of
from sync_server.database.queries.settings import keep_setting
from sync_server.database.tables import (
    assessments,
    audit_log,
    erasure_notices,
    jobs,
    media,
    media_derivatives,
    releases,
)
from sync_server.jobs.wishes import RETAIN_JOB
from sync_server.people.permissions import Role
from sync_server.season.observed_time import ObservedTime
from tests.sync_server.command_line import told
from tests.sync_server.conftest import Running, set_season_up
from tests.sync_server.desk import add_account, add_accounts, confirm_erasure, push, release_rounds, signed_in
from tests.sync_server.season_kit import a_call, a_photo, body_of
from tests.sync_server.uploading import Upload

RELEASED = datetime(2021, 5, 14, 1, tzinfo=UTC)
RESULTS = datetime(2021, 11, 8, 1, tzinfo=UTC)
SOUND, PHOTO, STRAY, PREVIEW = b"a voice", b"a picture", b"nobody named me", b"a small picture"


class Held(NamedTuple):
    """A season of three released rounds, with one sound, one photo and one file that no record names."""

    server: Running
    names: dict[bytes, str]
    call: Assessment

    def due(self, now: datetime) -> set[str]:
        return {one.sha256 for one in due_files(self.server.services.database, now)}


@pytest.fixture
def held(server: Running) -> Held:
    note = a_photo(SOUND, evidence_kind="note", id="note", kind=MediaKind.AUDIO_NOTE, question=None)
    photo = a_photo(PHOTO)
    call = a_call(files=(note, photo, a_photo(PHOTO, "PG4", "call_log")))
    push(server, call)
    names = {SOUND: note.sha256, PHOTO: photo.sha256, STRAY: a_photo(STRAY).sha256, PREVIEW: a_photo(PREVIEW).sha256}
    with server.services.database.transaction() as db:
        for content in (SOUND, PHOTO, STRAY):
            row = {"sha256": names[content], "size_bytes": len(content), "content_type": "x/y", "stored_at": RELEASED}
            db.execute(media.insert().values(**row))
        made = {"purpose": "preview", "derivative_sha256": names[PREVIEW], "size_bytes": 15, "made_at": RELEASED}
        db.execute(media_derivatives.insert().values(sha256=names[PHOTO], **made))
        keep_waveform(db, names[SOUND], [0, 50, 100])
        db.execute(update(assessments).values(files_held=2))
    release_rounds(server, RELEASED, 1, 2)
    release_rounds(server, RESULTS, 3)
    for content, name in names.items():
        server.services.media.put(name, content)
    return Held(server, names, call)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param(RELEASED + timedelta(days=90, seconds=-1), set(), id="RET-1 sound just before its time"),
        pytest.param(RELEASED + timedelta(days=90), {SOUND, STRAY}, id="RET-1 RET-2 sound, and what nobody named"),
        pytest.param(RESULTS + timedelta(days=365, seconds=-1), {SOUND, STRAY}, id="RET-1 photos just before theirs"),
        pytest.param(RESULTS + timedelta(days=365), {SOUND, STRAY, PHOTO}, id="RET-1 photos a year after the results"),
    ],
)
def test_files_are_due_when_their_time_is_over(held: Held, now: datetime, due: set[bytes]) -> None:
    assert held.due(now) == {held.names[content] for content in due}


def test_ret_3_a_round_not_released_keeps_everything_named(held: Held) -> None:
    with held.server.services.database.transaction() as db:
        db.execute(delete(releases))
    assert held.due(RESULTS + timedelta(days=999)) == {held.names[STRAY]}


def test_ret_4_a_legal_hold_keeps_an_entrants_files(held: Held) -> None:
    with held.server.services.database.transaction() as db:
        keep_setting(db, file_retention.HOLD, ["harbour-ferry"], RESULTS)
    assert held.due(RESULTS + timedelta(days=999)) == {held.names[STRAY]}


def test_ret_4_a_hold_set_meanwhile_keeps_a_file_that_was_found_due(held: Held) -> None:
    services, now = held.server.services, RESULTS + timedelta(days=366)
    due = due_files(services.database, now)
    with services.database.transaction() as db:
        assert file_retention.hold(db, "harbour-ferry", reason="dispute 7", now=now)
        assert file_retention.hold(db, "harbour-ferry", reason="again", now=now)
        assert not file_retention.hold(db, "nobody", reason="x", now=now)
    assert {one.sha256 for one in due if erase(services.database, services.media, one, now)} == {held.names[STRAY]}
    with services.database.transaction() as db:
        file_retention.hold(db, "harbour-ferry", reason="settled", now=now, lift=True)
        told = select(audit_log.c.action).where(audit_log.c.subject_id == "harbour-ferry").order_by(audit_log.c.id)
        assert db.execute(told).scalars().all() == ["legal-hold-set", "legal-hold-lifted"]
    assert len(held.due(now)) == 2


def test_ret_1_the_settings_say_how_long(held: Held) -> None:
    now = RELEASED + timedelta(days=31)
    found = due_files(held.server.services.database, now, Periods(audio=30, unnamed=60))
    assert [(one.sha256, one.rule) for one in found] == [(held.names[SOUND], "audio-30-days")]


def test_ret_5_erasing_leaves_proof_and_a_sound_server(held: Held) -> None:
    services, now = held.server.services, RESULTS + timedelta(days=366)
    for one in due_files(services.database, now):
        erase(services.database, services.media, one, now)
        erase(services.database, services.media, one, now)  # as after a power cut
    with services.database.reading() as db:
        assert waveforms_of(db, [held.names[SOUND]]) == {}
    assert [services.media.has(name) for name in held.names.values()] == [False] * 4
    assert held.due(now) == set()
    with services.database.reading() as db:
        proof = select(audit_log.c.subject_id).where(audit_log.c.action == "media-erased")
        assert sorted(db.execute(proof).scalars()) == sorted(held.names[name] for name in (SOUND, PHOTO, STRAY))
    assert [problem.code for problem in Verification(services.database, services.media).problems()] == []


def test_ret_6_an_erased_file_counts_as_come_and_is_not_taken_again(held: Held, tmp_path: Path) -> None:
    services, now = held.server.services, RESULTS + timedelta(days=366)
    for one in due_files(services.database, now):
        erase(services.database, services.media, one, now)
    with held.server.client() as phone:
        receipt = phone.get(f"/api/v1/assessments/{held.call.id}/receipt").json()
        assert receipt["complete"]
        assert phone.put(f"/api/v1/assessments/{held.call.id}", content=body_of(held.call)).json()["missing"] == []
        assert Upload(phone, PHOTO).created.headers["Upload-Offset"] == str(len(PHOTO))
    assert not services.media.has(held.names[PHOTO])
    manifest = back_up(services.database, services.media, tmp_path / "backup", now)
    assert manifest.media == {}


def test_a_server_does_it_daily_and_leaves_proof(held: Held) -> None:
    services, now = held.server.services, RESULTS + timedelta(days=366)
    confirm_erasure(held.server, now)
    retention = Retention(services.database, services.media, services.forms, Periods(), by="system")
    RetentionJob(services.writer, lambda: now, ObservedTime(), retention)("files")
    assert held.due(now) == set()
    with services.database.reading() as db:
        proof = select(audit_log.c.actor_kind, audit_log.c.details).where(audit_log.c.action == "media-erased")
        rules = sorted(row.details["rule"] for row in db.execute(proof) if row.actor_kind == "system")
        again = db.execute(select(jobs.c.due_at).where(jobs.c.name == RETAIN_JOB.name)).scalar_one()
    assert rules == ["audio-90-days", "files-365-days", "unnamed-90-days"]
    # The server that runs beside may have taken it already, and dated it a little earlier.
    assert timedelta() <= now + timedelta(days=1) - again < timedelta(seconds=1)


def test_the_page_says_when_a_file_was_erased(held: Held) -> None:
    services, now = held.server.services, RESULTS + timedelta(days=366)
    for one in due_files(services.database, now):
        erase(services.database, services.media, one, now)
    add_accounts(held.server)
    with signed_in(held.server, Role.COORDINATOR) as client:
        page = client.get(f"/assessments/{held.call.id}").text
    assert page.count("Erased on 9 Nov 2022 after the retention period") == 3


def test_the_commands_list_what_is_due_and_hold_it_back_with_a_reason(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path)
    set_season_up(config)
    name = a_photo(STRAY).sha256
    database = Database(config.database)
    with database.transaction() as db:
        row = {"sha256": name, "size_bytes": len(STRAY), "content_type": "x/y", "stored_at": RELEASED}
        db.execute(media.insert().values(**row))
    database.close()
    data = ("--data", str(tmp_path))
    day = f"{RELEASED + timedelta(days=90):%Y-%m-%d}"
    assert told("retain", "--dry-run", *data)[:2] == (
        0,
        [f"{name} unnamed-90-days {day}", "Files that would be erased: 1; assessments whose words would be: 0."],
    )
    assert told("legal-hold", "--set", "harbour-ferry", *data)[0] == 2
    assert told("legal-hold", "--set", "nobody", "--reason", "x", *data)[0] == 2
    held = told("legal-hold", "--set", "harbour-ferry", "--reason", "dispute 7", *data)
    assert held[:2] == (0, ["1 entrants are under a legal hold.", "  harbour-ferry"])
    assert told("legal-hold", "--lift", "harbour-ferry", "--reason", "settled", *data)[1][0].startswith("0 ")
    assert told("retain", *data)[1][0].startswith("Nothing was erased: files due: 1, assessments whose words are: 0.")
    database = Database(config.database)
    with database.transaction() as db:
        db.execute(update(erasure_notices).values(announced_at=now() - timedelta(days=14)))
        assert erasure_notice.confirm(db, 1, add_account(db, Role.COORDINATOR), now())
    database.close()
    assert told("retain", *data)[1][-1] == "Files erased: 1; assessments whose words were erased: 0."
    assert told("retain", *data)[1] == ["Files erased: 0; assessments whose words were erased: 0."]
