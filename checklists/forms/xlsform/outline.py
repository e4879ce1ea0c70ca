"""The rows of the survey as sections of questions: groups opened and closed, repeats and what is not asked set aside.

XLS-6  An outermost group is a section; questions outside every group make sections of their own. A group within one is
       flattened into it, and its condition stands at each of its questions. The rows of a rating table are questions
       with the list that the table names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from checklists.forms.xlsform import own_columns as own
from checklists.forms.xlsform.report import Report
from checklists.forms.xlsform.tables import Row, Sheet
from checklists.forms.xlsform.types import Meaning, Type, nearest, type_of
from checklists.language import N_, Template

NOT_ASKED: dict[Meaning, Template] = {
    Meaning.RANKED: N_("an order of choices; ask for the place of each, or for the first"),
    Meaning.ELSEWHERE: N_("its choices stand in another file; list them on the choices sheet"),
    Meaning.NOTE: N_("a note, with nothing to answer"),
    Meaning.MEDIA: N_("a file by itself; write fieldtool::evidence at the question that it supports"),
    Meaning.PLACE: N_("a position; the app stamps where a visit is made"),
    Meaning.META: N_("the app keeps this by itself, or does without"),
}
SCORE_CHOICES = "kobo--score-choices"
TRUE = frozenset({"yes", "true", "true()", "1", "y", "required"})
_OPENS = {
    Meaning.BEGIN_GROUP: Meaning.END_GROUP,
    Meaning.BEGIN_REPEAT: Meaning.END_REPEAT,
    Meaning.BEGIN_SCORE: Meaning.END_SCORE,
    Meaning.BEGIN_TABLE: Meaning.END_TABLE,
}
_UNASKED: dict[Meaning, tuple[Template, Template]] = {  # what is opened, and a row within
    Meaning.BEGIN_REPEAT: (N_("a repeat, which is not asked"), N_("inside a repeat, which is not asked")),
    Meaning.BEGIN_TABLE: (
        N_("a matrix or a ranking, which is not asked; ask for each cell that matters by a question of its own"),
        N_("inside a matrix or a ranking, which is not asked"),
    ),
}
_CLOSES = {end: begin for begin, end in _OPENS.items()}


class Line(NamedTuple):
    """A row to be asked or worked out: its type, and the rows of the groups around it, the outermost first."""

    row: Row
    type: Type
    groups: tuple[Row, ...]


@dataclass
class Block:
    """A section to be: the row of its group, None for questions outside every group."""

    group: Row | None
    lines: list[Line] = field(default_factory=list)


@dataclass
class Outline:
    """The survey: its sections, its calculated values, and every name there is with its rows."""

    blocks: list[Block] = field(default_factory=list)
    calculated: list[Line] = field(default_factory=list)
    names: dict[str, list[Row]] = field(default_factory=dict)


class _Open(NamedTuple):
    meaning: Meaning
    row: Row
    names: dict[str, int]


def outline(sheet: Sheet, report: Report) -> Outline:
    """Return the outline of `sheet`; what is wrong with it, and what is not asked, is reported."""
    return _Outliner(sheet, report).read()


class _Outliner:
    def __init__(self, sheet: Sheet, report: Report) -> None:
        self._sheet = sheet
        self._report = report
        self._found = Outline()
        self._open: list[_Open] = []
        self._root: dict[str, int] = {}

    def read(self) -> Outline:
        for row in self._sheet.rows:
            self._row(row)
        for left in self._open:
            template = N_("this group or repeat is not closed; add its end below the last row that belongs to it.")
            self._problem(left.row, "type", "group-not-closed", template)
        return self._found

    def _row(self, row: Row) -> None:
        if row.get("disabled").lower() in TRUE:
            self._report.keep_row(self._sheet.name, row, N_("this row is disabled"))
            return
        words = row.get("type")
        if not words:
            self._without_type(row)
            return
        type_ = type_of(words)
        if type_ is None:
            self._found.names.setdefault(row.get("name"), []).append(row)
            template = N_('"{type}" is no type of question; write "{near}" or another that there is.')
            self._problem(row, "type", "type-unknown", template, type=words[:60], near=nearest(words))
            return
        if type_.meaning in _CLOSES:
            self._close(row, type_.meaning)
            return
        self._name(row, type_)
        if type_.meaning in _OPENS:
            self._begin(row, type_.meaning)
        else:
            self._within(row, type_)

    def _within(self, row: Row, type_: Type) -> None:
        if (unasked := self._unasked()) is not None:
            self._report.keep_row(self._sheet.name, row, _UNASKED[unasked][1])
        elif row.own(own.EVIDENCE_OF):
            return
        elif type_.meaning is Meaning.CALCULATED:
            self._found.calculated.append(Line(row, type_, self._groups()))
        elif type_.meaning in NOT_ASKED:
            self._report.keep_row(self._sheet.name, row, NOT_ASKED[type_.meaning])
        elif type_.meaning is Meaning.SCORED:
            self._scored(row)
        else:
            self._block().lines.append(Line(row, type_, self._groups()))

    def _scored(self, row: Row) -> None:
        table = self._open[-1] if self._open else None
        if table is None or table.meaning is not Meaning.BEGIN_SCORE:
            template = N_("this row belongs to no rating table; put it between begin_score and end_score.")
            self._problem(row, "type", "group-not-opened", template)
            return
        self._block().lines.append(Line(row, Type(Meaning.SELECT, table.row.get(SCORE_CHOICES)), self._groups()))

    def _without_type(self, row: Row) -> None:
        if row.get("name") and row.get("label"):
            template = N_('this row has a name and no type; write one, such as "text", or clear the row.')
            self._problem(row, "type", "type-missing", template)
        else:
            self._report.keep_row(self._sheet.name, row, N_("a row without a type"))

    def _name(self, row: Row, type_: Type) -> None:
        name = row.get("name")
        is_named = type_.meaning in NOT_ASKED or type_.meaning in _OPENS
        if not name and not is_named and self._unasked() is None:
            self._problem(row, "name", "name-missing", N_("this question has no name; give it one."))
        if not name:
            return
        siblings = self._open[-1].names if self._open else self._root
        if name in siblings and self._unasked() is None:
            template = N_('"{name}" is the name of row {row}, too; give each its own.')
            self._problem(row, "name", "name-repeated", template, name=name[:60], row=siblings[name])
        siblings.setdefault(name, row.number)
        self._found.names.setdefault(name, []).append(row)

    def _begin(self, row: Row, meaning: Meaning) -> None:
        unasked = self._unasked()
        if unasked is not None or meaning in _UNASKED:
            self._report.keep_row(self._sheet.name, row, _UNASKED[unasked or meaning][0])
        elif self._open and row.get("label"):
            self._report.keep_row(
                self._sheet.name, row, N_("a group within a section; its questions stand in the section")
            )
        elif not self._open:
            self._found.blocks.append(Block(row))
        self._open.append(_Open(meaning, row, {}))

    def _close(self, row: Row, meaning: Meaning) -> None:
        if not self._open:
            template = N_("nothing is open here that this would close; remove the row, or add the beginning.")
            self._problem(row, "type", "group-not-opened", template)
            return
        if self._open[-1].meaning is not _CLOSES[meaning]:
            template = N_("row {row} was opened last, and is of the other kind; close that one first.")
            self._problem(row, "type", "group-crossed", template, row=self._open[-1].row.number)
        self._open.pop()

    def _block(self) -> Block:
        blocks = self._found.blocks
        if self._open:
            return next(block for block in reversed(blocks) if block.group is not None)
        if not blocks or blocks[-1].group is not None:
            blocks.append(Block(None))
        return blocks[-1]

    def _groups(self) -> tuple[Row, ...]:
        return tuple(each.row for each in self._open)

    def _unasked(self) -> Meaning | None:
        """Return which part around here is not asked, the outermost; None: none is."""
        return next((each.meaning for each in self._open if each.meaning in _UNASKED), None)

    def _problem(self, row: Row, column: str, code: str, template: Template, /, **values: object) -> None:
        self._report.problem(self._sheet.name, row.number, row.column(column), code, template, **values)
