"""Which cells of a workbook hold an error value: the reading library gives an empty cell for each of them.

An XLSX says so in the XML of each worksheet, an ODS in its one content file. An XLS is binary: its records are walked.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from sync_server.exchange.csv.compound_file import stream_of

Cell = tuple[int, int]
Errors = Mapping[str, Mapping[Cell, str]]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_IS_ERROR = re.compile(rb"""\bt=["']e["']""")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_BIFF_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BOUNDSHEET, _BOF, _EOF, _BOOLERR, _FORMULA = 0x0085, 0x0809, 0x000A, 0x0205, 0x0006
MAX_REPEATED = 1_000


def errors_in(content: bytes) -> Errors:
    """Return the error values by worksheet and by (row, column), both from 0.

    Raises:
        ValueError: the file is not built as its kind is.
    """
    if not content.startswith(b"PK"):
        return _of_biff(stream_of(content, "Workbook", "Book"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "content.xml" in names:
                return _of_ods(archive.read("content.xml"))
            if "xl/workbook.xml" in names:
                return dict(_of_xlsx(archive))
    except (ET.ParseError, KeyError, RuntimeError, NotImplementedError) as error:
        raise ValueError("a part of the workbook is missing or broken") from error
    raise ValueError("a workbook of another kind")


def _tree(content: bytes) -> ET.Element:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("a workbook defines no entities")
    return ET.fromstring(content)  # noqa: S314


def _of_xlsx(archive: zipfile.ZipFile) -> Iterator[tuple[str, Mapping[Cell, str]]]:
    relations = _tree(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    for sheet in _tree(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "").lstrip("/")
        path = target if target.startswith("xl/") else f"xl/{target}"
        if path in archive.namelist():
            yield sheet.get("name", ""), dict(_of_worksheet(archive.read(path)))


def _of_worksheet(xml: bytes) -> Iterator[tuple[Cell, str]]:
    if not _IS_ERROR.search(xml):
        return
    for match in _CELL.finditer(xml):
        if not _IS_ERROR.search(match[1]):
            continue
        reference, value = _REFERENCE.search(match[1]), _VALUE.search(match[2])
        if reference is None:
            raise ValueError("an error value without its place")
        column = 0
        for letter in reference[1]:
            column = column * 26 + letter - 64
        yield (int(reference[2]) - 1, column - 1), value[1].decode("ascii", "replace") if value else "#ERROR!"


def _of_ods(xml: bytes) -> Errors:
    return {table.get(f"{_TABLE}name", ""): dict(_of_table(table)) for table in _tree(xml).iter(f"{_TABLE}table")}


def _of_table(table: ET.Element) -> Iterator[tuple[Cell, str]]:
    row_number = 0
    for row in table.iter(f"{_TABLE}table-row"):
        times = int(row.get(f"{_TABLE}number-rows-repeated", "1"))
        column = 0
        for cell in row:
            wide = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            if cell.get(f"{_CALC}value-type") == "error":
                words = "".join(cell.itertext()).strip() or "#ERROR!"
                for down in range(min(times, MAX_REPEATED)):
                    for right in range(min(wide, MAX_REPEATED)):
                        yield (row_number + down, column + right), words
            column += wide
        row_number += times


def _of_biff(stream: bytes) -> Errors:
    names: list[str] = []
    found: list[dict[Cell, str]] = []
    depth, is_sheet = 0, False
    for kind, body in _records(stream):
        if kind == _BOUNDSHEET and len(body) > 8 and body[5] == 0:  # a worksheet, not a chart or a macro
            size, flags = body[6], body[7]
            raw = body[8 : 8 + size * (1 + (flags & 1))]
            names.append(raw.decode("utf-16-le" if flags & 1 else "latin-1"))
        elif kind == _BOF:
            depth += 1
            if depth == 1 and len(body) > 3 and struct.unpack_from("<H", body, 2)[0] == 0x0010:
                found.append({})
                is_sheet = True
        elif kind == _EOF:
            depth -= 1
            is_sheet = is_sheet and depth > 0
        elif is_sheet and kind == _BOOLERR and len(body) > 7 and body[7] == 1:
            found[-1][struct.unpack_from("<HH", body)] = _BIFF_ERRORS.get(body[6], "#ERROR!")
        elif is_sheet and kind == _FORMULA and len(body) > 13 and body[12:14] == b"\xff\xff" and body[6] == 2:
            found[-1][struct.unpack_from("<HH", body)] = _BIFF_ERRORS.get(body[8], "#ERROR!")
    return dict(zip(names, found, strict=False))


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
