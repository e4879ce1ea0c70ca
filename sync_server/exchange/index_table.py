"""A table of industries in and out: CSV or a workbook in, as the import reads them; CSV out, every figure as printed.

IDX-13  What was read and is written again is the same rows in the same order with the same figures as printed.
IDX-14  Headings may be English or Chinese; an industry that stands twice is refused with the row it first stood in.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import msgspec

from checklists.index.figures import CENT, NET, Figure, read_figure
from checklists.index.table import COLUMNS, IndexRow, IndexTable
from checklists.language import N_, Sentence, sentence
from checklists.problems import Misfit, short
from checklists.workbook.reading import WorkbookError, is_workbook, worksheets
from sync_server.exchange.csv import cells
from sync_server.exchange.csv.cells import Cell, CellError
from sync_server.exchange.csv.columns import Column, Sheet, needed
from sync_server.exchange.csv.encoding import Doubt
from sync_server.exchange.csv.problems import Place, SheetProblem, problem
from sync_server.exchange.csv.reader import Reading, read_table
from sync_server.exchange.csv.tables import Found
from sync_server.exchange.spreadsheet import lines


class IndexReading(msgspec.Struct, frozen=True, kw_only=True):
    """The table, where nothing was wrong; else every problem. Remarks stop nothing."""

    table: IndexTable | None = None
    problems: tuple[SheetProblem, ...] = ()
    remarks: tuple[Sentence, ...] = ()
    doubt: Doubt | None = None


def _figure(bounds: tuple[int, int]) -> Cell:
    def read(cell: str) -> Figure:
        try:
            return read_figure(cell, bounds)
        except Misfit as misfit:
            said = sentence(misfit.template, value=short(cell), **misfit.values)
            raise CellError(misfit.code, said) from misfit

    return read


def _known_also(column: Column, *also: str) -> Column:
    return msgspec.structs.replace(column, also=also)


INDEX = Sheet(
    name="index",
    about="The customer index: one row an industry, in the order it was printed.",
    key=("industry",),
    columns=(
        _known_also(needed("industry", cells.words, "The industry's name.", "超市"), "行業", "行业", "industries"),
        _known_also(
            needed("satisfaction", _figure(CENT), "0 to 100.", "75.08"), "滿意度", "满意度", "customer_satisfaction"
        ),
        _known_also(needed("loyalty", _figure(CENT), "0 to 100.", "84.00"), "忠誠度", "忠诚度", "customer_loyalty"),
        _known_also(
            needed("nps", _figure(NET), "-100 to 100; a negative also in brackets.", "(7.28)"),
            "淨推薦值",
            "净推荐值",
            "net_promoter_score",
            "淨推薦值(nps)",
            "淨推薦值_(nps)",
            "净推荐值(nps)",
        ),
    ),
)


def read_index(content: bytes, file: str, *, encoding: str = "") -> IndexReading:
    """Return the table in `content`, which came as `file`, or every problem of it by row and column."""
    remarks: list[Sentence] = []
    try:
        found = _found(content, file, remarks)
    except WorkbookError as error:
        return IndexReading(problems=(problem(Place(file), "workbook-unreadable", error.message),))
    reading = read_table(found, encoding=encoding)
    remarks += reading.remarks
    problems = [*reading.problems, *_repeated(reading)]
    if not problems and not reading.rows:
        problems.append(problem(Place(file), "no-rows", sentence(N_("has no row below its headings; add one"))))
    if problems:
        problems.sort(key=lambda each: each.at.row or 0)
        return IndexReading(problems=tuple(problems), remarks=tuple(remarks), doubt=reading.doubt)
    rows = tuple(IndexRow(**row.cells) for row in reading.rows)
    return IndexReading(table=IndexTable(rows=rows), remarks=tuple(remarks))


def _found(content: bytes, file: str, remarks: list[Sentence]) -> Found:
    if not is_workbook(content):
        return Found(INDEX, file, None, content)
    sheets = worksheets(content)
    for other in sheets[1:]:
        words = N_("Worksheet “{worksheet}” of {file} was not read: the table is looked for in the first one.")
        remarks.append(sentence(words, worksheet=other.name[:40], file=file))
    return Found(INDEX, file, sheets[0].grid if sheets else (), b"")


def _repeated(reading: Reading) -> list[SheetProblem]:
    first: dict[str, int | None] = {}
    problems = []
    for row in reading.rows:
        name = " ".join(unicodedata.normalize("NFKC", row.cells["industry"]).casefold().split())
        if name in first:
            said = sentence(
                N_("{industry} stands already in row {row}; keep one"),
                industry=short(row.cells["industry"]),
                row=first[name],
            )
            problems.append(problem(row.at.at_column("industry"), "row-repeated", said))
        first.setdefault(name, row.at.row)
    return problems


def index_csv(table: IndexTable) -> bytes:
    """Return `table` as CSV, its figures as printed (IDX-13)."""
    return lines(
        [
            ("industry", *COLUMNS),
            *((row.industry, *(_cell(row.figure(column)) for column in COLUMNS)) for row in table.rows),
        ]
    )


def _cell(figure: Figure) -> object:
    # A figure with a sign would be taken for a formula; as a number it is written the same and taken for none.
    return (
        Decimal(figure.printed)
        if figure.printed[:1] in ("-", "+") and figure.printed[1:2].isascii()
        else figure.printed
    )
