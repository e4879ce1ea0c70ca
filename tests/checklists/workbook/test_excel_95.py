"""A workbook of Excel 5 and 95 is read as one of today: its names and words are one byte a letter."""

from __future__ import annotations

import struct
from contextlib import suppress

import pytest

from checklists.workbook.reading import WorkbookError, worksheets

SECTOR = 512
FREE, END, IS_TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
BIFF_5, GLOBALS, WORKSHEET = 0x0500, 0x0005, 0x0010


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def book(name: str, rows: list[list[str]], said: bytes = b"") -> bytes:
    """The stream: what is of the whole, then one worksheet of words."""
    whole = record(0x0809, struct.pack("<HHHH", BIFF_5, GLOBALS, 0, 0))
    named = bytes([len(name)]) + name.encode()
    at = len(whole) + 4 + 6 + len(named) + 4
    whole += record(0x0085, struct.pack("<IBB", at, 0, 0) + named) + record(0x000A, b"")
    cells = b"".join(
        record(0x0204, struct.pack("<HHHH", down, right, 0, len(words)) + words.encode())
        for down, row in enumerate(rows)
        for right, words in enumerate(row)
    )
    return whole + record(0x0809, struct.pack("<HHHH", BIFF_5, WORKSHEET, 0, 0)) + said + cells + record(0x000A, b"")


def compound(stream: bytes, name: str) -> bytes:
    """The file around one stream: its header, the table of sectors, the directory, and the sectors themselves."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    count = len(stream) // SECTOR
    table = [IS_TABLE, END, *range(3, 2 + count), END]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    entries = entry("Root Entry", 5, END, 0, child=1) + entry(name, 2, 2, len(stream)) + entry("", 0, 0, 0) * 2
    sectors = struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff")
    return head + sectors + entries + stream


def entry(name: str, kind: int, start: int, size: int, *, child: int = FREE) -> bytes:
    words = name.encode("utf-16-le")
    named = words.ljust(64, b"\0") + struct.pack("<H", len(words) + 2 if name else 0)
    return named + struct.pack("<BBIII", kind, 1, FREE, FREE, child) + bytes(36) + struct.pack("<IQ", start, size)


def test_a_workbook_of_excel_95_is_read() -> None:
    rows = [["type", "name"], ["text", "a"]]
    (sheet,) = worksheets(compound(book("survey", rows), "Book"))
    assert (sheet.name, [list(row) for row in sheet.grid]) == ("survey", rows)


def test_a_workbook_that_was_cut_off_is_told_wherever_the_cut_is() -> None:
    """The library panics at some of these, past every Exception, or makes room without end."""
    content = compound(book("survey", [["type", "name"], ["text", "a"]]), "Book")
    for length in (*range(8, len(content), 97), 2 * SECTOR + 20):
        with pytest.raises(WorkbookError, match="can be read"):
            worksheets(content[:length])


def test_a_sheet_that_says_it_has_more_cells_than_any_memory_is_read_by_those_it_has() -> None:
    """BIF-1: the process would end at once."""
    rows = [["type", "name"], ["text", "a"]]
    said = record(0x0200, struct.pack("<HHHHH", 0, 0xFFFF, 0, 0xFFFF, 0))
    whole = compound(book("survey", rows, said), "Book")
    assert [list(row) for row in worksheets(whole)[0].grid] == rows
    huge = record(0x0200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0))
    assert [list(row) for row in worksheets(compound(book("survey", rows, huge), "Book"))[0].grid] == rows


@pytest.mark.parametrize("at", [pytest.param(44, id="table of sectors"), pytest.param(64, id="table of small ones")])
def test_a_container_that_says_its_tables_are_larger_than_any_memory_is_read_or_told(at: int) -> None:
    """BIF-2: the process would end at once."""
    rows = [["type", "name"], ["text", "a"]]
    whole = bytearray(compound(book("survey", rows), "Book"))
    whole[at : at + 4] = struct.pack("<I", 0x7FFF_FFFF)
    with suppress(WorkbookError):
        assert [list(row) for row in worksheets(bytes(whole))[0].grid] == rows
