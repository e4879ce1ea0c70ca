"""CSV as a spreadsheet opens it: UTF-8 with BOM, and no cell that it would read as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff".encode()
CONTENT_TYPE = "text/csv"  # the framework adds the charset
# What a cell of somebody else's words must not begin with; the full-width ones count where the system is Chinese.
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def lines(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV. Numbers stay numbers, None is an empty cell, text that looks like a formula stays text."""
    out = io.StringIO()
    csv.writer(out).writerows(
        [f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULA_STARTS else cell for cell in row] for row in rows
    )
    return out.getvalue().encode()
