"""The worksheets of a workbook (XLSX, XLSM, XLS, ODS), every cell as the text a CSV of it should have held.

WB-1  A typed cell comes typed: a date as 2021-03-01, a moment as 2021-03-01 09:00, a whole number without ".0".
WB-2  A merged cell stands in each row it covers: that is what the eye reads there.
WB-3  An error value is told as itself: the library gives nothing in its place, so it is looked for in the file.
WB-4  What a workbook unpacks to is bounded before it is unpacked, and so are its rows and columns.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from checklists.language import N_, SentenceError, sentence
from sync_server.exchange.csv.workbook_errors import errors_in

MAX_UNPACKED_BYTES = 200_000_000
MAX_ROWS = 100_000
MAX_CELLS = 4_000_000
_EXACT_BELOW = 10**15  # a spreadsheet keeps fifteen digits
MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

Grid = Sequence[Sequence[str]]


class WorkbookError(SentenceError, ValueError):
    """A workbook cannot be read; the message says why and what to do."""


class Worksheet(NamedTuple):
    """One worksheet: its name and its cells, from the first row and column of the spreadsheet on."""

    name: str
    grid: Grid


def is_workbook(content: bytes) -> bool:
    """Does `content` begin as a workbook does? A ZIP of files begins so too."""
    return content.startswith(MAGIC)


def worksheets(content: bytes) -> Sequence[Worksheet]:
    """Return the worksheets that hold anything, in their order; hidden ones too.

    Raises:
        WorkbookError: protected, broken, of another kind, or too large.
    """
    _refuse_bombs(content)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(content)) as workbook:
            names = [meta.name for meta in workbook.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet]
            errors = errors_in(content)
            read = [_worksheet(workbook.get_sheet_by_name(name), errors.get(name, {})) for name in names]
    except PasswordError as error:
        raise WorkbookError(
            sentence(N_("is protected by a password; save it without one, or as “CSV UTF-8”"))
        ) from error
    except (CalamineError, zipfile.BadZipFile, ValueError, OverflowError) as error:
        if isinstance(error, WorkbookError):
            raise
        raise WorkbookError(
            sentence(N_("is not a workbook that can be read; save it as XLSX or as “CSV UTF-8”"))
        ) from error
    return [sheet for sheet in read if sheet.grid]


def _refuse_bombs(content: bytes) -> None:
    if not content.startswith(MAGIC[0]):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise WorkbookError(
            sentence(N_("is not a workbook that can be read; save it as XLSX or as “CSV UTF-8”"))
        ) from error
    if size > MAX_UNPACKED_BYTES:
        raise WorkbookError(sentence(N_("unpacks to over {limit} MB; split it"), limit=MAX_UNPACKED_BYTES // 1_000_000))


def _worksheet(sheet: CalamineSheet, errors: Mapping[tuple[int, int], str]) -> Worksheet:
    height, width = sheet.total_height + 1, sheet.total_width + 1
    if height > MAX_ROWS or height * width > MAX_CELLS:
        raise WorkbookError(
            sentence(N_("has a worksheet with more than {limit} rows or too many columns; split it"), limit=MAX_ROWS)
        )
    rows = [[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right and top < len(rows) and left < len(rows[top]):
            for covered in rows[top + 1 : bottom + 1]:
                covered[left] = rows[top][left]
    for (row, column), error in errors.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = error
    while rows and not any(rows[-1]):
        rows.pop()
    return Worksheet(sheet.name, rows)


def as_text(cell: object) -> str:
    """Return a typed cell as it should be written in a CSV."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, (int, float)):
        return _number(cell)
    if isinstance(cell, datetime):
        is_day = (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0)
        return cell.date().isoformat() if is_day else _to_the_second(cell).replace("T", " ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("minutes" if cell.second == 0 else "seconds")
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(cell)


def _to_the_second(at: datetime) -> str:
    # A serial number is a fraction of a day: half a second of rounding is not meant.
    near = (at + timedelta(microseconds=500_000)).replace(microsecond=0)
    return near.isoformat(timespec="minutes" if near.second == 0 else "seconds")


def _number(value: float) -> str:
    if isinstance(value, int) or value.is_integer():
        return str(int(value)) if abs(value) < _EXACT_BELOW else f"{value:.2E}"
    if value != value or abs(value) == float("inf"):  # noqa: PLR0124 - not a number is not itself
        return "#NUM!"
    text = f"{value:.15g}"
    return f"{value:.2E}" if "e" in text else text
