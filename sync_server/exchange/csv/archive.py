"""The CSV files in what a person uploads: files as they are, and those inside a ZIP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from checklists.language import N_, sentence
from checklists.problems import Problem
from sync_server.exchange.csv.reader import MAX_FILE_BYTES

MAX_FILES = 50


def unpacked(uploads: Iterable[tuple[str, bytes]]) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
    """Return the files of `uploads` (name and content) by name in lower case, and what cannot be used.

    Folders inside a ZIP are ignored, and so are the extra files that some systems add.
    """
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for name, content in uploads:
        for inner, held in _inside(name, content, problems):
            if inner in files:
                message = sentence(N_("was given twice; keep one"))
                problems.append(Problem(place=inner, code="file-repeated", message=message))
            files[inner] = held
    return files, tuple(problems)


def _inside(name: str, content: bytes, problems: list[Problem]) -> Iterable[tuple[str, bytes]]:
    if not content.startswith(b"PK"):
        yield _plain(name), content
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = [held for held in archive.infolist() if _is_wanted(held)]
            if len(wanted) > MAX_FILES or sum(held.file_size for held in wanted) > 2 * MAX_FILE_BYTES:
                raise zipfile.LargeZipFile("it holds too much")
            for held in wanted:
                # Never more than it says: a small archive may unpack to a very large file.
                with archive.open(held) as stream:
                    yield _plain(held.filename), stream.read(MAX_FILE_BYTES + 1)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
        message = sentence(N_("cannot be unpacked; choose the CSV files themselves"))
        problems.append(Problem(place=_plain(name), code="not-a-zip", message=message))


def _is_wanted(held: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(held.filename)
    return path.suffix.lower() == ".csv" and not path.name.startswith(".") and "__MACOSX" not in path.parts


def _plain(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name.lower()[:80]
