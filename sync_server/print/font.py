"""The one font of what is printed: the Chinese font that the field app carries too, unpacked once for each person.

FNT-1  A character that it has no glyph for is named before anything is set; a box in place of a name is no print.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

import brotli
import platformdirs
from fontTools.ttLib import TTFont

PACKED = Path(__file__).parents[2] / "fieldapp" / "web" / "assets" / "NotoSansHK.otf.br"
FAMILY = "Noto Sans CJK HK"


@cache
def font_folder() -> Path:
    """Return a folder that holds the font as the typesetter reads it, and nothing else. Safe from several processes."""
    size = PACKED.stat().st_size
    folder = Path(platformdirs.user_cache_dir("sync-server", "sync-server")) / f"print-font-{size}"
    target = folder / "NotoSansHK.otf"
    if not target.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=folder, suffix=".part")
        os.close(handle)
        Path(made).write_bytes(brotli.decompress(PACKED.read_bytes()))
        Path(made).replace(target)
    return folder


@cache
def _characters() -> frozenset[int]:
    with TTFont(font_folder() / "NotoSansHK.otf", lazy=True) as font:
        return frozenset(font.getBestCmap())


def lacking(text: str) -> tuple[str, ...]:
    """Return the characters of `text` that the font lacks, each once, in order."""
    return tuple(dict.fromkeys(one for one in text if ord(one) not in _characters() and not one.isspace()))
