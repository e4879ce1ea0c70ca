"""RET: how long files are kept. Ids are those in sync_server/retention.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select, update

from checklists.assessment import MediaKind
from sync_server import retention
from sync_server.queries.settings import keep_setting
from sync_server.retention import due_files, erase
from sync_server.tables import assessments, audit_log, media, media_derivatives, rounds
from sync_server.verifying import Verification
from tests.sync_server.desk import push
from tests.sync_server.season import a_call, a_photo

RELEASED = datetime(2021, 5, 14, 1, tzinfo=UTC)
RESULTS = datetime(2021, 11, 8, 1, tzinfo=UTC)
SOUND, PHOTO, STRAY, PREVIEW = b"a voice", b"a picture", b"nobody named me", b"a small picture"


class Held(NamedTuple):
    """A season of three released rounds, with one sound, one photo and one file that no record names."""

    server: Any
    names: dict[bytes, str]

    def due(self, now: datetime) -> set[str]:
        return {one.sha256 for one in due_files(self.server.services.database, now)}


@pytest.fixture
def held(server: Any) -> Held:
    note = a_photo(SOUND, evidence_kind="note", id="note", kind=MediaKind.AUDIO_NOTE, question=None)
    photo = a_photo(PHOTO)
    push(server, a_call(files=(note, photo, a_photo(PHOTO, "PG4", "call_log"))))
    names = {SOUND: note.sha256, PHOTO: photo.sha256, STRAY: a_photo(STRAY).sha256, PREVIEW: a_photo(PREVIEW).sha256}
    with server.services.database.transaction() as db:
        for content in (SOUND, PHOTO, STRAY):
            row = {"sha256": names[content], "size_bytes": len(content), "content_type": "x/y", "stored_at": RELEASED}
            db.execute(media.insert().values(**row))
        made = {"purpose": "preview", "derivative_sha256": names[PREVIEW], "size_bytes": 15, "made_at": RELEASED}
        db.execute(media_derivatives.insert().values(sha256=names[PHOTO], **made))
        db.execute(update(rounds).values(released_at=RELEASED))
        db.execute(update(rounds).where(rounds.c.number == 3).values(released_at=RESULTS))
        db.execute(update(assessments).values(files_held=2))
    for content, name in names.items():
        server.services.media.put(name, content)
    return Held(server, names)


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
        db.execute(update(rounds).values(released_at=None))
    assert held.due(RESULTS + timedelta(days=999)) == {held.names[STRAY]}


def test_ret_4_a_legal_hold_keeps_an_entrants_files(held: Held) -> None:
    with held.server.services.database.transaction() as db:
        keep_setting(db, retention.HOLD, ["harbour-ferry"], RESULTS)
    assert held.due(RESULTS + timedelta(days=999)) == {held.names[STRAY]}


def test_ret_5_erasing_leaves_proof_and_a_sound_server(held: Held) -> None:
    services, now = held.server.services, RESULTS + timedelta(days=366)
    for one in due_files(services.database, now):
        erase(services.database, services.media, one, now)
        erase(services.database, services.media, one, now)  # as after a power cut
    assert [services.media.has(name) for name in held.names.values()] == [False] * 4
    assert held.due(now) == set()
    with services.database.reading() as db:
        proof = select(audit_log.c.subject_id).where(audit_log.c.action == "media-erased")
        assert sorted(db.execute(proof).scalars()) == sorted(held.names[name] for name in (SOUND, PHOTO, STRAY))
    assert [fault.code for fault in Verification(services.database, services.media).faults()] == []
