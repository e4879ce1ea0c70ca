"""Photos by Pillow: native apps and server mode."""

from __future__ import annotations

import asyncio
import io
import warnings
from collections.abc import Sequence

from PIL import Image, ImageDraw

from checklists.record.reuse import COLUMNS, ROWS, look_of
from fieldapp.errors import NotAPicture
from fieldapp.media.limits import JPEG_PERCENT, LONGEST_SIDE_PX, fitted, too_large_picture, unreadable_picture
from fieldapp.ports import BRUSH, Photo, Stroke

# A JPEG is decoded at a fraction of its size, so even the largest cameras fit; other formats are decoded whole.
LARGEST_JPEG_PX = 250_000_000
LARGEST_OTHER_PX = 64_000_000
Image.MAX_IMAGE_PIXELS = None  # the limits are the ones above: Pillow's own would hide how large a picture is
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class PillowPhotos:
    """The PhotoPreparer port by Pillow."""

    async def prepare(self, raw: bytes) -> Photo:
        """Return `raw` as the JPEG we keep; see the port. Raises NotAPicture."""
        return await asyncio.to_thread(prepared_photo, raw)

    async def blacked_out(self, data: bytes, strokes: Sequence[Stroke]) -> Photo:
        """Return a prepared picture with black where the strokes went; see the port. Raises NotAPicture."""
        return await asyncio.to_thread(blacked_out_photo, data, strokes)


def blacked_out_photo(data: bytes, strokes: Sequence[Stroke]) -> Photo:
    """Draw the strokes over a prepared picture and encode it anew. Raises NotAPicture."""
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
    except (OSError, ValueError, SyntaxError) as error:
        raise unreadable_picture() from error
    profile = image.info.get("icc_profile")
    drawn = ImageDraw.Draw(image)
    width = max(1, round(BRUSH * image.width))
    for stroke in strokes:
        points = [(x * image.width, y * image.height) for x, y in stroke]
        if len(points) > 1:
            drawn.line(points, fill=0, width=width, joint="curve")
        for x, y in points:
            drawn.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=0)
    return _encoded(image, profile)


def prepared_photo(raw: bytes) -> Photo:
    """Turn a camera file into the JPEG we keep: upright, no EXIF, at most 2,000 px, never enlarged.

    Same input, same bytes, same SHA-256.

    Raises:
        NotAPicture: Pillow cannot decode it, or it is larger than memory allows.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of tags it cannot read; nobody here needs them
            image, profile = _decoded(raw)
    except NotAPicture:
        raise
    except Exception as error:
        # Decoders raise whatever they like for a broken file; it is kept as it came all the same.
        raise unreadable_picture() from error
    return _encoded(image, profile)


def _encoded(image: Image.Image, profile: bytes | None) -> Photo:
    out = io.BytesIO()
    image.info.clear()
    image.save(out, "JPEG", quality=JPEG_PERCENT, optimize=True, icc_profile=profile if image.mode == "RGB" else None)
    greys = image.convert("L").resize((COLUMNS, ROWS), Image.Resampling.BOX).tobytes()
    return Photo(data=out.getvalue(), width_px=image.width, height_px=image.height, look=look_of(greys))


def _decoded(raw: bytes) -> tuple[Image.Image, bytes | None]:
    """Return the picture, upright, opaque and fitted, and its colour profile."""
    image: Image.Image = Image.open(io.BytesIO(raw))
    width_px, height_px = image.size
    limit_px = LARGEST_JPEG_PX if image.format == "JPEG" else LARGEST_OTHER_PX
    if width_px * height_px > limit_px:
        raise too_large_picture(width_px, height_px)
    profile = image.info.get("icc_profile")
    image.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    image.load()
    image = _upright(image)
    size = fitted(*image.size)
    if size != image.size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    return _opaque(image), profile


def _upright(image: Image.Image) -> Image.Image:
    # By this tag alone: of the others, cameras write some that Pillow cannot read.
    turned = TURNS.get(image.getexif().get(ORIENTATION, 1))
    return image if turned is None else image.transpose(turned)


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode in {"RGB", "L"}:
        return image
    if "A" in image.getbands() or "transparency" in image.info:
        drawn = image.convert("RGBA")
        paper = Image.new("RGBA", drawn.size, "white")
        return Image.alpha_composite(paper, drawn).convert("RGB")
    return image.convert("RGB")
