"""Audio notes made by the program itself: a short melody stands for the assessor's voice."""

from __future__ import annotations

import io
import math
import sys
import wave
from array import array
from functools import cache
from random import Random

RATE_HZ = 8_000
NOTE_S = 0.25
NOTES_HZ = (262, 294, 330, 392, 440, 523)


def melody(random: Random, *, notes: int = 10) -> bytes:
    """Return a WAV file (mono, 16 bit, 8 kHz) of `notes` quarter-second tones. Same random state, same bytes."""
    samples = array("h")
    for _ in range(notes):
        samples.extend(_note(random.choice(NOTES_HZ)))
    if sys.byteorder == "big":
        samples.byteswap()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return out.getvalue()


@cache
def _note(pitch_hz: int) -> array[int]:
    length = int(RATE_HZ * NOTE_S)
    step = 2 * math.pi * pitch_hz / RATE_HZ
    # Fading in and out keeps the tones from clicking.
    return array("h", (int(9_000 * math.sin(step * n) * math.sin(math.pi * n / length)) for n in range(length)))
