"""HND-1 to HND-3 and HND-11 to HND-13: a visit goes from one phone to another with no server between them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from checklists.record.assessment import Outcome, SyncState
from checklists.record.hand_over import tries_before
from fieldapp.app import _later
from fieldapp.errors import Refused, Unreachable
from fieldapp.state import Due
from fieldapp.sync.door import Reply
from fieldapp.sync.replies import error_of
from fieldapp.views.hand_over import CameBody, HandOver
from fieldapp.views.today.lines import standing
from fieldapp.views.visit_hooks import Opened
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, fill, told
from tests.fieldapp.drawn import Drawn


async def phone_of(assessor: str, *, token: str = "") -> Phone:
    phone = await fill(Phone(), token=token)
    await phone.store.save_device(
        replace(phone.store.device(), assessor_id=assessor, assessor_name=f"Name of {assessor}")
    )
    if assessor != "assessor-1":
        await phone.store.save_feed(replace(told(), assignments={}))
    await phone.app.start()
    return phone


async def handed_on() -> tuple[Phone, bytes]:
    """A phone whose visit has a failed try, an answer, a note and a photo, and the file of it."""
    giver = await phone_of("assessor-1")
    await giver.app.open_visit("assignment-1")
    assert await giver.visit.attempt(Outcome.NO_ANSWER)
    assert await giver.visit.answer("PA1", True)
    assert await giver.visit.note("PA1", "note", "Rang for long.")
    assert await giver.visit.add_photo(b"the call log", key="PA1")
    return giver, giver.app.hand_overs().written(giver.visit)


async def test_the_receiver_goes_on_in_a_record_of_their_own_with_the_tries_counted() -> None:
    giver, file = await handed_on()
    receiver = await phone_of("assessor-2")
    assert await receiver.app.hand_overs().take(file) == "assignment-1"
    after = receiver.restarted()
    await after.app.start()
    for phone in (receiver, after):
        assert [row.assignment_id for row in phone.app.rows] == ["assignment-1"]
        assert await phone.app.open_visit("assignment-1")
        record, came = phone.visit.assessment, phone.app.hand_overs().came("assignment-1")
        assert came
        assert (record.answers, record.evidence, record.attempts) == ({}, (), ()), "HND-2, HND-13"
        assert record.taken_over
        assert (record.taken_over.assessor, record.taken_over.assessment) == ("assessor-1", giver.visit.assessment.id)
        assert tries_before(record, ()) == record.taken_over.attempts
        assert phone.visit.reading.next_try
        assert phone.visit.reading.next_try.number == 2, "six tries are six tries"
        assert phone.media.has(came.record.evidence[0].sha256)
        shown = Drawn(CameBody, Opened(phone.app, phone.visit)).texts
        assert {"Name of assessor-1", "Yes\nRang for long."} <= set(shown)
    assert await receiver.app.hand_overs().take(file) == "assignment-1", "the same file again opens the same"
    assert len(receiver.store.assessments()) == 1


async def test_hnd_1_what_was_given_is_shown_sent_and_not_changed_until_it_is_taken_back() -> None:
    giver, _file = await handed_on()
    visit = giver.visit
    assert "Hand on as a file" in Drawn(HandOver, Opened(giver.app, visit)).names
    assert await visit.hand_on()
    assert not visit.is_draft
    assert not await visit.answer("PA1", False)
    assert giver.app.notice
    assert giver.app.notice.code == "not-allowed"
    assert [item.state for item in giver.app.items] == [SyncState.WAITING], "R-OUT-1"
    assert [(row.due, standing(row)[0]) for row in giver.app.rows] == [(Due.FINISHED, "Handed on")]
    assert "Go on with it myself" in Drawn(HandOver, Opened(giver.app, visit)).names
    assert await visit.keep_on()
    assert (visit.assessment.revision, visit.is_draft) == (2, True)
    assert await visit.answer("PA1", False)


def test_the_screens_of_a_hand_over_are_found() -> None:
    assert all(map(_later, ("hand_over", "hand_over"), ("HandOverScreen", "CameScreen")))


def cut(file: bytes) -> bytes:
    return file[:-20]


def other_words(file: bytes) -> bytes:
    """The same file, one photo changed on the way."""
    old, new = zipfile.ZipFile(io.BytesIO(file)), io.BytesIO()
    with zipfile.ZipFile(new, "w") as archive:
        for name in old.namelist():
            archive.writestr(name, b"another" if name.startswith("media/") else old.read(name))
    return new.getvalue()


@pytest.mark.parametrize("change", [cut, other_words, lambda _file: b"", lambda _file: b"a photo"])
async def test_hnd_12_what_is_not_whole_is_refused_and_leaves_nothing(change: Callable[[bytes], bytes]) -> None:
    _giver, file = await handed_on()
    receiver = await phone_of("assessor-2")
    before = receiver.store.feed()
    assert await receiver.app.hand_overs().take(change(file)) is None
    assert receiver.app.notice
    assert receiver.app.notice.code == "hand-over-not-taken"
    assert (receiver.store.feed(), receiver.store.assessments(), receiver.media.hashes()) == (before, (), frozenset())


async def test_hnd_3_nobody_takes_over_their_own_nor_over_what_they_have_begun() -> None:
    giver, file = await handed_on()
    assert await giver.app.hand_overs().take(file) is None
    other = await phone_of("assessor-3")
    await other.store.save_feed(told(an_assignment(assessor_id="assessor-3")))
    await other.app.open_visit("assignment-1")
    assert await other.visit.answer("PA1", True)
    assert await other.app.hand_overs().take(file) is None
    assert other.visit.assessment.taken_over is None


async def test_the_word_of_the_office_is_waited_for_and_looked_for_once_the_assignment_comes() -> None:
    giver, _file = await handed_on()
    assert await giver.visit.hand_on()
    waits = giver.store.delivery(giver.visit.assessment.id)
    later = replace(waits, code="transfer-pending", next_try_at=giver.clock.now().replace(year=2022))
    await giver.store.save_delivery(later)
    await giver.worker._look_at_transfers()
    assert giver.store.delivery(giver.visit.assessment.id).next_try_at is None


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [(423, "transfer-pending", Unreachable), (403, "transfer-refused", Refused)],
)
def test_what_the_server_says_of_it_is_told_in_the_phones_own_words(status: int, code: str, kind: type) -> None:
    body = f'{{"code": "{code}", "message": "English"}}'.encode()
    error = error_of(Reply(status=status, headers={"content-type": "application/json"}, body=body))
    assert isinstance(error, kind)
    assert "coordinator" in error.message.in_language("en")
    assert error.message.in_language("zh-Hant") != error.message.in_language("en")
