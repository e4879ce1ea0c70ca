"""Archives with nothing in them but names and bytes, so that the same files make the same archive."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path


def tar(folder: Path, target: Path) -> None:
    """Write every file below `folder` to a plain ustar archive; the worker unpacks it in one pass."""
    with tarfile.open(target, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, raw in _files(folder):
            entry = tarfile.TarInfo(name)
            entry.size = len(raw)
            archive.addfile(entry, io.BytesIO(raw))


def stored_zip(folder: Path, target: Path) -> None:
    """Write every file below `folder` to an uncompressed zip: Python imports from it without inflating."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, raw in _files(folder):
            archive.writestr(zipfile.ZipInfo(name), raw)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()
