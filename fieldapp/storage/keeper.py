"""Changes to the folder, one at a time, each durable or undone. Records and media share one Keeper."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from checklists.language import N_, sentence
from fieldapp.errors import NotKept, OpenElsewhere
from fieldapp.ports import Folder
from fieldapp.sizes import size_text
from fieldapp.storage.atomic import restore

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class Keeper:
    """Guards a folder: whoever changes a file below it does so inside `change`."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def change(self, path: Path, *, needed_bytes: int = 0) -> AsyncIterator[None]:
        """Let the caller change `path`; return only when that is durable.

        Changes wait for each other, so a photo that does not fit never takes an answer down with it.

        Raises:
            NotKept: `path` holds again what it held before. The sentence says how much is free and was needed.
        """
        async with self._turn:
            before = _content(path)
            try:
                yield
                await self.folder.flush()
            except (OSError, NotKept, OpenElsewhere) as problem:
                restore(path, before)
                raise await self._not_kept(problem, needed_bytes) from problem

    async def _not_kept(self, problem: OSError | NotKept | OpenElsewhere, needed_bytes: int) -> NotKept:
        if isinstance(problem, OpenElsewhere):  # another tab has taken over since
            return NotKept(problem.code, problem.message)
        is_full = problem.code == "storage-full" if isinstance(problem, NotKept) else problem.errno in _FULL
        if not is_full:
            return problem if isinstance(problem, NotKept) else storage_refused()
        free = (await self.folder.space()).free_bytes
        return storage_full(needed_bytes=needed_bytes, free_bytes=free)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def storage_full(*, needed_bytes: int, free_bytes: int | None) -> NotKept:
    """Return the error for storage that has no room."""
    if free_bytes is None:
        message = sentence(
            N_("This could not be kept: the storage is full, {needed} needed. Free space in the settings, then retry."),
            needed=size_text(needed_bytes),
        )
    else:
        message = sentence(
            N_("This could not be kept: {free} free, {needed} needed. Free space in the settings, then retry."),
            free=size_text(free_bytes),
            needed=size_text(needed_bytes),
        )
    return NotKept("storage-full", message)


def storage_refused() -> NotKept:
    """Return the error for storage that will not write."""
    return NotKept(
        "storage-refused",
        sentence(N_("This could not be kept: the device refuses to write. Check that private browsing is off.")),
    )
