"""The sheets of an XLSForm as rows of cells by column, whatever the dialect of their headings.

XLS-2  Headings are read in any case, with spaces or underscores, one colon or two, and by their names of old; a sheet
       by any of its names. A language is known by its tag ("English (en)"), its name, or its tag alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from checklists.forms.xlsform import own_columns as own

SHEETS: Mapping[str, tuple[str, ...]] = {
    "survey": ("survey",),
    "choices": ("choices", "choice", "choices_and_columns", "select", "options"),
    "settings": ("settings", "setting"),
}
# Other names of columns; a name of two parts ("bind::relevant") is looked for as a whole.
ALIASES: Mapping[str, str] = {
    "command": "type",
    "tag": "name",
    "caption": "label",
    "relevance": "relevant",
    "bind::relevant": "relevant",
    "bind::required": "required",
    "calculate": "calculation",
    "bind::calculate": "calculation",
    "bind::constraint": "constraint",
    "constraining_message": "constraint_message",
    "bind::jr::constraintmsg": "constraint_message",
    "read_only": "readonly",
    "bind::readonly": "readonly",
    "control::appearance": "appearance",
    "body::appearance": "appearance",
    "jr::count": "repeat_count",
    "list": "list_name",
    "listname": "list_name",
    "value": "name",
    "id_string": "form_id",
    "formid": "form_id",
    "title": "form_title",
    "set_form_title": "form_title",
    "set_form_id": "form_id",
    "formtitle": "form_title",
    "default_lang": "default_language",
}
ONLY_IN: Mapping[str, str] = {"value": "choices", "title": "settings"}
LANGUAGES: Mapping[str, str] = {
    "english": "en",
    "eng": "en",
    "en": "en",
    "en_us": "en",
    "en_gb": "en",
    "zh_hant": "zh-Hant",
    "zh_hk": "zh-Hant",
    "zh_tw": "zh-Hant",
    "zh": "zh-Hant",
    "chinese": "zh-Hant",
    "traditional_chinese": "zh-Hant",
    "chinese_traditional": "zh-Hant",
    "繁體中文": "zh-Hant",
    "中文": "zh-Hant",
}
HEADING_WITHIN = 20  # titles may stand above the headings
_TAG = re.compile(r"\(([^()]*)\)\s*$")
_GAPS = re.compile(r"[\s_]+")


class Column(NamedTuple):
    """A heading: the column's name, its language ("" for none, else as written where it is neither of ours)."""

    name: str
    language: str
    heading: str  # as the file has it


class Row(NamedTuple):
    """One row of a sheet: its number as the spreadsheet shows it, and its filled cells."""

    number: int
    cells: Mapping[Column, str]

    def get(self, name: str, default: str = "") -> str:
        """Return the cell of a column that has no languages; of one that has, the first that is filled."""
        return next((words for column, words in self.cells.items() if column.name == name), default)

    def own(self, name: str) -> str:
        """Return the cell of one of our own columns."""
        return self.get(own.PREFIX + name)

    def languages(self, name: str) -> Mapping[str, str]:
        """Return the words of a column by language, "" for a column without one."""
        found: dict[str, str] = {}
        for column, words in self.cells.items():
            if column.name == name:
                found.setdefault(column.language, words)
        return found

    def column(self, name: str) -> str:
        """Return the heading that the file has for a column; its proper name where the row has none."""
        return next((column.heading for column in self.cells if column.name == name), name)


class Sheet(NamedTuple):
    """One sheet: its name as the file has it, its columns and its rows."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Row]

    def has(self, name: str) -> bool:
        """Whether there is a column of this name."""
        return any(column.name == name for column in self.columns)


Grid = Sequence[Sequence[str]]


def sheet_of(kind: str, grids: Mapping[str, Grid]) -> Sheet | None:
    """Return the survey, the choices or the settings, or one of our own sheets by its name; None: there is none."""
    wanted = SHEETS.get(kind, (kind,))
    for name, grid in grids.items():
        if plain(name) in wanted:
            return _sheet(kind, name, grid)
    return None


def is_read(name: str) -> bool:
    """Whether a sheet of this name is one that is read."""
    return plain(name) in {*own.OWN_SHEETS, *(each for names in SHEETS.values() for each in names)}


def plain(words: str) -> str:
    """Return `words` in lower case, with one underscore for each gap."""
    return _GAPS.sub("_", words.strip().strip("*").strip().lower())


def _sheet(kind: str, name: str, grid: Grid) -> Sheet:
    at = _heading_row(kind, grid)
    columns = [column_of(heading, kind) for heading in grid[at]] if grid else []
    rows = tuple(_rows(grid, at, columns))
    return Sheet(name, [column for column in columns if column.name], rows)


def _heading_row(kind: str, grid: Grid) -> int:
    wanted = {"survey": "type", "choices": "list_name"}.get(kind)
    for number, cells in enumerate(grid[:HEADING_WITHIN]):
        if wanted and any(column_of(cell, kind).name == wanted for cell in cells):
            return number
    return next((number for number, cells in enumerate(grid) if any(cell.strip() for cell in cells)), 0)


def _rows(grid: Grid, at: int, columns: Sequence[Column]) -> Iterator[Row]:
    for number, cells in enumerate(grid[at + 1 :], start=at + 2):
        filled = {
            column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column.name and cell.strip()
        }
        if filled:
            yield Row(number, filled)


def column_of(heading: str, kind: str = "survey") -> Column:
    """Return what a heading means."""
    written = heading.strip()
    parts = [part.strip() for part in re.split(r"::|:", written)]
    name = plain(parts[0])
    if name == "fieldtool" or name.startswith(own.PREFIX_OF_CHOICES):
        return _own_column(written, name, parts)
    if name == "media" and len(parts) > 1:
        return Column(plain(parts[1]), language_of(parts[2]) if len(parts) > 2 else "", written)
    whole = "::".join(plain(part) for part in parts)
    for alias in (whole, name):
        if alias in ALIASES and ONLY_IN.get(alias, kind) == kind:
            language = "" if alias == whole or len(parts) == 1 else language_of(parts[1])
            return Column(ALIASES[alias], language, written)
    if name in ("bind", "control", "body", "instance"):
        return Column(whole, "", written)
    return Column(name, language_of(parts[1]) if len(parts) > 1 else "", written)


def _own_column(written: str, name: str, parts: Sequence[str]) -> Column:
    rest = [plain(part) for part in parts[1:]]
    if name.startswith(own.PREFIX_OF_CHOICES):
        rest = [name.removeprefix(own.PREFIX_OF_CHOICES), *rest]
    if rest[:1] == [own.BANDS] and len(rest) > 1:
        return Column(f"{own.PREFIX}{own.BANDS}", rest[1], written)
    return Column(own.PREFIX + (rest[0] if rest else ""), language_of(parts[-1]) if len(rest) > 1 else "", written)


def language_of(words: str) -> str:
    """Return "en", "zh-Hant", or the words themselves for a language that is neither."""
    tag = _TAG.search(words)
    for name in ([tag[1]] if tag else []) + [words, words[: tag.start()] if tag else words]:
        known = LANGUAGES.get(plain(name).replace("-", "_"))
        if known:
            return known
    return words.strip()
