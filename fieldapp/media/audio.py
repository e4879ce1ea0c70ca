"""Sound by pydub: native apps and server mode. Without ffmpeg, as on a phone, only WAV can be read; that is enough."""

from __future__ import annotations

import asyncio
import io
import wave

from pydub import AudioSegment
from pydub.exceptions import CouldntDecodeError

from fieldapp.media.limits import SAMPLE_BYTES, SAMPLE_RATE_HZ, seconds, unreadable_sound
from fieldapp.media.sound_kinds import WAV, as_it_came
from fieldapp.ports import Sound


class PydubAudio:
    """The AudioPreparer port by pydub."""

    async def prepare(self, raw: bytes, content_type: str) -> Sound:
        """Return WAV as 16 kHz mono, anything compressed as it is; see the port. Raises NotSound."""
        return await asyncio.to_thread(prepared_sound, raw, content_type)


def prepared_sound(raw: bytes, content_type: str) -> Sound:
    """Return the sound we keep: speech needs no more than 16 kHz, 16 bit, one channel.

    What is compressed already stays as it is. Same input, same bytes.

    Raises:
        NotSound: no sound we know, or a WAV that cannot be read.
    """
    kept = as_it_came(raw, content_type)
    if kept is not None:
        return kept
    try:
        segment = AudioSegment.from_file(io.BytesIO(raw), format="wav")
    except (CouldntDecodeError, wave.Error, EOFError, OSError, ValueError, IndexError) as error:
        raise unreadable_sound() from error
    segment = segment.set_channels(1).set_sample_width(SAMPLE_BYTES)
    if segment.frame_rate > SAMPLE_RATE_HZ:
        segment = segment.set_frame_rate(SAMPLE_RATE_HZ)
    out = io.BytesIO()
    segment.export(out, format="wav")
    return Sound(
        data=out.getvalue(), content_type=WAV, duration_s=seconds(int(segment.frame_count()), segment.frame_rate)
    )
