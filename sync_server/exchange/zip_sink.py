"""Where a ZIP is written that goes out while it is made: it holds what came since it was last emptied."""

from __future__ import annotations

from collections.abc import Iterator


class ZipSink:
    """A file to write to and never to read; `zipfile` asks no more of it."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self._blocks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> Iterator[bytes]:
        """Yield what came, and forget it."""
        if self._blocks:
            yield b"".join(self._blocks)
            self._blocks.clear()
