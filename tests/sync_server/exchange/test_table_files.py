"""TBF: a table as CSV and as the workbook beside it, made while it is sent."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator

import pytest
from python_calamine import CalamineWorkbook

from sync_server.exchange.table_files import CSV, XLSX, table_file

HEADS = ("code", "name", "points", "is_final", "PC1")
ROWS = [
    HEADS,
    ("a-1", "=SUM(A1)", 82.5, True, 3),
    ("a-2", "龍 <&> \x07\ud800", None, False, ""),
    ("a-3", "+852 2000 0001", -1, True, 10**9),
]


def sheet(rows: list[tuple[object, ...]], texts: tuple[object, ...] = ()) -> list[list[object]]:
    body = b"".join(table_file(XLSX, rows, texts))
    return [list(row) for row in CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()]


def test_tbf_1_a_workbook_has_the_columns_of_the_csv_and_says_what_its_codes_mean() -> None:
    """TBF-3"""
    lines = list(csv.reader(io.StringIO(b"".join(table_file(CSV, ROWS[:2])).decode("utf-8-sig"))))
    found = sheet(ROWS, (None, None, None, None, "Was it kept short?"))
    assert lines[0] == found[0] == list(HEADS)
    assert found[1] == ["", "", "", "", "Was it kept short?"]
    assert found[2:] == [
        ["a-1", "=SUM(A1)", 82.5, True, 3.0],
        ["a-2", "龍 <&> ", "", False, ""],
        ["a-3", "+852 2000 0001", -1.0, True, 1e9],
    ]
    assert lines[1][1] == "'=SUM(A1)"


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_tbf_2_a_long_table_goes_out_in_blocks_and_memory_stays_flat(kind: str) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        yield HEADS
        for number in range(20_000):
            yield (f"visit-{number}", "words " * 5, number / 7, True, number)

    tracemalloc.start()
    sizes = [len(block) for block in table_file(kind, rows())]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(sizes) > 20
    assert max(sizes) * 5 < sum(sizes)
    assert peak < 3_000_000, peak


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_a_table_of_nothing_is_a_whole_file(kind: str) -> None:
    body = b"".join(table_file(kind, []))
    assert body
    if kind == XLSX:
        assert CalamineWorkbook.from_filelike(io.BytesIO(body)).sheet_names == ["Table"]
