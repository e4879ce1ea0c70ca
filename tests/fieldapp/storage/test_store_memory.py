"""The store over the memory folder, which mirrors like the browser's; and what a full or refusing storage does."""

from __future__ import annotations

import pytest

from fieldapp.errors import NotKept, OpenElsewhere
from tests.builders import an_assessment
from tests.fieldapp.memory_store import MemoryFolder
from tests.fieldapp.store_contract import Kept, Reopen, StoreContract, opened


@pytest.fixture
def folder() -> MemoryFolder:
    return MemoryFolder()


@pytest.fixture
async def kept(folder: MemoryFolder) -> Kept:
    return await opened(folder)


@pytest.fixture
def reopen(folder: MemoryFolder) -> Reopen:
    return lambda: opened(folder.reopened())


class TestMemoryStore(StoreContract):
    async def test_what_was_not_flushed_is_gone_after_a_cut(self, kept: Kept, reopen: Reopen) -> None:
        (kept.folder.root / "assessments" / "torn.json").write_bytes(b"{")
        assert (await reopen()).store.assessments() == ()

    async def test_a_second_opening_of_what_is_held_is_refused(self, folder: MemoryFolder) -> None:
        folder.reopened()
        with pytest.raises(OpenElsewhere):
            await folder.open()


async def test_a_save_that_storage_refuses_leaves_the_old_value_everywhere(
    folder: MemoryFolder, kept: Kept, reopen: Reopen
) -> None:
    old = an_assessment(answers={"PA1": True})
    await kept.store.save(old)
    folder.refuses = True
    with pytest.raises(NotKept, match="storage-refused"):
        await kept.store.save(an_assessment(answers={"PA1": False}))
    with pytest.raises(NotKept, match="storage-refused"):
        await kept.media.keep(b"photo")
    assert kept.store.load(old.id) == old
    assert kept.media.hashes() == frozenset()
    folder.refuses = False
    await kept.store.save_settings(kept.store.settings())
    assert (await reopen()).store.load(old.id) == old


async def test_a_photo_that_does_not_fit_says_the_numbers_and_the_next_answer_is_kept(kept: Kept) -> None:
    folder = kept.folder
    assert isinstance(folder, MemoryFolder)
    folder.capacity_bytes = 50_000
    with pytest.raises(NotKept, match="storage-full") as told:
        await kept.media.keep(b"x" * 60_000)
    assert "60 KB needed" in str(told.value.message)
    assert "free" in str(told.value.message)
    await kept.store.save(an_assessment(answers={"PA1": True}))
    assert kept.store.load(an_assessment().id) is not None
