"""Reading what the recorder made: a blob: address of the page in the browser, a file elsewhere."""

from __future__ import annotations

import asyncio
import sys
from importlib import import_module
from pathlib import Path

from fieldapp.media.limits import unreadable_sound


async def read_recording(place: str) -> tuple[bytes, str]:
    """Return the bytes at `place`, as the recorder named it, and the content type given there ("" when none is).

    Raises:
        NotSound: nothing can be read there (any more).
    """
    try:
        if sys.platform == "emscripten":
            reply = await import_module("pyodide.http").pyfetch(place)
            return await reply.bytes(), reply.headers.get("content-type", "")
        return await asyncio.to_thread(Path(place).read_bytes), ""
    except OSError as error:
        raise unreadable_sound() from error
