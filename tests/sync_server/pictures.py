"""Pictures as cameras make them."""

from __future__ import annotations

import io

from PIL import Image


def a_jpeg(size=(3000, 1000), orientation=6, **saved):
    picture = Image.new("RGB", size, "teal")
    exif = picture.getexif()
    exif[0x0112] = orientation
    exif[0x010F] = "Maker of the phone"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, **saved)
    return out.getvalue()
