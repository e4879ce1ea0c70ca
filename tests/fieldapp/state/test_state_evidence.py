"""Photos, sound and files of a visit: kept before the record refers to them, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checklists.record.assessment import MediaKind
from checklists.record.assignment import RecordingPolicy
from fieldapp.state.visit import Visit
from tests.fieldapp.app_kit import Phone, a_visit, folder, reopened


@pytest.fixture
async def phone() -> Phone:
    return await a_visit()


async def test_a_photo_is_kept_before_the_record_refers_to_it(phone: Phone) -> None:
    assert await phone.visit.add_photo(b"counter", key="PA1", evidence_kind="screenshot")
    held = phone.visit.assessment.evidence[0]
    assert (held.question, held.evidence_kind, held.prepared) == ("PA1", "screenshot", True)
    assert phone.visit.media(held.sha256) == b"prepared counter"
    after = await reopened(phone)
    assert after.visit.media(after.visit.assessment.evidence[0].sha256) == b"prepared counter"


@pytest.mark.parametrize(
    ("add", "words"),
    [
        pytest.param(lambda visit: visit.add_photo(b""), "The photo came empty", id="a photo"),
        pytest.param(lambda visit: visit.add_sound(b"", "audio/mp4"), "The recording came empty", id="a recording"),
        pytest.param(
            lambda visit: visit.add_file(b"", "text/plain", key=None, evidence_kind=None),
            "The file came empty",
            id="a file",
        ),
    ],
)
async def test_what_came_empty_is_told_and_not_kept(phone: Phone, add: Callable[[Visit], Any], words: str) -> None:
    assert not await add(phone.visit)
    assert phone.app.notice
    assert phone.app.notice.code == "file-empty"
    assert words in str(phone.app.notice.message)
    assert phone.visit.assessment.evidence == ()


async def test_a_photo_that_cannot_be_prepared_is_kept_as_it_came_and_marked(phone: Phone) -> None:
    assert await phone.visit.add_photo(b"broken")
    held = phone.visit.assessment.evidence[0]
    assert (held.prepared, held.why_not_prepared) == (False, "not-a-picture")
    assert phone.visit.media(held.sha256) == b"broken"


async def test_a_photo_that_does_not_fit_changes_nothing_and_the_next_answer_is_kept(phone: Phone) -> None:
    folder(phone).capacity_bytes = (await phone.folder.space()).used_bytes + 20_000
    assert not await phone.visit.add_photo(b"x" * 30_000)
    assert phone.visit.assessment.evidence == ()
    assert phone.visit.busy is False
    assert phone.app.notice
    assert phone.app.notice.code == "storage-full"
    assert await phone.visit.answer("PB1", True)


async def test_sound_is_the_assessors_own_unless_the_policy_says_otherwise() -> None:
    phone = await a_visit()
    assert await phone.visit.add_sound(b"note", "audio/webm", ran_s=7)
    assert phone.visit.assessment.evidence[0].duration_s == 3, "its own length goes before the microphone's"
    assert not await phone.visit.add_sound(b"call", "audio/webm", kind=MediaKind.RECORDING)
    assert phone.app.notice
    assert phone.app.notice.code == "recording-not-allowed"
    allowed = await a_visit(recording_policy=RecordingPolicy.ASSESSOR_AUDIO_WITH_NOTICE)
    assert await allowed.visit.add_sound(b"broken call", "audio/webm", kind=MediaKind.RECORDING, ran_s=7)
    assert allowed.visit.assessment.evidence[0].duration_s == 7
    assert allowed.visit.assessment.evidence[0].why_not_prepared == "not-sound"


async def test_evidence_is_taken_back_and_its_bytes_can_be_freed(phone: Phone) -> None:
    await phone.visit.add_file(b"%PDF-1.4", "text/plain", key="PA1", evidence_kind="transcript")
    held = phone.visit.assessment.evidence[0]
    assert held.content_type == "application/pdf"
    assert await phone.visit.remove_evidence(held.id)
    assert phone.visit.assessment.evidence == ()
    assert await phone.app.free_space()
    assert phone.media.hashes() == frozenset()
