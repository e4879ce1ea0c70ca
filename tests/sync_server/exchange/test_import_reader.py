"""CSV: from bytes to rows. Ids are those in sync_server/exchange/csv/reader.py."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from checklists.language import Text
from checklists.rules.programme import Industry, load_programme, programme_names
from sync_server.exchange.csv import cells
from sync_server.exchange.csv.reader import Reading, read
from sync_server.exchange.csv.sheets import BRANCHES, ENTRANTS, SHEETS, sheets_of, template

HEADER = "branch,entrant,name_en,name_zh,address_en,address_zh"
ROW = "pier,ferry,Central Pier,中環碼頭,Pier 7,七號碼頭"
TEXT = f"{HEADER}\r\n{ROW}\r\n"


def found(reading: Reading) -> list[tuple[str, str]]:
    return [(problem.place, problem.code) for problem in reading.problems]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TEXT.encode(), id="CSV-1 UTF-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="CSV-1 UTF-8 with BOM, as Excel saves it"),
        pytest.param(TEXT.encode("utf-16"), id="CSV-1 UTF-16 with BOM, Excel's Unicode text"),
        pytest.param(TEXT.encode("big5hkscs"), id="CSV-1 Big5, as an older Excel saves it"),
        pytest.param(TEXT.replace(",", ";").encode(), id="CSV-2 semicolons"),
        pytest.param(TEXT.replace(",", "\t").encode(), id="CSV-2 tabs"),
        pytest.param(TEXT.replace("\r\n", "\n").encode(), id="CSV-2 line feeds alone"),
        pytest.param(f"{HEADER}\n\n,,,,,\n{ROW}\n".encode(), id="CSV-2 empty rows"),
        pytest.param(f"{HEADER.upper()} \n{ROW},,\n".encode(), id="CSV-2 capitals and empty cells at the end"),
    ],
)
def test_a_file_is_read_however_it_was_saved(content: bytes) -> None:
    reading = read(BRANCHES, content)
    assert found(reading) == []
    assert reading.rows[0].cells["name_zh"] == "中環碼頭"


def test_big5_leaves_a_remark_and_utf_8_none() -> None:
    assert "Big5" in str(read(BRANCHES, TEXT.encode("big5hkscs")).remarks[0])
    assert read(BRANCHES, TEXT.encode()).remarks == ()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", [("branches.csv", "no-header")], id="nothing"),
        pytest.param(b"\xff\xfe\x00", [("branches.csv", "not-text")], id="broken UTF-16"),
        pytest.param(b"PK\x03\x04\xff\xff", [("branches.csv", "not-text")], id="a workbook"),
        pytest.param(b"branch\0,entrant\n", [("branches.csv", "not-text")], id="zero bytes"),
        pytest.param(f'{HEADER}\n"pier,ferry'.encode(), [("branches.csv", "not-csv")], id="an open quotation mark"),
        pytest.param(
            b"branch,entrant,nmae_en,branch\n",
            [("branches.csv: row 1: nmae_en", "column-unknown"), ("branches.csv: row 1: branch", "column-repeated")],
            id="CSV-3 unknown and repeated columns",
        ),
        pytest.param(
            b"branch\npier\n", [("branches.csv: row 1: entrant", "column-missing")], id="CSV-3 a missing column"
        ),
        pytest.param(
            f"{HEADER}\n{ROW}\n,ferry,x,,,\n!,ferry,x,,,\n".encode(),
            [("branches.csv: row 3: branch", "cell-missing"), ("branches.csv: row 4: branch", "not-a-code")],
            id="CSV-4 rows are a spreadsheet's",
        ),
        pytest.param(
            f"{HEADER}\n{ROW},Hong Kong\n".encode(), [("branches.csv: row 2", "row-too-long")], id="a comma too many"
        ),
    ],
)
def test_what_is_wrong_is_told_by_place(content: bytes, expected: list[tuple[str, str]]) -> None:
    assert found(read(BRANCHES, content)) == expected


def test_a_misspelt_column_is_told_the_right_one() -> None:
    (problem,) = read(BRANCHES, b"branch,entrant,nmae_en\n").problems
    assert str(problem) == "branches.csv: row 1: nmae_en: is not a column of this file; is name_en meant?"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_template_reads_its_own_example(sheet: object) -> None:
    assert found(read(sheet, template(sheet))) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        pytest.param(cells.day, "2021/03/01", date(2021, 3, 1), id="a date with slashes"),
        pytest.param(cells.moment, "2021-03-01 09:00", datetime(2021, 3, 1, 1, tzinfo=UTC), id="the season's time"),
        pytest.param(cells.moment, "2021-03-01T09:00Z", datetime(2021, 3, 1, 9, tzinfo=UTC), id="a zone is kept"),
        pytest.param(cells.end_moment, "2021-03-31", datetime(2021, 3, 31, 16, tzinfo=UTC), id="a last day is whole"),
        pytest.param(cells.weekdays, "1-5;7", (1, 2, 3, 4, 5, 7), id="weekdays"),
        pytest.param(
            cells.clock_spans, "09:00-13:00；14:00-24:00", (("09:00", "13:00"), ("14:00", "24:00")), id="hours"
        ),
        pytest.param(cells.yes_no, "是", True, id="yes in Chinese"),
        pytest.param(cells.decimal, "88.2", "88.2", id="a score as written"),
    ],
)
def test_a_cell_is_read(reader: cells.Cell, text: str, value: object) -> None:
    assert cells.in_zone({"cell": reader(text)}, ZoneInfo("Asia/Hong_Kong"))["cell"] == value


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        pytest.param(cells.day, "1/3/2021", id="which is the month"),
        pytest.param(cells.weekdays, "5-1", id="weekdays backwards"),
        pytest.param(cells.clock_spans, "18:00-09:00", id="hours backwards"),
        pytest.param(cells.clock_spans, "09:00", id="no end"),
        pytest.param(cells.clock_spans, "20:00-24:30", id="after midnight"),
        pytest.param(cells.decimal, "9e999", id="a number that would hang"),
        pytest.param(cells.whole(1, 3), "4", id="out of range"),
        pytest.param(cells.whole(1, 3), "１", id="a full-width digit"),
        pytest.param(cells.words, "x" * 20_001, id="too long"),
    ],
)
def test_a_cell_that_cannot_be_read_says_so(reader: cells.Cell, text: str) -> None:
    with pytest.raises(cells.CellError):
        reader(text)


NAME: Text = {"en": "Ferries", "zh-Hant": "渡輪"}
FERRIES = msgspec.structs.replace(
    load_programme("mystery_caller_2021"), industries=(Industry(code="ferries", name=NAME),)
)


def test_sht_1_another_programme_has_other_industries_and_its_template_one_of_them() -> None:
    entrants = next(sheet for sheet in sheets_of(FERRIES) if sheet.name == ENTRANTS.name)
    assert found(read(entrants, template(entrants))) == []
    (problem,) = read(entrants, template(ENTRANTS)).problems
    assert str(problem) == ('entrants.csv: row 2: industry: "transport_logistics" is not known; write one of: ferries')


@pytest.mark.parametrize("programme", programme_names())
def test_sht_1_a_round_is_one_of_the_programmes(programme: str) -> None:
    rounds = next(sheet for sheet in sheets_of(load_programme(programme)) if sheet.name == "rounds")
    over = len(load_programme(programme).rules.numbers("rounds.weights")) + 1
    (problem,) = read(rounds, f"round,opens_at,closes_at\n{over},2021-03-01,2021-04-30\n".encode()).problems
    assert (problem.at.row, problem.at.column, problem.code) == (2, "round", "not-a-whole-number")
