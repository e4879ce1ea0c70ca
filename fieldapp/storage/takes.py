"""Recordings while they are made, below `takes/`: `<id>.json` says what each is, `<id>-000001` and on are its pieces.

A piece is its own file, written once: keeping one costs the same after an hour as after a second, and a cut costs at
most the piece that was being made.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from checklists.wire import NotReadableError, decode, encode
from fieldapp.kept import Take
from fieldapp.storage import atomic
from fieldapp.storage.keeper import Keeper

FOLDER = "takes"
_ENDING = ".json"


class FileTakes:
    """The Takes port below the keeper's folder."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def begin(self, take: Take) -> None:
        """Keep what the take is, before its first piece. Raises NotKept."""
        await self._write(self._folder / f"{take.id}{_ENDING}", encode(take))

    async def add(self, take: Take, piece: bytes) -> None:
        """Keep one more piece. Raises NotKept."""
        number = len(self._pieces(take)) + 1
        await self._write(self._folder / f"{take.id}-{number:06d}", piece)

    def unfinished(self) -> tuple[Take, ...]:
        """Return the takes that are kept, oldest first; one whose description is damaged is left where it is."""
        if not self._folder.is_dir():
            return ()
        takes = []
        for path in sorted(self._folder.glob(f"*{_ENDING}")):
            try:
                takes.append(decode(path.read_bytes(), Take))
            except NotReadableError:
                continue
        return tuple(takes)

    def pieces(self, take: Take) -> tuple[bytes, ...]:
        """Return what was kept of it, in order."""
        return tuple(path.read_bytes() for path in self._pieces(take))

    async def drop(self, take: Take) -> None:
        """Forget it, its description last: what a cut leaves of it is forgotten at the next start."""
        described = self._folder / f"{take.id}{_ENDING}"
        async with self._keeper.change(described):
            for path in self._pieces(take):
                atomic.remove(path)
            atomic.remove(described)

    async def _write(self, path: Path, data: bytes) -> None:
        async with self._keeper.change(path, needed_bytes=len(data)):
            path.parent.mkdir(exist_ok=True)
            atomic.replace_bytes(path, data)

    def _pieces(self, take: Take) -> Sequence[Path]:
        return sorted(path for path in self._folder.glob(f"{take.id}-*") if path.suffix != atomic.PART)

    @property
    def _folder(self) -> Path:
        return self._keeper.folder.root / FOLDER
