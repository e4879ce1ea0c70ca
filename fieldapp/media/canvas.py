"""Photos by the browser: decoded, turned, shrunk and encoded by an OffscreenCanvas, in the worker Python runs in."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from fieldapp.media.limits import JPEG_PERCENT, fitted, too_large_picture, unreadable_picture
from fieldapp.media.picture_size import picture_size
from fieldapp.ports import Photo

# Decoded, 50 megapixels are 200 MB: more than that ends the tab on an ordinary phone.
LARGEST_PX = 50_000_000


class CanvasPhotos:
    """The PhotoPreparer port by the browser's canvas. Same input, same bytes, on one browser."""

    async def prepare(self, raw: bytes) -> Photo:
        """Return `raw` as the JPEG we keep; see the port. Raises NotAPicture."""
        size = picture_size(raw)
        if size and size[0] * size[1] > LARGEST_PX:
            raise too_large_picture(*size)
        try:
            return await _drawn(raw)
        except Exception as error:
            raise unreadable_picture() from error


async def _drawn(raw: bytes) -> Photo:
    js, ffi = import_module("js"), import_module("pyodide.ffi")

    def options(**values: object) -> Any:
        return ffi.to_js(values, dict_converter=js.Object.fromEntries)

    blob = js.Blob.new(ffi.to_js([ffi.to_js(raw)]))
    bitmap = await js.createImageBitmap(blob, options(imageOrientation="from-image"))
    try:
        width_px, height_px = fitted(bitmap.width, bitmap.height)
        canvas = js.OffscreenCanvas.new(width_px, height_px)
        context = canvas.getContext("2d")
        context.imageSmoothingQuality = "high"
        context.fillStyle = "white"  # what was transparent would turn black in a JPEG
        context.fillRect(0, 0, width_px, height_px)
        context.drawImage(bitmap, 0, 0, width_px, height_px)
    finally:
        bitmap.close()
    encoded = await canvas.convertToBlob(options(type="image/jpeg", quality=JPEG_PERCENT / 100))
    data = (await encoded.arrayBuffer()).to_bytes()
    return Photo(data=data, width_px=width_px, height_px=height_px)
