"""What stands in a cell of a list of records: words, and the code that a file has for them in small print.

RCW-1  A code is said in words wherever it has some: one of several too, weekdays as days, and whoever a code names.
RCW-2  The code stays beside its words, as a file has it. What has no words stands as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from checklists.language import Template, Text
from sync_server.exchange.csv.cell_hours import weekdays
from sync_server.pages.labels import label
from sync_server.pages.plan import WEEKDAYS
from sync_server.pages.records import NAMES
from sync_server.planning.districts import DISTRICTS, code_of

Word = Template | Text | str
Names = Mapping[str, Mapping[str, Text]]  # table -> code -> what it is called
_DISTRICTS: Mapping[str, Text] = {each.code: each.name for each in DISTRICTS}
# Columns of several codes -> the kind under which each has its label.
_SEVERAL = {"languages": "spoken"}
_PLACES = frozenset({"district", "districts"})


class Said(NamedTuple):
    """One cell: its words, or its days as spans, and the code of either; no code where the words are the code."""

    words: Sequence[Word] = ()
    days: Sequence[tuple[date, date]] = ()
    code: str = ""


def said(column: str, cell: str, kind: str, names: Names) -> Said:
    """Return what a cell says. `kind`: under which its column has its labels; `names`: of those its codes may name."""
    if column == "service_days" and cell:
        return Said(days=_spans(weekdays(cell)), code=cell)
    if column in _PLACES:
        return Said([_DISTRICTS.get(code_of(each), each) for each in _parts(cell)])
    if column in _SEVERAL:
        return Said([label(_SEVERAL[column], each) for each in _parts(cell)], code=cell)
    called = names.get(NAMES.get(column, column), {}).get(cell) or label(kind, cell)
    return Said([called] if called else [], code="" if called == cell or kind == "yes-no" else cell)


def said_key(columns: Sequence[str], key: Sequence[str], names: Names) -> Sequence[Word]:
    """Return the words of those parts of a key that have some."""
    cells = [said(column, part, column, names) for column, part in zip(columns, key, strict=True)]
    return [cell.words[0] for cell in cells if cell.code and cell.words]


def _parts(cell: str) -> Sequence[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _spans(numbers: Sequence[int]) -> Sequence[tuple[date, date]]:
    """Return the weekdays that follow each other as one span."""
    runs = [[n for _, n in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    return [(WEEKDAYS[run[0] - 1], WEEKDAYS[run[-1] - 1]) for run in runs]
