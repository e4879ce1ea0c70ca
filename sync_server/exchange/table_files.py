"""A table as a file, made while it is sent: CSV, and the same columns as a workbook.

TBF-1  Whatever a table is called, its CSV and its workbook have the same rows and columns; the workbook has a second
       row with what the codes of the first mean, where they are the codes of questions.
TBF-2  Both go out in blocks: memory stays flat however long the table is, and the first block goes out at once.
TBF-3  In a workbook text is text, whatever it begins with, and a figure is a number; an empty cell is not written, and
       what XML does not know is left out.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import IO, cast
from xml.sax.saxutils import escape

from checklists.workbook.writing import CONTENT_TYPE as WORKBOOK
from checklists.workbook.writing import MOST_CHARACTERS
from sync_server.exchange import spreadsheet
from sync_server.exchange.zip_sink import ZipSink

Row = Sequence[object]
CSV, XLSX = "csv", "xlsx"
CONTENT_TYPES = {CSV: spreadsheet.CONTENT_TYPE, XLSX: WORKBOOK}
ROWS_A_BLOCK = 200
_DATE = (1980, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_BOLD, _QUIET = 1, 2  # places in cellXfs below
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default'
        ' Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Table" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/worksheet"'
        f' Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><b/>'
        '<sz val="11"/><name val="Calibri"/></font><font><sz val="11"/><color rgb="FF5C6762"/><name val="Calibri"/>'
        '</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill'
        ' patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/>'
        '</cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf fontId="2" applyFont="1"'
        ' applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs></styleSheet>'
    ),
}
_UNKNOWN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def table_file(kind: str, rows: Iterable[Row], texts: Row = ()) -> Iterator[bytes]:
    """Yield a table in blocks, as CSV or XLSX. The first of `rows` is its heads; `texts` say what they mean."""
    return _workbook(rows, texts) if kind == XLSX else _csv(rows)


def _csv(rows: Iterable[Row]) -> Iterator[bytes]:
    left, mark = iter(rows), spreadsheet.BOM
    while block := list(islice(left, ROWS_A_BLOCK)):
        yield mark + spreadsheet.lines(block)
        mark = b""
    if mark:
        yield mark


def _workbook(rows: Iterable[Row], texts: Row) -> Iterator[bytes]:
    sink, left = ZipSink(), iter(rows)
    heads = next(left, ())
    top = [_row(1, heads, _BOLD), *([_row(2, texts, _QUIET)] if texts else ())]
    with zipfile.ZipFile(cast("IO[bytes]", sink), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _PARTS.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), _HEAD + part, zipfile.ZIP_DEFLATED)
        about = zipfile.ZipInfo("xl/worksheets/sheet1.xml", _DATE)
        about.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(about, "w", force_zip64=True) as sheet:
            pane = f'<pane ySplit="{len(top)}" topLeftCell="A{len(top) + 1}" activePane="bottomLeft" state="frozen"/>'
            sheet.write(
                f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView>'
                f'</sheetViews><cols><col min="1" max="{max(1, len(heads))}" width="16" customWidth="1"/></cols>'
                f"<sheetData>{''.join(top)}".encode()
            )
            yield from sink.taken()
            down = len(top)
            while block := list(islice(left, ROWS_A_BLOCK)):
                sheet.write("".join(_row(down + place, row) for place, row in enumerate(block, 1)).encode())
                down += len(block)
                yield from sink.taken()
            sheet.write(b"</sheetData></worksheet>")
    yield from sink.taken()


def _row(down: int, cells: Row, style: int = 0) -> str:
    look = f' s="{style}"' if style else ""
    written = "".join(
        _cell(f"{_column(right)}{down}", cell, look)
        for right, cell in enumerate(cells)
        if cell is not None and cell != ""
    )
    return f'<row r="{down}">{written}</row>'


def _cell(place: str, cell: object, look: str) -> str:
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"{look}><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"{look}><v>{cell}</v></c>'
    text = escape(_UNKNOWN.sub("", str(cell))[:MOST_CHARACTERS])
    return f'<c r="{place}" t="inlineStr"{look}><is><t xml:space="preserve">{text}</t></is></c>'


def _column(right: int) -> str:
    """Return the letters of a column, the first being 0: A, B … Z, AA."""
    letters, left = "", right + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def with_heads(heads: Row, rows: Iterable[Row]) -> Iterator[Row]:
    """Return a table: its heads, then its rows as they come."""
    return chain([heads], rows)
