"""BAK and VER: backups, and looking at everything again. Ids are those in custody/backup.py and verification.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select, text, update

from sync_server.config import Config
from sync_server.custody.backup import MANIFEST, BackupError, back_up, restore
from sync_server.custody.folder import FolderError
from sync_server.custody.verification import Verification
from sync_server.database.engine import Database
from sync_server.database.migrations import upgrade
from sync_server.database.queries import whole
from sync_server.database.tables import assessment_revisions, assessments, changes, jobs, media
from sync_server.evidence.configured_store import open_media
from sync_server.evidence.store import MediaStore
from sync_server.jobs.wishes import standing_job
from tests.sync_server.desk import push
from tests.sync_server.season_kit import a_call, a_photo, add_season
from tests.sync_server.waiting import until

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SCREENSHOT, CALL_LOG = b"\x89PNG screenshot", b"\x89PNG call log"


class Held(NamedTuple):
    """A running server with two assessments, one of whose files is here."""

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
    return Held(server.services.database, server.services.media)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Held]:
    """An empty server of the default kind, whatever kind the backup comes from."""
    config = Config(data_dir=tmp_path / "elsewhere")
    database = Database(config.database)
    upgrade(database)
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
    assert lines(tmp_path / "again") == lines(tmp_path / "backup")
    assert again.media == made.media
    assert codes(elsewhere) == []


def is_worked_off(held: Held) -> bool | None:
    """Whether the running server has made the standing that the pushes asked for: it writes no more."""
    with held.database.reading() as db:
        asked = select(jobs.c.name).where(jobs.c.name == standing_job("harbour-ferry", "phone_in").name)
        return True if db.execute(asked).first() is None else None


def test_numbers_go_on_after_a_restore(held: Held, database_url: str, tmp_path: Path) -> None:
    until(lambda: is_worked_off(held), "the standing was made")
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
        pytest.param(a_photo(SCREENSHOT).sha256, "damaged at", id="BAK-2 a file"),
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
