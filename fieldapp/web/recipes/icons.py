"""Draw the app's icons: a clipboard with three ticks, and a plain sheet of paper for an app of a name of its own.

Run: python -m fieldapp.web.recipes.icons
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

TARGET = Path(__file__).parent.parent / "assets" / "icons"
PLAIN = Path(__file__).parent.parent / "assets" / "plain_icons"
SHEET_GROUND, SHEET_LINE = "#e6e3d8", "#a9b0ad"
GROUND, PAPER, INK, TICK = "#0b5d66", "#ffffff", "#9fb8bb", "#0b5d66"
GRID = 64  # the drawing's own units
OVERSAMPLING = 8

# file: size in pixels, share of the icon the drawing fills, whether the ground is a full square
ICONS = {
    "icon-192.png": (192, 0.86, False),
    "icon-512.png": (512, 0.86, False),
    "icon-maskable-192.png": (192, 0.62, True),
    "icon-maskable-512.png": (512, 0.62, True),
    "apple-touch-icon-192.png": (192, 0.74, True),
    "favicon.png": (48, 0.96, False),
}


def icon(size_px: int, share: float, *, square: bool, plain: bool = False) -> Image.Image:
    """Return one icon; the same arguments always give the same pixels. `plain`: the sheet."""
    side = size_px * OVERSAMPLING
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    ground = SHEET_GROUND if plain else GROUND
    draw.rounded_rectangle((0, 0, side - 1, side - 1), radius=0 if square else side * 14 // 64, fill=ground)
    unit = side * share / GRID
    start = side * (1 - share) / 2

    def at(*units: float) -> tuple[float, ...]:
        return tuple(start + value * unit for value in units)

    if plain:
        draw.rounded_rectangle(at(14, 8, 50, 58), radius=3 * unit, fill=PAPER)
        for top, end in ((20, 43), (29, 43), (38, 43), (47, 34)):
            draw.rounded_rectangle(at(21, top, end, top + 2.5), radius=1.2 * unit, fill=SHEET_LINE)
        return image.resize((size_px, size_px), Image.Resampling.LANCZOS)
    draw.rounded_rectangle(at(12, 10, 52, 60), radius=4 * unit, fill=PAPER)
    draw.rounded_rectangle(at(23, 5, 41, 15), radius=3 * unit, fill=INK)
    for top in (22, 34, 46):
        draw.line(
            [at(18, top + 3), at(21.5, top + 6.5), at(27, top)], fill=TICK, width=round(2.6 * unit), joint="curve"
        )
        draw.rounded_rectangle(at(32, top + 1.5, 46, top + 4.5), radius=1.5 * unit, fill=INK)
    return image.resize((size_px, size_px), Image.Resampling.LANCZOS)


def make() -> None:
    """Write every icon of both kinds."""
    for target, plain in ((TARGET, False), (PLAIN, True)):
        target.mkdir(parents=True, exist_ok=True)
        for name, (size_px, share, square) in ICONS.items():
            icon(size_px, share, square=square, plain=plain).save(target / name, optimize=True)


if __name__ == "__main__":
    make()
