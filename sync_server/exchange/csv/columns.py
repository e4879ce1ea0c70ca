"""One column and one sheet: how cells are read, which may be empty, and what a person reads about them."""

from __future__ import annotations

import msgspec

from sync_server.exchange.csv import cells, excel
from sync_server.exchange.csv.cells import Cell, CellError


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column: how its cells are read, whether they may be empty, and what a person reads about it."""

    name: str
    read: Cell
    about: str
    example: str = ""
    required: bool = False
    also: tuple[str, ...] = ()  # other headings it is known by

    def value_of(self, cell: str) -> object:
        """Return the value of a filled cell.

        Raises:
            CellError: a spreadsheet destroyed it, or it is not what this column holds.
        """
        damaged = excel.damage(excel.narrow(cell))
        if damaged is not None:
            raise CellError(*damaged)
        return self.read(cell if self.read in (cells.words, cells.listed_words) else excel.narrow(cell).strip())


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One file, `<name>.csv`; `key` are the columns that name a row."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def name_of(self, heading: str) -> str:
        """Return the name of the column that `heading` stands for; the heading itself where it is none."""
        return next((column.name for column in self.columns if heading in column.also), heading)

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.name}.csv"


def needed(name: str, read: Cell, about: str, example: str) -> Column:
    """Return a column whose cells must be filled."""
    return Column(name=name, read=read, about=about, example=example, required=True)


def may(name: str, read: Cell, about: str, example: str = "") -> Column:
    """Return a column whose cells may be empty."""
    return Column(name=name, read=read, about=about, example=example)


def both(name: str, about: str, en: str, zh: str) -> tuple[Column, Column]:
    """Return the columns of a text in English and Chinese, of which one may be empty."""
    return may(f"{name}_en", cells.words, about, en), may(f"{name}_zh", cells.words, about, zh)
