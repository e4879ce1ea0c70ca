"""CSV: from bytes to rows. Ids are those in sync_server/exchange/csv/reader.py."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from checklists.language import Text
from checklists.rules.programme import Industry, load_programme, programme_names
from sync_server.exchange.csv import cell_hours, cells
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


def test_csv_1_another_encoding_leaves_a_remark_and_utf_8_none() -> None:
    assert "Big5" in str(read(BRANCHES, TEXT.encode("big5hkscs")).remarks[0])
    assert read(BRANCHES, TEXT.encode()).remarks == ()


def test_csv_1_what_is_in_doubt_is_shown_and_not_used() -> None:
    content = f"{HEADER}\npier,ferry,Pier,碼頭,Pier 7,\n".encode("big5")
    reading = read(BRANCHES, content)
    assert (found(reading), reading.rows) == ([("branches.csv", "encoding-unclear")], ())
    assert reading.doubt is not None
    assert reading.doubt.samples()["big5"] == ("碼頭",)
    assert [row.cells["name_zh"] for row in read(BRANCHES, content, encoding="big5").rows] == ["碼頭"]


@pytest.mark.parametrize(
    ("text", "row", "remark"),
    [
        pytest.param(f"sep=;\r\n{TEXT.replace(',', ';')}", 2, "", id="CSV-2 sep=; is no row"),
        pytest.param(f"Branches of 2026,,,,,\n,,,,,\n{TEXT}", 4, "row 3", id="CSV-2 a title above"),
        pytest.param(f"分店名單\n{TEXT}", 3, "row 2", id="CSV-2 a title without commas"),
        pytest.param(TEXT.replace("name_en", "Name EN").replace("branch", "Branch *"), 2, "", id="headings as written"),
        pytest.param(TEXT.replace("pier", '="pier"'), 2, "", id="CSV-5 XL-2 a cell kept from being a number"),
        pytest.param(TEXT.replace("pier", "ｐｉｅｒ"), 2, "", id="XL-2 full-width letters in a code"),
    ],
)
def test_what_a_spreadsheet_adds_is_understood(text: str, row: int, remark: str) -> None:
    reading = read(BRANCHES, text.encode())
    assert found(reading) == []
    assert [(each.at.row, each.cells["branch"]) for each in reading.rows] == [(row, "pier")]
    assert [remark in str(each) for each in reading.remarks] == ([True] if remark else [])


def test_csv_5_words_stay_as_they_are_written() -> None:
    (row,) = read(BRANCHES, TEXT.replace("Pier 7", "７號碼頭 ＡＢＣ").encode()).rows
    assert row.cells["address_en"] == "７號碼頭 ＡＢＣ"


def test_a_cell_merged_with_the_one_above_is_named_as_a_likely_cause() -> None:
    (problem,) = read(BRANCHES, f"{HEADER}\n{ROW}\nkai,,Kai Tak,啟德,1,1\n".encode()).problems
    assert str(problem) == (
        "branches.csv: row 3: entrant: is empty; fill it in, also where it was merged with the cell above"
    )


DAMAGED = [
    ("#N/A", "excel-error"), ("#NAME?", "excel-error"), ("#REF!", "excel-error"), ("＃Ｎ／Ａ", "excel-error"),
    ("Err:502", "excel-error"), ("########", "excel-too-narrow"), ("8.52E+10", "excel-rounded"),
    ("8,52E+10", "excel-rounded"), ("１.00E+05", "excel-rounded"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "code"), DAMAGED, ids=[cell for cell, _ in DAMAGED])
@pytest.mark.parametrize("column", ["branch", "name_en", "address_zh"])
def test_xl_1_what_a_spreadsheet_destroyed_is_no_value_of_any_column(cell: str, code: str, column: str) -> None:
    values = dict(zip(HEADER.split(","), ROW.split(","), strict=True)) | {column: f'"{cell}"'}
    (problem,) = read(BRANCHES, f"{HEADER}\n{','.join(values.values())}\n".encode()).problems
    assert (problem.place, problem.code) == (f"branches.csv: row 2: {column}", code)


@pytest.mark.parametrize("cell", ["#1", "No. #3", "E+10", "1E5", "Room 2E"])
def test_xl_1_words_that_look_a_little_like_damage_are_words(cell: str) -> None:
    assert found(read(BRANCHES, TEXT.replace("Central Pier", cell).encode())) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", [("branches.csv", "no-header")], id="nothing"),
        pytest.param(b"\xff\xfe\x00", [("branches.csv", "not-text")], id="broken UTF-16"),
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
        pytest.param(cell_hours.weekdays, "1-5;7", (1, 2, 3, 4, 5, 7), id="weekdays"),
        pytest.param(
            cell_hours.clock_spans, "09:00-13:00；14:00-24:00", (("09:00", "13:00"), ("14:00", "24:00")), id="hours"
        ),
        pytest.param(cells.yes_no, "是", True, id="yes in Chinese"),
        pytest.param(cells.decimal, "88.2", "88.2", id="a score as written"),
        pytest.param(cells.score, "88.2%", "88.2", id="a score with its percent sign"),
        pytest.param(cells.whole(0, 9999), "1,200", 1200, id="a whole number with its comma"),
        pytest.param(cells.day, "2021/3/1", date(2021, 3, 1), id="CEL-2 Excel's date in Hong Kong"),
        pytest.param(cells.day, "2021年3月1日", date(2021, 3, 1), id="CEL-2 a date in Chinese"),
        pytest.param(cells.day, "2021-03-01 00:00", date(2021, 3, 1), id="CEL-2 a day that became a moment"),
        pytest.param(cells.moment, "2021/3/1 9:00", datetime(2021, 3, 1, 1, tzinfo=UTC), id="CEL-2 Excel's moment"),
        pytest.param(cells.end_moment, "2021/3/31", datetime(2021, 3, 31, 16, tzinfo=UTC), id="CEL-2 a whole last day"),
        pytest.param(cell_hours.weekdays, "1–5", (1, 2, 3, 4, 5), id="weekdays with a long dash"),
        pytest.param(cell_hours.clock_spans, "9:00-18:00", (("09:00", "18:00"),), id="hours that Excel shortened"),
        pytest.param(cell_hours.clock_spans, "22:00-02:00", (("22:00", "02:00"),), id="CEL-4 hours past midnight"),
        pytest.param(cell_hours.clock_spans, "11:00-00:00", (("11:00", "00:00"),), id="CEL-4 hours to midnight"),
    ],
)
def test_a_cell_is_read(reader: cells.Cell, text: str, value: object) -> None:
    assert cells.in_zone({"cell": reader(text)}, ZoneInfo("Asia/Hong_Kong"))["cell"] == value


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        pytest.param(cells.day, "1/3/2021", id="which is the month"),
        pytest.param(cell_hours.weekdays, "5-1", id="weekdays backwards"),
        pytest.param(cell_hours.clock_spans, "18:00-09:00", id="hours backwards"),
        pytest.param(cell_hours.clock_spans, "09:00", id="no end"),
        pytest.param(cell_hours.clock_spans, "20:00-24:30", id="after midnight"),
        pytest.param(cells.decimal, "9e999", id="a number that would hang"),
        pytest.param(cells.whole(1, 3), "4", id="out of range"),
        pytest.param(cells.whole(1, 3), "１", id="a full-width digit"),
        pytest.param(cells.words, "x" * 20_001, id="too long"),
        pytest.param(cells.words, "a\0b", id="a character no screen shows"),
        pytest.param(cells.day, "0026-03-01", id="CEL-1 a year with two figures missing"),
        pytest.param(cells.moment, "9999-12-31", id="CEL-1 the end of time"),
        pytest.param(cells.moment, "9999-12-31T23:59-12:00", id="CEL-1 beyond it"),
        pytest.param(cells.day, "6-Jan", id="CEL-2 what Excel makes of 1-6"),
        pytest.param(cells.day, "44256", id="CEL-2 a spreadsheet's number for a day"),
        pytest.param(cells.code, "6-Jan", id="XL-3 a code that became a day"),
        pytest.param(cells.code, "2026-01-06", id="XL-3 a code that became a typed day"),
        pytest.param(cell_hours.weekdays, "6-Jan", id="XL-3 weekdays that became a day"),
        pytest.param(cell_hours.weekdays, "2026-01-06", id="XL-3 weekdays that became a typed day"),
        pytest.param(cell_hours.clock_spans, "09:00-09:00", id="hours without length"),
        pytest.param(cell_hours.clock_spans, "24:00-02:00", id="hours from the end of a day"),
        pytest.param(cells.score, "0.882", id="CEL-1 a spreadsheet's percentage"),
        pytest.param(cells.score, "250", id="CEL-1 more than full marks"),
        pytest.param(cells.score, "-5", id="CEL-1 less than none"),
        pytest.param(cells.score, "９３", id="CEL-3 a full-width digit that nobody made narrow"),
        *(
            pytest.param(reader, text.replace("1", "\u0661"), id=f"CEL-3 an Arabic digit in {name}")
            for name, reader, text in (
                ("a day", cells.day, "2021-03-01"),
                ("a moment", cells.moment, "2021-03-01 09:00"),
                ("hours", cell_hours.clock_spans, "09:00-18:01"),
                ("weekdays", cell_hours.weekdays, "1-5"),
                ("a number", cells.whole(0, 9), "1"),
                ("a score", cells.score, "81"),
            )
        ),
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


@pytest.mark.parametrize(
    ("reader", "cell", "words"),
    [
        pytest.param(cell_hours.weekdays, "6-Jan", "format the column as text", id="weekdays"),
        pytest.param(cells.day, "1/3/2021", "format the column as text", id="a day with two meanings"),
        pytest.param(cells.day, "2021-02-29", "no day of the calendar", id="a day that is none"),
        pytest.param(cells.day, "44256", "perhaps 2021-03-01; format the column as text", id="a day's number"),
        pytest.param(cells.score, "0.882", "format the column as text", id="a percentage"),
        pytest.param(cell_hours.clock_spans, "18:00-09:00", "18:00-24:00;00:00-09:00", id="hours backwards"),
    ],
)
def test_xl_3_a_remedy_is_one_that_a_spreadsheet_does_not_undo(reader: cells.Cell, cell: str, words: str) -> None:
    with pytest.raises(cells.CellError, match=words):
        reader(cell)


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        pytest.param(cells.day, "9999-12-31", id="a day"),
        pytest.param(cells.end_moment, "9999-12-31", id="a last day"),
        pytest.param(cells.moment, "0026-03-01 09:00", id="a moment"),
    ],
)
def test_a_day_of_another_age_is_told_as_that(reader: cells.Cell, text: str) -> None:
    """CEL-1: it has no second meaning, and formatting the column would not help."""
    with pytest.raises(cells.CellError, match=f"lies in the year {int(text[:4])}; write one from 1990 to 2189"):
        reader(text)
