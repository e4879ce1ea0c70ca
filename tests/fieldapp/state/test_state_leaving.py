"""What leaves the phone, or its memory: export, signing out, files of safe visits."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from msgspec.structs import replace

from checklists import wire
from checklists.language import N_, sentence
from checklists.record.assessment import RecordStatus
from fieldapp.errors import Unreachable
from fieldapp.ports import Space
from fieldapp.state import Phase
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, Taken, fill, finished_visit
from tests.fieldapp.waiting import wait_until


async def test_signing_out_with_unsent_work_waits_until_it_is_exported_as_it_stands(phone: Phone) -> None:
    await phone.app.open_visit("assignment-1")
    await phone.visit.answer("PB1", True)
    assert not phone.app.may_sign_out, "it is not even asked"
    assert not await phone.app.sign_out()
    assert phone.app.notice
    assert phone.app.notice.code == "unsent-work"
    assert phone.store.assessments()
    assert not await phone.app.export(Taken(takes=False))
    assert not phone.app.may_sign_out, "the file was put away again"
    assert await phone.app.export(Taken())
    assert phone.app.may_sign_out
    await phone.visit.answer("PB2", True)
    assert not await phone.app.sign_out(), "changed since the export"
    await phone.app.export(Taken())
    assert await phone.app.sign_out()
    assert phone.app.phase is Phase.ENROL
    assert phone.app.rows == ()
    after = phone.restarted()
    await after.app.start()
    assert after.app.phase is Phase.ENROL
    assert after.store.assessments() == ()


async def test_the_export_holds_records_media_and_a_manifest_that_names_them(phone: Phone) -> None:
    await phone.app.open_visit("assignment-1")
    await phone.visit.add_photo(b"counter")
    await phone.visit.add_sound(b"OggS my words", "audio/ogg")
    record = phone.visit.assessment
    taken = Taken()
    assert await phone.app.export(taken)
    with zipfile.ZipFile(io.BytesIO(taken.data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        (listed,) = manifest["assessments"]
        assert wire.decode(archive.read(listed["record"]), type(record)) == record
        assert listed["digest"] == wire.digest(wire.encode(record))
        files = {one["sha256"]: archive.read(one["file"]) for one in listed["files"]}
    assert files == {held.sha256: phone.visit.media(held.sha256) for held in record.evidence}


async def test_a_file_that_is_damaged_does_not_keep_the_rest_from_being_exported(phone: Phone) -> None:
    await phone.app.open_visit("assignment-1")
    await phone.visit.add_photo(b"counter")
    (phone.folder.root / "media" / phone.visit.assessment.evidence[0].sha256).write_bytes(b"?")
    taken = Taken()
    assert await phone.app.export(taken)
    with zipfile.ZipFile(io.BytesIO(taken.data)) as archive:
        (listed,) = json.loads(archive.read("manifest.json"))["assessments"]
        assert [file["held"] for file in listed["files"]] == [False]
        assert listed["record"] in archive.namelist()


async def test_only_media_of_safe_visits_is_freed() -> None:
    phone = await fill(Phone(), an_assignment(), an_assignment(id="assignment-2"), token="known")
    phone.double.tokens.add("known")
    await phone.app.start()
    await finished_visit(phone)
    await wait_until(lambda: phone.app.unsent == 0)
    await phone.worker.stop()
    await phone.app.open_visit("assignment-2")
    await phone.visit.add_photo(b"still here")
    await phone.app.measure()
    assert phone.app.freeable_bytes > 0
    assert await phone.app.free_space()
    assert phone.app.freeable_bytes == 0
    assert phone.media.hashes() == {phone.visit.assessment.evidence[0].sha256}
    assert phone.store.load(phone.app.items[0].assessment_id), "the record stays"


async def test_the_log_says_how_sending_went_and_nothing_of_whom() -> None:
    """LOG-P-1"""
    phone = await fill(Phone(), an_assignment(), token="known")
    phone.double.tokens.add("known")
    phone.server.failures = [(Unreachable("http-500", sentence(N_("no"))), False)] * 2
    await phone.app.start()
    await finished_visit(phone)
    await wait_until(lambda: "http-500" in phone.app.sync_log())
    phone.server.failures.clear()
    await phone.app.sync_now()
    await wait_until(lambda: phone.app.unsent == 0)
    await phone.worker.stop()
    log = phone.app.sync_log()
    record = phone.store.assessments()[0]
    assert "http-500" in log
    assert f"visit {record.id[-6:]} phone_in safe" in log
    personal = (record.id, "assessor-1", record.entrant_id, "Harbour", "known", "recognised")
    assert [words for words in personal if words in log] == []


@pytest.mark.parametrize(
    ("days", "names", "gone"),
    [
        pytest.param(31, False, True, id="safe for long"),
        pytest.param(29, False, False, id="safe for less"),
        pytest.param(31, True, False, id="another visit names the same file"),
    ],
)
async def test_media_leave_by_themselves_once_their_visit_has_been_safe_for_long(
    days: int, names: bool, gone: bool
) -> None:
    """CUS-1"""
    phone = await fill(Phone(), an_assignment(), an_assignment(id="assignment-2"), token="known")
    phone.double.tokens.add("known")
    await phone.app.start()
    await finished_visit(phone)
    await wait_until(lambda: phone.app.unsent == 0)
    await phone.worker.stop()
    (record,) = phone.store.assessments()
    if names:
        await phone.store.save(replace(record, id="draft", assignment_id="assignment-2", status=RecordStatus.DRAFT))
    phone.clock.pass_(days=days)
    after = phone.restarted()
    await after.app.start()
    assert (after.media.hashes() == frozenset()) is gone
    assert after.store.load(record.id) == record, "the record stays"
    await after.worker.stop()


@pytest.mark.parametrize(
    ("free", "left"),
    [
        pytest.param(None, None, id="nobody says"),
        pytest.param(10_000_000_000, 16_666, id="plenty"),
        pytest.param(30_000_000, 50, id="little"),
        pytest.param(0, 0, id="none"),
    ],
)
def test_how_many_photos_there_is_room_for_is_known(free: int | None, left: int | None) -> None:
    """CUS-2"""
    phone = Phone()
    phone.app.space = Space(used_bytes=0, free_bytes=free)
    assert phone.app.photos_left == left


@pytest.mark.parametrize(("offset", "said"), [(0, 0), (120, 0), (-120, 0), (121, 121), (-86_400, -86_400)])
async def test_a_clock_far_from_the_servers_is_said(offset: int, said: int) -> None:
    """CLK-5"""
    phone = await fill(Phone(), an_assignment(), token="known")
    await phone.store.save_device(replace(phone.store.device(), clock_offset_s=offset))
    await phone.app.start()
    assert phone.app.clock_off_s == said
    await phone.worker.stop()
