"""BAK and VER: backups, and looking at everything again. Ids are those in custody/backup.py and verification.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import delete, select, text, update

from sync_server.clock import now
from sync_server.config import Config
from sync_server.custody.backup import MANIFEST, BackupError, back_up, restore
from sync_server.custody.folder import FolderError
from sync_server.custody.verification import Verification
from sync_server.database.engine import Database
from sync_server.database.queries import whole
from sync_server.database.queries.derivatives import DerivativeRow, keep_derivatives
from sync_server.database.tables import assessment_revisions, assessments, changes, jobs, media, media_derivatives
from sync_server.evidence.arrivals import derive_job
from sync_server.evidence.configured_store import open_media
from sync_server.evidence.store import MediaStore
from sync_server.people.accounts import invite
from sync_server.people.enrolment_codes import code_hash, issue_code, revoke_code
from sync_server.people.permissions import Role
from sync_server.people.secret import secret_hash
from tests.sync_server.databases import migrated
from tests.sync_server.desk import push
from tests.sync_server.season_kit import ASSESSOR, a_call, a_photo, add_season
from tests.sync_server.waiting import until

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SCREENSHOT, CALL_LOG = b"\x89PNG screenshot", b"\x89PNG call log"


class Held(NamedTuple):
    """A running server with two assessments, one of whose files is here. It has done its jobs, and writes no more."""

    database: Database
    media: MediaStore


@pytest.fixture
def held(server: Any) -> Held:
    first = a_call(files=(a_photo(SCREENSHOT), a_photo(CALL_LOG, "PG4", "call_log")))
    push(server, first)
    push(server, a_call())
    photo = first.evidence[0]
    server.services.media.put(photo.sha256, SCREENSHOT)
    with server.services.database.transaction() as db:
        row = {"sha256": photo.sha256, "size_bytes": len(SCREENSHOT), "content_type": "image/png", "stored_at": NOW}
        db.execute(media.insert().values(**row))
        db.execute(update(assessments).where(assessments.c.id == first.id).values(files_held=1))
    until(lambda: nothing_is_due(server.services.database), "the jobs of the start and of the pushes are done")
    return Held(server.services.database, server.services.media)


def nothing_is_due(database: Database) -> bool | None:
    with database.reading() as db:
        return True if db.execute(select(jobs.c.name).where(jobs.c.due_at <= now())).first() is None else None


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Held]:
    """An empty server of the default kind, whatever kind the backup comes from."""
    config = Config(data_dir=tmp_path / "elsewhere")
    database = migrated(config.database)
    yield Held(database, open_media(config)[0])
    database.close()


def lines(backup: Path) -> dict[str, list[bytes]]:
    """Every row of every table; engines sort text differently."""
    return {file.name: sorted(file.read_bytes().splitlines()) for file in sorted((backup / "tables").iterdir())}


def is_empty(held: Held) -> bool:
    with held.database.reading() as db:
        return whole.is_empty(db)


def codes(held: Held) -> list[str]:
    return [problem.code for problem in Verification(held.database, held.media).problems()]


def test_bak_1_a_backup_made_while_the_server_runs_restores_to_the_same(
    held: Held, elsewhere: Held, tmp_path: Path
) -> None:
    made = back_up(held.database, held.media, tmp_path / "backup", NOW)
    assert restore(elsewhere.database, elsewhere.media, tmp_path / "backup") == made
    again = back_up(elsewhere.database, elsewhere.media, tmp_path / "again", NOW)
    before, after = lines(tmp_path / "backup"), lines(tmp_path / "again")
    asked_before, asked_after = (
        {json.loads(line)["name"] for line in each.pop("jobs.jsonl")} for each in (before, after)
    )
    assert asked_before <= asked_after, "what is shown is asked for as well (BAK-7)"
    assert after == before
    assert again.media == made.media
    assert codes(elsewhere) == []


def test_bak_4_what_still_lets_somebody_in_stays_out(held: Held, tmp_path: Path) -> None:
    lasts = timedelta(days=1)
    with held.database.transaction() as db:
        opened, revoked = (
            issue_code(db, assessor_id=ASSESSOR, created_by="command", now=NOW, lasts=lasts).code for _ in range(2)
        )
        assert revoke_code(db, code_hash(revoked), NOW)
        link = invite(db, Role.ADMIN, NOW)
    back_up(held.database, held.media, tmp_path / "backup", NOW)
    kept = b"".join(file.read_bytes() for file in (tmp_path / "backup" / "tables").iterdir()).decode()
    assert code_hash(revoked) in kept
    assert code_hash(opened) not in kept
    assert secret_hash(link) not in kept


def test_numbers_go_on_after_a_restore(held: Held, tmp_path: Path) -> None:
    back_up(held.database, held.media, tmp_path / "backup", NOW)
    with held.database.transaction() as db:  # the same engine, emptied: what an organiser's new database is
        for name in reversed(whole.table_names()):
            db.execute(text(f"DELETE FROM {name}"))
    restore(held.database, held.media, tmp_path / "backup")
    with held.database.transaction() as db:
        before = db.execute(text("SELECT max(seq) FROM changes")).scalar_one()
        row = {"audience": "office", "kind": "media", "subject_id": "x", "body": "{}", "changed_at": NOW}
        db.execute(changes.insert().values(**row))
        assert db.execute(text("SELECT max(seq) FROM changes")).scalar_one() > before


def damage(folder: Path, name: str) -> None:
    file = next(folder.rglob(name))
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("damaged", "told"),
    [
        pytest.param("assessments.jsonl", "damaged at assessments.jsonl", id="BAK-2 a table"),
        pytest.param(MANIFEST, "damaged at manifest.json", id="BAK-2 the manifest"),
    ],
)
def test_a_damaged_backup_is_refused_whole(
    held: Held, elsewhere: Held, tmp_path: Path, damaged: str, told: str
) -> None:
    back_up(held.database, held.media, tmp_path / "backup", NOW)
    damage(tmp_path / "backup", damaged)
    with pytest.raises(BackupError, match=told):
        restore(elsewhere.database, elsewhere.media, tmp_path / "backup")
    assert is_empty(elsewhere)


@pytest.mark.parametrize("where", [pytest.param("store", id="BAK-7 here"), pytest.param("backup", id="BAK-7 there")])
@pytest.mark.parametrize("how", [pytest.param("gone", id="gone"), pytest.param("changed", id="changed")])
def test_a_file_that_is_not_right_is_named_and_the_rest_comes_through(
    held: Held, elsewhere: Held, tmp_path: Path, where: str, how: str
) -> None:
    bad, good = a_photo(SCREENSHOT).sha256, a_photo(b"\x89PNG another one")
    held.media.put(good.sha256, b"\x89PNG another one")
    with held.database.transaction() as db:
        db.execute(media.insert().values(sha256=good.sha256, size_bytes=16, content_type="image/png", stored_at=NOW))
    folder = tmp_path / "backup"
    if where == "store":
        held.media.remove(bad)
        if how == "changed":
            held.media.put(bad, b"another content")
    made = back_up(held.database, held.media, folder, NOW)
    assert made.lacking == ((bad,) if where == "store" else ())
    if where == "backup":
        (folder / "media" / bad[:2] / bad).unlink()
        if how == "changed":
            (folder / "media" / bad[:2] / bad).write_bytes(b"another content")
    restored = restore(elsewhere.database, elsewhere.media, folder)
    assert restored.lacking == (bad,)
    assert elsewhere.media.has(good.sha256)
    assert not elsewhere.media.has(bad)
    assert codes(elsewhere) == ["file-gone"]


def test_bak_7_what_can_be_made_anew_stays_out_and_is_asked_for(held: Held, elsewhere: Held, tmp_path: Path) -> None:
    original, shown = a_photo(SCREENSHOT).sha256, a_photo(b"a small one").sha256
    with held.database.transaction() as db:
        keep_derivatives(db, [DerivativeRow(original, "shown", shown, "image/jpeg", 11, NOW, "")])
    made = back_up(held.database, held.media, tmp_path / "backup", NOW)
    assert (shown in made.media, made.lacking) == (False, ()), "gone, and nobody minds"
    restore(elsewhere.database, elsewhere.media, tmp_path / "backup")
    with elsewhere.database.reading() as db:
        assert derive_job(original).name in set(db.execute(select(jobs.c.name)).scalars())


@pytest.mark.parametrize("how", [pytest.param("gone", id="VER-7 gone"), pytest.param("changed", id="VER-7 changed")])
def test_what_is_shown_and_is_not_right_is_made_anew(held: Held, how: str) -> None:
    original, shown = a_photo(SCREENSHOT).sha256, a_photo(b"a small one").sha256
    if how == "changed":
        held.media.put(shown, b"a bit less")
    with held.database.transaction() as db:
        db.execute(delete(media_derivatives))
        keep_derivatives(db, [DerivativeRow(original, "shown", shown, "image/jpeg", 11, NOW, "")])
        db.execute(delete(jobs))
    verification = Verification(held.database, held.media)
    assert [problem.code for problem in verification.problems()] == ["derivative-wrong"]
    assert verification.make_anew(NOW + timedelta(days=900)) == 1
    assert not held.media.has(shown)
    with held.database.reading() as db:
        asked = set(db.execute(select(jobs.c.name)).scalars())
    assert {name for name in asked if name.startswith("derive/")} == {derive_job(original).name}


def test_bak_2_without_a_manifest_it_is_no_backup(held: Held, elsewhere: Held, tmp_path: Path) -> None:
    back_up(held.database, held.media, tmp_path / "backup", NOW)
    (tmp_path / "backup" / MANIFEST).unlink()
    with pytest.raises(BackupError, match="manifest is missing"):
        restore(elsewhere.database, elsewhere.media, tmp_path / "backup")


def test_bak_3_nothing_is_written_over(held: Held, tmp_path: Path) -> None:
    back_up(held.database, held.media, tmp_path / "backup", NOW)
    with pytest.raises(FolderError, match="not empty"):
        back_up(held.database, held.media, tmp_path / "backup", NOW)
    with pytest.raises(BackupError, match="holds data already"):
        restore(held.database, held.media, tmp_path / "backup")


def test_bak_3_of_a_backup_that_is_refused_no_file_stays(held: Held, elsewhere: Held, tmp_path: Path) -> None:
    back_up(held.database, held.media, tmp_path / "backup", NOW)
    with elsewhere.database.transaction() as db:
        add_season(db)
    with pytest.raises(BackupError, match="holds data already"):
        restore(elsewhere.database, elsewhere.media, tmp_path / "backup")
    assert elsewhere.media.is_empty()


def test_a_sound_server_verifies(held: Held) -> None:
    verification = Verification(held.database, held.media)
    assert list(verification.problems()) == []
    assert verification.counts == (2, 2, 2, 1)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(update(assessment_revisions).values(body=b'{"id": 1}'), "digest-wrong", id="VER-1 another body"),
        pytest.param(update(assessments).values(revision=7), "current-wrong", id="VER-2 another revision"),
        pytest.param(changes.delete().where(changes.c.kind == "assessment"), "feed-missing", id="VER-2 never told"),
        pytest.param(update(assessments).values(base="100"), "base-differs", id="VER-3 another score"),
        pytest.param(update(media).values(size_bytes=1), "file-wrong", id="VER-4 another length"),
        pytest.param(update(assessments).values(files_named=9), "files-miscounted", id="VER-5 another count"),
    ],
)
def test_what_does_not_hold_is_found(held: Held, change: Any, code: str) -> None:
    with held.database.transaction() as db:
        db.execute(change)
    assert code in codes(held)


def test_ver_4_a_file_gone_from_the_store_is_found(held: Held) -> None:
    held.media.remove(a_photo(SCREENSHOT).sha256)
    assert codes(held) == ["file-gone"]


def test_ver_6_what_the_database_itself_finds_wrong_is_reported(elsewhere: Held) -> None:
    with elsewhere.database.reading() as db:  # SQLite, whose references can be switched off
        raw = db.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("INSERT INTO branches (id, entrant_id, name, address) VALUES ('b', 'nobody', '{}', '{}')")
        raw.commit()
        raw.execute("PRAGMA foreign_keys = ON")
    assert codes(elsewhere) == ["database-broken"]
