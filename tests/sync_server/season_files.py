"""CSV files of a small season: the templates' own example rows, changed where a test is about something."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from sync_server.exchange.csv.sheets import SHEETS, template

Rows = list[dict[str, str]]


def example_season() -> dict[str, bytes]:
    """Every file with the example row of its template: one entrant, one assignment."""
    return {sheet.file: template(sheet) for sheet in SHEETS}


def rows_of(content: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def as_file(rows: Rows) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def changed(files: Mapping[str, bytes], file: str, row: int = 0, **cells: Any) -> dict[str, bytes]:
    """The same files, with cells of one data row (from 0) replaced."""
    rows = rows_of(files[file])
    rows[row] |= {name: str(value) for name, value in cells.items()}
    return {**files, file: as_file(rows)}


def with_row(files: Mapping[str, bytes], file: str, **cells: Any) -> dict[str, bytes]:
    """The same files, with a copy of the first row added, changed in `cells`."""
    rows = rows_of(files[file])
    return {**files, file: as_file([*rows, rows[0] | {name: str(value) for name, value in cells.items()}])}
