"""Sound in the browser: compressed recordings stay as they are; WAV is thinned by a small audioop of our own."""

from __future__ import annotations

import asyncio
import io
import wave

from fieldapp.media import audioop
from fieldapp.media.limits import SAMPLE_BYTES, SAMPLE_RATE_HZ, seconds, unreadable_sound
from fieldapp.media.sound_kinds import WAV, as_it_came
from fieldapp.ports import Sound


class BrowserAudio:
    """The AudioPreparer port without pydub: the same answers, a little slower."""

    async def prepare(self, raw: bytes, content_type: str) -> Sound:
        """Return WAV as 16 kHz mono, anything compressed as it is; see the port. Raises NotSound."""
        kept = as_it_came(raw, content_type)
        if kept is not None:
            return kept
        try:
            return await _thinned(raw)
        except (wave.Error, EOFError, ValueError) as error:
            raise unreadable_sound() from error


async def _thinned(raw: bytes) -> Sound:
    with wave.open(io.BytesIO(raw)) as source:
        channels, width, rate_hz = source.getnchannels(), source.getsampwidth(), source.getframerate()
        step = audioop.Thinning(channels=channels, width=width, rate_hz=rate_hz, target_hz=SAMPLE_RATE_HZ)
        kept = bytearray()
        while frames := source.readframes(rate_hz):
            kept += step.thinned(frames)
            await asyncio.sleep(0)  # a second of sound at a time: taps go on being answered
    out = io.BytesIO()
    with wave.open(out, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(SAMPLE_BYTES)
        target.setframerate(step.rate_out_hz)
        target.writeframes(bytes(kept))
    frames_kept = len(kept) // SAMPLE_BYTES
    return Sound(data=out.getvalue(), content_type=WAV, duration_s=seconds(frames_kept, step.rate_out_hz))
