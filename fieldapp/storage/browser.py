"""The folder in the browser: /data in memory, mirrored into IndexedDB; one tab at a time holds it.

Of a server of several editions each has a folder of its own.

The mirror itself and the lock are JavaScript (web/boot/storage.js), given to Python as the module `device_storage`.
A flush stores everything in one IndexedDB transaction: a crash leaves the durable copy from before it or after it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from checklists.language import N_, sentence
from fieldapp.errors import NotKept, OpenElsewhere
from fieldapp.ports import Space
from fieldapp.storage.keeper import storage_full, storage_refused

ROOT = Path(os.environ.get("FIELDAPP_DATA", "/data"))


class BrowserFolder:
    """The Folder port over IndexedDB. `on_lost` is called once when another tab takes over; nothing is kept then."""

    def __init__(self, *, on_lost: Callable[[], None] = lambda: None) -> None:
        self.root = ROOT
        self._on_lost = on_lost
        self._door: Any = None
        self._turn = asyncio.Lock()
        self._calls = 0
        self._done = 0

    @property
    def is_left(self) -> bool:
        """Whether it was read here, and another tab has taken over since: only a new start reads it again."""
        return self._door is not None and bool(self._door.isLost())

    async def open(self, *, take_over: bool = False) -> None:
        """Mount the folder and hold it. With `take_over` the tab that holds it is asked to stop, and made to.

        Raises:
            OpenElsewhere: another tab holds it, and `take_over` was not asked for.
            NotKept: the browser has no storage for us ("storage-refused"), as in some private windows.
        """
        door = self._door or import_module("device_storage")
        if not door.supported():
            raise storage_refused()
        if not await door.lock(take_over):
            raise OpenElsewhere
        if self._door is not None:
            return
        try:
            await door.mount()
        except Exception as error:
            raise _not_kept(error) from error
        door.onLost(_for_javascript(self._on_lost))
        self._door = door

    async def flush(self) -> None:
        """Return when the browser has stored what is below `root` now. One at a time; waiting calls share the next one.

        Raises:
            OpenElsewhere: another tab took over; this one must not write any more.
            NotKept: "storage-full" or "storage-refused"; the durable copy is as before.
        """
        self._calls += 1
        mine = self._calls
        async with self._turn:
            if self._done >= mine:
                return
            covers = self._calls
            try:
                await self._door.flush()
            except Exception as error:
                if self._door.isLost():
                    raise OpenElsewhere from error
                raise _not_kept(error) from error
            self._done = covers

    async def space(self) -> Space:
        """Return what this site uses and may still use, as the browser estimates it."""
        used = sum(path.stat().st_size for path in self.root.rglob("*") if path.is_file())
        usage, quota = await (self._door or import_module("device_storage")).estimate()
        free = None if quota < 0 else max(0, int(quota) - int(usage))
        kept = import_module("device_page").storageKept()
        return Space(used_bytes=used, free_bytes=free, persistent=kept if isinstance(kept, bool) else None)

    def close(self) -> None:
        """Do nothing: the browser frees the lock with the tab, and a page left in it goes on."""


def _for_javascript(callback: Callable[[], None]) -> Any:
    return import_module("pyodide.ffi").create_proxy(callback)


def _not_kept(error: Exception) -> NotKept:
    name = str(error)
    if "QuotaExceeded" in name:
        return storage_full(needed_bytes=0, free_bytes=None)
    if "OpenElsewhere" in name:
        return NotKept("storage-refused", sentence(N_("The app was opened in another tab. Continue there.")))
    return storage_refused()
