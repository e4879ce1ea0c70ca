"""Any picture, drawn upright and small enough for a page. Runs in the child process of `workshop`, never in the server.

PIC-1  A picture is turned by its orientation tag alone; where that cannot be read, it is shown as it lies.
PIC-2  Whatever else stands beside the picture (other EXIF, comments, profiles, text) is left out before it is opened.
PIC-3  A JPEG whose end is missing is shown as far as it came, if half of it did.
PIC-4  What has more than eight bits a point is brought to eight by its range, not cut off.
PIC-5  The memory a picture takes is known from its header and bounded before it is decoded.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping

from PIL import Image, ImageFile
from pillow_heif import register_heif_opener

from sync_server.evidence.picture_types import FORMATS

MAX_PIXELS = 220_000_000
MAX_DECODED_BYTES = 600_000_000
STRIP_PIXELS = 8_000_000

_ORIENTATION = 0x0112
_TURNS: Mapping[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BYTES_A_PIXEL: Mapping[str, int] = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}  # any other takes 4
_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_LEFT_OUT = frozenset({b"tEXt", b"zTXt", b"iTXt", b"iCCP"})
_GREY = ((128, 128),) * 3  # what libjpeg draws where nothing came
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_EXIF_START = b"Exif\0\0"

Image.MAX_IMAGE_PIXELS = None  # PIC-5 is stricter, and knows the memory
register_heif_opener()


class PictureTooLargeError(Exception):
    """It takes more memory, or has more points, than are decoded."""


class PictureUnreadableError(Exception):
    """Too little of it came."""


def upright_picture(data: bytes, content_type: str, longest_side_px: int) -> Image.Image:
    """Return the picture in RGB, upright, at most `longest_side_px` long, without anything of the original's `info`.

    Raises:
        PictureTooLargeError, PictureUnreadableError, MemoryError, or whatever a decoder raises for a broken file.
    """
    orientation = 1
    if content_type == "image/jpeg":
        data, orientation = bare_jpeg(data)
    elif content_type == "image/png":
        data = b"".join(_png_chunks(data))
    try:
        picture, its_own = _opened(data, content_type, longest_side_px)
    except OSError:
        if content_type != "image/jpeg":
            raise
        picture, its_own = _as_far_as_it_came(data, longest_side_px), 1
    picture.thumbnail((longest_side_px, longest_side_px), Image.Resampling.LANCZOS)
    turn = _TURNS.get(orientation if content_type == "image/jpeg" else its_own)
    return picture if turn is None else picture.transpose(turn)


def bare_jpeg(data: bytes) -> tuple[bytes, int]:
    """Return a JPEG without what only describes it, and its orientation (1 to 8; 1 where none can be read)."""
    kept, orientation, at = [data[:2]], 1, 2
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        marker = data[at + 1]
        if marker in (0xFF, 0x01) or 0xD0 <= marker <= _SOI:  # fill bytes and marks without content
            at += 1 if marker == 0xFF else 2
            continue
        if marker in (_SOS, _EOI):
            break
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segment = data[at:end]
        if marker == 0xE1 and segment[4:].startswith(_EXIF_START) and orientation == 1:
            orientation = orientation_of(segment[4:])
        describes = marker == 0xFE or 0xE1 <= marker <= 0xEF
        if marker == 0xEE or not describes:  # how colours are coded stands in one of them
            kept.append(segment)
        at = end
    return b"".join((*kept, data[at:])), orientation


def orientation_of(exif: bytes) -> int:
    """Return the orientation that an EXIF block gives, reading that one tag; 1 where it gives none."""
    block = exif.removeprefix(_EXIF_START)
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 1
    try:
        (first,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, first)
        for at in range(first + 2, first + 2 + 12 * count, 12):
            tag, kind = struct.unpack_from(order + "HH", block, at)
            if tag == _ORIENTATION:
                shape = {1: "B", 3: "H", 4: "I"}.get(kind)
                value = struct.unpack_from(order + shape, block, at + 8)[0] if shape else 1
                return value if value in _TURNS else 1
    except struct.error:
        pass  # it ends before it says; the picture lies as it lies
    return 1


def _png_chunks(data: bytes) -> Iterator[bytes]:
    yield _PNG_START
    at = len(_PNG_START)
    while at + 8 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] not in _PNG_LEFT_OUT:
            yield data[at:end]
        at = end


def _opened(data: bytes, content_type: str, longest_side_px: int) -> tuple[Image.Image, int]:
    with Image.open(io.BytesIO(data), formats=FORMATS[content_type]) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise PictureTooLargeError
        opened.draft("RGB", (longest_side_px, longest_side_px))
        if opened.width * opened.height * _BYTES_A_PIXEL.get(opened.mode, 4) > MAX_DECODED_BYTES:
            raise PictureTooLargeError
        opened.load()
        exif = opened.info.get("exif")
        orientation = orientation_of(exif) if isinstance(exif, bytes) else 1
        return _reduced(opened, longest_side_px), orientation


def _as_far_as_it_came(data: bytes, longest_side_px: int) -> Image.Image:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        picture, _ = _opened(data, "image/jpeg", longest_side_px)
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    if picture.crop((0, picture.height // 2, *picture.size)).getextrema() == _GREY:
        raise PictureUnreadableError
    return picture


def _reduced(opened: Image.Image, longest_side_px: int) -> Image.Image:
    """Return the picture in RGB, at least `longest_side_px` long if it was: strip by strip, without a copy."""
    width, height = opened.size
    factor = max(1, max(width, height) // (2 * longest_side_px))
    rows = max(1, STRIP_PIXELS // width // factor) * factor
    low, high = _range_of(opened)
    target = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, rows):
        strip = opened.crop((0, top, width, min(height, top + rows)))
        flat = _flat(strip if high is None else _in_eight_bits(strip, low, high))
        target.paste(flat.reduce(factor) if factor > 1 else flat, (0, top // factor))
    return target


def _flat(strip: Image.Image) -> Image.Image:
    if strip.mode in ("RGBA", "RGBa", "LA", "La", "PA", "P") or "transparency" in strip.info:
        drawn = strip.convert("RGBA")
        shown = Image.new("RGB", drawn.size, "white")
        shown.paste(drawn, mask=drawn.getchannel("A"))
        return shown
    return strip.convert("RGB")


def _range_of(opened: Image.Image) -> tuple[float, float | None]:
    """Return what becomes black and what becomes white; None where eight bits a point are all there are."""
    if opened.mode.startswith("I;16"):
        return 0, 65_535
    if opened.mode not in ("I", "F"):
        return 0, None
    low, high = (float(end) for end in opened.getextrema() if isinstance(end, (int, float)))
    if opened.mode == "F":
        return low, max(high, low + 1e-9)
    return min(low, 0), next((full for full in (255, 65_535) if high <= full), high)


def _in_eight_bits(strip: Image.Image, low: float, high: float) -> Image.Image:
    scale = 255 / (high - low)
    offset = -low * scale
    return strip.convert("F").point(lambda value: value * scale + offset).convert("L")
