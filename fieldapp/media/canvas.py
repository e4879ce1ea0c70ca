"""Photos by the browser: decoded, turned, shrunk and encoded by an OffscreenCanvas, in the worker Python runs in."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from checklists.record.reuse import COLUMNS, ROWS, look_of
from fieldapp.media.limits import JPEG_PERCENT, fitted, too_large_picture, unreadable_picture
from fieldapp.media.picture_size import picture_size
from fieldapp.ports import BRUSH, Photo, Stroke

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

    async def blacked_out(self, data: bytes, strokes: Sequence[Stroke]) -> Photo:
        """Return a prepared picture with black where the strokes went; see the port. Raises NotAPicture."""
        try:
            return await _drawn(data, strokes)
        except Exception as error:
            raise unreadable_picture() from error


async def _drawn(raw: bytes, strokes: Sequence[Stroke] = ()) -> Photo:
    js, ffi = import_module("js"), import_module("pyodide.ffi")

    def options(**values: object) -> Any:
        return ffi.to_js(values, dict_converter=js.Object.fromEntries)

    def drawn(source: Any, width_px: int, height_px: int) -> tuple[Any, Any]:
        canvas = js.OffscreenCanvas.new(width_px, height_px)
        context = canvas.getContext("2d")
        context.imageSmoothingQuality = "high"
        context.fillStyle = "white"  # what was transparent would turn black in a JPEG
        context.fillRect(0, 0, width_px, height_px)
        context.drawImage(source, 0, 0, width_px, height_px)
        return canvas, context

    blob = js.Blob.new(ffi.to_js([ffi.to_js(raw)]))
    bitmap = await js.createImageBitmap(blob, options(imageOrientation="from-image"))
    try:
        width_px, height_px = fitted(bitmap.width, bitmap.height)
        canvas, context = drawn(bitmap, width_px, height_px)
    finally:
        bitmap.close()
    _black_out(context, strokes, width_px, height_px)
    _small, fields = drawn(canvas, COLUMNS, ROWS)
    colours = fields.getImageData(0, 0, COLUMNS, ROWS).data.to_py()
    greys = [sum(colours[at : at + 3]) for at in range(0, 4 * COLUMNS * ROWS, 4)]
    encoded = await canvas.convertToBlob(options(type="image/jpeg", quality=JPEG_PERCENT / 100))
    data = (await encoded.arrayBuffer()).to_bytes()
    return Photo(data=data, width_px=width_px, height_px=height_px, look=look_of(greys))


def _black_out(context: Any, strokes: Sequence[Stroke], width_px: int, height_px: int) -> None:
    context.strokeStyle = "black"
    context.lineWidth = max(1, round(BRUSH * width_px))
    context.lineCap = context.lineJoin = "round"
    for stroke in strokes:
        context.beginPath()
        context.moveTo(stroke[0][0] * width_px, stroke[0][1] * height_px)
        for x, y in (*stroke[1:], stroke[-1]):  # a line of one point is a dot
            context.lineTo(x * width_px, y * height_px)
        context.stroke()
