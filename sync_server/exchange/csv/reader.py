"""From a table, in whatever kind of file, to its rows, with every bad cell reported at once.

CSV-1  Text is read in the encoding that `encoding` decides; what is in doubt is shown and not used.
CSV-2  Columns may stand in any order; comma, semicolon and tab separate them, or what `sep=` names; empty rows are left
       out. The heading is the first row that holds the names of columns: titles above it are left out, and said so.
CSV-3  An unknown, repeated or missing column is a problem of the file; a bad cell is a problem of its row and column.
CSV-4  Row numbers are a spreadsheet's: the first row is row 1.
CSV-5  What a spreadsheet destroyed is told as that, in whatever column; a cell of words is left as it is written.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from checklists.language import N_, Sentence, sentence
from checklists.workbook.reading import MAX_ROWS, Grid
from sync_server.exchange.csv import excel
from sync_server.exchange.csv.archive import MAX_FILE_BYTES
from sync_server.exchange.csv.cells import CellError
from sync_server.exchange.csv.columns import Sheet
from sync_server.exchange.csv.encoding import NAMES, UTF_8, UTF_16, Doubt, decoded
from sync_server.exchange.csv.problems import Place, SheetProblem, problem
from sync_server.exchange.csv.tables import Found

TITLES = 20  # rows among which the heading is looked for
_SEPARATOR_NAMED = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row whose cells could all be read; an empty cell is absent from `cells`."""

    at: Place
    cells: Mapping[str, Any]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a file: readable rows, what is wrong, remarks that stop nothing, and a doubt about its letters."""

    rows: tuple[Row, ...] = ()
    problems: tuple[SheetProblem, ...] = ()
    remarks: tuple[Sentence, ...] = ()
    doubt: Doubt | None = None


class _RefusedError(ValueError):
    def __init__(self, code: str, message: Sentence, doubt: Doubt | None = None) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.doubt = doubt


def read(sheet: Sheet, content: bytes, *, encoding: str = "") -> Reading:
    """Return the rows of a CSV file as `sheet` describes them; problems in the order of the file."""
    return read_table(Found(sheet, sheet.file, None, content), encoding=encoding)


def read_table(found: Found, *, encoding: str = "") -> Reading:
    """Return the rows of one table. `encoding` is what somebody has said its text is in."""
    remarks: list[Sentence] = []
    try:
        grid = _grid(found, encoding, remarks) if found.grid is None else found.grid
        top = _heading(found, grid, remarks)
    except _RefusedError as error:
        problems = (problem(Place(found.file), error.code, error.message),)
        return Reading(problems=problems, remarks=tuple(remarks), doubt=error.doubt)
    header = [found.sheet.name_of(_column_name(cell)) for cell in grid[top]]
    wrong = _header_problems(found, header, top + 1)
    if wrong:
        return Reading(problems=tuple(wrong), remarks=tuple(remarks))
    return _read_rows(found, header, grid[top + 1 :], top + 2, tuple(remarks))


def _grid(found: Found, encoding: str, remarks: list[Sentence]) -> Grid:
    text = _text(found, encoding, remarks)
    named = _SEPARATOR_NAMED.match(text)
    separator = named[1] if named else _separator(text)
    lines = csv.reader(
        io.StringIO(text[named.end() :] if named else text, newline=""), delimiter=separator, strict=True
    )
    grid: list[list[str]] = []
    try:
        for line in lines:
            grid.append(line)
            if len(grid) > MAX_ROWS:
                message = sentence(N_("has more than {limit} rows; split it"), limit=MAX_ROWS)
                raise _RefusedError("too-many-rows", message)
    except csv.Error as error:
        message = sentence(
            N_("is not a well-formed CSV file near row {row} ({why}); save it again"), row=len(grid) + 1, why=str(error)
        )
        raise _RefusedError("not-csv", message) from error
    return grid


def _text(found: Found, encoding: str, remarks: list[Sentence]) -> str:
    if len(found.content) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 1_000_000
        raise _RefusedError("file-too-large", sentence(N_("is over {limit} MB; split it"), limit=limit))
    try:
        text = decoded(found.content, encoding)
    except UnicodeDecodeError as error:
        message = sentence(N_("is text in no encoding that is known; save it from the spreadsheet as “CSV UTF-8”"))
        raise _RefusedError("not-text", message) from error
    if isinstance(text, Doubt):
        words = N_("may be {encodings}: say which reading is right, or save it again as “CSV UTF-8”")
        listed = " / ".join(NAMES[name] for name in text.readings)
        raise _RefusedError("encoding-unclear", sentence(words, encodings=listed), text)
    if "\0" in text.text:
        message = sentence(N_("is not a CSV file; save it from the spreadsheet as “CSV UTF-8”"))
        raise _RefusedError("not-text", message)
    if text.encoding not in (UTF_8, UTF_16):
        words = N_("{file} was read as {encoding}, not UTF-8: compare a few names, or save it again as “CSV UTF-8”.")
        remarks.append(sentence(words, file=found.file, encoding=NAMES[text.encoding]))
    return text.text


def _separator(text: str) -> str:
    first = [line for line in text[:20_000].splitlines() if line.strip(" ,;\t")][:TITLES]
    return max(",;\t", key=lambda mark: max((line.count(mark) for line in first), default=0))


def _heading(found: Found, grid: Grid, remarks: list[Sentence]) -> int:
    """Return the index of the row of headings; what stands above it is a title."""
    names = {column.name for column in found.sheet.columns}
    filled = [at for at, row in enumerate(grid[:TITLES]) if any(cell.strip() for cell in row)]
    if not filled:
        raise _RefusedError("no-header", sentence(N_("has no header row; start from the template")))

    def is_heading(at: int) -> bool:
        cells = [found.sheet.name_of(_column_name(cell)) for cell in grid[at] if cell.strip()]
        known = sum(cell in names for cell in cells)
        return known >= 2 and 2 * known >= len(cells)

    top = next((at for at in filled if is_heading(at)), filled[0])
    above = sum(at < top for at in filled)
    if above:
        words = N_("{file}: the headings are in row {row}; what stands above them was left out.")
        remarks.append(sentence(words, file=found.file, row=top + 1))
    return top


def _column_name(cell: str) -> str:
    name = excel.narrow(excel.unquoted(cell.strip().lstrip("\ufeff").strip())).lower().strip(" *:")
    return re.sub(r"[\s-]+", "_", name)


def _header_problems(found: Found, header: Sequence[str], row: int) -> list[SheetProblem]:
    def about(column: str, code: str, message: Sentence) -> SheetProblem:
        return problem(Place(found.file, row, column[:40]), code, message)

    names = [column.name for column in found.sheet.columns]
    unknown = [about(name, "column-unknown", _unknown(name, names)) for name in header if name and name not in names]
    repeated = [
        about(name, "column-repeated", sentence(N_("stands twice; keep one")))
        for name in sorted({name for name in header if name and header.count(name) > 1})
    ]
    missing = [
        about(column.name, "column-missing", sentence(N_("is missing; add the column")))
        for column in found.sheet.columns
        if column.required and column.name not in header
    ]
    return unknown + repeated + missing


def _unknown(name: str, names: Sequence[str]) -> Sentence:
    word = re.sub(r"[^a-z]+", "_", name).strip("_")
    language = "zh" if re.search("中|chinese|繁", name) else "en" if re.search("英|english", name) else ""
    guess = f"{word.partition('_chinese')[0].partition('_english')[0]}_{language}"
    near = [guess] if guess in names else difflib.get_close_matches(name, names, n=1)
    if near:
        return sentence(N_("is not a column of this file; is {near} meant?"), near=near[0])
    return sentence(N_("is not a column of this file; take it out, or use one of: {known}"), known=tuple(names))


def _read_rows(
    found: Found, header: Sequence[str], records: Grid, first: int, remarks: tuple[Sentence, ...]
) -> Reading:
    columns = {column.name: column for column in found.sheet.columns}
    rows: list[Row] = []
    problems: list[SheetProblem] = []
    above: frozenset[str] = frozenset()
    for number, raw in enumerate(records, start=first):
        record = [excel.unquoted(cell.strip()) for cell in raw]
        if not any(record):
            continue
        filled = frozenset(name for name, cell in zip(header, record, strict=False) if cell)
        at = Place(found.file, number)
        wrong = _row_problems(found.sheet, header, record, at, (filled, above))
        above = filled
        cells: dict[str, Any] = {}
        for name, cell in zip(header, record, strict=False):
            if not (name and cell):
                continue
            try:
                cells[name] = columns[name].value_of(cell)
            except CellError as error:
                wrong.append(problem(at.at_column(name), error.code, error.message))
        if wrong:
            problems += wrong
        else:
            rows.append(Row(at=at, cells=cells))
    return Reading(rows=tuple(rows), problems=tuple(problems), remarks=remarks)


def _row_problems(
    sheet: Sheet,
    header: Sequence[str],
    record: Sequence[str],
    at: Place,
    filled_and_above: tuple[frozenset[str], frozenset[str]],
) -> list[SheetProblem]:
    filled, above = filled_and_above
    if any(record[len(header) :]):
        message = sentence(N_("has more cells than the header; put text that holds a comma in quotation marks"))
        return [problem(at, "row-too-long", message)]
    return [
        problem(at.at_column(column.name), "cell-missing", _empty(is_below_filled=column.name in above))
        for column in sheet.columns
        if column.required and column.name not in filled
    ]


def _empty(*, is_below_filled: bool) -> Sentence:
    if is_below_filled:
        return sentence(N_("is empty; fill it in, also where it was merged with the cell above"))
    return sentence(N_("is empty; fill it in"))
