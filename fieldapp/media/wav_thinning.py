"""WAV thinned to speech, 16 kHz and one channel, in plain Python. Imported with the first WAV, not at the start."""

from __future__ import annotations

import asyncio
import io
import wave

from fieldapp.media import audioop
from fieldapp.media.limits import SAMPLE_BYTES, SAMPLE_RATE_HZ, seconds, unreadable_sound
from fieldapp.media.sound_kinds import WAV
from fieldapp.ports import Sound


async def thinned(raw: bytes) -> Sound:
    """Return the WAV `raw` as 16 kHz mono. Raises NotSound."""
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
