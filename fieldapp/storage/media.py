"""Files by the SHA-256 of their bytes, below `media/`."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from checklists.language import N_, sentence
from fieldapp.errors import NotKept
from fieldapp.storage import atomic
from fieldapp.storage.keeper import Keeper

_HASH = re.compile(r"[0-9a-f]{64}")


class FileMedia:
    """Media below the keeper's folder; it is listed by name and never read at start."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def keep(self, data: bytes) -> str:
        """Keep `data` durably and return its SHA-256. The same bytes again change nothing. Raises NotKept."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        if self.size_bytes(sha256) != len(data):
            async with self._keeper.change(path, needed_bytes=len(data)):
                path.parent.mkdir(exist_ok=True)
                atomic.replace_bytes(path, data)
        return sha256

    def has(self, sha256: str) -> bool:
        """Whether the bytes are on this device."""
        return self._path(sha256).is_file()

    def read(self, sha256: str) -> bytes:
        """Return the bytes. Raises NotKept "file-gone" when they are absent or damaged."""
        try:
            data = self._path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise _gone() from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise _gone()
        return data

    def size_bytes(self, sha256: str) -> int:
        """Return their size, 0 when absent."""
        try:
            return self._path(sha256).stat().st_size
        except FileNotFoundError:
            return 0

    def hashes(self) -> frozenset[str]:
        """Return every hash on the device."""
        folder = self._folder
        names = {path.name for path in folder.iterdir()} if folder.is_dir() else set[str]()
        return frozenset(name for name in names if _HASH.fullmatch(name))

    async def drop(self, hashes: frozenset[str]) -> int:
        """Remove them and return the bytes freed."""
        present = sorted(sha256 for sha256 in hashes if self.has(sha256))
        freed = sum(map(self.size_bytes, present))
        if present:
            # The last one stands for all: what a failed flush brings back is harmless, being still on the server.
            async with self._keeper.change(self._path(present[-1])):
                for sha256 in present:
                    atomic.remove(self._path(sha256))
        return freed

    @property
    def _folder(self) -> Path:
        return self._keeper.folder.root / "media"

    def _path(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise ValueError(f"not a SHA-256 in hex: {sha256!r}")
        return self._folder / sha256


def _gone() -> NotKept:
    return NotKept("file-gone", sentence(N_("A file of this visit is no longer on this device.")))
