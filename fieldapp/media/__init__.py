"""Photos and sound made ready to keep, by Pillow and pydub or by the browser's own means. Keeps nothing.

What cannot be prepared raises NotPrepared, and the caller keeps the bytes as they came.
"""

from __future__ import annotations

import sys

from fieldapp.ports import AudioPreparer, Microphone, PhotoPreparer

__all__ = ["audio_preparer", "microphone", "photo_preparer"]


def photo_preparer() -> PhotoPreparer:
    """Return this platform's way to prepare photos."""
    if sys.platform == "emscripten":
        from fieldapp.media.canvas import CanvasPhotos  # noqa: PLC0415 - Pillow is not in the browser

        return CanvasPhotos()
    from fieldapp.media.photos import PillowPhotos  # noqa: PLC0415

    return PillowPhotos()


def audio_preparer() -> AudioPreparer:
    """Return this platform's way to prepare sound."""
    if sys.platform == "emscripten":
        from fieldapp.media.browser_audio import BrowserAudio  # noqa: PLC0415 - pydub is not in the browser

        return BrowserAudio()
    from fieldapp.media.audio import PydubAudio  # noqa: PLC0415

    return PydubAudio()


def device_microphone() -> Microphone:
    """Return this platform's way to record."""
    if sys.platform == "emscripten":
        from fieldapp.media.browser_microphone import BrowserMicrophone  # noqa: PLC0415

        return BrowserMicrophone()
    from fieldapp.media.microphone import StreamedMicrophone  # noqa: PLC0415 - the browser has its own

    return StreamedMicrophone()
