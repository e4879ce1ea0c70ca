"""The Microphone port in the browser: its own recorder, asked for a piece every second (web/boot/microphone.js)."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from fieldapp.media.limits import level_of, no_microphone


class BrowserMicrophone:
    """Pieces of one compressed file, each usable with those before it."""

    def __init__(self) -> None:
        self._heard: Any = None

    async def start(self, on_piece: Callable[[bytes], None], on_end: Callable[[], None]) -> str:
        """Open it; see the port. Raises NotSound."""

        def heard(piece: Any) -> None:
            if piece is None:
                on_end()
            else:
                on_piece(piece.to_bytes())

        self._heard = import_module("pyodide.ffi").create_proxy(heard)
        content_type = await import_module("device_page").startMicrophone(self._heard)
        if not content_type:
            raise no_microphone()
        return str(content_type)

    async def pause(self) -> None:
        """Hear nothing for a while; see the port."""
        import_module("device_page").pauseMicrophone()

    async def resume(self) -> None:
        """Go on; see the port."""
        import_module("device_page").resumeMicrophone()

    def level(self) -> int:
        """Return how loud it is; see the port."""
        return level_of(import_module("device_page").peak())

    async def stop(self) -> None:
        """Close it; see the port."""
        import_module("device_page").stopMicrophone()
