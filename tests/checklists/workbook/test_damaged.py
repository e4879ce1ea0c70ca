"""WB: a workbook whose bytes changed on the way is told, whatever the libraries below raise of it."""

from __future__ import annotations

from contextlib import suppress

from checklists.workbook.reading import WorkbookError, worksheets
from checklists.workbook.writing import workbook_of


def test_a_workbook_with_any_byte_changed_is_read_or_told() -> None:
    content = workbook_of({"survey": [["type", "name"], *([f"text {n}", f"q{n}"] for n in range(40))]})
    for at in range(0, len(content), 23):
        with suppress(WorkbookError):
            worksheets(content[:at] + bytes([content[at] ^ 0xA5]) + content[at + 1 :])
