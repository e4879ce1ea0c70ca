"""Photos for the journeys: real ones where the samples are, else one drawn here with what a phone writes into it."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw

SAMPLES = Path(__file__).parent.parent.parent.parent / "shared" / "samples" / "photos"
REAL = "DSCN0010.jpg"
ORIENTATION, MAKER = 0x0112, 0x010F


def a_picture(folder: Path) -> Path:
    """Return a JPEG with EXIF."""
    if (SAMPLES / REAL).exists():
        return SAMPLES / REAL
    picture = Image.new("RGB", (2400, 1600), "#8fb8a8")
    draw = ImageDraw.Draw(picture)
    for n in range(0, 2400, 40):
        draw.line((n, 0, 2400 - n, 1600), fill=(n % 255, 90, 120), width=6)
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "A phone"
    path = folder / "photo.jpg"
    picture.save(path, exif=exif)
    return path


def half_a_picture(path: Path) -> bytes:
    """Return a JPEG whose transfer from the camera broke off early, and whose head is damaged."""
    return io.BytesIO(b"\xff\xd8\xff\xe0" + path.read_bytes()[4000:6000]).getvalue()
