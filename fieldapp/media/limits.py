"""What kept photos and kept sound look like, whichever platform made them; the messages when one cannot be made."""

from __future__ import annotations

import math

from checklists.language import N_, sentence
from fieldapp.errors import NotAPicture, NotSound

LONGEST_SIDE_PX = 2000
JPEG_PERCENT = 85
SAMPLE_RATE_HZ = 16_000
SAMPLE_BYTES = 2


QUIETEST = 0.001  # of the loudest there is


def fitted(width_px: int, height_px: int) -> tuple[int, int]:
    """Return the size a picture is kept in: its own, or the largest whose longer side fits. Never enlarged."""
    longest = max(width_px, height_px)
    if longest <= LONGEST_SIDE_PX:
        return width_px, height_px
    return _scaled(width_px, longest), _scaled(height_px, longest)


def _scaled(side_px: int, longest_px: int) -> int:
    return max(1, (2 * side_px * LONGEST_SIDE_PX + longest_px) // (2 * longest_px))


def seconds(frames: int, rate_hz: int) -> int:
    """Return the length in whole seconds, a started one counted."""
    return -(-frames // rate_hz)


def unreadable_picture() -> NotAPicture:
    """Return the error for bytes that are no picture this device reads."""
    return NotAPicture(
        "picture-unreadable", sentence(N_("This photo cannot be read on this device. It is kept as it came."))
    )


def too_large_picture(width_px: int, height_px: int) -> NotAPicture:
    """Return the error for a picture that would not fit into memory."""
    message = sentence(
        N_("This photo is too large to prepare here ({megapixels} megapixels). It is kept as it came."),
        megapixels=width_px * height_px // 1_000_000,
    )
    return NotAPicture("picture-too-large", message)


def no_microphone() -> NotSound:
    """Return the error for a device that gives no sound."""
    return NotSound("sound-unreadable", sentence(N_("The microphone gave no sound. Allow it in the settings.")))


def unreadable_sound() -> NotSound:
    """Return the error for bytes that are no sound this device reads."""
    return NotSound(
        "sound-unreadable", sentence(N_("This recording cannot be read on this device. It is kept as it came."))
    )


def level_of(peak: float) -> int:
    """Return how far a meter stands out, 0 to 100, for the loudest moment of what is heard, 0 to 1.

    An ear hears by ratios: a whisper, a thousandth of the loudest, still moves it.
    """
    if peak <= QUIETEST:
        return 0
    return min(100, round(100 * (1 - math.log(peak) / math.log(QUIETEST))))
