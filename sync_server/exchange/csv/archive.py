"""The CSV files in what a person uploads: files as they are, and those inside a ZIP archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from checklists.language import N_, sentence
from sync_server.exchange.csv.problems import Place, SheetProblem, problem
from sync_server.exchange.csv.reader import MAX_FILE_BYTES

MAX_FILES = 50


def unpacked(uploads: Iterable[tuple[str, bytes]]) -> tuple[Mapping[str, bytes], tuple[SheetProblem, ...]]:
    """Return the files of `uploads` (name and content) by name in lower case, and what cannot be used.

    Folders inside a ZIP are ignored, and so are the extra files that some systems add.
    """
    files: dict[str, bytes] = {}
    problems: list[SheetProblem] = []
    for name, content in uploads:
        for inner, inner_content in _inside(name, content, problems):
            if inner in files:
                problems.append(problem(Place(inner), "file-repeated", sentence(N_("was given twice; keep one"))))
            files[inner] = inner_content
    return files, tuple(problems)


def _inside(name: str, content: bytes, problems: list[SheetProblem]) -> Iterable[tuple[str, bytes]]:
    if not content.startswith(b"PK"):
        yield _plain(name), content
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = [entry for entry in archive.infolist() if _is_wanted(entry)]
            if len(wanted) > MAX_FILES or sum(entry.file_size for entry in wanted) > 2 * MAX_FILE_BYTES:
                raise zipfile.LargeZipFile("it holds too much")
            for entry in wanted:
                # Never more than it says: a small archive may unpack to a very large file.
                with archive.open(entry) as stream:
                    yield _plain(entry.filename), stream.read(MAX_FILE_BYTES + 1)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
        message = sentence(N_("cannot be unpacked; choose the CSV files themselves"))
        problems.append(problem(Place(_plain(name)), "not-a-zip", message))


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    return path.suffix.lower() == ".csv" and not path.name.startswith(".") and "__MACOSX" not in path.parts


def _plain(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name.lower()[:80]
