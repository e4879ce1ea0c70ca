"""The Microphone port where there is no browser's own recorder to ask: raw sound, streamed by the toolkit."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable

import flet_audio_recorder as far  # type: ignore[import-untyped]

from fieldapp.media.limits import SAMPLE_RATE_HZ, level_of, no_microphone
from fieldapp.media.sound_kinds import WAV

PIECE_BYTES = SAMPLE_RATE_HZ * 2  # a second of mono, two bytes a sample
LOUDEST = 32768  # of two bytes a sample
_OPEN_ENDED = 0x7FFFFFFF  # its length is known only at the end, which a cut may take away


class StreamedMicrophone:
    """Pieces of a WAV file without a length: readers take what is there."""

    def __init__(self) -> None:
        self._recorder: far.AudioRecorder | None = None
        self._waiting = bytearray()
        self._peak = 0
        self._on_piece: Callable[[bytes], None] = lambda _: None
        self._on_end: Callable[[], None] = lambda: None

    async def start(self, on_piece: Callable[[bytes], None], on_end: Callable[[], None]) -> str:
        """Open it; see the port. Raises NotSound."""
        recorder = self._recorder or far.AudioRecorder(on_stream=self._took)
        self._recorder = recorder
        if not await recorder.has_permission():
            raise no_microphone()
        self._waiting = bytearray(_header())
        self._on_piece, self._on_end = on_piece, on_end
        settings = far.AudioRecorderConfiguration(
            encoder=far.AudioEncoder.PCM16BITS, channels=1, sample_rate=SAMPLE_RATE_HZ
        )
        if not await recorder.start_recording(configuration=settings):
            raise no_microphone()
        return WAV

    async def pause(self) -> None:
        """Hear nothing for a while; see the port."""
        if self._recorder is not None:
            await self._recorder.pause_recording()
        self._peak = 0

    async def resume(self) -> None:
        """Go on; see the port."""
        if self._recorder is not None:
            await self._recorder.resume_recording()

    def level(self) -> int:
        """Return how loud it is; see the port."""
        return level_of(self._peak / LOUDEST)

    async def stop(self) -> None:
        """Close it; see the port."""
        if self._recorder is not None:
            await self._recorder.stop_recording()
        if self._waiting:
            self._on_piece(bytes(self._waiting))
            self._waiting.clear()
        self._on_end()

    def _took(self, event: far.AudioRecorderStreamEvent) -> None:
        self._waiting += event.chunk
        self._peak = max(map(abs, array("h", event.chunk[: len(event.chunk) // 2 * 2])), default=0)
        if len(self._waiting) >= PIECE_BYTES:
            self._on_piece(bytes(self._waiting))
            self._waiting.clear()


def _header() -> bytes:
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, SAMPLE_RATE_HZ, SAMPLE_RATE_HZ * 2, 2, 16)
    return b"RIFF" + struct.pack("<I", _OPEN_ENDED) + b"WAVE" + fmt + b"data" + struct.pack("<I", _OPEN_ENDED - 36)
