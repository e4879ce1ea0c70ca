"""The lists of choices, and what each choice is called here.

A list of yes and no is a yes/no question; a choice "na" is what makes a question not applicable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from checklists.forms.xlsform.names import Ids
from checklists.forms.xlsform.report import Report
from checklists.forms.xlsform.tables import Row, Sheet, plain
from checklists.language import N_

NOT_APPLICABLE = frozenset({"na", "n/a"})
YES_WORDS, NO_WORDS = frozenset({"yes", "true", "y", "1"}), frozenset({"no", "false", "n", "0", "2"})
USED = ("list_name", "name", "label")


class Choice(NamedTuple):
    """One choice: its row, its name in formulas, and its code here."""

    row: Row
    name: str
    code: str


class ChoiceList(NamedTuple):
    """A list: its choices but "na", and that one where it is offered."""

    name: str
    choices: Sequence[Choice]
    not_applicable: Choice | None

    @property
    def codes(self) -> Mapping[str, str]:
        """The code here by the name in formulas, "na" among them."""
        na = [self.not_applicable] if self.not_applicable else []
        return {choice.name: choice.code for choice in (*self.choices, *na)}

    @property
    def yes_no(self) -> Mapping[str, str] | None:
        """Which name says yes and which says no, of a list that holds nothing else; None: it is another list."""
        if len(self.choices) != 2:
            return None
        found: dict[str, str] = {}
        for choice in self.choices:
            words = {plain(choice.name), plain(choice.row.get("label"))}
            if words & {"yes", "true", "y"} or (plain(choice.name) in YES_WORDS and not words & {"no", "false"}):
                found["yes"] = choice.name
            elif words & NO_WORDS:
                found["no"] = choice.name
        labels = {plain(choice.row.get("label")) for choice in self.choices}
        is_worded = labels <= {"yes", "no", "true", "false"} or set(found.values()) <= {"yes", "no", "true", "false"}
        if len(found) != 2 or not is_worded:
            return None
        na = {self.not_applicable.name: "na"} if self.not_applicable else {}
        return {found["yes"]: "yes", found["no"]: "no", **na}


class ChoiceLists:
    """The lists of a workbook by name, each looked at when a question uses it."""

    def __init__(self, sheet: Sheet | None, report: Report, *, may_repeat: bool) -> None:
        self.sheet = sheet
        self._report = report
        self._may_repeat = may_repeat
        self._rows: dict[str, list[Row]] = {}
        self._read: dict[str, ChoiceList] = {}
        for row in sheet.rows if sheet else ():
            self._rows.setdefault(row.get("list_name"), []).append(row)

    def __contains__(self, name: str) -> bool:
        return name in self._rows

    @property
    def names(self) -> Sequence[str]:
        """The names of the lists."""
        return [name for name in self._rows if name]

    @property
    def used(self) -> Sequence[ChoiceList]:
        """The lists that were looked at."""
        return list(self._read.values())

    def get(self, name: str) -> ChoiceList:
        """Return a list that there is; what is wrong with it is reported the first time."""
        if name not in self._read:
            self._read[name] = self._list(name)
        return self._read[name]

    def _list(self, name: str) -> ChoiceList:
        sheet = self.sheet.name if self.sheet else "choices"
        ids = Ids("c", is_code=True)
        choices: list[Choice] = []
        not_applicable: Choice | None = None
        seen: dict[str, Row] = {}
        for row in self._rows[name]:
            words = row.get("name")
            if not words:
                template = N_('a choice of the list "{name}" has no name; give it one.')
                self._report.problem(sheet, row.number, row.column("name"), "choice-name-missing", template, name=name)
            elif words in seen:
                if self._may_repeat or row.get("label") == seen[words].get("label"):
                    self._report.keep_row(sheet, row, N_("the same choice once more; it is offered once"))
                else:
                    template = N_('"{choice}" is in the list "{name}" already, in row {row}; give each its own name.')
                    where = (sheet, row.number, row.column("name"), "choice-repeated")
                    self._report.problem(*where, template, choice=words[:60], name=name, row=seen[words].number)
            elif plain(words) in NOT_APPLICABLE and not_applicable is None:
                not_applicable = Choice(row, words, "na")
            else:
                choices.append(Choice(row, words, ids.give(words)))
            seen.setdefault(words, row)
        return ChoiceList(name, choices, not_applicable)
