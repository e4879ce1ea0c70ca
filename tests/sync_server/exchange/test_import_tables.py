"""ARC, TAB, WB: which tables a person gives, whatever files they are in. Ids are those in sync_server/exchange/csv/."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from checklists.workbook import reading as workbook
from checklists.workbook.reading import WorkbookError, worksheets
from sync_server.exchange.csv import archive as archives
from sync_server.exchange.csv.archive import Gathered, gathered, gathered_in
from sync_server.exchange.csv.reader import read_table
from sync_server.exchange.csv.sheets import SHEETS
from sync_server.exchange.csv.tables import Tables
from tests.sync_server.workbooks import ods, xlsx, zipped

BRANCHES = [
    ["branch", "entrant", "name_en", "name_zh", "address_en", "address_zh"],
    ["pier", "ferry", "Central Pier", "中環碼頭", "Pier 7", "七號碼頭"],
]
MOMENT = datetime.combine(date(2021, 3, 1), time(9, 30))
CSV = "\n".join(",".join(row) for row in BRANCHES).encode()
XLS = (Path(__file__).parent / "files" / "faqs.xls").read_bytes()  # its first sheet is called faqs, another 其他


def in_folder(folder: Path, files: Mapping[str, bytes]) -> Gathered:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return gathered_in(folder)


@pytest.mark.parametrize("way", ["zip", "folder"])
@pytest.mark.parametrize(
    ("files", "taken", "left"),
    [
        pytest.param({"BRANCHES.CSV": CSV}, {"branches.csv"}, [], id="ARC-2 an upper-case name"),
        pytest.param({"my season/Entrants.csv": CSV}, {"entrants.csv"}, [], id="ARC-2 a folder inside"),
        pytest.param(
            {"branches.csv": CSV, "old/branches.csv": b"x"},
            {"branches.csv"},
            ["old/branches.csv was not read: a file of this name stands higher up and was read instead."],
            id="ARC-2 the one higher up",
        ),
        pytest.param(
            {"branches.csv": CSV, "map.pdf": b"%PDF", "plan.numbers": b"PK", "all.xlsb": b"PK"},
            {"branches.csv"},
            [
                "all.xlsb was not read: save it as XLSX.",
                "map.pdf was not read: it is neither CSV nor a workbook (XLSX, XLS, ODS).",
                "plan.numbers was not read: export it from Numbers as XLSX or CSV.",
            ],
            id="ARC-1 kinds that are no tables",
        ),
        pytest.param(
            {"branches.csv": CSV, "__MACOSX/._branches.csv": b"x", ".DS_Store": b"x", "~$branches.xlsx": b"x"},
            {"branches.csv"},
            [
                (
                    "Files that a system adds by itself were left out (3):"
                    " .DS_Store, __MACOSX/._branches.csv, ~$branches.xlsx."
                )
            ],
            id="ARC-1 what a system adds",
        ),
        pytest.param(
            {"branches.xlsx": xlsx({"branches": BRANCHES})}, {"branches.xlsx"}, [], id="a workbook is no archive"
        ),
    ],
)
def test_a_zip_and_a_folder_are_read_alike(
    tmp_path: Path, way: str, files: dict[str, bytes], taken: set[str], left: list[str]
) -> None:
    got = gathered([("a.zip", zipped(dict(sorted(files.items()))))]) if way == "zip" else in_folder(tmp_path, files)
    assert (set(got.files), sorted(map(str, got.remarks)), got.problems) == (taken, left, ())


@pytest.mark.parametrize(
    ("uploads", "taken", "told"),
    [
        pytest.param(
            [("a.zip", zipped({"../branches.csv": CSV, "/etc/faqs.csv": CSV, "branches.csv": CSV}))],
            {"branches.csv"},
            ["../branches.csv was not read: its place is outside the folder.",
             "/etc/faqs.csv was not read: its place is outside the folder."],
            id="ARC-3 entries outside the folder",
        ),
        pytest.param(
            [("a.zip", zipped({"b.zip": zipped({"branches.csv": CSV})}))],
            set(),
            ["b.zip was not read: it is an archive inside an archive; unpack it first."],
            id="ARC-3 an archive inside an archive",
        ),
        pytest.param([("a.zip", b"PK\x03\x04 broken")], set(), ["a.zip: not-a-zip"], id="a broken archive"),
        pytest.param([("a.csv", b"1"), ("A.CSV", b"2")], {"a.csv"}, ["a.csv: file-repeated"], id="ARC-2 given twice"),
        pytest.param(
            [("many.zip", zipped({f"{n}.csv": b"" for n in range(archives.MAX_FILES + 1)}))],
            set(),
            ["many.zip: archive-too-large"],
            id="ARC-3 too many files",
        ),
    ],
)  # fmt: skip
def test_what_is_given_is_bounded_and_told(uploads: list[tuple[str, bytes]], taken: set[str], told: list[str]) -> None:
    got = gathered(uploads)
    said = [*map(str, got.remarks), *(f"{each.place}: {each.code}" for each in got.problems)]
    assert (set(got.files), said) == (taken, told)


def test_arc_3_a_bomb_is_not_unpacked() -> None:
    got = gathered([("big.zip", zipped({"a.csv": b"0" * (2 * archives.MAX_FILE_BYTES + 1)}))])
    assert (got.files, list(got.remarks)) == ({}, [])
    assert [f"{each.place}: {each.code}" for each in got.problems] == ["big.zip: archive-too-large"]


def test_arc_3_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_bytes(CSV)
    folder = tmp_path / "season"
    folder.mkdir()
    (folder / "branches.csv").symlink_to(outside)
    got = gathered_in(folder)
    assert (got.files, [str(each) for each in got.remarks]) == (
        {}, ["branches.csv was not read: its place is outside the folder."],
    )  # fmt: skip


def a_bomb() -> bytes:
    """A workbook of one long line of noughts."""
    return zipped({"xl/workbook.xml": b"0" * (workbook.MAX_UNPACKED_BYTES + 1)})


def far_apart(last: str, doctype: str = "") -> bytes:
    """A workbook of two cells, the second at `last`."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    row = "".join(letter for letter in last if letter.isdigit())
    return zipped({
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        f'<Default Extension="xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1"'
        f' Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
        '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1"'
        f' Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{doctype}<worksheet xmlns="{main}"><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        f'<row r="{row}"><c r="{last}"><v>2</v></c></row></sheetData></worksheet>',
    })  # fmt: skip


