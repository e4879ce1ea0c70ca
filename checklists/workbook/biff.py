"""The stream of an XLS: records after each other, first of the whole, then of each sheet where the whole says it is.

BIF-1  The library makes room for as many cells as a sheet says it has, which may be more than any memory; a process
       that asks for that ends at once. What a sheet says of its size is struck out: it is a hint, the cells tell.
BIF-2  Likewise it trusts what the container says of its own tables. It is given a container made anew.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from checklists.workbook.compound_file import file_of, stream_of
from checklists.workbook.extent import PasswordNeededError, Scan

_BIFF_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BOUNDSHEET, _BOF, _EOF, _FILEPASS, _BOOLERR, _FORMULA = 0x0085, 0x0809, 0x000A, 0x002F, 0x0205, 0x0006
_DIMENSIONS = 0x0200
_MOST_SHEETS = 1_000
_BIFF_8 = 0x0600  # Excel 97 and later
_SPANS = frozenset({0x00BD, 0x00BE})  # several cells of a row, the last column at the end
_CELLS = frozenset({_BOOLERR, _FORMULA, 0x0203, 0x00FD, 0x027E, 0x0201, 0x0204, 0x00D6, *_SPANS})


def stream_of_xls(content: bytes) -> bytes:
    """Return the stream of the workbook.

    Raises:
        PasswordNeededError: it is encrypted.
        ValueError: it is not built as an XLS is.
    """
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


def scanned_biff(stream: bytes) -> Mapping[str, Scan]:
    """Return the sheets of an XLS by name, charts among them.

    Raises:
        PasswordNeededError: it is encrypted.
        ValueError: it names no sheet, or more than anybody looks at.
    """
    found: dict[str, Scan] = {}
    for at, name in _sheets(stream):  # where the library looks for each: not one after the other
        _scan_sheet(found.setdefault(name, Scan()), stream, at)
    return found


def _sheets(stream: bytes) -> list[tuple[int, str]]:
    is_old = False
    sheets: list[tuple[int, str]] = []
    for kind, body in _records(stream):
        if kind == _EOF:
            break
        if kind == _FILEPASS:
            raise PasswordNeededError
        if kind == _BOF:
            is_old = len(body) > 1 and struct.unpack_from("<H", body)[0] < _BIFF_8
        elif kind == _BOUNDSHEET and len(body) > 7:
            sheets.append((struct.unpack_from("<I", body)[0], _name(body, is_old=is_old)))
    if not 0 < len(sheets) <= _MOST_SHEETS:
        raise ValueError("no sheet, or more than anybody looks at")
    return sheets


def _scan_sheet(scan: Scan, stream: bytes, at: int) -> None:
    depth = 0  # a chart may stand within a sheet
    for kind, body in _records(stream, at):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0 and kind == _EOF:
            return
        if depth > 1:
            continue
        if kind in _CELLS and len(body) >= 6:
            _note_cell(scan, kind, body)


def laid_anew(stream: bytes) -> bytes:
    """Return a file with this stream and no other, which says nothing of how many cells there are (BIF-1, BIF-2)."""
    written = bytearray(stream)
    for start in (0, *(at for at, _ in _sheets(stream))):
        for at, kind, body in _placed(stream, start):
            if kind == _DIMENSIONS:
                written[at : at + len(body)] = bytes(len(body))
    return file_of("Workbook", bytes(written))


def _name(body: bytes, *, is_old: bool) -> str:
    if is_old:  # Excel 5 and 95: one byte a letter, and none that says so
        return body[7 : 7 + body[6]].decode("latin-1")
    raw = body[8 : 8 + body[6] * (1 + (body[7] & 1))]
    return raw.decode("utf-16-le" if body[7] & 1 else "latin-1")


def _note_cell(scan: Scan, kind: int, body: bytes) -> None:
    row, column = struct.unpack_from("<HH", body)
    scan.reach(row, struct.unpack_from("<H", body, len(body) - 2)[0] if kind in _SPANS else column)
    if kind == _BOOLERR and len(body) > 7 and body[7] == 1:
        scan.fail(row, column, _BIFF_ERRORS.get(body[6], ""))
    elif kind == _FORMULA and len(body) > 13 and body[12:14] == b"\xff\xff" and body[6] == 2:
        scan.fail(row, column, _BIFF_ERRORS.get(body[8], ""))


def _records(stream: bytes, at: int = 0) -> Iterator[tuple[int, bytes]]:
    return ((kind, body) for _, kind, body in _placed(stream, at))


def _placed(stream: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield where the body of each record begins, its kind, and the body."""
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield at + 4, kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
