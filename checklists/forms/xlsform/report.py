"""What is said of an XLSForm: its problems, and what was kept as it was.

XLS-5  Every problem is told, with its sheet, its row as the spreadsheet numbers it and its column. Nothing of a file is
       passed over in silence: what is not asked is listed with its content and the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from checklists.forms.form import Form
from checklists.forms.xlsform.tables import Column, Row
from checklists.language import N_, Sentence, Template, sentence
from checklists.problems import Problem, Problems

MOST_PROBLEMS = 500


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Something kept as it was and not asked: a row, or one cell of a row that is asked, where `column` is set."""

    sheet: str
    row: int
    column: str
    content: str
    why: Sentence


class Taken(NamedTuple):
    """What was made of a file: a form, or the problems for which there is none; what was kept; further remarks."""

    form: Form | None
    problems: Sequence[Problem]
    kept: Sequence[Kept]
    remarks: Sequence[Sentence]


class Report:
    """Collects problems, what is kept, and remarks."""

    def __init__(self) -> None:
        self.problems = Problems(most=MOST_PROBLEMS)
        self.kept: list[Kept] = []
        self.remarks: list[Sentence] = []

    def problem(self, sheet: str, row: int, column: str, code: str, template: Template, /, **values: object) -> None:
        """Report a problem; `row` 0 is the whole sheet, an empty `column` the whole row."""
        self.problems.add(place_of(sheet, row, column), code, template, **values)

    def keep_row(self, sheet: str, row: Row, template: Template, /, **values: object) -> None:
        """List a row as kept."""
        content = "; ".join(f"{column.heading}: {words}" for column, words in row.cells.items())
        self._keep(sheet, row.number, "", content, sentence(template, **values))

    def keep_cell(self, sheet: str, row: Row, column: Column, template: Template, /, **values: object) -> None:
        """List one cell of a row as kept."""
        self._keep(sheet, row.number, column.heading, row.cells[column], sentence(template, **values))

    def keep_others(self, sheet: str, row: Row, used: Iterable[str]) -> None:
        """List every cell of a row whose column is none of those `used`."""
        names = frozenset(used)
        for column in row.cells:
            if column.name not in names and not column.name.startswith("fieldtool::"):
                self.keep_cell(sheet, row, column, N_("this column is not used here"))

    def keep_sheet(self, sheet: str) -> None:
        """List a sheet as kept."""
        self._keep(sheet, 0, "", "", sentence(N_("this sheet is not read")))

    def _keep(self, sheet: str, row: int, column: str, content: str, why: Sentence) -> None:
        self.kept.append(Kept(sheet=sheet, row=row, column=column, content=content, why=why))


def place_of(sheet: str, row: int, column: str) -> str:
    """Return "survey, row 12, relevant"."""
    return ", ".join([sheet, *([f"row {row}"] if row else []), *([column] if column else [])])
