"""What is shown instead of an original: pictures upright and without EXIF, a small one for lists, sound that plays.

DER-1  A derivative holds no metadata of the original: pictures are drawn anew, sound is decoded and coded again.
DER-2  The same original gives the same derivative; making it twice is harmless.
DER-3  What cannot be read is not an error of the server: the reason is kept as a word, and pages say so.
DER-4  Whatever is in the file, the work is bounded: pixels before they are decoded, seconds of sound, seconds of work.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import NamedTuple

import imageio_ffmpeg
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

SHOWN_PX = 2_000
PREVIEW_PX = 360
MAX_PIXELS = 120_000_000
MAX_SOUND_S = 4 * 3600
MAX_WORK_S = 300
QUALITY = 85
PICTURE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/heif", "image/avif"})
# Played by every browser as it is.
PLAYS_EVERYWHERE = frozenset({"audio/mpeg"})

register_heif_opener()


class Derivative(NamedTuple):
    """One derivative, or why there is none: `problem` is a word, "not-readable", "too-large", "too-slow"."""

    purpose: str
    data: bytes
    content_type: str
    problem: str = ""


def derivatives_of(data: bytes, content_type: str) -> list[Derivative]:
    """Return everything to make of a file of this (sniffed) type; nothing for what is neither picture nor sound."""
    if content_type in PICTURE_TYPES:
        return _pictures(data)
    if content_type.startswith("audio/") and content_type not in PLAYS_EVERYWHERE:
        return [_sound(data)]
    return []


def _pictures(data: bytes) -> list[Derivative]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = _drawn(data)
    except _TooLargeError:
        return [Derivative(purpose, b"", "", "too-large") for purpose in ("shown", "preview")]
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError):
        return [Derivative(purpose, b"", "", "not-readable") for purpose in ("shown", "preview")]
    return [_jpeg(picture, "shown", SHOWN_PX), _jpeg(picture, "preview", PREVIEW_PX)]


class _TooLargeError(Exception):
    pass


def _drawn(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise _TooLargeError
        opened.draft("RGB", (SHOWN_PX, SHOWN_PX))
        opened.load()
        upright = ImageOps.exif_transpose(opened)
        if upright.mode in ("RGBA", "LA", "P"):
            shown = Image.new("RGB", upright.size, "white")
            drawn = upright.convert("RGBA")
            shown.paste(drawn, mask=drawn.getchannel("A"))
        else:
            shown = upright.convert("RGB")
    shown.thumbnail((SHOWN_PX, SHOWN_PX), Image.Resampling.LANCZOS)
    return shown


def _jpeg(picture: Image.Image, purpose: str, longest_side_px: int) -> Derivative:
    drawn = picture.copy()
    drawn.thumbnail((longest_side_px, longest_side_px), Image.Resampling.LANCZOS)
    # A fresh picture has no `info` of the original to write along.
    clean = Image.frombytes("RGB", drawn.size, drawn.tobytes())
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Derivative(purpose, out.getvalue(), "image/jpeg")


def _sound(data: bytes) -> Derivative:
    # A file, not a pipe: some containers are read from their end.
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "original", Path(folder) / "playable.mp3"
        source.write_bytes(data)
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-protocol_whitelist", "file",
            "-i", str(source), "-vn", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact",
            "-ac", "1", "-ar", "44100", "-t", str(MAX_SOUND_S), "-b:a", "96k", "-f", "mp3", str(target),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, timeout=MAX_WORK_S, check=False)  # noqa: S603 - our own words
        except subprocess.TimeoutExpired:
            return Derivative("playable", b"", "", "too-slow")
        if done.returncode != 0 or not target.exists() or target.stat().st_size == 0:
            return Derivative("playable", b"", "", "not-readable")
        return Derivative("playable", target.read_bytes(), "audio/mpeg")
