"""`sync-server index`: files of every kind, every problem at once. Ids are those of exchange/index_table."""

from __future__ import annotations

import io
import json
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from checklists.workbook.writing import workbook
from sync_server.commands.index import main
from sync_server.exchange.index_table import index_csv, read_index

SEED = (files("sync_server.demo") / "files" / "index_2020_2021.csv").read_bytes()
HEAD = "industry,satisfaction,loyalty,nps\n"


def problems(content: str | bytes) -> list[str]:
    raw = content.encode() if isinstance(content, str) else content
    return [str(problem) for problem in read_index(raw, "t.csv").problems]


def test_idx_13_the_seeds_table_comes_out_as_it_went_in() -> None:
    table = read_index(SEED, "t.csv").table
    assert table is not None
    again = index_csv(table)
    assert again.decode("utf-8").splitlines() == SEED.decode().splitlines()
    assert read_index(again, "t.csv").table == table


def test_idx_13_a_negative_with_a_sign_comes_out_as_it_went_in() -> None:
    table = read_index(f"{HEAD}a,75.0,60,-7.20\n".encode(), "t.csv").table
    assert table is not None
    assert index_csv(table).decode().splitlines()[1] == "a,75.0,60,-7.20"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + f"{HEAD}a,75.08,84,(7.28)\n".encode(), id="a BOM"),
        pytest.param("行業,滿意度,忠誠度,淨推薦值\na,75.08,84,(7.28)\n", id="IDX-14 headings of the print"),
        pytest.param("NPS;Loyalty;Satisfaction;Industry\n(7.28);84;75.08;a\n", id="another order, semicolons"),
        pytest.param(f"{HEAD}a,75.08,84,(7.28)\n\n,,,\n", id="blank rows"),
        pytest.param(f"{HEAD}a,７５．０８,８４,（7.28）\n", id="full-width digits and brackets"),
        pytest.param(f"{HEAD}a,75.08,84,－7.28\n", id="a full-width minus"),
        pytest.param(f'{HEAD}a,="75.08",84,(7.28)\n', id="a cell kept as text"),
        pytest.param(f"2021,,,\n{HEAD}a,75.08,84,(7.28)\n", id="a title above"),
        pytest.param(workbook("one", [HEAD.strip().split(","), ["a", "75.08", "84", "(7.28)"]]), id="a workbook"),
    ],
)
def test_a_table_is_read_however_it_was_saved(content: str | bytes) -> None:
    reading = read_index(content.encode() if isinstance(content, str) else content, "t.csv")
    assert reading.problems == ()
    assert reading.table is not None
    (row,) = reading.table.rows
    assert [str(float(figure.value)) for figure in (row.satisfaction, row.loyalty, row.nps)] == [
        "75.08",
        "84.0",
        "-7.28",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("", ["has no header row"], id="nothing at all"),
        pytest.param(HEAD, ["has no row below its headings"], id="headings alone"),
        pytest.param("industry,satisfaction,nps\na,70,1\n", ["row 1: loyalty: is missing"], id="a column missing"),
        pytest.param(
            f"{HEAD}a,75,,NaN\nb,101,#N/A,(200)\n",
            [
                "row 2: loyalty: is empty",
                "row 2: nps: 'NaN' is not a figure",
                "row 3: satisfaction: '101' lies outside 0 to 100",
                "row 3: loyalty: is the spreadsheet's error #N/A",
                "row 3: nps: '(200)' lies outside -100 to 100",
            ],
            id="several in two rows",
        ),
        pytest.param(
            f"{HEAD}Ａ　Bank,75,60,1\nb,70,60,1\na bank,65,60,1\n",
            ["row 4: industry: 'a bank' stands already in row 2"],
            id="IDX-14 twice, in another width and case",
        ),
        pytest.param(
            f"{HEAD}a,1,234.5,60,1\n",
            ["has more cells than the header", "'234.5' lies outside"],
            id="a comma too many",
        ),
        pytest.param(b"PK\x03\x04broken", ["is not a workbook"], id="a broken workbook"),
        pytest.param(f"{HEAD}a\0,1,2,3\n", ["is not a CSV file"], id="no text"),
    ],
)
def test_every_problem_is_named_by_row_and_column_with_its_remedy(content: str | bytes, expected: list[str]) -> None:
    listed = problems(content)
    assert len(listed) == len(expected), listed
    assert [words for words, line in zip(expected, listed, strict=True) if words not in line] == []


def test_the_command_prints_the_table_and_ends_with_0_whatever_is_odd(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "t.csv").write_bytes(SEED)
    assert main([str(tmp_path / "t.csv"), "--industries", "18", "--language", "zh-Hant"]) == 0
    out = capsysbinary.readouterr().out.decode()
    assert "簡單平均" in out
    assert "寬頻" in out.splitlines()[17]
    assert main([str(tmp_path / "t.csv"), "--csv"]) == 0
    assert read_index(capsysbinary.readouterr().out, "again").table is not None


def test_idx_17_the_command_writes_brackets_where_they_are_asked_for(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "t.csv").write_text(f"{HEAD}a,75.0,60,-7.20\nb,70,60,\u22121.00\n", encoding="utf-8")
    assert main([str(tmp_path / "t.csv"), "--csv", "--brackets"]) == 0
    assert capsysbinary.readouterr().out.decode().splitlines()[1:] == ["a,75.0,60,(7.20)", "b,70,60,(1.00)"]


def test_the_command_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SEED)))
    assert main(["-", "--json", "--language", "en"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["industries"] == 18


def test_the_command_ends_with_2_for_input_it_cannot_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_text(f"{HEAD}a,75,60,x\nb,y,60,1\n")
    assert main([str(tmp_path / "t.csv"), "--language", "en"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert [line.partition(": '")[0] for line in captured.err.splitlines()] == [
        "t.csv: row 2: nps",
        "t.csv: row 3: satisfaction",
    ]
    assert main([str(tmp_path / "none.csv"), "--language", "en"]) == 2
    assert "none.csv" in capsys.readouterr().err