def test_scn_1_a_workbook_of_few_cells_is_read() -> None:
    (sheet,) = worksheets(far_apart("B3"))
    assert [list(row) for row in sheet.grid] == [["1", ""], ["", ""], ["", "2"]]


def look(files: Mapping[str, bytes]) -> tuple[list[tuple[str, str]], list[str]]:
    tables = Tables(files, SHEETS)
    said = [*map(str, tables.remarks), *(f"{each.place}: {each.code}" for each in tables.problems)]
    return [(found.sheet.name, found.file) for found in tables.in_order(SHEETS)], said


NAMES = (
    "editions, rounds, organisations, entrants, entries, history, branches, contact_points, scenarios, faqs, "
    "assessors, conflicts, certificates, suspensions, assignments"
)


@pytest.mark.parametrize(
    ("files", "found", "said"),
    [
        pytest.param({"branches.txt": CSV}, [("branches", "branches.txt")], [], id="TAB-1 Excel's Unicode text"),
        pytest.param(
            {"branches.ods": ods({"Sheet1": BRANCHES})}, [("branches", "branches.ods")], [], id="TAB-1 an ODS"
        ),
        pytest.param(
            {"branches.csv": xlsx({"Sheet1": BRANCHES})},
            [("branches", "branches.csv")],
            [],
            id="TAB-1 a workbook that was renamed",
        ),
        pytest.param(
            {"faqs.xls": XLS},
            [("faqs", "faqs.xls")],
            ["Worksheet “其他” of faqs.xls was not read: one worksheet is read from a file of this name."],
            id="TAB-1 an XLS, and its other worksheet named",
        ),
        pytest.param(
            {"season.xlsx": xlsx({"Branches": BRANCHES, "Notes": [["x"]], "Empty": []})},
            [("branches", "season.xlsx/branches")],
            [f"Worksheet “Notes” of season.xlsx was not read: it is not the name of a table ({NAMES})."],
            id="TAB-1 a whole season in one workbook",
        ),
        pytest.param({"plan.xlsx": xlsx({"Notes": [["x"]]})}, [], [
            ("Worksheet “Notes” of plan.xlsx was not read: it is not the name of a table"
            f" ({NAMES})."), "plan.xlsx: file-unknown"], id="TAB-1 a workbook without a table"),
        pytest.param({"notes.txt": b"x"}, [], [
            f"notes.txt was not read: it is not the name of a table ({NAMES})."], id="TAB-1 a text of another name"),
        pytest.param(
            {"branches.csv": CSV, "branches.xlsx": xlsx({"x": BRANCHES})},
            [("branches", "branches.csv")],
            ["branches.xlsx: file-repeated"],
            id="TAB-2 a workbook beside a CSV",
        ),
        pytest.param(
            {"branches.xlsx": b"PK\x03\x04 broken"}, [], ["branches.xlsx: workbook-unreadable"], id="a broken workbook"
        ),
    ],
)  # fmt: skip
def test_a_table_is_known_by_its_name(files: dict[str, bytes], found: list[tuple[str, str]], said: list[str]) -> None:
    assert look(files) == (found, said)


