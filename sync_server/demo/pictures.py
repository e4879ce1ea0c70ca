"""Evidence drawn by the program itself: places without people, and what a screen or a slip of paper would show."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFont

SIZE_PX = (960, 720)
SENT_SIZE_PX = (640, 480)
PHONE_SIZE_PX = (360, 640)
QUALITY = 80
INK = (34, 38, 46)
PAPER = (250, 249, 245)

Colour = tuple[int, int, int]
SIGNS: Sequence[Colour] = ((20, 92, 118), (150, 52, 44), (48, 98, 58), (104, 60, 130), (178, 112, 20))


def picture(kind: str, title: str, lines: Sequence[str], random: Random) -> bytes:
    """Return a JPEG for evidence of `kind` ("photo_no_people", "transcript", ...). Same random state, same bytes."""
    drawn = DRAWINGS.get(kind, _screen)(title, tuple(lines), random)
    if drawn.size == SIZE_PX:
        drawn = drawn.resize(SENT_SIZE_PX, Image.Resampling.BILINEAR, reducing_gap=1.0)
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _gradient(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    two = Image.new("RGB", (1, 2))
    two.putpixel((0, 0), top)
    two.putpixel((0, 1), bottom)
    return two.resize(size, Image.Resampling.BILINEAR)


@cache
def _font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size_px)


def _shop(title: str, lines: Sequence[str], random: Random) -> Image.Image:
    """A shop front in a street, closed doors, opening hours on the glass."""
    image = _gradient(SIZE_PX, (150 + random.randrange(60), 180, 214), (206, 204, 198))
    draw = ImageDraw.Draw(image)
    sign = random.choice(SIGNS)
    left, right = 70 + random.randrange(40), 880 - random.randrange(40)
    draw.rectangle((left, 90, right, 640), fill=(226, 220, 208))
    draw.rectangle((left, 130, right, 235), fill=sign)
    draw.text(((left + right) // 2, 182), title, font=_font(40), fill="white", anchor="mm")
    for x in range(left + 30, right - 150, 190):
        draw.rectangle((x, 280, x + 160, 560), fill=(178, 204, 214), outline=(90, 90, 90), width=5)
        draw.line((x + 20, 540, x + 120, 300), fill=(214, 230, 236), width=8)
    door = left + 40 + 190 * random.randrange(3)
    draw.rectangle((door, 270, door + 170, 640), fill=(92, 116, 124), outline=(60, 60, 60), width=6)
    draw.rectangle((door + 20, 380, door + 150, 480), fill=PAPER)
    draw.text((door + 85, 430), "\n".join(lines[:3]), font=_font(18), fill=INK, anchor="mm", align="center")
    draw.rectangle((0, 640, 960, 720), fill=(128, 124, 118))
    return image


def _slip(title: str, lines: Sequence[str], random: Random) -> Image.Image:
    """A queue ticket or a receipt on a table."""
    image = _gradient(SIZE_PX, (142, 104, 72), (104, 74, 50))
    draw = ImageDraw.Draw(image)
    left, top = 280 + random.randrange(80), 70 + random.randrange(40)
    draw.rectangle((left + 10, top + 12, left + 350, top + 552), fill=(74, 52, 36))
    draw.rectangle((left, top, left + 340, top + 540), fill=PAPER)
    draw.text((left + 170, top + 60), title, font=_font(26), fill=INK, anchor="mm")
    draw.text(
        (left + 170, top + 190),
        f"{random.choice('ABCD')}{random.randrange(100, 999)}",
        font=_font(96),
        fill=INK,
        anchor="mm",
    )
    draw.multiline_text((left + 30, top + 290), "\n".join(lines), font=_font(22), fill=INK, spacing=12)
    return image


def _screen(title: str, lines: Sequence[str], random: Random) -> Image.Image:
    """A phone's screen: a bar with the title, and one bubble a line; the first line, a time, alone changes."""
    image = _screen_without_its_time(title, tuple(lines[1:]), random.choice(SIGNS)).copy()
    ImageDraw.Draw(image).text((24, 92), lines[0], font=_font(15), fill=INK)
    return image


@cache
def _screen_without_its_time(title: str, lines: tuple[str, ...], sign: Colour) -> Image.Image:
    image = Image.new("RGB", PHONE_SIZE_PX, (236, 238, 242))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 360, 64), fill=sign)
    draw.text((16, 40), title, font=_font(17), fill="white", anchor="lm")
    top = 80
    for place, line in enumerate(("", *lines)):
        wrapped = _wrapped(line, 38)
        high = 20 * (wrapped.count("\n") + 1) + 18
        left = 13 if place % 2 == 0 else 47
        draw.rounded_rectangle(
            (left, top, left + 300, top + high), 10, fill="white" if place % 2 == 0 else (214, 234, 214)
        )
        draw.multiline_text((left + 11, top + 8), wrapped, font=_font(15), fill=INK, spacing=5)
        top += high + 11
    return image


def _wrapped(line: str, width: int) -> str:
    rows = [""]
    for word in line.split():
        if rows[-1] and len(rows[-1]) + len(word) >= width:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    return "\n".join(rows)


Drawing = Callable[[str, Sequence[str], Random], Image.Image]
DRAWINGS: Mapping[str, Drawing] = {"photo_no_people": _shop, "ticket_photo": _slip, "receipt": _slip}
