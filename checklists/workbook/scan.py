"""What must be known of a workbook before the library reads it: how far its cells reach, and which hold an error.

SCN-1  The library makes room for every cell between the first and the last: two cells far apart would take all memory
       and end the process. So the extent is measured first, in one pass that keeps nothing.
SCN-2  The library gives an empty cell for an error value; which cells hold one is found in the same pass.
SCN-3  A document that declares a type, and with it entities, is refused.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

from checklists.workbook.biff import scanned_biff, stream_of_xls
from checklists.workbook.extent import MOST_ERRORS, Cell, Scan

AT_ONCE = 1 << 16


def scanned(content: bytes) -> Mapping[str, Scan]:
    """Return the worksheets by name.

    Raises:
        PasswordNeededError: it is encrypted.
        ValueError: it is not built as its kind is.
    """
    if not content.startswith(b"PK"):
        return scanned_biff(stream_of_xls(content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "content.xml" in names:
                return _of_ods(archive)
            if "xl/workbook.xml" in names:
                return dict(_of_xlsx(archive, names))
    except (expat.ExpatError, LookupError, RuntimeError, NotImplementedError) as error:
        raise ValueError("a part of the workbook is missing or broken") from error
    raise ValueError("a workbook of another kind")


Start = Callable[[str, Mapping[str, str]], None]


def _parse(
    archive: zipfile.ZipFile, path: str, start: Start, end: Callable[[str], None], text: Callable[[str], None]
) -> None:
    """Walk through a part, its names without their prefixes."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def declare(*_: object) -> None:
        raise ValueError("a workbook declares no document type")

    parser.StartDoctypeDeclHandler = declare
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = text
    with archive.open(path) as stream:
        while piece := stream.read(AT_ONCE):
            parser.Parse(piece, False)
    parser.Parse(b"", True)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _ignore(*_: object) -> None:
    return None


def _of_xlsx(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, Scan]]:
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "").lstrip("/")

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            named = {_local(key): value for key, value in attributes.items() if ":" in key}
            sheets.append((attributes.get("name", ""), named.get("id", "")))

    _parse(archive, "xl/_rels/workbook.xml.rels", relation, _ignore, _ignore)
    _parse(archive, "xl/workbook.xml", sheet, _ignore, _ignore)
    for name, ident in sheets:
        target = targets.get(ident, "")
        path = target if target.startswith("xl/") else f"xl/{target}"
        if path in names:
            yield name, _Worksheet().scan(archive, path)


class _Worksheet:
    """Walks through the cells of one worksheet of an XLSX, also of those that do not say where they stand."""

    def __init__(self) -> None:
        self._found = Scan()
        self._row = self._column = -1
        self._is_error = self._in_value = False
        self._words = ""

    def scan(self, archive: zipfile.ZipFile, path: str) -> Scan:
        _parse(archive, path, self._start, self._end, self._text)
        return self._found

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            reference = attributes.get("r")
            self._row, self._column = _cell_of(reference) if reference else (self._row, self._column + 1)
            self._is_error, self._words = attributes.get("t") == "e", ""
        elif name == "row":
            self._row, self._column = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1, -1
        elif name in ("v", "is"):  # a cell that has only a look, or a formula nobody worked out, takes no room
            self._found.reach(self._row, self._column)
            self._in_value = name == "v" and self._is_error

    def _text(self, words: str) -> None:
        if self._in_value and len(self._words) < 40:
            self._words += words

    def _end(self, name: str) -> None:
        if name == "v":
            self._in_value = False
        elif name == "c" and self._is_error:
            self._found.fail(self._row, self._column, self._words.strip())
            self._is_error = False


def _cell_of(reference: str) -> Cell:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter.upper()) - 64
    if not (0 < len(letters) <= 3 and letters.isalpha() and letters.isascii()):
        raise ValueError("a cell without its place")
    return int(reference[len(letters) :]) - 1, column - 1


def _of_ods(archive: zipfile.ZipFile) -> Mapping[str, Scan]:
    found: dict[str, Scan] = {}
    walk = _Spreadsheet(found)
    _parse(archive, "content.xml", walk.start, walk.end, walk.text)
    return found


class _Spreadsheet:
    """Walks through the tables of an ODS, where a row or a cell may stand for many."""

    def __init__(self, found: dict[str, Scan]) -> None:
        self._found = found
        self._scan = Scan()
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._is_error = False
        self._words = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        named = {_local(key): value for key, value in attributes.items()}
        if name == "table":
            self._scan = self._found.setdefault(named.get("name", ""), Scan())
            self._row = 0
        elif name == "table-row":
            self._rows, self._column = int(named.get("number-rows-repeated", "1")), 0
        elif name in ("table-cell", "covered-table-cell"):
            self._columns = int(named.get("number-columns-repeated", "1"))
            self._is_error, self._words = named.get("value-type") == "error" or _is_calc_error(attributes), ""
            if "value-type" in named or "formula" in named:
                self._scan.reach(self._row + self._rows - 1, self._column + self._columns - 1)

    def text(self, words: str) -> None:
        if self._is_error and len(self._words) < 40:
            self._words += words

    def end(self, name: str) -> None:
        if name == "table-row":
            self._row += self._rows
        elif name in ("table-cell", "covered-table-cell"):
            if self._is_error:
                for down in range(min(self._rows, MOST_ERRORS)):
                    for right in range(min(self._columns, 100)):
                        self._scan.fail(self._row + down, self._column + right, self._words.strip())
            self._column += self._columns
            self._is_error = False


def _is_calc_error(attributes: Mapping[str, str]) -> bool:
    return any(key.endswith(":value-type") and value == "error" for key, value in attributes.items())