@pytest.mark.parametrize("write", [xlsx, ods], ids=["xlsx", "ods"])
def test_a_workbook_is_read_as_its_csv_is(write: Any) -> None:
    (found,) = Tables({"branches.xlsx": write({"Sheet1": BRANCHES})}, SHEETS).in_order(SHEETS)
    (row,) = read_table(found).rows
    assert (row.at.row, row.cells["name_zh"], str(row.at)) == (2, "中環碼頭", "branches.xlsx: row 2")


def cells(rows: Sequence[Sequence[Any]], **more: Any) -> list[list[str]]:
    (sheet,) = worksheets(xlsx({"s": rows}, **more))
    return [list(row) for row in sheet.grid]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        pytest.param(date(2021, 3, 1), "2021-03-01", id="WB-1 a date, whatever its format shows"),
        pytest.param(MOMENT, "2021-03-01 09:30", id="WB-1 a moment"),
        pytest.param(time(9, 0), "09:00", id="WB-1 a time of day"),
        pytest.param(35, "35", id="WB-1 a whole number"),
        pytest.param(88.2, "88.2", id="WB-1 a decimal"),
        pytest.param(85220000001, "85220000001", id="WB-1 a long number in full"),
        pytest.param(8.5220000001e20, "8.52E+20", id="WB-1 more digits than a spreadsheet keeps"),
        pytest.param(True, "yes", id="WB-1 true"),
        pytest.param("error:#N/A", "#N/A", id="WB-3 an error value"),
        pytest.param("0012", "0012", id="text as it is"),
    ],
)
def test_a_typed_cell_comes_as_it_should_be_written(typed: Any, text: str) -> None:
    assert cells([["head"], [typed]])[1] == [text]


def test_wb_2_a_merged_cell_stands_in_each_row_it_covers() -> None:
    rows = [["entrant", "channel"], ["ferry", "phone_in"], ["", "online"], ["", "onsite"], ["bank", "online"]]
    read = cells(rows, merged={"s": ["A2:A4"]})
    assert [row[0] for row in read] == ["entrant", "ferry", "ferry", "ferry", "bank"]


def test_wb_3_scn_2_error_values_of_an_old_workbook_and_of_an_ods_are_found() -> None:
    first, _ = worksheets(XLS)
    assert (first.grid[1][3], first.grid[2][4]) == ("#N/A", "#REF!")
    (sheet,) = worksheets(ods({"s": [["a", "b"], ["error:#REF!", "x"]]}))
    assert sheet.grid[1] == ["#REF!", "x"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(a_bomb, id="WB-4 a bomb"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), id="a broken XLS"),
        pytest.param(zipped({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x"}), id="broken XML"),
        pytest.param(XLS[:1500], id="an XLS cut short"),
        pytest.param(far_apart("XFD1048576"), id="SCN-1 two cells far apart"),
        pytest.param(far_apart("A200000"), id="SCN-1 more rows than an import takes"),
        pytest.param(far_apart("B2", doctype="<!DOCTYPE x [<!ENTITY a 'b'>]>"), id="SCN-3 entities"),
        pytest.param(ods({"s": [["x"]]}, times=(1_000_000, 16_000)), id="SCN-1 one cell that stands for many"),
    ],
)
def test_a_workbook_that_cannot_be_read_says_so(content: bytes | Callable[[], bytes]) -> None:
    given = content() if callable(content) else content
    with pytest.raises(WorkbookError):
        worksheets(given)
