"""A photo as a paper has it: no larger than it is printed, in a frame of SVG, which the typesetter takes.

PHO-1  It is drawn anew at WIDEST_MM at most and DOTS to the inch; a smaller one stays as it is. Same photo, same bytes.
"""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from html import escape
from typing import NamedTuple

from PIL import Image

WIDEST_MM, HIGHEST_MM = 84, 84
DOTS = 220
QUALITY = 82


class Framed(NamedTuple):
    """A photo in its frame, and how wide it stands."""

    svg: str
    width_mm: int


@lru_cache(maxsize=8)  # a report is printed in two languages, one after the other
def framed(jpeg: bytes, words: str) -> Framed:
    """Return a JPEG of this server's own making as it is printed (PHO-1)."""
    longest = (round(WIDEST_MM / 25.4 * DOTS), round(HIGHEST_MM / 25.4 * DOTS))
    with Image.open(io.BytesIO(jpeg)) as picture:
        if picture.width > longest[0] or picture.height > longest[1]:
            picture.draft("RGB", longest)
            picture.thumbnail(longest, Image.Resampling.LANCZOS)
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=QUALITY)
            jpeg = out.getvalue()
        width, height = picture.size
    data = base64.b64encode(jpeg).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<title>{escape(words)}</title>"
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{data}"/></svg>'
    )
    return Framed(svg, round(min(WIDEST_MM, HIGHEST_MM * width / height)))
