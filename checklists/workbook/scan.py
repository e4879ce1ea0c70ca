"""What must be known of a workbook before the library reads it: how far its cells reach, and which hold an error.

SCN-1  The library makes room for every cell between the first and the last: two cells far apart would take all memory
       and end the process. So the extent is measured first, in one pass that keeps nothing.
SCN-2  The library gives an empty cell for an error value; which cells hold one is found in the same pass.
SCN-3  A document that declares a type, and with it entities, is refused.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

from checklists.workbook.compound_file import stream_of

Cell = tuple[int, int]  # row and column, from 0
AT_ONCE = 1 << 16
MOST_ERRORS = 10_000
_BIFF_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BOUNDSHEET, _BOF, _EOF, _FILEPASS, _BOOLERR, _FORMULA = 0x0085, 0x0809, 0x000A, 0x002F, 0x0205, 0x0006
_BIFF_8 = 0x0600  # Excel 97 and later
_SPANS = frozenset({0x00BD, 0x00BE})  # several cells of a row, the last column at the end
_CELLS = frozenset({_BOOLERR, _FORMULA, 0x0203, 0x00FD, 0x027E, 0x0201, 0x0204, 0x00D6, *_SPANS})


class PasswordNeededError(ValueError):
    """The workbook is encrypted."""


class Scan:
    """One worksheet: how many rows and columns it reaches, and its error values by cell."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0
        self.errors: dict[Cell, str] = {}

    def reach(self, row: int, column: int) -> None:
        """Note a cell that holds something."""
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)

    def fail(self, row: int, column: int, words: str) -> None:
        """Note an error value."""
        if len(self.errors) < MOST_ERRORS:
            self.errors[row, column] = words or "#ERROR!"


def scanned(content: bytes) -> Mapping[str, Scan]:
    """Return the worksheets by name.

    Raises:
        PasswordNeededError: it is encrypted.
        ValueError: it is not built as its kind is.
    """
    if not content.startswith(b"PK"):
        return _of_biff(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "content.xml" in names:
                return _of_ods(archive)
            if "xl/workbook.xml" in names:
                return dict(_of_xlsx(archive, names))
    except (expat.ExpatError, KeyError, RuntimeError, NotImplementedError) as error:
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


def _of_biff(content: bytes) -> Mapping[str, Scan]:
    names: list[str] = []
    found: list[Scan] = []
    depth, is_sheet, is_old = 0, False, False
    for kind, body in _records(_biff_stream(content)):
        if kind == _FILEPASS:
            raise PasswordNeededError
        if kind == _BOUNDSHEET and len(body) > 7 and body[5] == 0:  # a worksheet, not a chart or a macro
            names.append(_biff_name(body, is_old=is_old))
        elif kind == _BOF:
            depth += 1
            is_old = len(body) > 1 and struct.unpack_from("<H", body)[0] < _BIFF_8
            if depth == 1 and len(body) > 3 and struct.unpack_from("<H", body, 2)[0] == 0x0010:
                found.append(Scan())
                is_sheet = True
        elif kind == _EOF:
            depth -= 1
            is_sheet = is_sheet and depth > 0
        elif is_sheet and kind in _CELLS and len(body) >= 6:
            _note_biff_cell(found[-1], kind, body)
    return dict(zip(names, found, strict=False))


def _biff_name(body: bytes, *, is_old: bool) -> str:
    if is_old:  # Excel 5 and 95: one byte a letter, and none that says so
        return body[7 : 7 + body[6]].decode("latin-1")
    raw = body[8 : 8 + body[6] * (1 + (body[7] & 1))]
    return raw.decode("utf-16-le" if body[7] & 1 else "latin-1")


def _note_biff_cell(scan: Scan, kind: int, body: bytes) -> None:
    row, column = struct.unpack_from("<HH", body)
    scan.reach(row, struct.unpack_from("<H", body, len(body) - 2)[0] if kind in _SPANS else column)
    if kind == _BOOLERR and len(body) > 7 and body[7] == 1:
        scan.fail(row, column, _BIFF_ERRORS.get(body[6], ""))
    elif kind == _FORMULA and len(body) > 13 and body[12:14] == b"\xff\xff" and body[6] == 2:
        scan.fail(row, column, _BIFF_ERRORS.get(body[8], ""))


def _biff_stream(content: bytes) -> bytes:
    try:
        return stream_of(content, "Workbook", "Book")
    except ValueError:
        try:
            stream_of(content, "EncryptedPackage")
        except ValueError:
            pass
        else:
            raise PasswordNeededError from None
        raise


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
