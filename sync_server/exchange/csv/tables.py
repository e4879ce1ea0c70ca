"""Which table of the season a file or a worksheet is: by its name, whatever its case or kind.

TAB-1  `branches.csv`, `Branches.XLSX` and `branches.txt` are the branches. A workbook of another name is looked at by
       the names of its worksheets. Each worksheet that is not read is named with its reason.
TAB-2  No table is read twice: a workbook beside a CSV of the same name is a problem, not a choice made in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from checklists.language import N_, Sentence, sentence
from checklists.workbook.reading import Grid, WorkbookError, Worksheet, is_workbook, worksheets
from sync_server.exchange.csv.columns import Sheet
from sync_server.exchange.csv.problems import Place, SheetProblem, problem


class Found(NamedTuple):
    """One table: what it is, the name a person finds it by, and its cells, or its text still to be decoded."""

    sheet: Sheet
    file: str
    grid: Grid | None
    content: bytes


class Tables:
    """The tables among files; `problems` and `remarks` say what is none of them."""

    def __init__(self, files: Mapping[str, bytes], sheets: Sequence[Sheet]) -> None:
        self.problems: list[SheetProblem] = []
        self.remarks: list[Sentence] = []
        self._by_name = {sheet.name: sheet for sheet in sheets}
        self._found: dict[str, Found] = {}
        for name in sorted(files):
            self._look(name, files[name])

    def in_order(self, sheets: Iterable[Sheet]) -> list[Found]:
        """Return what was found, in the order of `sheets`."""
        return [self._found[sheet.name] for sheet in sheets if sheet.name in self._found]

    def _look(self, name: str, content: bytes) -> None:
        path = PurePosixPath(name.lower())
        sheet = self._by_name.get(path.stem)
        if is_workbook(content):
            self._look_inside(name, sheet, content)
        elif sheet is not None:
            self._take(Found(sheet, name, None, content))
        elif path.suffix == ".csv" or not path.suffix:
            self._unknown(name)
        else:
            words = N_("{file} was not read: it is not the name of a table ({tables}).")
            self.remarks.append(sentence(words, file=name[:80], tables=self._names))

    def _look_inside(self, name: str, sheet: Sheet | None, content: bytes) -> None:
        try:
            inside = worksheets(content)
        except WorkbookError as error:
            self.problems.append(problem(Place(name[:80]), "workbook-unreadable", error.message))
            return
        if sheet is not None:
            named = [each for each in inside if each.name.strip().lower() == sheet.name]
            taken = {(named or inside)[0].name: sheet} if inside else {}
        else:
            names = {each.name: self._by_name.get(each.name.strip().lower()) for each in inside}
            taken = {name: known for name, known in names.items() if known is not None}
        if not taken:
            self._unknown(name)
        for each in inside:
            known = taken.get(each.name)
            if known is None:
                self._left(name, each, is_whole=sheet is None)
                continue
            label = name if sheet is not None else f"{name}/{each.name.strip().lower()}"
            self._take(Found(known, label, each.grid, b""))

    def _left(self, name: str, worksheet: Worksheet, *, is_whole: bool) -> None:
        words = (
            N_("Worksheet “{worksheet}” of {file} was not read: it is not the name of a table ({tables}).")
            if is_whole
            else N_("Worksheet “{worksheet}” of {file} was not read: one worksheet is read from a file of this name.")
        )
        self.remarks.append(sentence(words, worksheet=worksheet.name[:40], file=name[:80], tables=self._names))

    def _take(self, found: Found) -> None:
        before = self._found.get(found.sheet.name)
        if before is not None:
            message = sentence(N_("is the same table as {file}; keep one"), file=before.file)
            self.problems.append(problem(Place(found.file[:80]), "file-repeated", message))
            return
        self._found[found.sheet.name] = found

    def _unknown(self, name: str) -> None:
        files = ", ".join(sheet.file for sheet in self._by_name.values())
        message = sentence(N_("is not a file of a season; use one of: {files}"), files=files)
        self.problems.append(problem(Place(name[:80]), "file-unknown", message))

    @property
    def _names(self) -> str:
        return ", ".join(self._by_name)
