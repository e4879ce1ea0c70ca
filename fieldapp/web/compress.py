"""Brotli beside every big file, once per content: what is cached is named by the SHA-256 of the original."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

QUALITY = 9  # 11 saves another 14 % and takes minutes
# What stays the same from one build to the next may take some seconds more once: a ninth less to fetch.
BETTER = {"packages.tar": 10, "python_stdlib.zip": 10}
SMALLEST_BYTES = 1000
PACKED_ALREADY = frozenset({".png", ".woff2", ".br"})


def compress_all(site: Path, cache: Path) -> None:
    """Write `name.br` beside each file of `site` that gains from it and has none yet, using every core."""
    cache.mkdir(exist_ok=True)
    files = [path for path in sorted(site.rglob("*")) if path.is_file() and path.suffix not in PACKED_ALREADY]
    files = [path for path in files if path.stat().st_size >= SMALLEST_BYTES and not _packed(path).exists()]
    files.sort(key=_size, reverse=True)
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        used = set(pool.map(lambda path: _compress(path, cache), files))
    _forget_older(cache, used)


def _compress(path: Path, cache: Path) -> Path:
    import brotli  # noqa: PLC0415 - only a real build needs it

    raw = path.read_bytes()
    quality = BETTER.get(path.name, QUALITY)
    packed = cache / f"{hashlib.sha256(raw).hexdigest()}-{quality}.br"
    if not packed.exists():
        beside = packed.with_suffix(f".{os.getpid()}")
        beside.write_bytes(brotli.compress(raw, quality=quality))
        beside.replace(packed)
    _packed(path).write_bytes(packed.read_bytes())
    return packed


def _packed(path: Path) -> Path:
    return path.with_name(path.name + ".br")


def _forget_older(cache: Path, used: Iterable[Path]) -> None:
    for path in set(cache.glob("*.br")) - set(used):
        path.unlink(missing_ok=True)


def _size(path: Path) -> int:
    return path.stat().st_size
