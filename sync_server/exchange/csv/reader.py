"""From the bytes of a CSV file to its rows, with every bad cell reported at once.

CSV-1  UTF-8 with or without BOM, UTF-16 with BOM, and Big5 (with Hong Kong's additions) are read; Big5 leaves a remark.
CSV-2  Columns may stand in any order; comma, semicolon and tab separate them; empty rows are left out.
CSV-3  An unknown, repeated or missing column is a problem of the file; a bad cell is a problem of its row and column.
CSV-4  Row numbers are a spreadsheet's: the header is row 1.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import io
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from checklists.language import N_, Sentence, sentence
from sync_server.exchange.csv.cells import CellError
from sync_server.exchange.csv.problems import Place, SheetProblem, problem
from sync_server.exchange.csv.sheets import Sheet

MAX_FILE_BYTES = 20_000_000
MAX_ROWS = 100_000


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row whose cells could all be read; an empty cell is absent from `cells`."""

    at: Place
    cells: Mapping[str, Any]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a file: its readable rows, what is wrong, and remarks that stop nothing."""

    rows: tuple[Row, ...] = ()
    problems: tuple[SheetProblem, ...] = ()
    remarks: tuple[Sentence, ...] = ()


def read(sheet: Sheet, content: bytes) -> Reading:
    """Return the rows of `content` as `sheet` describes them; problems in the order of the file."""
    if len(content) > MAX_FILE_BYTES:
        return _refused(
            sheet, "file-too-large", sentence(N_("is over {limit} MB; split it"), limit=MAX_FILE_BYTES // 1_000_000)
        )
    try:
        text, remarks = _decoded(sheet, content)
    except UnicodeDecodeError:
        return _refused(
            sheet,
            "not-text",
            sentence(N_("is neither UTF-8 nor Big5 text; save it from the spreadsheet as “CSV UTF-8”")),
        )
    if "\0" in text:
        return _refused(
            sheet, "not-text", sentence(N_("is not a CSV file; save it from the spreadsheet as “CSV UTF-8”"))
        )
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True))
    except csv.Error as error:
        return _refused(
            sheet, "not-csv", sentence(N_("is not a well-formed CSV file ({why}); save it again"), why=str(error))
        )
    if not records or not any(cell.strip() for cell in records[0]):
        return _refused(sheet, "no-header", sentence(N_("has no header row; start from the template")))
    if len(records) > MAX_ROWS:
        return _refused(sheet, "too-many-rows", sentence(N_("has more than {limit} rows; split it"), limit=MAX_ROWS))
    header = [cell.strip().lower().lstrip("\ufeff") for cell in records[0]]
    wrong_header = _header_problems(sheet, header)
    if wrong_header:
        return Reading(problems=tuple(wrong_header), remarks=remarks)
    return _read_rows(sheet, header, records[1:], remarks)


def _refused(sheet: Sheet, code: str, message: Sentence) -> Reading:
    return Reading(problems=(problem(Place(sheet.file), code, message),))


def _decoded(sheet: Sheet, content: bytes) -> tuple[str, tuple[Sentence, ...]]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16"), ()
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        text = content.decode("big5hkscs")
    remark = sentence(
        N_("{file} was read as Big5, not UTF-8: compare a few Chinese names, or save it again as “CSV UTF-8”."),
        file=sheet.file,
    )
    return text, (remark,)


def _separator(text: str) -> str:
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count)


def _header_problems(sheet: Sheet, header: Sequence[str]) -> list[SheetProblem]:
    def about(column: str, code: str, message: Sentence) -> SheetProblem:
        return problem(Place(sheet.file, 1, column[:40]), code, message)

    names = [column.name for column in sheet.columns]
    unknown = [about(name, "column-unknown", _unknown(name, names)) for name in header if name and name not in names]
    repeated = [
        about(name, "column-repeated", sentence(N_("stands twice; keep one")))
        for name in sorted({name for name in header if name and header.count(name) > 1})
    ]
    missing = [
        about(column.name, "column-missing", sentence(N_("is missing; add the column")))
        for column in sheet.columns
        if column.required and column.name not in header
    ]
    return unknown + repeated + missing


def _unknown(name: str, names: Sequence[str]) -> Sentence:
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return sentence(N_("is not a column of this file; is {near} meant?"), near=near[0])
    return sentence(N_("is not a column of this file; take it out, or use one of: {known}"), known=", ".join(names))


def _read_rows(
    sheet: Sheet, header: Sequence[str], records: Sequence[Sequence[str]], remarks: tuple[Sentence, ...]
) -> Reading:
    columns = {column.name: column for column in sheet.columns}
    rows: list[Row] = []
    problems: list[SheetProblem] = []
    for number, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue
        at = Place(sheet.file, number)
        wrong = _row_problems(sheet, header, record, at)
        cells: dict[str, Any] = {}
        for name, raw in zip(header, record, strict=False):
            cell = raw.strip()
            if not (name and cell):
                continue
            try:
                cells[name] = columns[name].read(cell)
            except CellError as error:
                wrong.append(problem(at.at_column(name), error.code, error.message))
        if wrong:
            problems += wrong
        else:
            rows.append(Row(at=at, cells=cells))
    return Reading(rows=tuple(rows), problems=tuple(problems), remarks=remarks)


def _row_problems(sheet: Sheet, header: Sequence[str], record: Sequence[str], at: Place) -> list[SheetProblem]:
    if any(cell.strip() for cell in record[len(header) :]):
        message = sentence(N_("has more cells than the header; put text that holds a comma in quotation marks"))
        return [problem(at, "row-too-long", message)]
    filled = {name for name, cell in zip(header, record, strict=False) if cell.strip()}
    return [
        problem(at.at_column(column.name), "cell-missing", sentence(N_("is empty; fill it in")))
        for column in sheet.columns
        if column.required and column.name not in filled
    ]
