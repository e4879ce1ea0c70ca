"""Workbooks that a spreadsheet leaves as they are: every cell is text, in a column formatted as text.

WBO-1  No cell is a formula, whatever it begins with, and none is a number or a day that a spreadsheet would rewrite.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_CHARACTERS = 32_767  # of one cell

Rows = Iterable[Sequence[str]]


def workbook(name: str, rows: Rows, *, widths: Sequence[int] = ()) -> bytes:
    """Return a workbook of one worksheet; the first of `rows` is its heading."""
    return workbook_of({name: rows}, widths=widths)


def workbook_of(worksheets: Mapping[str, Rows], *, widths: Sequence[int] = ()) -> bytes:
    """Return a workbook of several worksheets by name, in their order; the first row of each is its heading."""
    # Here, because `checklists` is imported where the library is not: the phone, and anybody's script.
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    text = book.add_format({"num_format": "@"})
    heading = book.add_format({"num_format": "@", "bold": True})
    for name, rows in worksheets.items():
        sheet = book.add_worksheet(name[:31])
        for down, row in enumerate(rows):
            if down == 0:
                for right in range(len(row)):
                    sheet.set_column(right, right, widths[right] if right < len(widths) else 18, text)
                sheet.freeze_panes(1, 0)
            for right, cell in enumerate(row):
                sheet.write_string(down, right, cell[:MOST_CHARACTERS], heading if down == 0 else text)
    book.close()
    return out.getvalue()
