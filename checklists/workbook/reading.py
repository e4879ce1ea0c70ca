"""The worksheets of a workbook (XLSX, XLSM, XLS, ODS), every cell as the text a CSV of it should have held.

WB-1  A typed cell comes typed: a date as 2021-03-01, a moment as 2021-03-01 09:00, a whole number without ".0".
WB-2  A merged cell stands in each row it covers: that is what the eye reads there.
WB-3  An error value is told as itself: the library gives nothing in its place, so it is looked for in the file.
WB-4  What a workbook unpacks to is bounded before it is unpacked, and so are its rows and columns.
"""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from checklists.language import N_, SentenceError, sentence
from checklists.workbook.biff import laid_anew, stream_of_xls
from checklists.workbook.extent import PasswordNeededError, Scan
from checklists.workbook.scan import scanned

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MAX_UNPACKED_BYTES = 150_000_000
MAX_ROWS = 100_000
MAX_CELLS = 3_000_000
_EXACT_BELOW = 10**15  # a spreadsheet keeps fifteen digits
UNREADABLE = sentence(N_("is not a workbook that can be read; save it as XLSX or as “CSV UTF-8”"))
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
    # Here, because `checklists` is imported where the library is not: the phone, and anybody's script.
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    _refuse_bombs(content)
    try:
        scans = scanned(content)
        _refuse_giants(scans)
        readable = content if content.startswith(MAGIC[0]) else laid_anew(stream_of_xls(content))
        with CalamineWorkbook.from_object(io.BytesIO(readable)) as workbook:
            names = [meta.name for meta in workbook.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet]
            read = [_worksheet(workbook.get_sheet_by_name(name), scans[name]) for name in names if name in scans]
    except (PasswordError, PasswordNeededError) as error:
        raise WorkbookError(
            sentence(N_("is protected by a password; save it without one, or as “CSV UTF-8”"))
        ) from error
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, OverflowError) as error:
        if isinstance(error, WorkbookError):
            raise
        raise WorkbookError(UNREADABLE) from error
    except BaseException as error:
        # What the library did not foresee it raises past Exception, as a class that cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise WorkbookError(UNREADABLE) from error
    return [sheet for sheet in read if sheet.grid]


def _refuse_bombs(content: bytes) -> None:
    if not content.startswith(MAGIC[0]):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise WorkbookError(UNREADABLE) from error
    if size > MAX_UNPACKED_BYTES:
        raise WorkbookError(sentence(N_("unpacks to over {limit} MB; split it"), limit=MAX_UNPACKED_BYTES // 1_000_000))


def _refuse_giants(scans: Mapping[str, Scan]) -> None:
    """Refuse what the library would make too much room for, before it does (SCN-1)."""
    cells = sum(scan.rows * scan.columns for scan in scans.values())
    if cells > MAX_CELLS or any(scan.rows > MAX_ROWS for scan in scans.values()):
        words = N_("has a worksheet with more than {limit} rows or too many columns; split it")
        raise WorkbookError(sentence(words, limit=MAX_ROWS))


def _worksheet(sheet: CalamineSheet, scan: Scan) -> Worksheet:
    rows = [[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right and top < len(rows) and left < len(rows[top]):
            for covered in rows[top + 1 : bottom + 1]:
                covered[left] = rows[top][left]
    for (row, column), error in scan.errors.items():
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
    if not math.isfinite(value):
        return "#NUM!"
    text = f"{value:.15g}"
    return f"{value:.2E}" if "e" in text else text
