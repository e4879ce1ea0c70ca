"""PIC: any picture upright and small. Ids are those in sync_server/evidence/pictures.py. The files are made here."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from functools import partial

import pytest
from PIL import Image, PngImagePlugin

from sync_server.evidence.derive import derivatives_of
from sync_server.evidence.pictures import MAX_DECODED_BYTES
from sync_server.evidence.sniff import sniffed_type
from tests.sync_server.pictures import a_jpeg


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def two_halves() -> Image.Image:
    """Red on the left, blue on the right, 60 wide and 40 high."""
    picture = Image.new("RGB", (60, 40), "red")
    picture.paste("blue", (30, 0, 60, 40))
    return picture


def an_exif(*entries: tuple[int, int, int, bytes], order: str = ">") -> bytes:
    """An EXIF block of `entries`: tag, type, count and the four bytes of the value."""
    body = b"".join(struct.pack(order + "HHI", tag, kind, count) + value for tag, kind, count, value in entries)
    start = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(order + "I", 8)
    return b"Exif\0\0" + start + struct.pack(order + "H", len(entries)) + body + b"\0\0\0\0"


TURNED = (0x0112, 3, 1, b"\0\x06\0\0")


def with_exif(block: bytes) -> bytes:
    plain = saved(two_halves(), "JPEG", quality=95)
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + plain[2:]


def turned(kind: str) -> bytes:
    picture = two_halves()
    exif = picture.getexif()
    exif[0x0112] = 6
    return saved(picture, kind, exif=exif)


def shown(data: bytes) -> Image.Image:
    made = {one.purpose: one for one in derivatives_of(data, sniffed_type(data))}
    assert made["shown"].problem == ""
    return Image.open(io.BytesIO(made["shown"].data))


@pytest.mark.parametrize(
    ("data", "size"),
    [
        pytest.param(with_exif(an_exif(TURNED)), (40, 60), id="PIC-1 turned"),
        pytest.param(with_exif(an_exif((0x0112, 3, 1, b"\x06\0\0\0"), order="<")), (40, 60), id="PIC-1 little-endian"),
        pytest.param(with_exif(an_exif((0x0112, 4, 1, b"\0\0\0\x06"))), (40, 60), id="PIC-1 as a long number"),
        pytest.param(
            with_exif(an_exif((0x010F, 5, 1, b"\0\0\0\x99"), TURNED)), (40, 60), id="PIC-1 the maker is a fraction"
        ),
        pytest.param(
            with_exif(an_exif((0x9003, 7, 1 << 30, b"\xff\xff\xff\xff"), TURNED)), (40, 60), id="PIC-1 a tag of 1 GB"
        ),
        pytest.param(
            with_exif(an_exif((0x0112, 2, 1, b"6\0\0\0"))), (60, 40), id="PIC-1 written in letters: as it lies"
        ),
        pytest.param(with_exif(an_exif((0x0112, 3, 1, b"\0\x63\0\0"))), (60, 40), id="PIC-1 no such turn: as it lies"),
        pytest.param(with_exif(an_exif(TURNED)[:20]), (60, 40), id="PIC-1 cut off: as it lies"),
        pytest.param(with_exif(b"Exif\0\0nothing"), (60, 40), id="PIC-1 no EXIF in it: as it lies"),
        pytest.param(turned("TIFF"), (40, 60), id="PIC-1 a scan, once"),
        pytest.param(turned("WEBP"), (40, 60), id="PIC-1 WebP"),
        pytest.param(turned("PNG"), (40, 60), id="PIC-1 PNG"),
        pytest.param(turned("AVIF"), (40, 60), id="PIC-1 AVIF, once"),
    ],
)
def test_a_picture_is_turned_by_its_orientation_alone(data: bytes, size: tuple[int, int]) -> None:
    picture = shown(data)
    assert picture.size == size
    red, _, blue = picture.convert("RGB").getpixel((picture.width // 2, 3) if size == (40, 60) else (3, 20))
    assert red > 200 > blue  # what was left is above, not below


def with_words(after: int, **options: object) -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_itxt("Notes", "x" * after, **options)
    return saved(two_halves(), "PNG", pnginfo=words)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(partial(with_words, 5_000_000, zip=True), id="PIC-2 PNG with five megabytes of packed words"),
        pytest.param(partial(with_words, 70_000_000), id="PIC-2 PNG with seventy of plain ones"),
        pytest.param(saved(two_halves(), "PNG", icc_profile=bytes(3_000_000)), id="PIC-2 PNG with a huge profile"),
        pytest.param(saved(two_halves(), "PNG")[:-12], id="PNG without its end"),
        pytest.param(saved(two_halves(), "TIFF"), id="TIFF"),
        pytest.param(saved(two_halves(), "TIFF", compression="tiff_lzw"), id="TIFF, packed"),
        pytest.param(saved(two_halves(), "BMP"), id="BMP"),
        pytest.param(saved(two_halves(), "JPEG2000"), id="JPEG 2000"),
        pytest.param(saved(two_halves(), "JPEG2000", no_jp2=True), id="JPEG 2000 without its container"),
        pytest.param(saved(two_halves().convert("CMYK"), "JPEG"), id="a JPEG of a printer"),
        pytest.param(saved(two_halves().convert("P"), "GIF"), id="GIF"),
    ],
)
def test_a_picture_is_shown_whatever_stands_beside_it(data: bytes | Callable[[], bytes]) -> None:
    picture = shown(data() if callable(data) else data)
    assert picture.size == (60, 40)
    left, right = picture.getpixel((5, 20)), picture.getpixel((55, 20))
    assert left[0] > 150 > left[2]
    assert right[2] > 120 > right[0]


def a_gradient(progressive: bool = False) -> bytes:
    return saved(Image.linear_gradient("L").resize((900, 900)).convert("RGB"), "JPEG", progressive=progressive)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param(a_jpeg()[:-2], "", id="PIC-3 the last two bytes missing"),
        pytest.param(a_gradient()[:-1], "", id="PIC-3 the last byte missing"),
        pytest.param(a_gradient(progressive=True)[:-200], "", id="PIC-3 the end of a progressive one missing"),
        pytest.param(a_jpeg()[: len(a_jpeg()) * 7 // 10], "", id="PIC-3 the last third missing"),
        pytest.param(a_jpeg()[: len(a_jpeg()) // 10], "not-readable", id="PIC-3 all but a tenth missing"),
        pytest.param(a_jpeg()[:700], "not-readable", id="PIC-3 only its head"),
        pytest.param(saved(two_halves(), "PNG")[:100], "not-readable", id="PIC-3 another kind cut off"),
    ],
)
def test_a_jpeg_is_shown_as_far_as_it_came(data: bytes, problem: str) -> None:
    assert {one.problem for one in derivatives_of(data, sniffed_type(data))} == {problem}


def in_sixteen_bits(kind: str) -> bytes:
    picture = Image.new("I;16", (256, 8))
    for x in range(256):
        picture.paste(x * 257, (x, 0, x + 1, 8))
    return saved(picture, kind)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(in_sixteen_bits("PNG"), id="PIC-4 PNG"),
        pytest.param(in_sixteen_bits("TIFF"), id="PIC-4 TIFF"),
        pytest.param(
            saved(Image.linear_gradient("L").rotate(90).convert("F").point(lambda v: v / 255 + 0), "TIFF"),
            id="PIC-4 TIFF of fractions",
        ),
    ],
)
def test_what_has_more_than_eight_bits_is_neither_white_nor_black(data: bytes) -> None:
    picture = shown(data).convert("L")
    left, middle, right = (picture.getpixel((x, 4)) for x in (2, 128, 253))
    assert left < 10
    assert 118 < middle < 138
    assert right > 245


def a_png(width: int, height: int, colour: int, depth: int) -> bytes:
    """A whole PNG of nothing: a few hundred kilobytes, whatever its size."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    channels = {0: 1, 2: 3, 6: 4}[colour]
    packer, row = zlib.compressobj(1), bytes(1 + width * channels * depth // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


SIDE = int((MAX_DECODED_BYTES // 4) ** 0.5)


@pytest.mark.parametrize(
    ("side", "colour", "problem"),
    [
        pytest.param(SIDE + 10, 2, "too-large", id="PIC-5 more memory than is given"),
        pytest.param(SIDE + 10, 6, "too-large", id="PIC-5 with its transparency too"),
        pytest.param(6_000, 6, "", id="PIC-5 a large one"),
    ],
)
def test_the_memory_of_a_picture_is_known_before_it_is_decoded(side: int, colour: int, problem: str) -> None:
    assert {one.problem for one in derivatives_of(a_png(side, side, colour, 8), "image/png")} == {problem}


def test_a_photo_of_two_hundred_megapixels_is_shown() -> None:
    """PIC-5: a JPEG is decoded smaller than it is."""
    data = saved(Image.new("L", (16_000, 12_500), "white"), "JPEG")
    assert shown(data).size == (2000, 1563)
