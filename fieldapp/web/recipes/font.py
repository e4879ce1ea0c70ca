"""Make `assets/NotoSansHK.otf.br`: Noto Sans CJK HK with the characters Hong Kong writes (Big5, HKSCS, Latin, signs).

Run: python -m fieldapp.web.recipes.font /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
(Debian: fonts-noto-cjk; needs fonttools and brotli.) Takes about half a minute. The source is under the SIL Open Font
License 1.1; its text lies beside the font. Layout features other than kerning would nearly double the size.
"""

from __future__ import annotations

import io
import sys
from itertools import chain
from pathlib import Path

import brotli
from fontTools import subset
from fontTools.ttLib import TTCollection

TARGET = Path(__file__).parent.parent / "assets" / "NotoSansHK.otf.br"
FACE = "Noto Sans CJK HK"
# Latin with accents; punctuation; currency; letter-like signs and arrows; circled digits; shapes; kana and CJK
# punctuation; bopomofo; full-width forms.
RANGES = (
    (0x20, 0x250),
    (0x2000, 0x2070),
    (0x20A0, 0x20C0),
    (0x2100, 0x2200),
    (0x2200, 0x2300),
    (0x2460, 0x2500),
    (0x25A0, 0x2670),
    (0x2713, 0x2718),
    (0x3000, 0x3130),
    (0xFF00, 0xFFF0),
)


def double_byte(encoding: str) -> set[int]:
    """Return every character that two bytes can say in `encoding`."""
    characters: set[int] = set()
    for high in range(0x87, 0xFF):
        for low in chain(range(0x40, 0x7F), range(0xA1, 0xFF)):
            try:
                characters.update(map(ord, bytes([high, low]).decode(encoding)))
            except UnicodeDecodeError:
                continue  # a gap in the code page
    return characters


def characters() -> set[int]:
    """Return the code points the font shall hold."""
    return set(chain.from_iterable(range(*r) for r in RANGES)) | double_byte("big5") | double_byte("big5hkscs")


def make(source: Path, target: Path = TARGET) -> None:
    """Write the subset of `source` (a collection holding `FACE`) to `target`."""
    names = [font["name"].getDebugName(1) for font in TTCollection(str(source)).fonts]
    options = subset.Options()
    options.font_number = names.index(FACE)
    options.layout_features = ["kern"]
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    made = io.BytesIO()
    font.save(made)
    target.write_bytes(brotli.compress(made.getvalue(), quality=11))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
