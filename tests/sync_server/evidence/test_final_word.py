"""ARR, DER, SHOW: every file that is held has something to show, or a word why not, or a job that will bring it."""

from __future__ import annotations

import pytest

from checklists.record.assessment import MediaKind
from sync_server.clock import now
from sync_server.database import tables
from sync_server.database.queries import jobs
from sync_server.database.queries.derivatives import DerivativeRow, keep_derivatives
from sync_server.database.queries.media import MediaRow, add_media
from sync_server.evidence.arrivals import ask_for_missing_derivatives, derive_job
from sync_server.people.permissions import Role
from tests.sync_server.conftest import run_server, set_season_up
from tests.sync_server.desk import push, signed_in
from tests.sync_server.pictures import a_jpeg
from tests.sync_server.season_kit import a_call, a_photo
from tests.sync_server.uploading import Upload, sha
from tests.sync_server.waiting import until

LOG = a_photo(b"call log", "PG4", "call_log")
A_BARE_MP3 = b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\0" + bytes(413)
AS_IT_CAME = {"prepared": False, "why_not_prepared": "broken"}


def words_of(server, data):
    def made():
        with server.services.database.reading() as db:
            c = tables.media_derivatives.c
            rows = db.execute(tables.media_derivatives.select().where(c.sha256 == sha(data))).all()
        return {row.problem for row in rows} or None

    return until(made, "there is a word")


def test_files_without_a_word_get_a_job(database):
    """ARR-1"""
    names = {name: sha(name.encode()) for name in ("waiting", "shown", "told why not", "erased", "without a word")}
    with database.transaction() as db:
        for name, sha256 in names.items():
            erased_at = now() if name == "erased" else None
            add_media(db, MediaRow(sha256, 9, "application/octet-stream", now(), None, erased_at))
        jobs.ask_for(db, [derive_job(names["waiting"])], now())
        keep_derivatives(
            db,
            [
                DerivativeRow(names["shown"], "shown", sha(b"small"), "image/jpeg", 5, now(), ""),
                DerivativeRow(names["told why not"], "shown", None, "", 0, now(), "too-large"),
            ],
        )
        assert ask_for_missing_derivatives(db, now()) == 1
        assert ask_for_missing_derivatives(db, now()) == 0
        asked = set(db.execute(tables.jobs.select()).scalars())
    assert asked == {derive_job(names[name]).name for name in ("waiting", "without a word")}


def test_a_server_that_starts_asks_for_what_an_older_one_left_without_a_word(config, tmp_path):
    """ARR-1"""
    set_season_up(config)
    scan = b"II*\0 a broken scan"
    for server in run_server(config):
        server.services.media.put(sha(scan), scan)
        server.services.media.put(sha(b"gone"), b"gone")
        server.services.media.remove(sha(b"gone"))
        with server.services.database.transaction() as db:
            for data in (scan, b"gone"):
                add_media(db, MediaRow(sha(data), len(data), "application/octet-stream", now()))
    for server in run_server(config):
        assert words_of(server, scan) == {"not-readable"}
        assert words_of(server, b"gone") == {"missing"}


@pytest.mark.parametrize(
    ("data", "word", "sentence"),
    [
        pytest.param(b"", "empty", "the file is empty", id="SHOW-4 empty"),
        pytest.param(b"a note", "other-kind", "pages do not show files of this kind", id="SHOW-4 words"),
        pytest.param(b"BM" + bytes(12) + b"\x28\0\0\0", "not-readable", "cannot be read", id="SHOW-4 a broken BMP"),
    ],
)
def test_a_page_says_why_and_offers_the_original(desk, data, word, sentence):
    photo = a_photo(data, **AS_IT_CAME)
    call = a_call(files=(photo, LOG))
    push(desk, call)
    with desk.client() as phone:
        upload = Upload(phone, data)
        if data:
            upload.patch(0, data)
    assert words_of(desk, data) == {word}
    with signed_in(desk, Role.VIEWER) as viewer, signed_in(desk, Role.COORDINATOR) as coordinator:
        seen, offered = (client.get(f"/assessments/{call.id}").text for client in (viewer, coordinator))
        assert coordinator.get(f"/assessments/{call.id}/originals/{photo.sha256}").content == data
    for page in (seen, offered):
        assert sentence in page
        assert "Being prepared" not in page
    assert f"/originals/{photo.sha256}" in offered
    assert f"/originals/{photo.sha256}" not in seen


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        pytest.param(a_jpeg(), MediaKind.AUDIO_NOTE, id="SHOW-4 a picture as a voice"),
        pytest.param(A_BARE_MP3, MediaKind.PHOTO, id="SHOW-4 a voice as a photo"),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_than_its_record_says_has_a_word_too(desk, data, kind):
    named = a_photo(data, "PG5", None, kind=kind, content_type="application/octet-stream", **AS_IT_CAME)
    call = a_call(files=(*a_call().evidence, named))
    push(desk, call)
    with desk.client() as phone:
        Upload(phone, data).patch(0, data)
    words_of(desk, data)
    with signed_in(desk, Role.COORDINATOR) as client:
        page = client.get(f"/assessments/{call.id}").text
    assert "Cannot be shown" in page
    assert "Being prepared" not in page
    assert f"/originals/{named.sha256}" in page


def test_a_file_whose_work_failed_each_time_says_so(desk):
    """SHOW-4"""
    data = b"the file that ends the machine"
    photo = a_photo(data, **AS_IT_CAME)
    call = a_call(files=(photo, LOG))
    push(desk, call)
    desk.services.media.put(sha(data), data)
    # At once: the worker takes what it sees, and a server that starts asks for every file without a word.
    with desk.services.database.transaction() as db:
        add_media(db, MediaRow(sha(data), len(data), "application/octet-stream", now()))
        jobs.ask_for(db, [derive_job(sha(data))], now())
        db.execute(tables.jobs.update().where(tables.jobs.c.name == derive_job(sha(data)).name).values(tries=3))
    words_of(desk, data)
    with signed_in(desk, Role.COORDINATOR) as client:
        assert "preparing it failed three times" in client.get(f"/assessments/{call.id}").text
