"""Photos in the browser, by its canvas: the same promises as Pillow's in tests/fieldapp/test_media_photos.py."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from checklists.record.reuse import looks_alike
from fieldapp.media.photos import prepared_photo
from tests.journeys.browsers import Installed, Phones, in_python, open_app
from tests.journeys.site import Site

pytestmark = pytest.mark.journey

SAMPLES = Path(__file__).parent.parent.parent.parent / "shared" / "samples" / "photos"
ORIENTATION = 0x0112
PREPARE = """
import base64, json
from fieldapp.errors import NotPrepared
from fieldapp.media import photo_preparer
raw = base64.b64decode({raw!r})
try:
    photo = await photo_preparer().prepare(raw)
    again = await photo_preparer().prepare(raw)
    black = await photo_preparer().blacked_out(photo.data, [((0.5, 0.5), (0.9, 0.5))])
    said = {{
        "data": base64.b64encode(photo.data).decode(),
        "same": photo == again,
        "look": photo.look,
        "black": base64.b64encode(black.data).decode(),
    }}
except NotPrepared as problem:
    said = {{"code": problem.code}}
json.dumps(said)
"""


def a_photo(width_px: int, height_px: int, *, orientation: int = 1, kind: str = "JPEG") -> bytes:
    image = Image.new("RGB", (width_px, height_px), "blue")
    image.paste("red", (0, 0, width_px // 2, height_px // 2))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def a_scene() -> bytes:
    """Return a picture that is flat nowhere, as a photo is: a light in the middle of a dark room."""
    out = io.BytesIO()
    Image.radial_gradient("L").resize((640, 480)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


A_SCENE = a_scene()


def test_canvas_prepares_photos_as_pillow_does(phones: Phones, installed: Installed, site: Site) -> None:
    page = phones.launch(like=installed.profile).page
    open_app(page, site.url)

    def prepared(raw: bytes) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(in_python(page, PREPARE.format(raw=base64.b64encode(raw).decode())))
        return said

    def opened(raw: bytes) -> Image.Image:
        said = prepared(raw)
        assert said["same"]
        return Image.open(io.BytesIO(base64.b64decode(said["data"])))

    assert opened(a_photo(4000, 3000)).size == (2000, 1500)
    assert opened(a_photo(640, 480)).size == (640, 480)
    assert opened(a_photo(300, 200, kind="PNG")).format == "JPEG"
    turned = opened(a_photo(400, 300, orientation=6))
    assert turned.size == (300, 400)
    assert not turned.getexif()
    said = prepared(a_photo(400, 300))
    black = Image.open(io.BytesIO(base64.b64decode(said["black"]))).convert("RGB")
    assert [sum(black.getpixel(at)) < 60 for at in ((200, 150), (300, 150), (300, 250))] == [True, True, False]  # type: ignore[arg-type]
    assert looks_alike(prepared(A_SCENE)["look"], prepared_photo(A_SCENE).look)
    colour = turned.convert("RGB").getpixel((290, 10))
    assert isinstance(colour, tuple)
    assert (colour[0] > 200, colour[2] < 60) == (True, True)
    assert prepared(b"\xff\xd8\xff\xe0 broken") == {"code": "picture-unreadable"}
    assert prepared(a_photo(9248, 6936)) == {"code": "picture-too-large"}
    for sample in sorted(SAMPLES.glob("*")) if SAMPLES.exists() else []:
        said = prepared(sample.read_bytes())
        assert "data" in said or said["code"] == "picture-unreadable"
