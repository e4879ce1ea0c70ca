"""The one font of what is printed: the Chinese font that the field app carries too, unpacked once for each person."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

import brotli
import platformdirs

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
