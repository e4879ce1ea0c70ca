"""How far the cells of one worksheet reach, and which of them hold an error value."""

from __future__ import annotations

Cell = tuple[int, int]  # row and column, from 0
MOST_ERRORS = 10_000


class PasswordNeededError(ValueError):
    """The workbook is encrypted."""


class Scan:
    """One worksheet: how many rows and columns it reaches, and its error values by cell."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0
        self.errors: dict[Cell, str] = {}

    def reach(self, row: int, column: int) -> None:
        """Note a cell that holds something."""
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)

    def fail(self, row: int, column: int, words: str) -> None:
        """Note an error value."""
        if len(self.errors) < MOST_ERRORS:
            self.errors[row, column] = words or "#ERROR!"
