"""Workbooks as people save them: XLSX by the library that writes our own, ODS by hand, ZIPs of files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from html import escape
from typing import Any

import xlsxwriter

ERROR = "error:"  # error:#N/A is a formula's error value


def xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]], merged: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """One worksheet a name; dates are typed, `error:#N/A` is an error value, `merged` are ranges "A2:A4"."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    formats = {
        kind: book.add_format({"num_format": pattern})
        for kind, pattern in ((date, "d/m/yyyy"), (datetime, "d/m/yyyy hh:mm"), (time, "hh:mm"))
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for area in (merged or {}).get(name, ()):
            sheet.merge_range(area, "")
        for down, row in enumerate(rows):
            for right, cell in enumerate(row):
                if isinstance(cell, (date, datetime, time)):
                    sheet.write_datetime(down, right, cell, formats[type(cell)])
                elif isinstance(cell, str) and cell.startswith(ERROR):
                    sheet.write_formula(down, right, "=NA()", None, cell.removeprefix(ERROR))
                elif cell not in ("", None):
                    sheet.write(down, right, cell)
    book.close()
    return out.getvalue()


_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = " ".join(f'xmlns:{name}="{_OASIS}:{name}:1.0"' for name in ("office", "table", "text"))
_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
_MIME = "application/vnd.oasis.opendocument.spreadsheet"


def ods(sheets: Mapping[str, Sequence[Sequence[Any]]], times: tuple[int, int] = (1, 1)) -> bytes:
    """The same as LibreOffice saves it; each row and each cell standing for so many."""
    rows, columns = times
    down, right = f' table:number-rows-repeated="{rows}"', f' table:number-columns-repeated="{columns}"'
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(
            f"<table:table-row{down}>{''.join(_ods_cell(cell, right) for cell in row)}</table:table-row>"
            for row in lines
        )
        + "</table:table>"
        for name, lines in sheets.items()
    )
    return zipped({
        "mimetype": _MIME,
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME}"/></manifest:manifest>',
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} {_CALC}><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
    })  # fmt: skip


def _ods_cell(cell: Any, right: str) -> str:
    kind, words = 'office:value-type="string"', str(cell)
    if isinstance(cell, date):
        kind = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
    elif words.startswith(ERROR):
        kind, words = f'{kind} calcext:value-type="error"', words.removeprefix(ERROR)
    return f"<table:table-cell {kind}{right}><text:p>{escape(words)}</text:p></table:table-cell>"


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of `files` by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
