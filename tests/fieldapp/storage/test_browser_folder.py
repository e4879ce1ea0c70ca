"""What a browser says when it does not take what is kept, in words the app knows. The storage itself: the journeys."""

from __future__ import annotations

import pytest

from fieldapp.errors import AppError, NotKept, OpenElsewhere
from fieldapp.storage.browser import BrowserFolder


class Door:
    """The browser's storage, on a bad day."""

    def __init__(self, fails: str = "", *, lost: bool = False, locked: bool = False) -> None:
        self.fails, self.lost, self.locked = fails, lost, locked
        self.flushes = 0

    def supported(self) -> bool:
        return True

    async def lock(self, _take_over: bool) -> bool:
        return not self.locked

    async def mount(self) -> None: ...

    def onLost(self, _callback: object) -> None: ...  # noqa: N802 - as the script calls it

    def isLost(self) -> bool:  # noqa: N802 - as the script calls it
        return self.lost

    async def flush(self) -> None:
        self.flushes += 1
        if self.fails:
            raise OSError(self.fails)


def folder_on(door: Door) -> BrowserFolder:
    folder = BrowserFolder(on_lost=lambda: None)
    folder._door = door
    return folder


@pytest.mark.parametrize(
    ("door", "error", "code"),
    [
        pytest.param(Door("QuotaExceededError: no room"), NotKept, "storage-full", id="the quota is used up"),
        pytest.param(Door("UnknownError: Internal error"), NotKept, "storage-refused", id="the disk fails"),
        pytest.param(Door("AbortError: gone", lost=True), OpenElsewhere, "open-elsewhere", id="another tab has it"),
    ],
)
async def test_what_a_browser_does_not_keep_is_said(door: Door, error: type[AppError], code: str) -> None:
    with pytest.raises(error) as told:
        await folder_on(door).flush()
    assert told.value.code == code


async def test_after_a_write_that_failed_the_next_one_is_written() -> None:
    door = Door("QuotaExceededError: no room")
    folder = folder_on(door)
    with pytest.raises(NotKept):
        await folder.flush()
    door.fails = ""
    await folder.flush()
    assert door.flushes == 2


async def test_a_second_tab_is_told_before_anything_is_read() -> None:
    with pytest.raises(OpenElsewhere):
        await folder_on(Door(locked=True)).open()
