"""Photos made ready to keep by Pillow. The browser's canvas is held to the same by tests/journeys/test_media.py."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from checklists.record.reuse import looks_alike
from fieldapp.errors import NotAPicture
from fieldapp.media.limits import fitted
from fieldapp.media.photos import PillowPhotos, blacked_out_photo, prepared_photo
from fieldapp.media.picture_size import picture_size

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "photos"
ORIENTATION, GPS = 0x0112, 0x8825


def a_photo(width_px: int, height_px: int, *, kind: str = "JPEG", mode: str = "RGB", orientation: int = 1) -> bytes:
    """A picture whose stored top left quarter is red, with EXIF that names a place."""
    image = Image.new("L" if mode == "1" else "RGB", (width_px, height_px), 0 if mode == "1" else "blue")
    if mode != "1":
        image.paste("red", (0, 0, width_px // 2, height_px // 2))
    image = image.convert(mode)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[1] = "N"
    out = io.BytesIO()
    image.save(out, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return out.getvalue()


def test_black_covers_what_the_finger_went_over_and_nothing_else() -> None:
    photo = prepared_photo(a_photo(400, 300))
    black = opened(blacked_out_photo(photo.data, [((0.1, 0.1), (0.4, 0.1)), ((0.75, 0.75),)]).data).convert("RGB")
    dark = [sum(black.getpixel(at)) < 40 for at in ((40, 30), (100, 30), (160, 30), (300, 225))]  # type: ignore[arg-type]
    light = [sum(black.getpixel(at)) > 150 for at in ((100, 120), (300, 60), (390, 290))]  # type: ignore[arg-type]
    assert all((*dark, *light))
    assert black.size == (400, 300)


def test_a_photo_saved_anew_looks_the_same_and_another_does_not() -> None:
    """REU-2, by Pillow."""
    photo = prepared_photo(a_photo(800, 600))
    smaller = opened(photo.data).resize((300, 225))
    out = io.BytesIO()
    smaller.save(out, "JPEG", quality=40)
    assert looks_alike(photo.look, prepared_photo(out.getvalue()).look)
    assert not looks_alike(photo.look, prepared_photo(a_photo(800, 600, orientation=3)).look)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("taken", "size"),
    [
        pytest.param(partial(a_photo, 4000, 3000), (2000, 1500), id="a large one is shrunk to 2,000 px"),
        pytest.param(partial(a_photo, 3000, 4001), (1500, 2000), id="the longer side counts"),
        pytest.param(partial(a_photo, 640, 480), (640, 480), id="a small one is never enlarged"),
        pytest.param(partial(a_photo, 2000, 2000), (2000, 2000), id="exactly 2,000 px stay"),
        pytest.param(partial(a_photo, 9000, 4), (2000, 1), id="no side becomes nothing"),
        pytest.param(partial(a_photo, 400, 300, orientation=6), (300, 400), id="a sideways one is turned upright"),
        pytest.param(partial(a_photo, 300, 200, kind="PNG", mode="RGBA"), (300, 200), id="transparency becomes paper"),
        pytest.param(partial(a_photo, 300, 200, kind="PNG", mode="P"), (300, 200), id="a palette becomes colours"),
        pytest.param(partial(a_photo, 300, 200, mode="CMYK"), (300, 200), id="print colours become screen colours"),
    ],
)
async def test_photo_is_fitted_and_upright(taken: Callable[[], bytes], size: tuple[int, int]) -> None:
    photo = await PillowPhotos().prepare(taken())
    kept = opened(photo.data)
    assert (kept.size, kept.format) == (size, "JPEG")
    assert (photo.width_px, photo.height_px) == size
    assert photo.content_type == "image/jpeg"


def test_photo_loses_place_and_orientation() -> None:
    kept = opened(prepared_photo(a_photo(400, 300, orientation=6)).data)
    assert not kept.getexif()
    assert b"Exif" not in prepared_photo(a_photo(400, 300)).data
    colour = kept.convert("RGB").getpixel((290, 10))  # the stored top left is at the top right once upright
    assert isinstance(colour, tuple)
    assert (colour[0] > 200, colour[2] < 60) == (True, True)


def with_a_tag(raw: bytes, tag: int, kind: int, count: int, value: bytes) -> bytes:
    """A sideways JPEG with one more tag, as some camera writes it."""
    entries = struct.pack(">HHI4s", ORIENTATION, 3, 1, b"\0\6\0\0") + struct.pack(">HHI4s", tag, kind, count, value)
    block = b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", 2) + entries + bytes(4)
    return raw[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + raw[2:]


@pytest.mark.parametrize(
    ("tag", "kind", "count", "value"),
    [
        pytest.param(0x010F, 5, 1, b"\0\0\0\x99", id="the maker is a fraction"),
        pytest.param(0x9003, 7, 1 << 30, b"\xff\xff\xff\xff", id="a tag of 1 GB"),
        pytest.param(0x010E, 99, 1, b"\0\0\0\0", id="of a kind that there is not"),
        pytest.param(0x011A, 2, 4, b"72dp", id="a resolution in letters"),
    ],
)
def test_a_photo_is_turned_whatever_else_its_camera_wrote(tag: int, kind: int, count: int, value: bytes) -> None:
    out = io.BytesIO()
    Image.new("RGB", (400, 300)).save(out, "JPEG")
    assert opened(prepared_photo(with_a_tag(out.getvalue(), tag, kind, count, value)).data).size == (300, 400)


def test_a_photo_that_is_too_large_says_how_large_it_is() -> None:
    head = struct.pack(">IIBBBBB", 20_000, 15_000, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    data = b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    with pytest.raises(NotAPicture) as refused:
        prepared_photo(data)
    assert "300 megapixels" in str(refused.value.message)


def test_same_photo_gives_the_same_bytes() -> None:
    raw = a_photo(2500, 1800)
    assert hashlib.sha256(prepared_photo(raw).data).digest() == hashlib.sha256(prepared_photo(raw).data).digest()


def test_photo_of_a_64_megapixel_camera_is_prepared() -> None:
    assert max(opened(prepared_photo(a_photo(9248, 6936)).data).size) == 2000


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param(b"", "picture-unreadable", id="nothing"),
        pytest.param(b"\xff\xd8\xff\xe0 not a picture", "picture-unreadable", id="a broken JPEG"),
        pytest.param(a_photo(800, 600)[:-4000], "picture-unreadable", id="a JPEG cut short"),
        pytest.param(b"\0\0\0\x18ftypheic" + bytes(100), "picture-unreadable", id="HEIF"),
        pytest.param(b"%PDF-1.7", "picture-unreadable", id="another kind of file"),
        pytest.param(
            partial(a_photo, 9000, 8000, kind="PNG", mode="1"), "picture-too-large", id="more than memory allows"
        ),
    ],
)
def test_photo_that_cannot_be_prepared_says_so(raw: bytes | Callable[[], bytes], code: str) -> None:
    taken = raw() if callable(raw) else raw
    with pytest.raises(NotAPicture) as refused:
        prepared_photo(taken)
    assert refused.value.code == code
    assert "kept as it came" in str(refused.value.message)


@pytest.mark.parametrize(
    ("raw", "size"),
    [
        pytest.param(a_photo(640, 480), (640, 480), id="JPEG"),
        pytest.param(a_photo(300, 200, kind="PNG"), (300, 200), id="PNG"),
        pytest.param(b"\xff\xd8\xff", None, id="a JPEG that ends before it says"),
        pytest.param(b"GIF89a", None, id="a kind that is not asked"),
    ],
)
def test_size_is_read_without_decoding(raw: bytes, size: tuple[int, int] | None) -> None:
    assert picture_size(raw) == size


def test_fitted_keeps_the_proportions_within_half_a_pixel() -> None:
    assert fitted(4032, 3024) == (2000, 1500)
    assert fitted(3001, 2000) == (2000, 1333)


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*")) if SAMPLES.exists() else [], ids=lambda path: path.name)
def test_sample_is_prepared_or_refused_and_never_breaks(sample: Path) -> None:
    try:
        kept = opened(prepared_photo(sample.read_bytes()).data)
    except NotAPicture:
        return
    assert max(kept.size) <= 2000
    assert not kept.getexif()
