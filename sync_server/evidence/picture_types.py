"""Which pictures are decoded, by their sniffed type, and by which of Pillow's decoders. Loads none of them."""

from __future__ import annotations

from collections.abc import Mapping

# No other decoder is tried.
FORMATS: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": ("JPEG",),
    "image/png": ("PNG",),
    "image/gif": ("GIF",),
    "image/webp": ("WEBP",),
    "image/heif": ("HEIF", "AVIF"),
    "image/avif": ("AVIF", "HEIF"),
    "image/tiff": ("TIFF",),
    "image/bmp": ("BMP",),
    "image/jp2": ("JPEG2000",),
}
PICTURE_TYPES = frozenset(FORMATS)
