"""What is shown instead of an original: pictures upright and without EXIF, a small one for lists, sound that plays.

DER-1  A derivative holds no metadata of the original: pictures are drawn anew, sound is decoded and coded again.
DER-2  The same original gives the same derivative; making it twice is harmless.
DER-3  What cannot be read is not an error of the server: the reason is kept as a word, and pages say so.
DER-4  Whatever is in the file, the work is bounded: memory before it is decoded, bytes of sound, seconds of work.
DER-5  Every file gets a final word: at least one derivative, or why there is none; also one that is empty or of a kind
       nobody shows. Whatever a decoder raises is its word.
DER-6  Areas of a picture that are blacked out are drawn over before it is coded: nothing of what lay there is in it,
       and it has no EXIF. An area reaches to the next whole point outward.

All of it is done in the child process of `workshop`: a file may bring a decoder down, and the server must not notice.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Sequence
from time import monotonic
from typing import BinaryIO, NamedTuple

from PIL import Image, ImageDraw

from sync_server.evidence.derive_child import LOUDNESS
from sync_server.evidence.picture_types import PICTURE_TYPES
from sync_server.evidence.pictures import MAX_PIXELS, PictureTooLargeError, upright_picture
from sync_server.evidence.sound import CONTAINERS, MP3, SoundError, bars_of, playable

SHOWN_PX = 2_000
PREVIEW_PX = 360
BLACKENED, BLACKENED_PX = "blackened", 4_000
QUALITY = 85
__all__ = ["MAX_PIXELS", "Derivative", "blacked_out", "derivatives_of", "final_word"]


class Derivative(NamedTuple):
    """One derivative, or why there is none: `problem` is a word of `pages.labels`, such as "not-readable"."""

    purpose: str
    data: bytes
    content_type: str
    problem: str = ""


def final_word(source: BinaryIO, content_type: str, wait_s: float) -> list[Derivative]:
    """Return what is shown for the file `source` of this (sniffed) type, or why nothing is; never nothing at all."""
    if source.seek(0, 2) == 0:
        return [Derivative("shown", b"", "", "empty")]
    source.seek(0)
    if content_type in PICTURE_TYPES:
        return _pictures(source.read(), content_type)
    if content_type in CONTAINERS:
        ends_at = monotonic() + wait_s
        made = _sound(source, content_type, wait_s)
        bars = () if made.problem else bars_of(made.data, max(0.1, ends_at - monotonic()))
        drawn = [Derivative(LOUDNESS, json.dumps(list(bars)).encode(), "application/json")] if bars else []
        return [made, *drawn]
    return [Derivative("shown", b"", "", "other-kind")]


def derivatives_of(data: bytes, content_type: str, wait_s: float = 60) -> list[Derivative]:
    """Return everything to make of a file of this (sniffed) type; nothing for what needs none or can have none."""
    if content_type not in PICTURE_TYPES and (content_type not in CONTAINERS or content_type == MP3):
        return []
    if content_type in PICTURE_TYPES:
        return _pictures(data, content_type)
    with tempfile.TemporaryFile() as source:
        source.write(data)
        return [_sound(source, content_type, wait_s)]


def blacked_out(data: bytes, content_type: str, areas: Sequence[Sequence[int]]) -> Derivative:
    """Return the picture with `areas` black: left, top, width, height, each in thousandths of the upright picture."""
    try:
        picture = upright_picture(data, content_type, BLACKENED_PX)
        draw = ImageDraw.Draw(picture)
        for left, top, width, height in areas:
            first = (left * picture.width // 1000, top * picture.height // 1000)
            last = (-(-(left + width) * picture.width // 1000), -(-(top + height) * picture.height // 1000))
            draw.rectangle((*first, last[0] - 1, last[1] - 1), fill="black")
        return _jpeg(picture, BLACKENED, BLACKENED_PX)
    except Exception as error:  # noqa: BLE001 - as in _pictures
        return Derivative(BLACKENED, b"", "", _problem_of(error))


def _pictures(data: bytes, content_type: str) -> list[Derivative]:
    try:
        picture = upright_picture(data, content_type, SHOWN_PX)
        return [_jpeg(picture, "shown", SHOWN_PX), _jpeg(picture, "preview", PREVIEW_PX)]
    except Exception as error:  # noqa: BLE001 - decoders raise whatever they like; none of it is the server's fault
        problem = _problem_of(error)
    return [Derivative(purpose, b"", "", problem) for purpose in ("shown", "preview")]


def _problem_of(error: Exception) -> str:
    is_too_large = isinstance(error, (PictureTooLargeError, MemoryError)) or "memory" in str(error)
    return "too-large" if is_too_large else "not-readable"


def _jpeg(picture: Image.Image, purpose: str, longest_side_px: int) -> Derivative:
    drawn = picture.copy()
    drawn.thumbnail((longest_side_px, longest_side_px), Image.Resampling.LANCZOS)
    # A fresh picture has no `info` of the original to write along.
    clean = Image.frombytes("RGB", drawn.size, drawn.tobytes())
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Derivative(purpose, out.getvalue(), "image/jpeg")


def _sound(source: BinaryIO, content_type: str, wait_s: float) -> Derivative:
    try:
        return Derivative("playable", playable(source, content_type, wait_s), MP3)
    except SoundError as error:
        return Derivative("playable", b"", "", str(error))
