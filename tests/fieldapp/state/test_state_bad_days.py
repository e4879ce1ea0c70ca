"""What goes wrong in the middle of a visit: what was kept stays, what could not be is said, and the visit goes on."""

from __future__ import annotations

import pytest

from checklists.record.assessment import SyncState
from fieldapp.kept import Feed
from fieldapp.line import LineState
from tests.builders import an_assignment
from tests.fieldapp.app_kit import Phone, complete, fill
from tests.fieldapp.memory_store import MemoryFolder
from tests.fieldapp.waiting import wait_until


async def test_a_phone_that_is_revoked_in_the_middle_of_a_visit_goes_on_and_is_safe_once_it_is_enrolled_again() -> None:
    phone = await fill(Phone(), an_assignment(), token="token-0")
    phone.double.tokens = {"token-0"}
    await phone.app.start()
    assert await phone.app.open_visit("assignment-1")
    assert await phone.visit.answer("PA1", True)

    phone.double.tokens.clear()
    await phone.app.sync_now()
    await wait_until(lambda: phone.app.line.state is LineState.SIGN_IN_NEEDED)
    await complete(phone)
    assert await phone.visit.finish()
    assert phone.visit.assessment.answers["PA1"].value is True
    assert phone.app.items[0].state is SyncState.WAITING
    assert phone.store.feed() != Feed(), "the visits stay"

    assert await phone.app.enrol("K7QF")
    await wait_until(lambda: phone.app.items[0].state is SyncState.SAFE)
    await phone.worker.stop()


@pytest.mark.parametrize("fault", ["refused", "full"])
async def test_no_verb_of_a_visit_shows_what_storage_did_not_take(fault: str) -> None:
    """Whatever is tapped while the disk fails or the quota is used up, the screen shows what would survive."""
    folder = MemoryFolder()
    phone = await fill(Phone(folder), an_assignment())
    await phone.app.start()
    await phone.worker.stop()
    assert await phone.app.open_visit("assignment-1")
    assert await phone.visit.answer("PA1", True)
    kept = phone.visit.assessment

    folder.refuses, folder.capacity_bytes = fault == "refused", 0 if fault == "full" else None
    visit = phone.visit
    for verb in (
        visit.answer("PA1", False),
        visit.note("PA1", "note", "Words"),
        visit.dial(),
        visit.count("ring_count", 2),
        visit.jot("mark 1"),
        visit.add_photo(b"photo"),
        visit.void("I was recognised"),
    ):
        assert not await verb
        assert visit.assessment == kept
        assert phone.app.notice is not None
        assert phone.app.notice.code == f"storage-{fault}"
        await phone.app.dismiss()

    folder.refuses, folder.capacity_bytes = False, None
    assert await visit.answer("PA1", False)
    after = await fill(Phone(folder.reopened()), an_assignment())
    await after.app.start()
    await after.worker.stop()
    assert await after.app.open_visit("assignment-1")
    assert after.visit.assessment == visit.assessment
