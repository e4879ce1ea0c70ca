"""What is wrong in the files, and where: file, row and column stay apart until a sentence prints them."""

from __future__ import annotations

from typing import NamedTuple

from checklists.language import Sentence
from checklists.problems import Problem


class Place(NamedTuple):
    """Where to look. `file` may also name something that is in no file; `row` counts from 1, as a spreadsheet does."""

    file: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        row = None if self.row is None else f"row {self.row}"
        return ": ".join(part for part in (self.file, row, self.column) if part)

    def at_column(self, column: str) -> Place:
        """Return the cell of `column` in this row."""
        return self._replace(column=column)


class SheetProblem(Problem, frozen=True, kw_only=True):
    """A problem that also knows its place in parts, for a page."""

    at: Place


def problem(at: Place, code: str, message: Sentence) -> SheetProblem:
    """Return a problem at `at`."""
    return SheetProblem(at=at, place=str(at), code=code, message=message)
