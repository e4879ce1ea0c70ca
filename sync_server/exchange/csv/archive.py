"""The tables in what a person gives: files, the files of a folder, and those inside a ZIP archive, all alike.

ARC-1  Every file that is not read is named with its reason; those a system adds by itself are named together.
ARC-2  Names count without their folders and in any case. Of two in one archive or folder the one higher up is read;
       two at the same height, or two given side by side, are a problem.
ARC-3  Nothing outside the archive or folder is read, nothing that unpacks to more than an import may hold, and no
       archive inside an archive.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec

from checklists.language import N_, Sentence, Template, sentence
from sync_server.exchange.csv.problems import Place, SheetProblem, problem

MAX_FILE_BYTES = 20_000_000
MAX_FILES = 50
MAX_NAMED = 2_000
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
_INSIDE_A_WORKBOOK = ("[Content_Types].xml", "mimetype", "xl/workbook.xml", "content.xml")
_SYSTEMS = frozenset({"__macosx", "desktop.ini", "thumbs.db"})
_Read = Callable[[], bytes]

OUTSIDE = N_("its place is outside the folder")
NESTED = N_("it is an archive inside an archive; unpack it first")
HIGHER = N_("a file of this name stands higher up and was read instead")
NUMBERS = N_("export it from Numbers as XLSX or CSV")
BINARY = N_("save it as XLSX")
OTHER = N_("it is neither CSV nor a workbook (XLSX, XLS, ODS)")
_REASONS: Mapping[str, Template] = {".numbers": NUMBERS, ".xlsb": BINARY, ".zip": NESTED}


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """The files to read, by name in lower case; what was not read and why; and what cannot be used at all."""

    files: Mapping[str, bytes]
    remarks: tuple[Sentence, ...] = ()
    problems: tuple[SheetProblem, ...] = ()


class _Given(NamedTuple):
    container: str  # the archive or folder it lies in; of its own for a file given by itself
    path: PurePosixPath
    content: bytes

    @property
    def name(self) -> str:
        return self.path.name.lower()[:80]


def gathered(uploads: Iterable[tuple[str, bytes]]) -> Gathered:
    """Return the tables among `uploads` (name and content)."""
    gathering = _Gathering()
    for number, (name, content) in enumerate(uploads):
        gathering.take(f"{number}", name, content)
    return gathering.ended()


def gathered_in(folder: Path) -> Gathered:
    """Return the tables in `folder` and the folders in it; archives among them are opened.

    Raises:
        OSError: the folder cannot be read.
    """
    gathering = _Gathering()
    root = folder.resolve()
    for number, path in enumerate(sorted(folder.rglob("*"))):
        name = path.relative_to(folder).as_posix()
        if number >= MAX_NAMED:
            message = sentence(N_("holds more than {limit} files; name a folder of the season alone"), limit=MAX_NAMED)
            gathering.problems.append(problem(Place(folder.name), "too-many-files", message))
            break
        if path.is_dir():
            continue
        if not path.resolve().is_relative_to(root):
            gathering.leave(name, OUTSIDE)
        elif path.suffix.lower() in (*SUFFIXES, ".zip"):
            with path.open("rb") as stream:
                gathering.take("", name, stream.read(2 * MAX_FILE_BYTES + 1))
        else:
            gathering.take("", name, b"")
    return gathering.ended()


class _Gathering:
    def __init__(self) -> None:
        self.problems: list[SheetProblem] = []
        self._left: list[Sentence] = []
        self._systems: list[str] = []
        self._given: list[_Given] = []

    def take(self, container: str, name: str, content: bytes) -> None:
        """Take one file, or what is inside it."""
        if _is_archive(content):
            self._open(name, content)
        else:
            self._sort_out(container, PurePosixPath(name.replace("\\", "/")), lambda: content)

    def leave(self, name: str, reason: Template) -> None:
        """Name a file that is not read."""
        if len(self._left) < MAX_NAMED:
            self._left.append(
                sentence(N_("{file} was not read: {reason}."), file=_short(name), reason=sentence(reason))
            )

    def ended(self) -> Gathered:
        """Return all of it."""
        files: dict[str, _Given] = {}
        for given in sorted(self._given, key=lambda given: len(given.path.parts)):
            before = files.get(given.name)
            if before is None:
                files[given.name] = given
            elif before.container == given.container and len(before.path.parts) < len(given.path.parts):
                self.leave(str(given.path), HIGHER)
            else:
                message = sentence(N_("was given twice; keep one"))
                self.problems.append(problem(Place(given.name), "file-repeated", message))
        if self._systems:
            listed = ", ".join(_short(name) for name in self._systems[:10])
            count = len(self._systems)
            words = N_("Files that a system adds by itself were left out ({count}): {files}.")
            self._left.append(sentence(words, count=count, files=listed))
        return Gathered(
            files={name: given.content for name, given in files.items()},
            remarks=tuple(self._left),
            problems=tuple(self.problems),
        )

    def _sort_out(self, container: str, path: PurePosixPath, read: _Read) -> None:
        suffix = path.suffix.lower()
        if path.is_absolute() or ".." in path.parts:
            self.leave(str(path), OUTSIDE)
        elif path.name.startswith((".", "~$")) or any(part.lower() in _SYSTEMS for part in path.parts):
            self._systems.append(str(path))
        elif suffix in SUFFIXES:
            self._given.append(_Given(container, path, read()))
        else:
            self.leave(str(path), _REASONS.get(suffix, OTHER))

    def _open(self, name: str, content: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
                tables = [entry for entry in entries if PurePosixPath(entry.filename).suffix.lower() in SUFFIXES]
                is_too_much = len(tables) > MAX_FILES or sum(entry.file_size for entry in tables) > 2 * MAX_FILE_BYTES
                if is_too_much or len(entries) > MAX_NAMED:
                    message = sentence(
                        N_("holds more than {files} files or {limit} MB; choose the files of the season alone"),
                        files=MAX_FILES, limit=2 * MAX_FILE_BYTES // 1_000_000,
                    )  # fmt: skip
                    self.problems.append(problem(Place(_short(name)), "archive-too-large", message))
                    return
                for entry in entries:
                    path = PurePosixPath(entry.filename.replace("\\", "/"))
                    # Never more than it says: the library stops at the size the archive declares.
                    self._sort_out(name, path, lambda entry=entry: archive.read(entry))  # type: ignore[misc]
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
            message = sentence(N_("cannot be unpacked; choose the files themselves"))
            self.problems.append(problem(Place(_short(name)), "not-a-zip", message))


def _is_archive(content: bytes) -> bool:
    """Is this a ZIP of files, and not a workbook, which is a ZIP as well? A broken one is an archive here."""
    if not content.startswith(b"PK\x03\x04") and not content.startswith(b"PK\x05\x06"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return not set(_INSIDE_A_WORKBOOK) & set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return True


def _short(name: str) -> str:
    return name if len(name) <= 80 else f"…{name[-79:]}"
