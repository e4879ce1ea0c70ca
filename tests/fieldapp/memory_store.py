"""A folder whose durable copy is in memory: what the browser's mirror does, without a browser.

Writes go to a scratch folder and count only once flushed, as in the browser. Tests fill it, and pull its plug. It keeps
the contract of the real folders (`store_contract`).
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from fieldapp.errors import OpenElsewhere
from fieldapp.ports import Space
from fieldapp.storage.keeper import storage_full, storage_refused


class MemoryFolder:
    """`capacity_bytes` bounds what can be flushed; `refuses` makes every flush fail."""

    def __init__(self, *, capacity_bytes: int | None = None) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="fieldapp-")
        self.root = Path(self._scratch.name)
        self.capacity_bytes = capacity_bytes
        self.refuses = False
        self.flushes = 0
        self._durable: dict[str, bytes] = {}
        self._held_by: MemoryFolder | None = None

    async def open(self) -> None:
        """Show what was flushed. Raises OpenElsewhere when a reopened copy holds it."""
        if self._held_by:
            raise OpenElsewhere
        for name, data in self._durable.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    async def flush(self) -> None:
        """Copy the scratch folder, whole or not at all. As in the browser, whatever else is to do goes on meanwhile."""
        self.flushes += 1
        await asyncio.sleep(0)
        if self.refuses:
            raise storage_refused()
        now = {str(p.relative_to(self.root)): p.read_bytes() for p in self.root.rglob("*") if p.is_file()}
        used = sum(map(len, now.values()))
        if self.capacity_bytes is not None and used > self.capacity_bytes:
            raise storage_full(needed_bytes=used, free_bytes=max(0, self.capacity_bytes - self._used()))
        self._durable = now

    async def space(self) -> Space:
        """Return what was flushed."""
        free = None if self.capacity_bytes is None else max(0, self.capacity_bytes - self._used())
        return Space(used_bytes=self._used(), free_bytes=free, persistent=False, encrypted=False)

    def close(self) -> None:
        """Do nothing: `reopened` is how another start takes it over."""

    def reopened(self) -> MemoryFolder:
        """Return what the next start of the app finds after this one was cut off now."""
        after = MemoryFolder(capacity_bytes=self.capacity_bytes)
        after._durable = dict(self._durable)
        self._held_by = after
        return after

    def _used(self) -> int:
        return sum(map(len, self._durable.values()))
