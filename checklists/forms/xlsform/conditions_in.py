"""The conditions of rows and the calculated values of a survey, read together: each may name the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from checklists.forms.conditions import questions, type_of
from checklists.forms.expression import MOST_PARTS, Expression, Op
from checklists.forms.form import Calculated, Form, Kind
from checklists.forms.xlsform import own_columns as own
from checklists.forms.xlsform.names import Ids
from checklists.forms.xlsform.outline import Line
from checklists.forms.xlsform.own_cells import OwnCells
from checklists.forms.xlsform.questions import TYPES, Draft
from checklists.forms.xlsform.relevance import Asked, CannotSayError, Names, condition, value
from checklists.forms.xlsform.report import Report
from checklists.forms.xlsform.tables import Row
from checklists.forms.xlsform.words import Words
from checklists.forms.xlsform.xpath_tokens import FormulaError, names_in
from checklists.language import N_, Template

CANNOT_SAY = N_("a condition that cannot be said here ({part}): the question is always asked, and may be left open")
BOOLEAN = {"true": "yes", "false": "no"}
USED = ("type", "name", "label", "calculation", "disabled")


def names_of(form: Form, rows: Mapping[str, str]) -> Names:
    """Return how formulas name what `form` asks and works out, by the names that `rows` gives ("answer PA1")."""
    found: dict[str, Asked] = {}
    for question in questions(form):
        type_ = TYPES.get(question.kind, "word")
        codes: dict[str, str] = {option.code: option.code for option in question.options}
        if question.kind is Kind.YES_NO:
            codes = {"yes": "yes", "no": "no"}
        if codes and question.not_applicable:
            codes["na"] = "na"
        found[rows[f"{Op.ANSWER} {question.id}"]] = Asked(Op.ANSWER, question.id, type_, codes)
    for calculated in form.calculated:
        type_ = type_of(calculated.value, form) or "word"
        codes = dict(BOOLEAN) if type_ == "yes_no" else {}
        found[rows[f"{Op.VALUE} {calculated.key}"]] = Asked(Op.VALUE, calculated.key, type_, codes)
    return found


class ShowIf(NamedTuple):
    """When a question is asked; `is_sure` where that is what the file says."""

    condition: Expression | None
    is_sure: bool


class ConditionsIn:
    """Reads formulas. `names` are all names of the survey, asked or not."""

    def __init__(
        self, sheet: str, drafts: Sequence[Draft], names: Mapping[str, Sequence[Row]], words: Words, report: Report
    ) -> None:
        self._sheet = sheet
        self._report = report
        self._words = words
        self._all: Collection[str] = names
        self._drafts = drafts
        self._asked: dict[str, Asked] = {
            name: draft.asked for draft in drafts if len(names.get(name := draft.line.row.get("name"), ())) == 1
        }
        self._of_groups: dict[int, ShowIf] = {}
        self.rows: dict[str, Row] = {}  # of the calculated values by key

    def calculated(self, lines: Sequence[Line]) -> tuple[Calculated, ...]:
        """Return the calculated values that can be said; the rest is listed as kept. Later ones may name earlier."""
        ids = Ids("value_", is_code=True)
        found = []
        for line in lines:
            row, name = line.row, line.row.get("name")
            cells = OwnCells(self._sheet, row, self._report)
            given = self._value(line, cells)
            if given is None:
                continue
            expression, type_ = given
            key = ids.give(cells.words(own.ID) or name)
            self._asked[name] = Asked(Op.VALUE, key, type_, BOOLEAN if type_ == "yes_no" else {})
            self.rows[key] = row
            found.append(Calculated(key=key, label=self._words.of(row, "label", name), value=expression))
            self._report.keep_others(self._sheet, row, USED)
        return tuple(found)

    def show_if(self, line: Line, id_: str) -> ShowIf:
        """Return when the question `id_` is asked: where its own condition and those of its groups are met.

        A group's condition on a question within it says nothing of that question.
        """
        own_condition = OwnCells(self._sheet, line.row, self._report).expression(own.SHOW_IF)
        if own_condition is not None:
            return ShowIf(own_condition, is_sure=True)
        groups = [self._of_group(row) for row in line.groups]
        parts = [*(_without(part, id_) for part in groups), self._of_row(line.row)]
        conditions = [part.condition for part in parts if part.condition is not None]
        is_sure = all(part.is_sure for part in parts)
        if len(conditions) < 2:
            return ShowIf(conditions[0] if conditions else None, is_sure)
        flat = [each for part in conditions for each in (part.of if part.op is Op.AND else (part,))]
        if len(flat) > MOST_PARTS:
            flat = conditions
        return ShowIf(Expression(op=Op.AND, of=tuple(flat)), is_sure)

    def _check_names(self, row: Row, formula: str, column: str) -> bool:
        """Whether every name in a formula is one of the survey's; what is not is reported."""
        unknown = [name for name in names_in(formula) if name not in self._all]
        for name in dict.fromkeys(unknown):
            template = N_("there is no question {name}; name one that there is.")
            self._problem(row, column, "name-unknown", template, name="${" + name[:60] + "}")
        return not unknown

    def _of_group(self, row: Row) -> ShowIf:
        if row.number not in self._of_groups:
            self._of_groups[row.number] = self._of_row(row)
        return self._of_groups[row.number]

    def _of_row(self, row: Row) -> ShowIf:
        formula = row.get("relevant")
        if not formula or not self._check_names(row, formula, "relevant"):
            return ShowIf(None, is_sure=True)
        try:
            return ShowIf(condition(formula, self._asked), is_sure=True)
        except FormulaError as error:
            self._unreadable(row, "relevant", error)
        except CannotSayError as error:
            column = next(column for column in row.cells if column.name == "relevant")
            self._report.keep_cell(self._sheet, row, column, CANNOT_SAY, part=error.why)
        return ShowIf(None, is_sure=False)

    def _value(self, line: Line, cells: OwnCells) -> tuple[Expression, str] | None:
        row = line.row
        as_data = cells.expression(own.VALUE)
        formula = row.get("calculation")
        if not formula and as_data is None:
            self._report.keep_row(self._sheet, row, N_("a value without a calculation"))
            return None
        if not self._check_names(row, formula, "calculation"):
            return None
        try:
            given = value(formula, self._asked) if as_data is None else (as_data, self._type(as_data))
        except FormulaError as error:
            self._unreadable(row, "calculation", error)
            return None
        except CannotSayError as error:
            template = N_("works out more than can be said here ({part})")
            self._report.keep_row(self._sheet, row, template, part=error.why)
            return None
        return given

    def _type(self, expression: Expression) -> str:
        """Return what an expression gives, as far as formulas that name it must know."""
        match expression.op:
            case Op.SUM | Op.COUNT:
                return "number"
            case Op.IF:
                return self._type(expression.of[1])
            case Op.LITERAL:
                return (
                    "yes_no" if expression.flag is not None else "number" if expression.number is not None else "word"
                )
            case Op.ANSWER | Op.VALUE:
                known = (
                    asked.type
                    for asked in self._asked.values()
                    if (asked.op, asked.id) == (expression.op, expression.name)
                )
                return next(known, "word")
            case _:
                return "yes_no"

    def _unreadable(self, row: Row, column: str, error: FormulaError) -> None:
        template = N_("this formula cannot be read from character {at} on; correct it there.")
        self._problem(row, column, "formula-unreadable", template, at=error.at)

    def _problem(self, row: Row, column: str, code: str, template: Template, /, **values: object) -> None:
        self._report.problem(self._sheet, row.number, row.column(column), code, template, **values)


def _without(part: ShowIf, id_: str) -> ShowIf:
    if part.condition is None or all((each.op, each.name) != (Op.ANSWER, id_) for each in part.condition.walk()):
        return part
    return ShowIf(None, is_sure=False)
