"""The store over a real folder, and files in it that are not what they should be."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import sys
from pathlib import Path

import pytest

from fieldapp.errors import NotKept, OpenElsewhere
from fieldapp.kept import Feed, Programme
from fieldapp.storage import Keeper, TinyStore
from fieldapp.storage.files import FileFolder
from tests.builders import a_form, an_assessment
from tests.fieldapp.store_contract import SECOND, Kept, Reopen, StoreContract, opened


@pytest.fixture
def folder(tmp_path: Path) -> FileFolder:
    return FileFolder(tmp_path / "data")


@pytest.fixture
async def kept(folder: FileFolder) -> Kept:
    return await opened(folder)


@pytest.fixture
def reopen(folder: FileFolder) -> Reopen:
    async def again() -> Kept:
        folder.close()
        return await opened(FileFolder(folder.root))

    return again


class TestFileStore(StoreContract):
    async def test_a_second_process_is_refused(self, kept: Kept) -> None:
        with pytest.raises(OpenElsewhere):
            await FileFolder(kept.folder.root).open()


async def test_a_process_holds_the_folder_until_it_closes_it_or_is_killed(folder: FileFolder) -> None:
    hold = (
        "import asyncio, sys; from pathlib import Path; from fieldapp.storage.files import FileFolder;"
        f"folder = FileFolder(Path({str(folder.root)!r})); asyncio.run(folder.open());"
        "print('held', flush=True); sys.stdin.read()"
    )
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", hold, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert other.stdout
    assert await other.stdout.readline() == b"held\n"
    with pytest.raises(OpenElsewhere):
        await folder.open()
    other.kill()
    await other.wait()
    await folder.open()
    folder.close()
    await FileFolder(folder.root).open()


DAMAGED = [
    pytest.param(b"", id="empty"),
    pytest.param(b"{", id="cut off"),
    pytest.param(b"\x00" * 400, id="zeroes"),
    pytest.param(b"[1, 2]", id="another shape"),
    pytest.param(b'{"assessment": {"1": {"body": {"id": 7}}}}', id="a field that does not fit"),
    pytest.param(b'{"assessment": {"1": {"wrong": {}}}}', id="no body"),
    pytest.param(b'{"assessment": {"2": {"body": {}}}}', id="a foreign document"),
    pytest.param(b"[" * 100_000, id="nested too deep"),
    pytest.param("相片".encode("big5"), id="not UTF-8"),
]


@pytest.mark.parametrize("content", DAMAGED)
async def test_a_damaged_record_is_set_aside_once_and_the_rest_goes_on(
    content: bytes, folder: FileFolder, kept: Kept
) -> None:
    good = an_assessment(id=SECOND)
    await kept.store.save(good)
    bad = folder.root / "assessments" / "bad.json"
    bad.write_bytes(content)
    folder.close()
    store = TinyStore(Keeper(FileFolder(folder.root)))
    told = await store.open()
    assert [one.name for one in told] == ["bad.json"]
    assert store.assessments() == (good,)
    aside = list((folder.root / "set_aside").iterdir())
    assert [path.read_bytes() for path in aside] == [content]
    store._keeper.folder.close()  # type: ignore[attr-defined]
    assert await TinyStore(Keeper(FileFolder(folder.root))).open() == ()


@pytest.mark.parametrize("name", ["feed.json", "settings.json", "device.json"])
async def test_a_damaged_document_starts_afresh(name: str, folder: FileFolder, kept: Kept) -> None:
    (folder.root / name).write_bytes(b"not ours")
    folder.close()
    store = TinyStore(Keeper(FileFolder(folder.root)))
    assert [one.name for one in await store.open()] == [name]
    assert store.feed().cursor == ""
    assert store.device().id


async def test_a_feed_kept_by_the_last_version_is_read_as_it_stands(
    folder: FileFolder, kept: Kept, reopen: Reopen
) -> None:
    programme = {"name": "2021", "digest": "d", "rules": {"attempts.needed": 6}}
    body = {"cursor": "7", "programme": programme, "assignments": {}, "attempts": {}, "reviews": {}, "handed_on": []}
    (folder.root / "feed.json").write_text(json.dumps({"feed": {"1": {"body": body}}}))
    feed = (await reopen()).store.feed()
    assert feed == Feed(cursor="7", programme=Programme(name="2021", digest="d", rules={"attempts.needed": 6}))


async def test_a_damaged_form_is_asked_for_again(folder: FileFolder, kept: Kept, reopen: Reopen) -> None:
    await kept.store.save_form(a_form())
    next((folder.root / "forms").iterdir()).write_bytes(b"{")
    after = await reopen()
    assert after.store.form("phone_in@1") is None


async def test_a_damaged_photo_is_not_passed_on(kept: Kept) -> None:
    name = await kept.media.keep(b"photo")
    (kept.folder.root / "media" / name).write_bytes(b"phot0")
    with pytest.raises(NotKept, match="file-gone"):
        kept.media.read(name)


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "storage-full"), (errno.EDQUOT, "storage-full"), (errno.EIO, "storage-refused")]
)
async def test_a_disk_that_fails_leaves_the_old_value(
    number: int, code: str, kept: Kept, reopen: Reopen, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = an_assessment(answers={"PA1": True})
    await kept.store.save(old)

    def fails(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fails)
        with pytest.raises((NotKept, OSError)):
            await kept.store.save(an_assessment(answers={"PA1": False}))
    assert kept.store.load(old.id) == old
    assert (await reopen()).store.load(old.id) == old


async def test_a_write_moves_the_time_on_even_within_one_tick(kept: Kept) -> None:
    path = kept.folder.root / "settings.json"
    times = []
    for _ in range(5):
        await kept.store.save_settings(kept.store.settings())
        times.append(path.stat().st_mtime_ns // 1_000_000)
    assert times == sorted(set(times))
