"""What was kept as it was, as lines a person reads and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checklists.forms.xlsform.report import Kept, place_of

HEADING = ("sheet", "row", "column", "content", "why it is not asked")
MOST_ROWS = 12  # named of one column
LONGEST = 80  # characters of a row that a line shows


def listed(kept: Sequence[Kept]) -> Iterator[str]:
    """Yield a line for each row and each sheet, and one for all cells of a column with one reason."""
    columns: dict[tuple[str, str, str], list[int]] = {}
    for each in kept:
        if each.column:
            columns.setdefault((each.sheet, each.column, str(each.why)), []).append(each.row)
        else:
            content = f" ({each.content[:LONGEST]})" if each.content else ""
            yield f"{place_of(each.sheet, each.row, '')}: {each.why}{content}"
    for (sheet, column, why), rows in columns.items():
        more = f" and {len(rows) - MOST_ROWS} more" if len(rows) > MOST_ROWS else ""
        numbers = ", ".join(str(row) for row in dict.fromkeys(rows[:MOST_ROWS]))
        yield f"{sheet}, column {column}, row {numbers}{more}: {why}"


def table(kept: Sequence[Kept]) -> Iterator[Sequence[str]]:
    """Yield the rows of a table, its heading first."""
    yield HEADING
    for each in kept:
        yield (each.sheet, str(each.row or ""), each.column, each.content, str(each.why))
