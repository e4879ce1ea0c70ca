"""GLY: which characters the one font draws."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import brotli
import pytest
from fontTools.ttLib import TTFont

from checklists.glyphs import is_drawn, undrawn

FONT = Path(__file__).parents[2] / "fieldapp" / "web" / "assets" / "NotoSansHK.otf.br"


@pytest.mark.parametrize(
    ("words", "boxes"),
    [
        pytest.param("Waited 95 s, café, “quoted” – £5", "", id="Latin"),
        pytest.param("職員態度良好，埗頭邨嘅茶餐廳", "", id="what Hong Kong writes"),
        pytest.param("很好😀😀👍\ufe0f", "😀👍", id="GLY-1 emoji, each once"),
        pytest.param("𠮷野家", "𠮷", id="GLY-1 a rare character"),
        pytest.param("two\nlines\u200b", "", id="what has no picture anywhere"),
    ],
)
def test_what_shows_as_boxes(words: str, boxes: str) -> None:
    assert undrawn(words) == boxes


def test_it_is_what_the_font_has() -> None:
    """GLY-1: made anew with the font."""
    drawn = {code for code in TTFont(BytesIO(brotli.decompress(FONT.read_bytes()))).getBestCmap() if code < 0x30000}
    assert {code for code in range(0x80, 0x30000) if not undrawn(chr(code))} - drawn <= {
        0x200B, 0x200C, 0x200D, 0x2060, 0xFE0E, 0xFE0F, 0xFEFF
    }  # fmt: skip
    assert not [code for code in drawn if undrawn(chr(code)) or not is_drawn(chr(code))]
    assert not [code for code in range(0x30000) if is_drawn(chr(code)) and code not in drawn]
