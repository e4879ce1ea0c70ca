"""REC: a recording is kept as it is made, and however it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from checklists.record.assessment import MediaKind
from fieldapp.state import recorder as recording
from fieldapp.state.recorder import Stage
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, fill
from tests.fieldapp.memory_store import MemoryFolder
from tests.fieldapp.waiting import wait_until

NOTE = MediaKind.AUDIO_NOTE


async def a_phone() -> Phone:
    phone = await fill(Phone(), an_assignment(), an_assignment(id="assignment-2"))
    await phone.app.start()
    assert await phone.app.open_visit("assignment-1")
    return phone


async def after_a_cut(phone: Phone) -> Phone:
    """What the next start finds, its visit open."""
    after = phone.restarted()
    assert await after.app.start()
    assert await after.app.open_visit("assignment-1")
    return after


def kept(phone: Phone) -> list[bytes | None]:
    return [phone.visit.media(file.sha256) for file in phone.visit.assessment.evidence]


async def test_a_recording_that_is_stopped_is_kept_whole_with_its_visit() -> None:
    phone = await a_phone()
    assert await phone.app.record(NOTE)
    await phone.microphone.hear(b"one ", b"two ")
    assert (phone.app.recorder.stage, phone.app.recorder.seconds) == (Stage.RUNNING, 2)
    await phone.app.recorder.stop()
    assert kept(phone) == [b"one two "]
    file = phone.visit.assessment.evidence[0]
    assert (file.kind, file.content_type) == (NOTE, "audio/webm;codecs=opus")
    assert (phone.app.recorder.stage, phone.app.ports.takes.unfinished()) == (Stage.IDLE, ())


@pytest.mark.parametrize("pieces", [1, 2, 5])
async def test_rec_1_a_cut_costs_only_the_piece_that_was_being_made(pieces: int) -> None:
    phone = await a_phone()
    assert await phone.app.record(NOTE)
    await phone.microphone.hear(*(f"{number} ".encode() for number in range(pieces)))
    after = await after_a_cut(phone)
    assert kept(after) == ["".join(f"{number} " for number in range(pieces)).encode()]
    assert after.app.notice
    assert after.app.notice.code == "recording-kept"
    assert len((await after_a_cut(after)).visit.assessment.evidence) == 1, "once"


async def test_a_cut_before_the_first_piece_leaves_nothing_to_tell() -> None:
    phone = await a_phone()
    assert await phone.app.record(NOTE)
    after = await after_a_cut(phone)
    assert (kept(after), after.app.notice, after.app.ports.takes.unfinished()) == ([], None, ())


async def test_rec_2_a_recording_outlives_the_screen_and_the_visit_it_was_begun_on() -> None:
    phone = await a_phone()
    assert await phone.app.record(NOTE)
    await phone.microphone.hear(b"one ")
    assert await phone.app.open_visit("assignment-2")
    await phone.microphone.hear(b"two ")
    await phone.app.recorder.stop()
    assert phone.visit.assessment.evidence == ()
    assert await phone.app.open_visit("assignment-1")
    assert kept(phone) == [b"one two "]


async def test_rec_2_a_microphone_that_is_taken_away_ends_it_and_what_there_is_stays() -> None:
    phone = await a_phone()
    assert await phone.app.record(NOTE)
    await phone.microphone.hear(b"one ")
    phone.microphone.on_end()
    await phone.app.recorder.stop()
    assert kept(phone) == [b"one "]


async def test_rec_3_it_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "LONGEST_S", 2)
    phone = await a_phone()
    assert await phone.app.record(NOTE)
    await phone.microphone.hear(b"one ", b"two ")
    await phone.app.recorder.stop()
    assert kept(phone) == [b"one two "]


async def test_storage_that_is_full_ends_it_and_what_was_kept_stays() -> None:
    phone = await a_phone()
    assert isinstance(phone.folder, MemoryFolder)
    assert await phone.app.record(NOTE)
    await phone.microphone.hear(b"one ")
    phone.folder.capacity_bytes = (await phone.folder.space()).used_bytes + 20_000
    await phone.microphone.hear(b"x" * 30_000)
    await phone.app.recorder.stop()
    assert phone.app.notice
    assert phone.app.notice.code == "storage-full"
    assert kept(phone) == [b"one "]


async def test_no_microphone_is_said_and_nothing_is_begun() -> None:
    phone = await a_phone()
    phone.microphone.there = False
    assert not await phone.app.record(NOTE)
    assert phone.app.recorder.stage is Stage.FAILED
    assert phone.app.ports.takes.unfinished() == ()


async def test_recording_the_contact_needs_the_policy_and_one_runs_at_a_time() -> None:
    phone = await a_phone()
    assert not await phone.app.record(MediaKind.RECORDING)
    assert await phone.app.record(NOTE)
    assert not await phone.app.record(NOTE)


async def test_a_recording_left_over_stays_on_the_phone_when_its_visit_is_finished() -> None:
    phone = await a_phone()
    assert await phone.app.record(NOTE)
    await phone.microphone.hear(b"one ")
    assert await phone.visit.void("recognised")
    await phone.app.recorder.stop()
    assert len(phone.app.ports.takes.unfinished()) == 1
    assert await phone.visit.reopen()
    assert await phone.app.recorder.recover() == 1
    assert kept(phone) == [b"one "]


async def test_rec_4_while_it_is_paused_nothing_is_heard_and_one_file_goes_on() -> None:
    phone = await a_phone()
    recorder = phone.app.recorder
    assert await phone.app.record(NOTE)
    await phone.microphone.hear(b"one ")
    await wait_until(lambda: recorder.level == 60)
    await recorder.pause()
    assert (phone.microphone.is_paused, recorder.is_paused, recorder.stage) == (True, True, Stage.RUNNING)
    await recorder.resume()
    await phone.microphone.hear(b"two ")
    assert recorder.seconds_left == recording.LONGEST_S - 2
    await recorder.pause()
    await recorder.stop()
    assert kept(phone) == [b"one two "]
    assert not recorder.is_paused


async def test_rec_5_a_double_tap_opens_one_microphone() -> None:
    phone = await a_phone()
    opened: list[str] = []
    start = phone.microphone.start

    async def slowly(on_piece: Callable[[bytes], None], on_end: Callable[[], None]) -> str:
        opened.append("microphone")
        await asyncio.sleep(0)
        return await start(on_piece, on_end)

    phone.microphone.start = slowly  # type: ignore[method-assign]
    begun = await asyncio.gather(*(phone.app.record(NOTE) for _tap in range(2)))
    assert (sorted(begun), opened) == ([False, True], ["microphone"])
    await phone.app.recorder.stop()
    assert phone.app.ports.takes.unfinished() == ()
